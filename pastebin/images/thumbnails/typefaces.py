"""The fonts in which words in drawings are shown: a few of this machine, and the one that Pillow has.

resvg (fontdb) knows the families that a drawing names, and takes `Times New Roman` for all it does not know,
`Arial` for sans-serif and `Courier New` for monospace. So fonts are given under these names.
"""

import os
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

from PIL import ImageFont

_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")

_SANS, _SERIF, _MONO = "Arial", "Times New Roman", "Courier New"

# Files as distributions name them → the family that each stands for. The first of a family and weight counts.
_FILES = {
    "DejaVuSans.ttf": _SANS, "DejaVuSans-Bold.ttf": _SANS,
    "DejaVuSerif.ttf": _SERIF, "DejaVuSerif-Bold.ttf": _SERIF, "DejaVuSansMono.ttf": _MONO,
    "LiberationSans-Regular.ttf": _SANS, "LiberationSans-Bold.ttf": _SANS,
    "LiberationSerif-Regular.ttf": _SERIF, "LiberationMono-Regular.ttf": _MONO,
}  # fmt: skip

# Fonts that have the scripts that the others lack; a letter is looked for in each.
_SCRIPTS = ("NotoSansCJK-Regular.ttc", "wqy-microhei.ttc", "NotoSansArabic-Regular.ttf")

_LARGEST = 24 * 2**20
_MOST_FILES = 20_000

# The records of a font's table of names that are read: family and PostScript name.
_NAMES = (1, 6)
_ENTRY = 16


@cache
def typefaces() -> tuple[bytes, ...]:
    """Return fonts, each a whole file."""
    found = dict(_found())
    shown = [_renamed(found[name].read_bytes(), family) for name, family in _FILES.items() if name in found]
    plain = _of_pillow()
    shown += [_renamed(plain, family) for family in (_SANS, _SERIF, _MONO)]
    return *shown, *(found[name].read_bytes() for name in _SCRIPTS if name in found)


@cache
def column_fonts() -> tuple[bytes, ...]:
    """Return fonts for text in columns: one whose letters are all as wide, then those of other scripts."""
    found = dict(_found())
    names = [name for name, family in _FILES.items() if family == _MONO and name in found]
    latin = found[names[0]].read_bytes() if names else _of_pillow()
    return latin, *(found[name].read_bytes() for name in _SCRIPTS if name in found)


def _found() -> Iterator[tuple[str, Path]]:
    """Yield the files of this machine's fonts that are wanted."""
    left = _MOST_FILES
    for folder in _FOLDERS:
        for path, _, names in os.walk(folder):
            left -= len(names)
            if left < 0:
                return
            for name in names:
                file = Path(path, name)
                if (name in _FILES or name in _SCRIPTS) and file.stat().st_size <= _LARGEST:
                    yield name, file


def _of_pillow() -> bytes:
    """Return the font that comes with Pillow; it has Latin letters."""
    return cast(bytes, ImageFont.load_default(10).path.getvalue())  # type: ignore[union-attr]


def _renamed(font: bytes, family: str) -> bytes:
    """Return a font (OpenType, one in a file) whose table of names says nothing but its family."""
    text = family.encode("utf-16-be")
    table = struct.pack(">HHH", 0, len(_NAMES), 6 + 12 * len(_NAMES))
    table += b"".join(struct.pack(">6H", 3, 1, 0x409, name, len(text), 0) for name in _NAMES) + text
    out = bytearray(font)
    (tables,) = struct.unpack_from(">H", font, 4)
    for start in range(12, 12 + _ENTRY * tables, _ENTRY):
        if out[start : start + 4] == b"name":
            struct.pack_into(">LL", out, start + 8, len(out), len(table))
    return bytes(out) + table
