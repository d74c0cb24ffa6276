"""Which image format a file claims to be in, by its first bytes."""

from dataclasses import dataclass

HEAD_BYTES = 16

_AVIF_BRANDS = (b"avif", b"avis", b"mif1", b"msf1")
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
    )
}


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
    if head[4:8] == b"ftyp" and head[8:12] in _AVIF_BRANDS:
        return "avif"
    if head.startswith(_TIFF_HEADS):
        return "tiff"
    if head.startswith(b"\0\0\1\0"):
        return "ico"
    return "bmp" if head.startswith(b"BM") else None
