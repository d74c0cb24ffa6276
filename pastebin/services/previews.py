"""Choosing what a page shows of a file, and making it once."""

import io
from collections.abc import Callable
from typing import BinaryIO, cast

from ..names import suffix_of
from ..previews.archives import read_archive
from ..previews.hexdump import read_hex
from ..previews.kinds import (
    AudioPreview,
    ContentPreview,
    ImagePreview,
    MarkdownPreview,
    NoPreview,
    PdfPreview,
    Preview,
    TablePreview,
    TextPreview,
    VideoPreview,
)
from ..previews.markdown import render_markdown
from ..previews.tables import read_table
from ..previews.text import decode, read_text
from ..storage import BlobStore
from .files import StoredFile
from .preview_cache import PreviewCache

_MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_TABLES = frozenset({".csv", ".tsv", ".tab"})

# Images that browsers do not show, though they can be resized and converted.
_FOREIGN_IMAGES = frozenset({"image/tiff"})

_PLAYED: dict[str, Callable[[], Preview]] = {"pdf": PdfPreview, "video": VideoPreview, "audio": AudioPreview}


class PreviewService:
    """Previews of any file, made from at most `limit` bytes of a text.

    Whatever is broken or hostile gets a plainer preview, never an error.
    """

    def __init__(self, store: BlobStore, memory: PreviewCache, limit: int) -> None:
        self._store = store
        self._memory = memory
        self._limit = limit

    def preview(self, file: StoredFile) -> Preview:
        """Return what to show of a file. Raises Unavailable if its content cannot be read."""
        if file.kind in _PLAYED:
            return _PLAYED[file.kind]()
        if file.kind == "image" and file.width:
            return ImagePreview(file.width, file.height, file.mimetype not in _FOREIGN_IMAGES)
        if not file.size:
            return NoPreview()
        key = (file.sha256, file.filename, file.mimetype, file.encoding)
        return self._memory.get_or_make(key, lambda: self._read(file))

    def _read(self, file: StoredFile) -> ContentPreview:
        if not file.is_text:
            with self._open(file) as reader:
                return read_archive(reader, file.size) or _from_start(reader, file.size)
        suffix = suffix_of(file.filename)
        if suffix in _MARKDOWN:
            return self._markdown(file)
        if suffix in _TABLES or file.mimetype in ("text/csv", "text/tab-separated-values"):
            return self._table(file) or self._text(file)
        return self._text(file)

    def _text(self, file: StoredFile) -> TextPreview:
        with self._open(file) as reader:
            return read_text(reader, file, self._limit)

    def _markdown(self, file: StoredFile) -> MarkdownPreview | TextPreview:
        source = self._text(file)
        with self._open(file) as reader:
            html = render_markdown(decode(reader.read(source.shown), file.encoding))
        return source if html is None else MarkdownPreview(html, source)

    def _table(self, file: StoredFile) -> TablePreview | None:
        with self._open(file) as reader:
            data = reader.read(self._limit)
        only_tabs = suffix_of(file.filename) in (".tsv", ".tab")
        text = decode(data, file.encoding)
        return read_table(text, file.size, only_tabs=only_tabs, is_whole=len(data) == file.size)

    def _open(self, file: StoredFile) -> BinaryIO:
        return io.BufferedReader(cast(io.RawIOBase, self._store.open(file.sha256)))


def _from_start(reader: BinaryIO, size: int) -> ContentPreview:
    reader.seek(0)
    return read_hex(reader, size)
