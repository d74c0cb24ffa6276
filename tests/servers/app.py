"""The file host itself, served by a real WSGI server."""

import http.client
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from .process import HOST, ServerError, ServerProcess

ROOT = Path(__file__).resolve().parents[2]
PSERVE = (sys.executable, "-m", "pyramid.scripts.pserve", "{ini}")


class AppServer(ServerProcess):
    """`pserve development.ini`, or another INI file or server, on a data folder and a database of its own.

    `settings` are names of `pastebin.*` settings and their values, handed over by the environment.
    `serve` is the command, in which {ini} and {port} are filled in.
    """

    name = "pastebin"
    death_signal = "TERM"  # gunicorn ends its workers

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str] | None = None,
        *,
        ini: Path | str = "development.ini",
        serve: Sequence[str] = PSERVE,
    ) -> None:
        super().__init__(folder)
        self.settings = dict(settings or {})
        self.ini = ROOT / ini
        self.serve = serve

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
        return AppServer(self.folder / "another", self._all_settings(), ini=self.ini, serve=self.serve)

    def contents(self) -> list[Path]:
        """Return the stored contents."""
        return sorted(path for path in self.files.glob("??/*") if path.is_file())

    def leftovers(self) -> list[Path]:
        """Return the temporary files, of the store and of the server's spool."""
        folders = (self.files / "tmp", self.folder / "spool")
        return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the `pastebin` command on the same data."""
        return self._run("-m", "pastebin", "-c", str(self.ini), *arguments)

    def prepare(self) -> None:
        """Make the folders and migrate the database."""
        self.data.mkdir(exist_ok=True)
        (self.folder / "spool").mkdir(exist_ok=True)
        migrated = self._run("-m", "alembic", "-c", str(self.ini), "upgrade", "head")
        if migrated.returncode:
            raise ServerError(f"the migration failed:\n{migrated.stdout}{migrated.stderr}")

    def inside(self) -> Sequence[str]:
        """Return what to put before a command that is to see the server's data as the server does."""
        return ()

    def command(self) -> list[str]:
        """Return the command line."""
        return [word.format(ini=self.ini, port=self.port) for word in self.serve]

    def environment(self) -> Mapping[str, str]:
        """Return an environment in which only this server's settings are set."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PASTEBIN_")}
        own = {f"PASTEBIN_{name.upper()}": value for name, value in self._all_settings().items()}
        return {
            **inherited,
            **own,
            "PORT": str(self.port),
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

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.inside(), sys.executable, *arguments],
            cwd=ROOT,
            env=dict(self.environment()),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
