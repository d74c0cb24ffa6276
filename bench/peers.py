"""What we are compared with: each in a virtual environment of its own below `.bench/`, on a free port."""

import http.client
import os
import subprocess
import sys
import venv
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.servers import ServerProcess

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".bench"
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Peer:
    """Requirements with their versions, and what pip needs to install them."""

    requirements: tuple[str, ...]
    options: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


PEERS = {
    "short_url": Peer(("short_url==1.2.2",)),
    "vips": Peer(("pyvips==3.2.0", "pyvips-binary==8.18.7")),
    "simd": Peer(
        ("pillow-simd==12.1.1.post0",),
        ("--no-binary", "pillow-simd"),
        {"CC": "cc -mavx2"},
    ),
    "bepasty": Peer(("bepasty==1.2.2", "gunicorn==27.0.1")),
    "copyparty": Peer(("copyparty==1.20.26",)),
    "thumbor": Peer(("thumbor==7.8.0",)),
}


def python(name: str) -> Path:
    """Return the interpreter of a peer's environment, made and filled first if need be."""
    peer, folder = PEERS[name], HOME / name
    stamp = folder / ".installed"
    if not stamp.exists() or stamp.read_text() != repr(peer):
        print(f"installing {' '.join(peer.requirements)}", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        pip = [
            str(folder / "bin" / "python"),
            "-m",
            "pip",
            "--quiet",
            "--disable-pip-version-check",
            "install",
        ]
        clean = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}  # pip would find us there
        subprocess.run(
            [*pip, *peer.options, *peer.requirements], env={**clean, **peer.environment}, check=True
        )
        stamp.write_text(repr(peer))
    return folder / "bin" / "python"


def packages(name: str) -> Path:
    """Return the folder of a peer's modules, for a peer that runs in our process."""
    python(name)
    return next((HOME / name / "lib").glob("python*/site-packages"))


class WebPeer(ServerProcess):
    """A peer that answers HTTP; `answers` is an address that it knows from the start."""

    name = "peer"
    death_signal = "TERM"  # the first process ends its workers
    answers = "/"

    @property
    def url(self) -> str:
        """Return scheme, host and port."""
        return f"http://{HOST}:{self.port}"

    @property
    def files(self) -> Path:
        """Return the folder of the stored files."""
        return self.folder / "files"

    def prepare(self) -> None:
        """Make the environment and the folder."""
        python(self.name)
        self.files.mkdir(exist_ok=True)

    def environment(self) -> Mapping[str, str]:
        """Return an environment without settings of ours, and a home folder that is empty."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PASTEBIN_", "PYTHONPATH"))}
        return {**inherited, "HOME": str(self.folder), "TMPDIR": str(self.folder)}

    def stop(self) -> int:
        """End the server and the processes it made, which thumbor leaves behind."""
        made = psutil.Process(self.pid).children(recursive=True)
        status = super().stop()
        for process in made:
            with suppress(psutil.NoSuchProcess):
                process.terminate()
        return status

    def is_answering(self) -> bool:
        """Ask for a page."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", self.answers)
            return connection.getresponse().status < 500
        except OSError:
            return False
        finally:
            connection.close()


class Bepasty(WebPeer):
    """bepasty in gunicorn, with threads in each process and everything allowed to everybody."""

    name = "bepasty"

    def __init__(self, folder: Path, processes: int = 1) -> None:
        super().__init__(folder)
        self._processes = processes

    def stored(self) -> int:
        """Return how many files there are; beside each is one about it."""
        return sum(entry.name.endswith(".data") for entry in os.scandir(self.files))

    def command(self) -> list[str]:
        """Write the configuration and return the command line."""
        (self.folder / "bepasty.conf").write_text(
            f"STORAGE_FILESYSTEM_DIRECTORY = {str(self.files)!r}\n"
            "SECRET_KEY = 'not secret, for measuring only, on this machine'\n"
            "SESSION_COOKIE_SECURE = False\n"
            "DEFAULT_PERMISSIONS = 'create,read,delete'\n"
        )
        bind = ["--bind", f"{HOST}:{self.port}", "--worker-class", "gthread", "--no-control-socket"]
        more = ["--workers", str(self._processes), "--threads", "16"]
        more += ["--timeout", "600", "--keep-alive", "75"]
        return [str(python(self.name)), "-m", "gunicorn", *bind, *more, "bepasty.wsgi:application"]

    def environment(self) -> Mapping[str, str]:
        """Name the configuration."""
        return {**super().environment(), "BEPASTY_CONFIG": str(self.folder / "bepasty.conf")}


class Copyparty(WebPeer):
    """copyparty's own server; everybody may read, write and delete. `options` are its own."""

    name = "copyparty"

    def __init__(self, folder: Path, *options: str) -> None:
        super().__init__(folder)
        self._options = options

    def stored(self) -> int:
        """Return how many files there are, without the folder of its database."""
        return sum(not entry.name.startswith(".") for entry in os.scandir(self.files))

    def command(self) -> list[str]:
        """Return the command line; everything that is not named keeps its default."""
        where = ["-i", HOST, "-p", str(self.port), "-v", f"{self.files}:/:rwd"]
        serve = [str(python(self.name)), "-m", "copyparty", "-q", "--http-only", "-nc", "64"]
        return [*serve, *where, *self._options]


class Thumbor(WebPeer):
    """thumbor with files of `files` as sources and no cache, in so many processes."""

    name = "thumbor"
    answers = "/healthcheck"

    def __init__(self, folder: Path, processes: int) -> None:
        super().__init__(folder)
        self._processes = processes

    def command(self) -> list[str]:
        """Write the configuration and return the command line."""
        conf = self.folder / "thumbor.conf"
        conf.write_text(
            "LOADER = 'thumbor.loaders.file_loader'\n"
            f"FILE_LOADER_ROOT_PATH = {str(self.files)!r}\n"
            "STORAGE = 'thumbor.storages.no_storage'\n"
            "RESULT_STORAGE = None\n"
            "ALLOW_UNSAFE_URL = True\n"
            "QUALITY = 85\n"
            "PROGRESSIVE_JPEG = False\n"
        )
        options = ["--ip", HOST, "--port", str(self.port), "--log-level", "error"]
        options += ["--processes", str(self._processes)]
        return [str(python(self.name).with_name("thumbor")), "--conf", str(conf), *options]
