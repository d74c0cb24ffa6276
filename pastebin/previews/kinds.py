"""What a page can show of a file: one class a kind of preview, told apart by `kind`."""

import sys
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from markupsafe import Markup

# What an object costs beyond its strings, roughly; a preview in memory is weighed with it.
_OVERHEAD = 500


@dataclass(frozen=True, slots=True)
class ImagePreview:
    """An image: its sides in pixels, and whether browsers show its format as it is."""

    width: int
    height: int
    is_native: bool = True
    kind: ClassVar[str] = "image"


@dataclass(frozen=True, slots=True)
class PdfPreview:
    """A PDF, which the browser's own viewer shows."""

    kind: ClassVar[str] = "pdf"


@dataclass(frozen=True, slots=True)
class VideoPreview:
    """A video, for the browser's own player."""

    kind: ClassVar[str] = "video"


@dataclass(frozen=True, slots=True)
class AudioPreview:
    """A sound, for the browser's own player."""

    kind: ClassVar[str] = "audio"


@dataclass(frozen=True, slots=True)
class TextPreview:
    """A text as HTML, a string a line; `language` for people; `shown` of `size` bytes.

    `is_formatted` tells that the lines are not the file's own: JSON, indented.
    """

    lines: list[str]
    language: str
    shown: int
    size: int
    is_formatted: bool = False
    kind: ClassVar[str] = "text"

    @property
    def is_whole(self) -> bool:
        """Tell whether all of the text is here."""
        return self.shown == self.size

    @property
    def weight(self) -> int:
        """Return about how many bytes this takes in memory."""
        return _OVERHEAD + sum(map(sys.getsizeof, self.lines))


@dataclass(frozen=True, slots=True)
class MarkdownPreview:
    """Markdown as harmless HTML, and its source."""

    html: Markup
    source: TextPreview
    kind: ClassVar[str] = "markdown"

    @property
    def is_whole(self) -> bool:
        """Tell whether all of the document is here."""
        return self.source.is_whole

    @property
    def weight(self) -> int:
        """Return about how many bytes this takes in memory."""
        return sys.getsizeof(self.html) + self.source.weight


@dataclass(frozen=True, slots=True)
class TablePreview:
    """The first rows of a table, all as wide as its header; the cells are text, not HTML."""

    header: list[str]
    rows: list[list[str]]
    is_whole: bool
    size: int
    kind: ClassVar[str] = "table"

    @property
    def shown(self) -> int:
        """Return how many rows are here, the header not counted."""
        return len(self.rows)

    @property
    def weight(self) -> int:
        """Return about how many bytes this takes in memory."""
        return _OVERHEAD + sum(sys.getsizeof(row) + sum(map(sys.getsizeof, row)) for row in self.rows)


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """Something in an archive, as the archive says: name as text, bytes, time (UTC) where it has one."""

    name: str
    size: int
    is_folder: bool
    modified: datetime | None


@dataclass(frozen=True, slots=True)
class ArchivePreview:
    """The first entries of an archive; `total` of them if that is known. `format` is `zip`, `tar.gz`…"""

    format: str
    entries: list[ArchiveEntry]
    is_whole: bool
    total: int | None
    kind: ClassVar[str] = "archive"

    @property
    def weight(self) -> int:
        """Return about how many bytes this takes in memory."""
        return _OVERHEAD * (1 + len(self.entries))


@dataclass(frozen=True, slots=True)
class HexPreview:
    """The first `shown` of `size` bytes: lines of offset, hex digits and printable characters (text)."""

    lines: list[str]
    shown: int
    size: int
    kind: ClassVar[str] = "hex"

    @property
    def is_whole(self) -> bool:
        """Tell whether all bytes are here."""
        return self.shown == self.size

    @property
    def weight(self) -> int:
        """Return about how many bytes this takes in memory."""
        return _OVERHEAD + sum(map(sys.getsizeof, self.lines))


@dataclass(frozen=True, slots=True)
class NoPreview:
    """Nothing to show: the file is empty."""

    kind: ClassVar[str] = "none"


# Previews that are made from the bytes, and so worth remembering.
ContentPreview = TextPreview | MarkdownPreview | TablePreview | ArchivePreview | HexPreview

Preview = ImagePreview | PdfPreview | VideoPreview | AudioPreview | ContentPreview | NoPreview
