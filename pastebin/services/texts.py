"""Text as a page shows it: decoded, highlighted, in lines, and never too much of it."""

import codecs
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.token import Token
from pygments.util import ClassNotFound

from ..storage import BlobStore
from . import media
from .files import StoredFile

# Seconds one text may be highlighted; what is left then is shown plain.
TIME_LIMIT = 1.0

# A text with a longer line is not highlighted: lexers can take quadratic time over one line.
LINE_LIMIT = 5000


@dataclass(frozen=True, slots=True)
class TextPreview:
    """A text as HTML, a string a line; `language` for people; `shown` of `size` bytes."""

    lines: list[str]
    language: str
    shown: int
    size: int

    @property
    def is_whole(self) -> bool:
        """Tell whether all of the text is here."""
        return self.shown == self.size


class TextService:
    """Previews of texts, of at most `limit` bytes each."""

    def __init__(self, store: BlobStore, limit: int) -> None:
        self._store = store
        self._limit = limit

    def preview(self, file: StoredFile) -> TextPreview:
        """Return the beginning of a text, highlighted by what its name says it is."""
        with self._store.open(file.sha256) as reader:
            data = reader.read(self._limit)
        text = decode(data, file.encoding)
        lexer = _lexer(file.filename, text)
        return TextPreview(_highlight(text, lexer), lexer.name, len(data), file.size)


def decode(data: bytes, encoding: str) -> str:
    """Return text for bytes in an encoding libmagic named; what cannot be read becomes U+FFFD."""
    name = media.charset(encoding) or "utf-8"
    decoder = codecs.getincrementaldecoder("utf-8-sig" if name == "utf-8" else name)("replace")
    return decoder.decode(data).removeprefix("\ufeff")  # not final: a character cut in two is left out


def _lexer(filename: str, text: str) -> Lexer:
    try:
        lexer = get_lexer_for_filename(filename, stripnl=False)
    except ClassNotFound:
        return TextLexer(stripnl=False)
    if max(map(len, text.splitlines()), default=0) > LINE_LIMIT:
        return TextLexer(stripnl=False)
    return lexer


def _highlight(text: str, lexer: Lexer) -> list[str]:
    formatter = HtmlFormatter(nowrap=True, classprefix="hl-")
    out = io.StringIO()
    formatter.format(_within_time(lexer, text), out)
    return out.getvalue().removesuffix("\n").split("\n")


def _within_time(lexer: Lexer, text: str) -> Iterator[tuple[Any, str]]:
    deadline, done = time.monotonic() + TIME_LIMIT, 0
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for kind, value in lexer.get_tokens(text):
        yield kind, value
        done += len(value)
        if time.monotonic() > deadline:
            yield Token.Text, text[done:]
            return
