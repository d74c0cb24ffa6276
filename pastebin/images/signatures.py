"""Which image format a file claims to be in, by its first bytes."""

from dataclasses import dataclass

from pastebin.media.iso_brands import picture_type
from pastebin.media.raw_photographs import raw_signature

HEAD_BYTES = 64

_TIFF_HEADS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


@dataclass(frozen=True, slots=True)
class Format:
    """An image format: its name, media type, and file suffix without a dot."""

    name: str
    mimetype: str
    suffix: str


FORMATS = {
    name: Format(name, mimetype, suffix)
    for name, mimetype, suffix in (
        ("jpeg", "image/jpeg", "jpg"),
        ("png", "image/png", "png"),
        ("gif", "image/gif", "gif"),
        ("webp", "image/webp", "webp"),
        ("avif", "image/avif", "avif"),
        ("bmp", "image/bmp", "bmp"),
        ("tiff", "image/tiff", "tiff"),
        ("ico", "image/x-icon", "ico"),
        ("heic", "image/heic", "heic"),
        ("jxl", "image/jxl", "jxl"),
        ("psd", "image/vnd.adobe.photoshop", "psd"),
        ("raw", "image/x-adobe-dng", "dng"),
    )
}


# What a refusal of any other format says.
UNSUPPORTED = f"this image format is not supported ({', '.join(name.upper() for name in FORMATS)} are)"

_BY_TYPE = {one.mimetype: one.name for one in FORMATS.values()}


def sniff(head: bytes) -> Format | None:
    """Name the format whose signature the first `HEAD_BYTES` bytes of a file carry."""
    name = _sniff_name(head)
    return FORMATS[name] if name else None


def _sniff_name(head: bytes) -> str | None:  # noqa: PLR0911  one line a signature
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return _BY_TYPE.get(picture_type(head) or "") or _raw_name(head)
    if head.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n")):
        return "jxl"
    if head.startswith(_TIFF_HEADS):
        return "tiff"
    if head.startswith(b"\0\0\1\0"):
        return "ico"
    if head.startswith(b"8BPS\0\1"):
        return "psd"
    return "bmp" if head.startswith(b"BM") else _raw_name(head)


def _raw_name(head: bytes) -> str | None:
    return "raw" if raw_signature(head) else None
