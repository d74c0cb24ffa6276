"""Markdown as a document."""

from dataclasses import dataclass
from typing import BinaryIO, ClassVar

from markupsafe import Markup

from .base import N_, ContentPreview, FileFacts
from .text import TextPreview, read_lines

_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})


@dataclass(frozen=True, slots=True)
class MarkdownPreview(ContentPreview):
    """Markdown as harmless HTML, and its source."""

    html: Markup
    source: TextPreview

    kind: ClassVar[str] = "markdown"
    label: ClassVar[str] = N_("Document")
    open_graph_type: ClassVar[str] = "article"
    is_long: ClassVar[bool] = True
    script: ClassVar[str | None] = "lines"

    @property
    def type_name(self) -> str:
        """What it is called."""
        return "Markdown"

    @property
    def excerpt(self) -> str:
        """The beginning of the source."""
        return self.source.excerpt

    @property
    def is_whole(self) -> bool:
        """Whether all of the document is here."""
        return self.source.is_whole

    @classmethod
    def suits(cls, file: FileFacts) -> bool:
        """Whether it is called Markdown."""
        return file.is_text and file.suffix in _SUFFIXES

    @classmethod
    def read(cls, reader: BinaryIO, file: FileFacts, limit: int) -> "MarkdownPreview | None":
        """Return the beginning of a document, rendered; None if it is too intricate for that."""
        from .markdown_html import render_markdown  # noqa: PLC0415 - for workers only: see the base class

        document = render_markdown(read_lines(reader, file, limit)[0])
        if document is None:
            return None
        reader.seek(0)
        return cls(document, TextPreview.read(reader, file, limit))
