"""What all processes of a test run share and only one of them makes: empty databases, compiled templates."""

import fcntl
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

# Where the processes that xdist starts look: they have the variables of the one that starts them.
VARIABLE = "TESTS_SHARED"


@cache
def share_folder() -> TemporaryDirectory[str] | None:
    """Make the folder of this run and say where it is, unless another process has done so."""
    if VARIABLE in os.environ:
        return None
    folder = TemporaryDirectory(prefix="shared-")
    os.environ[VARIABLE] = folder.name
    return folder


def template_folder() -> str:
    """Return a folder for page templates as Python modules."""
    return str(made_once("templates", Path.mkdir))


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """Return a file or folder that `make` makes at the path it is given, or has made for another process."""
    share_folder()
    folder = Path(os.environ[VARIABLE])
    path, unfinished = folder / name, folder / f"{name}.unfinished"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            make(unfinished)
            unfinished.rename(path)
    return path
