"""Commands to their end, by processes that need not import what they run."""

import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from .forked import ForkedProcess


def run(
    module: str,
    arguments: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    given: str,
    timeout: float,
) -> subprocess.CompletedProcess[str]:
    """Run a module to its end, with something on its standard input."""
    with tempfile.TemporaryFile("w+") as stdin, _printed() as stdout, _printed() as stderr:
        stdin.write(given)
        stdin.seek(0)
        streams = stdin, stdout, stderr
        process = ForkedProcess(module, arguments, cwd=cwd, environment=environment, streams=streams)
        try:
            status = process.wait(timeout)
        except BaseException:
            process.send_signal(signal.SIGKILL)
            raise
        return subprocess.CompletedProcess(process.arguments, status, _text(stdout), _text(stderr))


def _printed() -> IO[str]:
    """Return a file to print into."""
    return tempfile.TemporaryFile("w+")


def _text(printed: IO[str]) -> str:
    printed.seek(0)
    return printed.read()
