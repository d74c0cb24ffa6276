"""Text as a page shows it: decoded, highlighted, in lines, and never too much of it."""

import codecs
import time
from typing import BinaryIO

from pygments.lexer import Lexer
from pygments.lexers import JsonLexer, TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

from ..media import types as media
from ..names import suffix_of
from ..services.files import StoredFile
from .highlighting import highlight
from .json_text import indented
from .kinds import TextPreview

# Seconds one text may be highlighted; what is left then is shown plain.
TIME_LIMIT = 1.0

# Lines of a text that are shown; more make a page that browsers scroll badly.
LINES = 20_000

# How many times longer JSON may get by being indented.
_INDENTED_GROWTH = 8

_JSON_SUFFIXES = frozenset({".json", ".geojson", ".webmanifest", ".ipynb", ".har"})


def read_text(reader: BinaryIO, file: StoredFile, limit: int) -> TextPreview:
    """Return the first `limit` bytes of a text at most, highlighted by what its name says it is."""
    data = reader.read(limit)
    text, shown = first_lines(decode(data, file.encoding), file.encoding, len(data))
    if shown == file.size and _is_json(file):
        formatted = indented(text, _INDENTED_GROWTH * limit, LINES)
        if formatted is not None:
            return _preview(formatted, JsonLexer(stripnl=False), shown, file.size, is_formatted=True)
    return _preview(text, _lexer(file.filename), shown, file.size)


def decode(data: bytes, encoding: str) -> str:
    """Return text for bytes in an encoding libmagic named; what cannot be read becomes U+FFFD."""
    name = media.charset(encoding) or "utf-8"
    decoder = codecs.getincrementaldecoder("utf-8-sig" if name == "utf-8" else name)("replace")
    text = decoder.decode(data)  # not final: a character cut in two is left out
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def first_lines(text: str, encoding: str, size: int) -> tuple[str, int]:
    """Return the lines of a text that are shown, and how many of its `size` bytes they are."""
    lines = text.split("\n", LINES)
    if len(lines) <= LINES or not lines[-1]:
        return text, size
    rest = len(lines[-1].encode(media.charset(encoding) or "utf-8", "replace"))
    return "\n".join(lines[:-1]) + "\n", max(0, size - rest)


def _preview(text: str, lexer: Lexer, shown: int, size: int, *, is_formatted: bool = False) -> TextPreview:
    lines = highlight(text, lexer, time.monotonic() + TIME_LIMIT).removesuffix("\n").split("\n")
    return TextPreview(lines, lexer.name, shown, size, is_formatted)


def _is_json(file: StoredFile) -> bool:
    suffix = suffix_of(file.filename)
    return suffix in _JSON_SUFFIXES or (file.mimetype == "application/json" and suffix in ("", ".txt"))


def _lexer(filename: str) -> Lexer:
    try:
        return get_lexer_for_filename(filename, stripnl=False)
    except ClassNotFound:
        return TextLexer(stripnl=False)
