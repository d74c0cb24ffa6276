"""Doing things at the same moment, in threads or in processes of their own, and with a limited disk."""

import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[2]

Result = TypeVar("Result")


def in_threads(functions: Sequence[Callable[[], Result]]) -> list[Result]:
    """Return what each function returns, all started at the same moment in a thread of its own."""
    start = threading.Barrier(len(functions))

    def run(function: Callable[[], Result]) -> Result:
        start.wait(10)
        return function()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions))


def in_processes(program: str, *arguments: object, count: int) -> list[str]:
    """Return what each of `count` processes prints. `program` calls `wait()` to go on with the others."""
    waiting = "import sys\ndef wait():\n    print(flush=True)\n    sys.stdin.readline()\n"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", waiting + program, *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    for process in processes:
        process.stdout.readline()
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    printed = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * count
    return printed


def killed_in(program: str, *arguments: object) -> None:
    """Run a program that ends itself by SIGKILL."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode == -9


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let no file grow beyond `size` bytes meanwhile: the operating system says that there is no room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
