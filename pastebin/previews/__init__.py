"""What a page shows of a file: its picture, its text, its table, its listing, or its first bytes.

One class a kind of preview; a template chooses by `kind`. What reads a stranger's bytes here is run by
worker processes.
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
    "TablePreview",
    "TextPreview",
    "VideoPreview",
]
