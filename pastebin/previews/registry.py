"""Every kind of preview, and which one a file gets."""

from dataclasses import replace
from typing import BinaryIO

from .archives import ArchivePreview
from .base import ContentPreview, FileFacts, NativePreview, Preview
from .decoding import is_doubtful
from .documents import DocumentPreview
from .fonts import FontPreview
from .hexdump import HexPreview
from .markdown import MarkdownPreview
from .native import (
    ImagePreview,
    LimitedPreview,
    NoPreview,
    PdfPreview,
    UnreadImagePreview,
)
from .played import AudioPreview, Played, VideoPreview
from .tables import TablePreview
from .text import TextPreview

# In the order in which they are tried. A new kind is added here.
NATIVE_KINDS: tuple[type[NativePreview], ...] = (
    LimitedPreview,
    PdfPreview,
    ImagePreview,
    UnreadImagePreview,
    NoPreview,
)
CONTENT_KINDS: tuple[type[ContentPreview], ...] = (
    VideoPreview,
    AudioPreview,
    MarkdownPreview,
    TablePreview,
    TextPreview,
    DocumentPreview,
    FontPreview,
    ArchivePreview,
    HexPreview,
)
_PLAYED: tuple[type[Played], ...] = (VideoPreview, AudioPreview)
KINDS: tuple[type[Preview], ...] = (*NATIVE_KINDS, *CONTENT_KINDS)


def native_preview(file: FileFacts) -> NativePreview | None:
    """Return the preview of a file that needs no look into it; None if its bytes have to be read."""
    return next((kind.of(file) for kind in NATIVE_KINDS if kind.suits(file)), None)


def read_preview(reader: BinaryIO, file: FileFacts, limit: int) -> ContentPreview:
    """Return the preview of a file from its bytes, at most `limit` of a text. Called in a worker."""
    if file.is_text and is_doubtful(file.encoding):
        from .encodings import guess  # noqa: PLC0415 - for workers only

        data = reader.read(limit)
        file = replace(file, encoding=guess(data, is_whole=len(data) == file.size))
    for kind in CONTENT_KINDS:
        if kind.suits(file):
            reader.seek(0)
            preview = kind.read(reader, file, limit)
            if preview is not None:
                return preview
    raise AssertionError("the last kind suits every file")


def plain_preview(reader: BinaryIO, file: FileFacts) -> ContentPreview:
    """Return what can be shown without parsing anything, in a few milliseconds."""
    if file.is_text:
        return TextPreview.read_plain(reader, file)
    played = next((kind for kind in _PLAYED if kind.suits(file)), None)
    return played() if played else HexPreview.read(reader, file, 0)
