"""What a page shows of a file: its picture, its text, its table, its listing, or its first bytes.

`PreviewService.preview(file)` gives one of the classes here; a template chooses by `kind`. All
work is bounded in bytes and time.
"""

from .kinds import (
    ArchiveEntry,
    ArchivePreview,
    AudioPreview,
    HexPreview,
    ImagePreview,
    MarkdownPreview,
    NoPreview,
    PdfPreview,
    Preview,
    TablePreview,
    TextPreview,
    VideoPreview,
)
from .memory import PreviewMemory
from .service import PreviewService

__all__ = [
    "ArchiveEntry",
    "ArchivePreview",
    "AudioPreview",
    "HexPreview",
    "ImagePreview",
    "MarkdownPreview",
    "NoPreview",
    "PdfPreview",
    "Preview",
    "PreviewMemory",
    "PreviewService",
    "TablePreview",
    "TextPreview",
    "VideoPreview",
]
