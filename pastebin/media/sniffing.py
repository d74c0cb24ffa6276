"""Media types from the bytes, never from the client.

Valid UTF-8 without control characters is text, whatever it looks like. A few signatures decide
what comes in most; libmagic has the rest. It never sees a text: it takes 1 to 6 ms for one, and
for 8 KiB of line feeds behind a letter a whole second, as its tests of texts are expressions.
"""

import codecs
import re
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO

import pylibmagic  # noqa: F401  (lets `magic` find the libmagic that comes in a wheel)

from .signatures import signature_type
from .text_types import FIRST_LINES, PLAIN, text_type
from .wide_text import utf16_encoding

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
_PDF = re.compile(rb"%PDF-[0-9]\.[0-9][ \t]{0,99}[\r\n]{1,2}")

# What follows, so that nobody takes a PDF for text (ISO 32000-1, 7.5.2).
_BINARY_MARK = re.compile(rb"%[\x80-\xff]{4}")

# How far ascii_or_utf8 looks, in bytes: 10 to 20 ms.
ASCII_LIMIT = 64 * 2**20
_PIECE = 2**18

# libmagic's flags NO_CHECK_TEXT, _CSV, _TOKENS (words of languages) and _JSON.
_NO_TEXTS = 0x020000 | 0x080000 | 0x100000 | 0x400000


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type (`image/png`) and, for text, the name of its encoding as libmagic has it (`utf-8`)."""

    mimetype: str
    encoding: str


_PDF_TYPE = MediaType("application/pdf", "binary")


# How ISO 2022-JP, which is 7 bits all through, changes to Japanese characters and back.
_TO_JAPANESE, _TO_ASCII = (b"\x1b$B", b"\x1b$@"), (b"\x1b(B", b"\x1b(J")

# What old programs of MS-DOS write at the end of a text.
_END_OF_TEXT = b"\x1a"


def sniff(head: bytes, filename: str = "", *, is_whole: bool = True, is_typed: bool = False) -> MediaType:
    """Return the media type of a content by its first bytes (HEAD_SIZE is enough). An empty one is text.

    `filename` tells one kind of text from another and nothing else; without `is_whole` the head
    may end within a character. What somebody has typed is text, whatever it looks like.
    """
    if is_typed and _is_utf8(head, is_whole):
        return MediaType(text_type(head, filename), "us-ascii" if head.isascii() else "utf-8")
    if is_whole:
        head = head.removesuffix(_END_OF_TEXT)
    encoding = _unicode_encoding(head, is_whole)
    if encoding:
        return _PDF_TYPE if _is_pdf(head) else MediaType(text_type(head, filename), encoding)
    is_text = not _has_controls(head)
    mimetype = signature_type(head)
    if mimetype and not (is_text and _is_only_said(mimetype, head)):
        return MediaType(mimetype, "binary")
    if is_text:
        return MediaType(text_type(head, filename), _older_encoding(head))
    wide = utf16_encoding(head, is_whole)
    return MediaType(_wide_type(head, wide, filename), wide) if wide else _ask_libmagic(head)


def _is_only_said(mimetype: str, head: bytes) -> bool:
    """Whether a text begins like a GIF, all of which have controls, or like a PDF, without being one."""
    return mimetype == "image/gif" or (mimetype == "application/pdf" and not _is_pdf(head))


def _is_pdf(head: bytes) -> bool:
    begin = _PDF.match(head)
    if begin is None:
        return False
    return bool(_BINARY_MARK.match(head, begin.end())) or (b" obj" in head and b"endobj" in head)


def _unicode_encoding(head: bytes, is_whole: bool) -> str | None:
    """Return the Unicode encoding in which a content is text all through, if there is one."""
    if head[:2] in _UTF16:
        return _utf16_encoding(head, is_whole)
    if _has_controls(head):
        return None
    if head.isascii():
        return "iso-2022-jp" if _is_iso_2022_jp(head) else "us-ascii"
    return "utf-8" if _is_utf8(head, is_whole) else None


def _is_utf8(head: bytes, is_whole: bool) -> bool:
    try:
        codecs.utf_8_decode(head, "strict", is_whole)
    except UnicodeDecodeError:
        return False
    return True


def _utf16_encoding(head: bytes, is_whole: bool) -> str | None:
    """Return the encoding that the byte order mark tells, if what follows it is text."""
    name, decode = _UTF16[head[:2]]
    try:
        text, _ = decode(head[2:], "strict", is_whole)
    except UnicodeDecodeError:
        return None
    return None if _has_controls(text.encode()) else name


def _is_iso_2022_jp(head: bytes) -> bool:
    if b"\x1b" not in head:  # one look instead of four, for every text
        return False
    return any(mark in head for mark in _TO_JAPANESE) and any(mark in head for mark in _TO_ASCII)


def _wide_type(head: bytes, encoding: str, filename: str) -> str:
    first_lines = head[: 2 * FIRST_LINES].decode(encoding, "replace").encode()
    return text_type(first_lines, filename)


def ascii_or_utf8(reader: BinaryIO) -> str:
    """Return the encoding of a text whose beginning is ASCII by what else there is to read of it.

    It is `unknown-8bit` for what is not UTF-8. Of a large text only the next ASCII_LIMIT bytes are looked at.
    """
    left = ASCII_LIMIT
    decoder, encoding = codecs.getincrementaldecoder("utf-8")("strict"), "us-ascii"
    while left > 0 and (piece := reader.read(_PIECE)):
        left -= len(piece)
        if encoding == "us-ascii" and piece.isascii():
            continue
        encoding = "utf-8"
        try:
            decoder.decode(piece)
        except UnicodeDecodeError:
            return "unknown-8bit"
    return encoding


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
