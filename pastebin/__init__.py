"""A file host: preview pages, short links, downloads, and any size or crop of an image."""

import importlib.util
import os
from typing import Any

from pyramid.config import Configurator

from .settings import Settings
from .version import __version__

__all__ = ["__version__", "main"]


def main(global_config: dict[str, Any] | None, **ini: Any) -> Any:
    """Return the WSGI application (`paste.app_factory`); ConfigurationError if a setting is wrong."""
    settings = Settings.load(ini, os.environ)
    with Configurator(settings=ini) as config:
        config.registry["pastebin.settings"] = settings
        config.include(".models")
        config.include(".cache")
        config.include(".storage")
        config.include(".services")
        config.include(".resources.factory")
        config.include(".resources.addresses")
        config.include(".security")
        config.include(".sessions")
        config.include(".branding")
        config.include(".views")
        config.include(".startup")
        if not settings.is_production and importlib.util.find_spec("pyramid_debugtoolbar"):
            config.include("pyramid_debugtoolbar")
        return config.make_wsgi_app()
