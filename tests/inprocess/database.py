"""Migrated databases for services in this process."""

import logging
import shutil
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic.config import Config

from alembic import command
from tests.servers.once import made_once

ROOT = Path(__file__).resolve().parents[2]

INI = """\
[app:main]
use = egg:pastebin
pastebin.data = {data}
pastebin.database_url = {url}

[alembic]
script_location = {root}/alembic
"""


def alembic_config(folder: Path, url: str = "") -> Config:
    """Return a configuration of Alembic for a database, SQLite in `folder` by default."""
    ini = folder / "alembic.ini"
    ini.write_text(INI.format(data=folder, url=url.replace("%", "%%"), root=ROOT))
    return Config(ini)


def migrate(
    folder: Path, url: str = "", revision: str = "head", *, down: bool = False, losing: bool = False
) -> None:
    """Bring a database, SQLite in `folder` by default, up to a revision or down to it, even if that loses."""
    config = alembic_config(folder, url)
    config.cmd_opts = Namespace(x=["lose-contents=yes"] if losing else [])
    change = command.downgrade if down else command.upgrade
    with _logging_as_it_was():
        change(config, revision)


def stamp(folder: Path, url: str, revision: str) -> None:
    """Say that a database is at a revision."""
    with _logging_as_it_was():
        command.stamp(alembic_config(folder, url), revision)


def make_sqlite_template(folder: Path) -> Path:
    """Return a migrated, empty SQLite database to be copied."""
    name = "pastebin.sqlite"

    def make(made: Path) -> None:
        with TemporaryDirectory() as own:
            migrate(Path(own))
            shutil.copy(Path(own, name), made)

    return Path(shutil.copy(made_once(name, make), folder))


@contextmanager
def _logging_as_it_was() -> Iterator[None]:
    """Undo what a migration does to the log of the process, as on the command line it may."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    try:
        yield
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers
