"""Texts from files and servers as they may be shown on a terminal."""

from unicodedata import category, east_asian_width

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_UNITS = ("kB", "MB", "GB", "TB", "PB")


def visible(text: str) -> str:
    """Return a text without controls, marks of direction and line breaks."""
    return "".join("\N{REPLACEMENT CHARACTER}" if category(one) in _HIDDEN else one for one in text)


def size_words(size: int) -> str:
    """Return `4.7 MB`: powers of 1024, as the server counts."""
    if size < 1024:
        return f"{size} bytes"
    power = min((size.bit_length() - 1) // 10, len(_UNITS))
    return f"{size / 1024**power:.1f} {_UNITS[power - 1]}"


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def fitted(text: str, columns: int) -> str:
    """Return a visible text cut to a number of columns."""
    shown = visible(text)
    if width(shown) <= columns:
        return shown
    while width(shown) >= columns and shown:
        shown = shown[:-1]
    return f"{shown}…"
