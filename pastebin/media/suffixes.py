"""The suffix of a file that has no name, by its media type."""

from mimetypes import MimeTypes

from .types import is_text

# Without the tables of the operating system: the same on every machine.
_KNOWN = MimeTypes()

_OURS = {
    "image/avif": ".avif",
    "image/webp": ".webp",
    "image/bmp": ".bmp",
    "image/x-icon": ".ico",
    "image/vnd.microsoft.icon": ".ico",
    "application/gzip": ".gz",
    "application/x-xz": ".xz",
    "application/x-bzip2": ".bz2",
    "application/zstd": ".zst",
    "application/x-7z-compressed": ".7z",
    "audio/flac": ".flac",
    "audio/ogg": ".ogg",
    "audio/x-wav": ".wav",
    "video/x-matroska": ".mkv",
    "application/octet-stream": "",
}


def suffix_for(mimetype: str) -> str:
    """Return `.png` for `image/png`, `.txt` for any text without a suffix of its own, else nothing."""
    if mimetype in _OURS:
        return _OURS[mimetype]
    found = _KNOWN.guess_extension(mimetype)
    return found or (".txt" if is_text(mimetype) else "")
