"""Names in archives that every program unpacks, on every system, and never outside its folder."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import PurePosixPath

from ..names import visible_name

# What Windows takes in no name, besides controls.
_REFUSED = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f-\x9f\ufffd]')

# Devices of Windows, whatever suffix follows.
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(?:\.|$)", re.I
)

# File systems take 255 bytes; some are left for what tells names apart.
_BYTES = 200


def archive_names(paths: Sequence[str]) -> list[str]:
    """Return a safe name for each path (`a/b.txt`), in order; no two are equal when case is ignored.

    No file has the name of a folder either.
    """
    safe = [_safe_path(path) for path in paths]
    taken = {_folded(folder) for path in safe for folder in _folders(path)}
    names = []
    tried: Counter[str] = (
        Counter()
    )  # of each path how many variants are taken: thousands may be `untitled.txt`
    for path in safe:
        folded = _folded(path)
        for name in _variants(path, tried[folded]):
            tried[folded] += 1
            if _folded(name) not in taken:
                break
        taken.add(_folded(name))
        names.append(name)
    return names


def archive_name(text: str) -> str:
    """Return a safe name for one file or folder."""
    name = unicodedata.normalize("NFC", visible_name(text, 1000).replace("/", "_"))
    name = _REFUSED.sub("_", name).strip().rstrip(". ")
    if _DEVICE.match(name):
        name = f"_{name}"
    return _shortened(name) or "_"


def _safe_path(path: str) -> str:
    parts = [part for part in path.replace("\\", "/").split("/") if part.strip(" .")]
    return "/".join(map(archive_name, parts)) or "_"


def _folders(path: str) -> Iterator[str]:
    return (str(folder) for folder in PurePosixPath(path).parents if str(folder) != ".")


def _folded(path: str) -> str:
    """Return the same for paths that some file system takes for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())


def _variants(path: str, skipped: int) -> Iterator[str]:
    """Yield a path, then `a/b (2).txt`, `a/b (3).txt` and so on, but for the first ones."""
    folder, slash, name = path.rpartition("/")
    stem, suffix = _split(name)
    for number in count(skipped + 1):
        yield path if number == 1 else f"{folder}{slash}{stem} ({number}){suffix}"


def _split(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix) if stem and len(suffix) <= 16 else (name, "")


def _shortened(name: str) -> str:
    """Return a name of at most _BYTES bytes, which keeps its suffix."""
    if len(name.encode()) <= _BYTES:
        return name
    stem, suffix = _split(name)
    kept = stem.encode()[: _BYTES - len(suffix.encode())].decode(errors="ignore")
    return kept.rstrip(". ") + suffix
