"""Media types of the binary formats that come in most, by their first bytes. libmagic has the rest."""

from .iso_brands import picture_type
from .raw_photographs import raw_signature, raw_type

# The sizes that the header of a bitmap may have, in bytes: versions of Windows and OS/2.
_BITMAP_HEADERS = frozenset({12, 40, 52, 56, 64, 108, 124})

_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def signature_type(head: bytes) -> str | None:  # noqa: PLR0911  (one line a signature)
    """Return the media type of a binary content by its beginning; None if they do not tell."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF89a", b"GIF87a")):
        return "image/gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return picture_type(head) or raw_signature(head)
    if head.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n")):
        return "image/jxl"
    if head.startswith(b"8BPS\0\1"):
        return "image/vnd.adobe.photoshop"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BITMAP_HEADERS:
        return "image/bmp"
    if head.startswith(_TIFF):
        return raw_type(head) or "image/tiff"
    if raw_signature(head):
        return raw_signature(head)
    if head.startswith(b"\0\0\1\0") and head[4:6] not in (b"", b"\0\0") and head[9:10] == b"\0":
        return "image/vnd.microsoft.icon"
    return None
