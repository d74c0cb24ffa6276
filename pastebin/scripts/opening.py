"""The service as commands use it."""

import configparser
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from pyramid.paster import bootstrap, setup_logging
from sqlalchemy.exc import SQLAlchemyError

from ..errors import ConfigurationError, PastebinError
from ..models import WriteTransactions
from ..services.audit import SHELL, Act, note


@contextmanager
def opened_service(ini: str) -> Iterator[Any]:
    """Open the service of an INI file and give its request; failures become a message in words."""
    try:
        with _opened(ini) as env, env["request"].tm:
            yield env["request"]
    except SQLAlchemyError as error:
        raise click.ClickException(f"The database says: {getattr(error, 'orig', None) or error}") from error
    except (ConfigurationError, PastebinError, OSError) as error:
        raise click.ClickException(str(error)) from error


def note_done(request: Any, act: Act, said: str = "") -> None:
    """Put what a command has done into the audit, where the service does not do so itself."""
    WriteTransactions(request.services.engine).run(lambda connection: note(connection, act, SHELL, said))


def _opened(ini: str) -> Any:
    try:
        setup_logging(ini)
        logging.getLogger("pastebin").setLevel(logging.WARNING)
        return bootstrap(ini)
    except (configparser.Error, LookupError, UnicodeError, ImportError) as error:
        raise ConfigurationError(f"{ini} does not describe a service: {error}") from error
