"""Media types from the bytes, never from the client.

Valid UTF-8 without control characters is text, whatever it looks like. A few signatures decide
what comes in most; libmagic has the rest. It never sees a text: it takes 1 to 6 ms for one, and
for 8 KiB of line feeds behind a letter a whole second, as its tests of texts are expressions.
"""

import codecs
import re
from dataclasses import dataclass
from functools import cache

import pylibmagic  # noqa: F401  (lets `magic` find the libmagic that comes in a wheel)

from .signatures import signature_type
from .text_types import PLAIN, text_type

import magic  # isort: skip

# Terminals write bells, tabs, backspaces, form feeds and escapes into logs; no text has other controls.
_CONTROLS = bytes((set(range(32)) | {127}) - set(b"\a\b\t\n\v\f\r\x1b"))
_NO_CONTROLS = bytes(set(range(256)) - set(_CONTROLS))

# Most binary contents show in so many bytes that they are no text.
_FIRST_LOOK = 256

# What no text in ISO 8859 has, other than NEL: older code pages do.
_NO_HIGH_CONTROLS = bytes(set(range(256)) - set(range(0x80, 0xA0)) | {0x85})

_UTF16 = {
    codecs.BOM_UTF16_LE: ("utf-16le", codecs.utf_16_le_decode),
    codecs.BOM_UTF16_BE: ("utf-16be", codecs.utf_16_be_decode),
}

# A PDF may be pure ASCII: its version stands alone in its first line, and objects follow.
_PDF = re.compile(rb"%PDF-[0-9]\.[0-9][ \t]{0,99}[\r\n]")

# libmagic's flags NO_CHECK_TEXT, _CSV, _TOKENS (words of languages) and _JSON.
_NO_TEXTS = 0x020000 | 0x080000 | 0x100000 | 0x400000


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type (`image/png`) and, for text, the name of its encoding as libmagic has it (`utf-8`)."""

    mimetype: str
    encoding: str


_PDF_TYPE = MediaType("application/pdf", "binary")


def sniff(head: bytes, filename: str = "", *, is_whole: bool = True) -> MediaType:
    """Return the media type of a content by its first bytes (HEAD_SIZE is enough). An empty one is text.

    `filename` tells one kind of text from another and nothing else; without `is_whole` the head
    may end within a character.
    """
    encoding = _unicode_encoding(head, is_whole)
    if encoding:
        return _PDF_TYPE if _is_ascii_pdf(head) else MediaType(text_type(head, filename), encoding)
    mimetype = signature_type(head)
    if mimetype:
        return MediaType(mimetype, "binary")
    if _has_controls(head):
        return _ask_libmagic(head)
    return MediaType(text_type(head, filename), _older_encoding(head))


def _is_ascii_pdf(head: bytes) -> bool:
    return bool(_PDF.match(head)) and b" obj" in head and b"endobj" in head


def _unicode_encoding(head: bytes, is_whole: bool) -> str | None:
    """Return the Unicode encoding in which a content is text all through, if there is one."""
    if head[:2] in _UTF16:
        return _utf16_encoding(head, is_whole)
    if _has_controls(head):
        return None
    if head.isascii():
        return "us-ascii"
    try:
        codecs.utf_8_decode(head, "strict", is_whole)
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _utf16_encoding(head: bytes, is_whole: bool) -> str | None:
    """Return the encoding that the byte order mark tells, if what follows it is text."""
    name, decode = _UTF16[head[:2]]
    try:
        text, _ = decode(head[2:], "strict", is_whole)
    except UnicodeDecodeError:
        return None
    return None if _has_controls(text.encode()) else name


def _older_encoding(head: bytes) -> str:
    """Return libmagic's name for the encoding of a text that is no Unicode: by its bytes of 80 to 9f."""
    return "unknown-8bit" if head.translate(None, _NO_HIGH_CONTROLS) else "iso-8859-1"


def _has_controls(data: bytes) -> bool:
    return bool(data[:_FIRST_LOOK].translate(None, _NO_CONTROLS) or data.translate(None, _NO_CONTROLS))


@cache
def _libmagic() -> magic.Magic:
    """Return the one libmagic of this process; python-magic lets threads use it in turn."""
    sniffer = magic.Magic(mime=True, mime_encoding=True)
    magic.magic_setflags(sniffer.cookie, sniffer.flags | _NO_TEXTS)
    return sniffer


def _ask_libmagic(head: bytes) -> MediaType:
    mimetype, _, rest = _libmagic().from_buffer(head).partition(";")
    mimetype = mimetype.strip().lower()
    encoding = rest.partition("=")[2].strip().lower() or "binary"
    if mimetype == "application/ogg":
        mimetype = "audio/ogg"
    if "/" not in mimetype or len(mimetype) > 128:
        mimetype = "application/octet-stream"
    if mimetype == "application/octet-stream" and encoding.startswith(("utf-16", "utf-32")):
        mimetype = PLAIN
    return MediaType(mimetype, encoding[:32])
