"""What plaster, which opens INI files, has to know of the installed packages, found once in a process."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import plaster.loaders


def remember_loaders() -> None:
    """Let plaster not look for a loader each time: it reads what is said of every package, in some 0.1 s."""
    find = cache(plaster.loaders.find_loaders)

    def found(scheme: str, protocols: Sequence[str] | None = None) -> Any:
        return find(scheme, tuple(protocols or ()))

    plaster.loaders.find_loaders = found
    plaster.get_loader("any.ini", protocols=["wsgi"])
