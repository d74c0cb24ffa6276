"""What happens when the service starts: its folder is made private, and the log says what it is made of."""

import logging
from pathlib import Path
from typing import Any

from pyramid.config import Configurator
from pyramid.events import ApplicationCreated

from . import _speedups
from .errors import ConfigurationError
from .version import __version__

log = logging.getLogger(__name__)


def make_private(folder: Path, database: Path) -> None:
    """Make the data folder and an empty database closed to others, where they are not there yet.

    What SQLite keeps beside a database has the database's own rights. Raises ConfigurationError, which
    names what cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        database.touch(mode=0o600)
    except OSError as error:
        raise ConfigurationError(
            f"The folder {folder} (pastebin.data) cannot be written to: {error.strerror}"
        ) from error


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
