"""What the log says when the service starts."""

import logging
from typing import Any

from pyramid.config import Configurator
from pyramid.events import ApplicationCreated

from . import _speedups
from .version import __version__

log = logging.getLogger(__name__)


def _report(event: Any) -> None:
    registry = event.app.registry
    settings = registry.services.settings
    modules = ", ".join(f"{name} {state}" for name, state in sorted(_speedups.status().items()))
    log.info(
        "pastebin %s (%s): database %s, cache %s, files in %s, %s",
        __version__,
        settings.environment,
        registry.services.engine.url.render_as_string(hide_password=True),
        registry.services.cache.name,
        settings.files_path,
        modules,
    )


def includeme(config: Configurator) -> None:
    """Log the service's make-up once it is built."""
    config.add_subscriber(_report, ApplicationCreated)
