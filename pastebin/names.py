"""File names as people see them, and the public names files get."""

import re
import unicodedata

from .errors import BadUpload
from .random_bytes import random_bytes

# Longer than any file system allows (255), shorter than the column (5000).
NAME_LIMIT = 1000

# Folders in folders.
PATH_DEPTH = 32

_SUFFIX = re.compile(r".\.([A-Za-z0-9]{1,16})\Z", re.DOTALL)
_PUBLIC_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")

# Unicode categories that no name needs: controls, surrogates, line and paragraph separators.
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})

# Marks that reorder the text around them: with them `gpj.exe` can be made to look like `exe.jpg`.
_BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_filename(given: str) -> str:
    """Return the last part of the path a client sent, without what no name should hold.

    Control characters, lone surrogates and marks of writing direction are left out. An empty
    name becomes `file`. BadUpload if the name is longer than NAME_LIMIT characters.
    """
    name = given.replace("\\", "/").rpartition("/")[2]
    if not (name.isascii() and name.isprintable()):
        name = "".join(c for c in name if _is_visible(c))
    name = name.strip()
    if len(name) > NAME_LIMIT:
        raise BadUpload(f"The file name has {len(name)} characters; at most {NAME_LIMIT} are possible.")
    return name if name.strip(".") else "file"


def clean_path(given: str) -> str:
    """Return a path as `a/b.txt`: its folders and its name, each as `clean_filename` leaves it.

    BadUpload if it is longer than NAME_LIMIT characters or deeper than PATH_DEPTH folders.
    """
    parts = [part for part in given.replace("\\", "/").split("/") if part.strip(" .")]
    if len(parts) > PATH_DEPTH:
        raise BadUpload(f"The path has {len(parts)} parts; at most {PATH_DEPTH} are possible.")
    path = "/".join(clean_filename(part) for part in parts)
    if len(path) > NAME_LIMIT:
        raise BadUpload(f"The path has {len(path)} characters; at most {NAME_LIMIT} are possible.")
    return path or "file"


def visible_name(text: str, limit: int) -> str:
    """Return a name found inside a file as a page may show it: U+FFFD for what hides or reorders text."""
    shown = text if len(text) <= limit else text[:limit] + "…"
    return "".join(c if _is_visible(c) else "\ufffd" for c in shown)


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in _UNPRINTABLE and character not in _BIDIRECTIONAL


def suffix_of(filename: str) -> str:
    """Return `.jpg` for `photo.JPG`: 1 to 16 ASCII letters or digits after the last dot, else nothing."""
    match = _SUFFIX.search(filename)
    return f".{match[1].lower()}" if match else ""


def new_filehash(suffix: str) -> str:
    """Return a new public name: 32 random hex digits and `suffix`."""
    return random_bytes(16).hex() + suffix


def may_be_filehash(text: str) -> bool:
    """Tell whether `text` could be a public name, old ones included, and is safe as a file name."""
    return _PUBLIC_NAME.fullmatch(text) is not None


def with_suffix(filename: str, addition: str, suffix: str) -> str:
    """Return `photo-800x600.png` for `photo.jpg`, `-800x600` and `.png`, within NAME_LIMIT."""
    old = suffix_of(filename)
    stem = filename[: len(filename) - len(old)] if old else filename
    return stem[: NAME_LIMIT - len(addition) - len(suffix)] + addition + suffix
