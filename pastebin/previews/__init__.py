"""What a page shows of a file: its picture, its text, its table, its listing, or its first bytes.

One module a kind of preview, with its class, and a template; `registry` lists them. What reads a
stranger's bytes here is run by worker processes; from them a preview comes as JSON.
"""

from .archives import ArchivePreview
from .base import ContentPreview, FileFacts, NativePreview, Preview
from .hexdump import HexPreview
from .json_form import InvalidPreview, from_json, to_json
from .markdown import MarkdownPreview
from .native import AudioPreview, ImagePreview, NoPreview, PdfPreview, VideoPreview
from .registry import KINDS, native_preview, plain_preview, read_preview
from .tables import TablePreview
from .text import TextPreview

__all__ = [
    "KINDS",
    "ArchivePreview",
    "AudioPreview",
    "ContentPreview",
    "FileFacts",
    "HexPreview",
    "ImagePreview",
    "InvalidPreview",
    "MarkdownPreview",
    "NativePreview",
    "NoPreview",
    "PdfPreview",
    "Preview",
    "TablePreview",
    "TextPreview",
    "VideoPreview",
    "from_json",
    "native_preview",
    "plain_preview",
    "read_preview",
    "to_json",
]
