"""Commands to their end, by processes that need not import what they run."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from typing import IO

from .forked import ForkedProcess


def run(
    module: str,
    arguments: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    given: bytes,
    timeout: float,
    warnings: str = "",
) -> subprocess.CompletedProcess[bytes]:
    """Run a module to its end, with something in the pipe that is its standard input."""
    with _pipe_with(given) as stdin, TemporaryFile() as stdout, TemporaryFile() as stderr:
        process = ForkedProcess(
            module,
            arguments,
            cwd=cwd,
            environment=environment,
            streams=(stdin, stdout, stderr),
            warnings=warnings,
        )
        try:
            status = process.wait(timeout)
        except BaseException:
            process.send_signal(signal.SIGKILL)
            raise
        return subprocess.CompletedProcess(process.arguments, status, _printed(stdout), _printed(stderr))


@contextmanager
def _pipe_with(given: bytes) -> Iterator[IO[bytes]]:
    """Give the end of a pipe from which something is read."""
    reading, writing = os.pipe()
    writer = Thread(target=_write_all, args=(writing, given))
    with open(reading, "rb") as pipe:
        writer.start()
        yield pipe
    writer.join()


def _write_all(descriptor: int, data: bytes) -> None:
    with suppress(BrokenPipeError), open(descriptor, "wb") as pipe:
        pipe.write(data)


def _printed(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
