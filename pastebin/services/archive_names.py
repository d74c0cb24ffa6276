"""Names in archives that every program unpacks, on every system, and never outside its folder."""

import re
import unicodedata
from collections.abc import Sequence

from ..names import visible_name

# What Windows takes in no name, besides controls.
_REFUSED = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f-\x9f\ufffd]')

# Devices of Windows, whatever suffix follows.
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(?:\.|$)", re.I
)

# File systems take 255 bytes; some are left for what tells names apart.
_BYTES = 200

# More are never needed for that, and putting marks in order takes time by the square of their number.
_LETTERS = 300


def archive_names(paths: Sequence[str]) -> list[str]:
    """Return a safe name for each path (`a/b.txt`), in order; no two are equal when case is ignored.

    No file has the name of a folder either.
    """
    safe = [_safe_path(path) for path in paths]
    taken = _TakenPaths()
    for path in safe:
        taken.add_folders(path)
    return [taken.take(path) for path in safe]


class _TakenPaths:
    """Paths that are taken, as file systems compare them: numbers of parts, as folded ones may be long."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._parts: dict[str, int] = {}
        self._taken: set[tuple[int, ...]] = set()
        self._next: dict[tuple[int, ...], int] = {}

    def add_folders(self, path: str) -> None:
        """Take the paths of the folders that a path leads through."""
        key = self._key(path)
        self._taken.update(key[:depth] for depth in range(1, len(key)))

    def take(self, path: str) -> str:
        """Return a path that is free, `a/b.txt` or `a/b (2).txt` and so on, and take it."""
        key, name = self._key(path), path
        number = self._next.get(key, 2)  # those below are taken
        while self._key(name) in self._taken:
            name = _numbered(path, number)
            number += 1
        self._next[key] = number
        self._taken.add(self._key(name))
        return name

    def _key(self, path: str) -> tuple[int, ...]:
        return tuple(map(self._number_of, path.split("/")))

    def _number_of(self, part: str) -> int:
        number = self._parts.get(part)
        if number is None:
            number = self._parts[part] = self._numbers.setdefault(_folded(part), len(self._numbers))
        return number


def archive_name(text: str) -> str:
    """Return a safe name for one file or folder."""
    name = unicodedata.normalize("NFC", visible_name(_cut(text, _LETTERS), _LETTERS).replace("/", "_"))
    name = _REFUSED.sub("_", name).strip().rstrip(". ")
    if _DEVICE.match(name):
        name = f"_{name}"
    return _shortened(name) or "_"


def _safe_path(path: str) -> str:
    parts = [part for part in path.replace("\\", "/").split("/") if part.strip(" .")]
    return "/".join(map(archive_name, parts)) or "_"


def _folded(name: str) -> str:
    """Return the same for names that some file system takes for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _numbered(path: str, number: int) -> str:
    """Return `a/b (2).txt` for `a/b.txt` and 2."""
    folder, slash, name = path.rpartition("/")
    stem, suffix = _split(name)
    return f"{folder}{slash}{stem} ({number}){suffix}"


def _cut(text: str, letters: int) -> str:
    """Return a name of at most so many letters, which keeps its suffix."""
    stem, suffix = _split(text)
    return text if len(text) <= letters else stem[: letters - len(suffix)] + suffix


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
