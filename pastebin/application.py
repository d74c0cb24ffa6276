"""The Pyramid application: an ordered list of includes, no logic."""

import importlib.util
import os
from collections.abc import Mapping
from typing import Any

from pyramid.config import Configurator

from .services import Services
from .settings import Settings
from .startup import make_folders

# All of the debug toolbar's but `request_vars`, which would read an upload before we do.
TOOLBAR_PANELS = "headers logging performance renderings session sqlalchemy traceback"


def make_application(ini: Mapping[str, Any]) -> Any:
    """Return the WSGI application for the settings of an INI file; ConfigurationError if one is wrong."""
    settings = Settings.load(ini, os.environ)
    make_folders(settings)
    with Configurator(settings=dict(ini)) as config:
        config.registry.services = Services(settings)
        config.include(".web")
        config.include(".resources")
        config.include(".views")
        config.include(".startup")
        if not settings.is_production and importlib.util.find_spec("pyramid_debugtoolbar"):
            config.add_settings({"debugtoolbar.panels": TOOLBAR_PANELS})
            config.include("pyramid_debugtoolbar")
        return config.make_wsgi_app()
