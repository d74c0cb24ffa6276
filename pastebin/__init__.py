"""A file host: preview pages, short links, downloads, and any size or crop of an image."""

import importlib.util
import os
from typing import Any

from pyramid.config import Configurator

from .settings import Settings
from .version import __version__

__all__ = ["__version__", "main"]

# All of the debug toolbar's but `request_vars`, which would read an upload before we do.
TOOLBAR_PANELS = "headers logging performance renderings session sqlalchemy traceback"


def main(global_config: dict[str, Any] | None, **ini: Any) -> Any:
    """Return the WSGI application (`paste.app_factory`); ConfigurationError if a setting is wrong."""
    settings = Settings.load(ini, os.environ)
    with Configurator(settings=ini) as config:
        config.registry["pastebin.settings"] = settings
        config.include(".models")
        config.include(".cache")
        config.include(".storage")
        config.include(".services")
        config.include(".request")
        config.include(".resources.factory")
        config.include(".resources.addresses")
        config.include(".security")
        config.include(".sessions")
        config.include(".branding")
        config.include(".views")
        config.include(".startup")
        if not settings.is_production and importlib.util.find_spec("pyramid_debugtoolbar"):
            config.add_settings({"debugtoolbar.panels": TOOLBAR_PANELS})
            config.include("pyramid_debugtoolbar")
        return config.make_wsgi_app()
