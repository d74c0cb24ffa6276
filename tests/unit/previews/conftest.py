"""Previews of any bytes under any name, made here and not by a worker."""

import io
from collections.abc import Callable

import pytest

from pastebin.media.sniffing import sniff
from pastebin.previews import FileFacts, Preview, native_preview, read_preview
from pastebin.storage.interface import HEAD_SIZE

LIMIT = 256 * 2**10

MakePreview = Callable[..., Preview]


def facts_of(name: str, data: bytes) -> FileFacts:
    """Return what the service would know of an upload; the sides of every image are made up."""
    media = sniff(data[:HEAD_SIZE])
    facts = FileFacts(name, media.mimetype, media.encoding, len(data))
    if facts.kind != "image" or name.startswith("broken"):
        return facts
    return FileFacts(name, media.mimetype, media.encoding, len(data), 60, 40)


def make(name: str, data: bytes, limit: int = LIMIT) -> Preview:
    """Return the preview of `data` under `name`."""
    facts = facts_of(name, data)
    return native_preview(facts) or read_preview(io.BytesIO(data), facts, limit)


@pytest.fixture(scope="session")
def preview() -> MakePreview:
    """Give the function above."""
    return make
