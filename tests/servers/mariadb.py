"""A private MariaDB."""

import itertools
import os
import shutil
import subprocess
from pathlib import Path

import pymysql

from .once import made_once
from .process import HOST, ServerError, ServerProcess, find_program

# Small, for a quick start; what decides whether a commit survives keeps its default.
OPTIONS = (
    "--no-defaults",
    "--socket=mariadbd.sock",  # relative to the data folder: a long path would not fit into a socket's name
    "--pid-file=mariadbd.pid",
    f"--bind-address={HOST}",
    "--skip-name-resolve",
    "--innodb-log-file-size=16M",
    "--innodb-buffer-pool-size=32M",
    "--max-connections=200",
)

# What is never killed need not wait for a disk: a commit is the system's then.
HASTY = tuple(
    f"--loose-innodb-{how}" for how in ("flush-method=nosync", "flush-log-at-trx-commit=2", "doublewrite=0")
)


class MariaDB(ServerProcess):
    """MariaDB in a folder of its own; each `create_database()` gives the address of an empty database.

    It is asked without TLS, for which each connection would read all certificates of the machine.

    One that is `hasty` may lose its data when it is killed.
    """

    name = "mariadbd"

    def __init__(self, folder: Path, *, hasty: bool = False) -> None:
        super().__init__(folder)
        self._hasty = HASTY if hasty else ()
        self._numbers = itertools.count(1)

    def prepare(self) -> None:
        """Make the data folder."""
        shutil.copytree(made_once("mariadb", _install), self.folder / "data", dirs_exist_ok=True)

    def command(self) -> list[str]:
        """Return the command line."""
        own = (f"--datadir={self.folder / 'data'}", f"--port={self.port}")
        return [find_program("mariadbd"), *OPTIONS, *self._hasty, *own, *_user()]

    def is_answering(self) -> bool:
        """Log in."""
        try:
            self.execute("SELECT 1")
        except pymysql.MySQLError:
            return False
        return True

    def create_database(self) -> str:
        """Make an empty database and return its SQLAlchemy address."""
        name = f"pastebin_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        return f"mysql+pymysql://root@{HOST}:{self.port}/{name}?charset=utf8mb4&ssl_disabled=true"

    def execute(self, statement: str) -> None:
        """Run one statement as the server's administrator."""
        connection = pymysql.connect(
            host=HOST, port=self.port, user="root", connect_timeout=5, ssl_disabled=True
        )
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()


def _install(folder: Path) -> None:
    """Make the data folder of a new MariaDB."""
    command = [
        find_program("mariadb-install-db"),
        "--no-defaults",
        f"--datadir={folder}",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        "--innodb-log-file-size=16M",
        *_user(),
    ]
    made = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder.parent)
    if made.returncode:
        raise ServerError(f"mariadb-install-db failed:\n{made.stdout}{made.stderr}")


def _user() -> list[str]:
    return ["--user=root"] if os.geteuid() == 0 else []
