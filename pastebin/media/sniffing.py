"""Media types from the bytes, never from the client (libmagic)."""

import threading
from dataclasses import dataclass

import pylibmagic  # noqa: F401  (lets `magic` find the libmagic that comes in a wheel)

import magic  # isort: skip

# Something without a NUL in so many bytes is hardly anything but text.
TEXT_LOOK = 4096


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type (`image/png`) and, for text, libmagic's name of its encoding (`utf-8`)."""

    mimetype: str
    encoding: str


class _Sniffers(threading.local):
    """One libmagic a thread: python-magic lets only one caller at a time use each."""

    def __init__(self) -> None:
        self.magic = magic.Magic(mime=True, mime_encoding=True)


_sniffers = _Sniffers()


def looks_like_text(head: bytes) -> bool:
    """Tell whether a content may be text: libmagic then takes ten times as long."""
    return b"\0" not in head[:TEXT_LOOK]


def sniff(head: bytes) -> MediaType:
    """Return the media type of a content by its first bytes (HEAD_SIZE is enough). An empty one is text."""
    if not head:
        return MediaType("text/plain", "us-ascii")
    mimetype, _, rest = _sniffers.magic.from_buffer(head).partition(";")
    mimetype = mimetype.strip().lower()
    encoding = rest.partition("=")[2].strip().lower() or "binary"
    if mimetype == "application/ogg":
        mimetype = "audio/ogg"
    if "/" not in mimetype or len(mimetype) > 128:
        mimetype = "application/octet-stream"
    return MediaType(mimetype, encoding[:32])
