"""What happens when the service starts: its folders are there, and the log says what it is made of."""

import errno
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyramid.config import Configurator
from pyramid.events import ApplicationCreated

from . import _speedups
from .errors import ConfigurationError
from .settings import Settings
from .version import __version__

log = logging.getLogger(__name__)


def make_folders(settings: Settings) -> None:
    """Make the folder of files, closed to others; ConfigurationError names it if it cannot be written to.

    Without the one of cached images the service only is slower, and says so in the log.
    """
    folder = settings.files_path
    with _named(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def make_private(database: Path) -> None:
    """Make an empty database that only its owner may read, where there is none yet, and its folder.

    What SQLite keeps beside a database has the database's own rights. Raises ConfigurationError, which
    names what cannot be written to.
    """
    with _named(database):
        database.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        database.touch(mode=0o600)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written to: {error.strerror}.") from error


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
