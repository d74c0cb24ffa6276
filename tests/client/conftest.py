"""`pb` as people run it, in a home of its own, against a real server."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.servers import AppServer, commands

CLIENT = Path(__file__).resolve().parents[2] / "client"


@dataclass
class Home:
    """Where one person's `pb` runs."""

    folder: Path
    server: str
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def work(self) -> Path:
        """Return the folder in which commands run."""
        return self.folder / "work"

    @property
    def config(self) -> Path:
        """Return the file of settings."""
        return self.folder / ".config" / "pb" / "config.toml"

    @property
    def history(self) -> Path:
        """Return the file of the history."""
        return self.folder / ".local" / "share" / "pb" / "history.jsonl"

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of a command."""
        kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
        own = {
            "HOME": str(self.folder),
            "PYTHONPATH": str(CLIENT),
            "PB_SERVER": self.server,
            "LC_ALL": "C.UTF-8",
        }
        return {**kept, **own, **self.variables}

    def file(self, name: str, data: bytes | str) -> Path:
        """Write a file to share."""
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    def command(self, *arguments: str) -> list[str]:
        """Return the command line."""
        return [sys.executable, "-W", "error", "-m", "pb", *arguments]

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        """Start a command without waiting for it."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(
            self.command(*arguments), cwd=self.work, env=self.environment, **{**pipes, **options}
        )

    def run(self, *arguments: str, given: bytes | str = b"") -> "Outcome":
        """Run a command to its end, in a process that is forked, with something in the pipe to it."""
        ended = commands.run(
            "pb",
            arguments,
            cwd=self.work,
            environment=self.environment,
            given=given if isinstance(given, bytes) else given.encode(),
            timeout=120,
            warnings="error",
        )
        return Outcome(ended.returncode, ended.stdout, ended.stderr.decode())

    def links(self, *arguments: str, given: bytes | str = b"") -> list[str]:
        """Run a command that succeeds, and return the lines of its standard output."""
        outcome = self.run(*arguments, given=given)
        assert outcome.status == 0, outcome.words
        return outcome.out.decode().splitlines()


@dataclass
class Outcome:
    """How a command ended."""

    status: int
    out: bytes
    words: str


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """Give a server that the tests of the client share."""
    with AppServer(tmp_path_factory.mktemp("app"), {"max_upload_size": str(64 * 2**20)}) as server:
        yield server


@pytest.fixture
def new_home(tmp_path: Path, server: AppServer) -> Callable[[str], Home]:
    """Give a function that makes a home."""

    def make(name: str) -> Home:
        home = Home(tmp_path / name, f"{server.url}/")
        home.work.mkdir(parents=True)
        return home

    return make


@pytest.fixture
def home(new_home: Callable[[str], Home]) -> Home:
    """Give a home."""
    return new_home("home")
