"""What a page shows of a file: its picture, its text, its table, its listing, or its first bytes.

What reads a stranger's bytes here is run by worker processes, and a preview comes from them as
JSON. A kind of preview is a module here with its class, a template of the same name, and its place
in `registry`; its attributes say all that pages, cards and catalogues need to know. To add one:

1. A module with a frozen dataclass derived from `ContentPreview` (or `NativePreview`, if browsers do
   all of it): `kind`, `label` and the like, `suits()` and `read()`. Fields are of the types that
   `json_form` knows, HTML is `Markup`. Work has a bound in time and in size (`budget`); a library that
   only this kind needs is imported in a module of its own, which `read()` imports and `tasks` loads.
2. `templates/previews/<kind>.mako`, which sees the object as `preview`.
3. Its place in `registry`, and a file of this kind in `tests/unit/previews/samples.py`.

`python bin/lib/messages.py` then asks for translations; the tests say what is missing.
"""

from .archives import ArchivePreview
from .base import ContentPreview, FileFacts, NativePreview, Preview
from .documents import DocumentPreview, is_document
from .hexdump import HexPreview
from .json_form import InvalidPreview, from_json, to_json
from .markdown import MarkdownPreview
from .native import ImagePreview, NoPreview, PdfPreview
from .played import AudioPreview, VideoPreview
from .registry import KINDS, native_preview, plain_preview, read_preview
from .tables import TablePreview
from .text import TextPreview

__all__ = [
    "KINDS",
    "ArchivePreview",
    "AudioPreview",
    "ContentPreview",
    "DocumentPreview",
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
    "is_document",
    "native_preview",
    "plain_preview",
    "read_preview",
    "to_json",
]
