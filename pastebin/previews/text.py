"""Texts, decoded, highlighted, in lines, and never too much of them."""

import html
from dataclasses import dataclass
from typing import BinaryIO, ClassVar, Self

from markupsafe import Markup

from ..media.charsets import encoded_size
from .base import N_, ContentPreview, FileFacts
from .decoding import charset, decode
from .terminal import without_escapes

# Lines of a text that are shown; more make a page that browsers scroll badly.
LINES = 20_000

# Bytes of a text that are shown plain, which the web process does itself.
PLAIN_SIZE = 256 * 2**10

# The part of a text that describes it where links are shared.
_EXCERPT_LINES = 12
_EXCERPT_LENGTH = 200
_EXCERPT_SOURCE = 4000


@dataclass(frozen=True, slots=True)
class TextPreview(ContentPreview):
    """A text as HTML in lines; `language` for people; the first `shown` of `size` bytes, read as `encoding`.

    `is_formatted` tells that the lines are not the file's own, of which there are `own_lines`: JSON,
    indented. `is_plain` tells that it was too costly to show in a better way.
    """

    html: Markup
    language: str
    shown: int
    size: int
    encoding: str = "utf-8"
    excerpt: str = ""
    is_formatted: bool = False
    is_plain: bool = False
    own_lines: int = 0

    kind: ClassVar[str] = "text"
    label: ClassVar[str] = N_("Text")
    open_graph_type: ClassVar[str] = "article"
    is_long: ClassVar[bool] = True
    script: ClassVar[str | None] = "lines"

    @property
    def type_name(self) -> str:
        """What its language is called."""
        return self.language

    @property
    def lines(self) -> list[str]:
        """The lines, HTML each."""
        return str.split(self.html, "\n")

    @property
    def line_count(self) -> int:
        """The number of lines."""
        return str.count(self.html, "\n") + 1

    @property
    def is_whole(self) -> bool:
        """Whether all of the text is here."""
        return self.shown == self.size

    @classmethod
    def suits(cls, file: FileFacts) -> bool:
        """Whether a person can read the bytes."""
        return file.is_text

    @classmethod
    def read(cls, reader: BinaryIO, file: FileFacts, limit: int) -> Self:
        """Return the beginning of a text, highlighted by what its name says it is."""
        from .highlighting import highlight_file  # noqa: PLC0415 - for workers only: see the base class
        from .json_text import format_json  # noqa: PLC0415

        text, shown = read_lines(reader, file, limit)
        is_formatted = shown == file.size and not file.is_source
        formatted = format_json(text, file, LINES) if is_formatted else None
        if formatted is None or formatted == text.rstrip("\n"):
            code, language = highlight_file(text, file.filename)
            return cls(_lines(code), language, shown, file.size, charset(file.encoding), excerpt_of(text))
        code, language = highlight_file(formatted, "formatted.json")
        own = text.removesuffix("\n").count("\n") + 1
        excerpt, encoding = excerpt_of(formatted), charset(file.encoding)
        return cls(
            _lines(code), language, shown, file.size, encoding, excerpt, is_formatted=True, own_lines=own
        )

    @classmethod
    def read_plain(cls, reader: BinaryIO, file: FileFacts) -> Self:
        """Return the beginning of a text without looking into it, in a few milliseconds."""
        text, shown = read_lines(reader, file, PLAIN_SIZE)
        code = html.escape(text, quote=False)
        encoding = charset(file.encoding)
        return cls(_lines(code), "", shown, file.size, encoding, excerpt_of(text), is_plain=True)


def read_lines(reader: BinaryIO, file: FileFacts, limit: int) -> tuple[str, int]:
    """Return the lines of a text that are shown, and how many bytes of the file they are."""
    data = reader.read(limit)
    text = decode(data, file.encoding)
    lines = text.split("\n", LINES)
    if len(lines) <= LINES or not lines[-1]:
        return text, len(data)
    rest = encoded_size(lines[-1], charset(file.encoding))
    return "\n".join(lines[:-1]) + "\n", max(0, len(data) - rest)


def excerpt_of(text: str) -> str:
    """Return a text's first lines as one, without control characters, cut with an ellipsis."""
    lines = without_escapes(text[:_EXCERPT_SOURCE]).split("\n")[:_EXCERPT_LINES]
    words = " ".join(" ".join(lines).split())
    shown = "".join(c for c in words if c.isprintable())
    return shown if len(shown) <= _EXCERPT_LENGTH else shown[: _EXCERPT_LENGTH - 1] + "…"


def preview_of(code: str, language: str, shown: int, size: int, excerpt: str) -> TextPreview:
    """Return the preview of a text that is HTML already."""
    return TextPreview(_lines(code), language, shown, size, excerpt=excerpt)


def _lines(code: str) -> Markup:
    return Markup(code.removesuffix("\n"))  # noqa: S704 - escaped or highlighted
