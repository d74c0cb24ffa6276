"""What differs between two texts, as a unified diff. For workers only."""

from difflib import unified_diff
from itertools import islice
from typing import Any, BinaryIO

from .base import FileFacts
from .decoding import decode
from .highlighting import highlight_file
from .text import LINES, TextPreview, excerpt_of, preview_of


def compare(source: BinaryIO, params: dict[str, Any]) -> TextPreview:
    """Return the lines that differ, with three around them; none if nothing does.

    `source` has the beginnings of both texts, one after the other; `params` are `files`, the fields of
    FileFacts of each, and `length`, the bytes of the first.
    """
    files = [FileFacts(**file) for file in params["files"]]
    pieces = source.read(params["length"]), source.read()
    old, new = (decode(data, file.encoding).splitlines() for data, file in zip(pieces, files, strict=True))
    found = unified_diff(old, new, files[0].filename, files[1].filename, lineterm="")
    lines = list(islice(found, LINES + 1))
    diff = "\n".join(lines[:LINES])
    code, _ = highlight_file(diff, "comparison.diff")
    shown = sum(map(len, pieces)) if len(lines) <= LINES else 0  # not all that differs
    size = sum(file.size for file in files)
    return preview_of(code, "Diff" if diff else "", shown, size, excerpt_of(diff))
