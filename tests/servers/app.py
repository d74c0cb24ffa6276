"""The file host itself, served by a real WSGI server."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from sqlalchemy import NullPool, create_engine, select

from pastebin.models import CONTENTS

from . import commands, schema
from .forked import ROOT, ForkedProcess, Running
from .once import made_once
from .process import HOST, ServerError, ServerProcess

RUN_SECONDS = 300.0
GRANIAN = (sys.executable, "-m", "granian", "pastebin.wsgi:application")
PSERVE = (sys.executable, "-m", "pyramid.scripts.pserve", "{own_ini}")
GUNICORN = (
    *(sys.executable, "-m", "gunicorn", "pastebin.wsgi:application", "--bind", "127.0.0.1:{port}"),
    *("--workers", "2", "--threads", "8", "--timeout", "300"),
)


DATABASE = "pastebin.sqlite"


def granian_options() -> dict[str, str]:
    """Return the variables of granian.env, with which bin/serve and systemd start Granian too."""
    lines = (ROOT / "granian.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line.startswith("GRANIAN_"))


class AppServer(ServerProcess):
    """Granian as bin/serve starts it, or another server, on a data folder and a database of its own.

    `settings` are names of `pastebin.*` settings and their values, handed over by the environment.
    `serve` is the command, in which {ini}, {port} and {own_ini}, with that port in it, are filled in.
    A module that Python runs may be `forked` from a process that has imported what it needs. Where it is not
    said, the class has it: tests do so, and measurements start it just as an operator would.
    """

    name = "pastebin"
    death_signal = "TERM"  # ends workers too
    forked = False

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str] | None = None,
        *,
        ini: Path | str = "development.ini",
        serve: Sequence[str] = GRANIAN,
        forked: bool | None = None,
    ) -> None:
        super().__init__(folder)
        self.settings = dict(settings or {})
        self.ini = ROOT / ini
        self.serve = serve
        if forked is not None:
            self.forked = forked

    @property
    def data(self) -> Path:
        """Return the folder of the database and the files."""
        return self.folder / "data"

    @property
    def files(self) -> Path:
        """Return the folder of the stored files."""
        return self.data / "files"

    @property
    def url(self) -> str:
        """Return scheme, host and port."""
        return f"http://{HOST}:{self.port}"

    def another(self) -> "AppServer":
        """Return one more process on the same data and database, with a port of its own, not started."""
        options: Any = {"ini": self.ini, "serve": self.serve, "forked": self.forked}
        return AppServer(self.folder / "another", self._all_settings(), **options)

    def stored_files(self) -> list[Path]:
        """Return the files of the contents that are no rows."""
        return sorted(path for path in self.files.glob("[0-9a-f][0-9a-f]/*") if path.is_file())

    def contents(self) -> list[str]:
        """Return the SHA-256 of each stored content, rows and files."""
        engine = create_engine(self.settings.get("database_url") or self._sqlite_url(), poolclass=NullPool)
        with engine.connect() as connection:
            rows = connection.scalars(select(CONTENTS.c.sha256)).all()
        return sorted([*rows, *(path.name for path in self.stored_files())])

    def _sqlite_url(self) -> str:
        return f"sqlite:///file:{self.files.parent}/{DATABASE}?mode=ro&uri=true"

    def leftovers(self) -> list[Path]:
        """Return the temporary files, of the store and of the server's spool."""
        folders = (self.files / "tmp", self.folder / "spool")
        return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())

    def run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run the `pastebin` command on the same data, with something on its standard input."""
        return self._run("pastebin", "-c", str(self.ini), *arguments, given=given)

    def prepare(self) -> None:
        """Make the folders and migrate the database."""
        self.data.mkdir(exist_ok=True)
        (self.folder / "spool").mkdir(exist_ok=True)
        if "database_url" in self.settings:
            self._fill_database(self.settings["database_url"])
        elif not (self.data / DATABASE).exists():
            self._copy_database()

    def migrate(self) -> None:
        """Migrate the database."""
        migrated = self._run("alembic", "-c", str(self.ini), "upgrade", "head")
        if migrated.returncode:
            raise ServerError(f"the migration failed:\n{migrated.stdout}{migrated.stderr}")

    def _fill_database(self, address: str) -> None:
        """Make the tables of a MariaDB database, unless another process has them already."""
        if not schema.is_empty(address):
            return

        def migrate(made: Path) -> None:
            self.migrate()
            made.write_text(json.dumps(schema.dump(address)))

        statements = made_once("mariadb.json", migrate).read_text()
        if schema.is_empty(address):
            schema.load(address, json.loads(statements))

    def _copy_database(self) -> None:
        """Put an empty SQLite database in place."""

        def migrate(made: Path) -> None:
            self.migrate()
            (self.data / DATABASE).rename(made)

        shutil.copy(made_once(DATABASE, migrate), self.data / DATABASE)

    def inside(self) -> Sequence[str]:
        """Return what to put before a command that is to see the server's data as the server does."""
        return ()

    def command(self) -> list[str]:
        """Return the command line."""
        return [word.format(ini=self.ini, own_ini=self._own_ini(), port=self.port) for word in self.serve]

    def spawn(self, log: IO[bytes]) -> Running:
        """Start the process, if it may be by a fork."""
        command = self.command()
        if not self.forked or command[:2] != [sys.executable, "-m"]:
            return super().spawn(log)
        with open(os.devnull, "rb") as nothing:
            return ForkedProcess(
                command[2],
                command[3:],
                cwd=self.folder,
                environment=self.environment(),
                streams=(nothing, log, log),
                death_signal=signal.SIGTERM,
            )

    def _own_ini(self) -> Path:
        """Return a copy of the INI file in which this port is written."""
        text = self.ini.read_text().replace("%(here)s", str(self.ini.parent))
        path = self.folder / "own.ini"
        path.write_text(text.replace("127.0.0.1:6543", f"127.0.0.1:{self.port}"))
        return path

    def environment(self) -> Mapping[str, str]:
        """Return an environment in which only this server's settings are set."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PASTEBIN_")}
        own = {f"PASTEBIN_{name.upper()}": value for name, value in self._all_settings().items()}
        return {
            **inherited,
            **granian_options(),
            **own,
            "PASTEBIN_INI": str(self.ini),
            "GRANIAN_PORT": str(self.port),
            "TMPDIR": str(self.folder / "spool"),
            "PYTHONUNBUFFERED": "1",
        }

    def _all_settings(self) -> dict[str, str]:
        folders = {"data": self.data, "files_folder": self.files, "derived_folder": self.data / "derived"}
        return {**{name: str(path) for name, path in folders.items()}, **self.settings}

    def is_answering(self) -> bool:
        """Ask /health."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status in (200, 503)
        except OSError:
            return False
        finally:
            connection.close()

    def _run(self, module: str, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        if not self.inside():
            done = commands.run(
                module,
                arguments,
                cwd=ROOT,
                environment=self.environment(),
                given=given.encode(),
                timeout=RUN_SECONDS,
            )
            printed = done.stdout.decode(), done.stderr.decode()
            return subprocess.CompletedProcess(done.args, done.returncode, *printed)
        return subprocess.run(
            [*self.inside(), sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=dict(self.environment()),
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=RUN_SECONDS,
        )
