"""The `pastebin` command in processes that need not import it: that takes longer than most commands do.

A process that has imported everything forks one for each command, with its environment and its files.
"""

import multiprocessing
import os
import pkgutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path

STREAMS = ("stdin", "stdout", "stderr")


def run(
    arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], given: str, timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with something on its standard input."""
    with tempfile.TemporaryDirectory(prefix="command-") as folder:
        paths = {stream: str(Path(folder, stream)) for stream in STREAMS}
        Path(paths["stdin"]).write_text(given)
        own = (list(arguments), str(cwd), dict(environment), paths)
        process = _context().Process(target=_command, args=own)
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(arguments), timeout)
        printed = [Path(paths[stream]).read_text() for stream in ("stdout", "stderr")]
        return subprocess.CompletedProcess(list(arguments), process.exitcode, *printed)


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    needed = ["pastebin.scripts.cli", "pastebin.application", "pyramid_mako"]
    context.set_forkserver_preload([*needed, *_modules()])
    return context


def _modules() -> Iterable[str]:
    """Yield the modules that the application looks through for views, and what they need."""
    from pastebin import resources, views, web

    for package in (web, resources, views):
        yield from (one.name for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}."))


def _command(arguments: list[str], cwd: str, environment: dict[str, str], paths: dict[str, str]) -> None:
    from pastebin.scripts.cli import main

    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    for number, stream in enumerate(STREAMS):
        flags = os.O_WRONLY | os.O_CREAT if number else os.O_RDONLY
        os.dup2(os.open(paths[stream], flags, 0o600), number)
    sys.stdin = os.fdopen(0, closefd=False)
    main(arguments, prog_name="pastebin")
