"""JSON, indented: the file's own numbers and strings, only the space between them is ours."""

import json
import re
from collections.abc import Iterator

from .base import FileFacts

_INDENT = "  "

# How many times longer JSON may get by being indented.
_GROWTH = 8

_SUFFIXES = frozenset({".json", ".geojson", ".webmanifest", ".ipynb", ".har"})

# The tokens of valid JSON, or an empty pair of brackets.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|\[\s*\]|\{\s*\}|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)


def format_json(text: str, file: FileFacts, lines: int) -> str | None:
    """Return a whole text indented, if it is called JSON and is; None otherwise."""
    is_json = file.mimetype == "application/json" and file.suffix in ("", ".txt")
    if file.suffix not in _SUFFIXES and not is_json:
        return None
    return indented(text, _GROWTH * len(text), lines)


def indented(text: str, limit: int, lines: int) -> str | None:
    """Return valid JSON with a line a value; None if it is not valid or gets too long.

    That is over `limit` characters or over `lines` lines: nesting multiplies the length by the depth.
    """
    try:
        json.loads(text, parse_constant=_refuse, parse_int=len, parse_float=len)
    except (ValueError, RecursionError):
        return None
    pieces, length = [], 0
    for piece in _pieces(text):
        pieces.append(piece)
        length += len(piece)
        lines -= piece.count("\n")
        if length > limit or lines <= 0:
            return None
    return "".join(pieces)


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _pieces(text: str) -> Iterator[str]:
    depth = 0
    for match in _TOKEN.finditer(text):
        lexeme = match[0]
        if lexeme in ("[", "{"):
            depth += 1
            yield lexeme + "\n" + _INDENT * depth
        elif lexeme in ("]", "}"):
            depth -= 1
            yield "\n" + _INDENT * depth + lexeme
        elif lexeme == ",":
            yield ",\n" + _INDENT * depth
        elif lexeme == ":":
            yield ": "
        else:
            yield lexeme[0] + lexeme[-1] if lexeme[0] in "[{" else lexeme
