"""Previews of any bytes under any name."""

import hashlib
import io
from collections.abc import Callable
from typing import Any, BinaryIO

import pytest

from pastebin.media.sniffing import sniff
from pastebin.previews import Preview
from pastebin.services.files import StoredFile
from pastebin.services.preview_cache import PreviewCache
from pastebin.services.previews import PreviewService
from pastebin.storage.interface import HEAD_SIZE

LIMIT = 256 * 2**10

MakePreview = Callable[..., Preview]


class Contents:
    """A store of one content, which counts how often it is opened."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.opened = 0

    def open(self, _sha256: str) -> BinaryIO:
        self.opened += 1
        return io.BytesIO(self.data)


def described(name: str, data: bytes) -> StoredFile:
    """Return what the service would know of an upload."""
    media = sniff(data[:HEAD_SIZE])
    return StoredFile(
        id=1,
        filename=name,
        filehash="0" * 32,
        md5="",
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_at=0.0,
        mimetype=media.mimetype,
        encoding=media.encoding,
        size=len(data),
        width=0,
        height=0,
    )


@pytest.fixture(scope="session")
def preview() -> MakePreview:
    """Give a function that returns the preview of `data` under `name`."""

    def make(name: str, data: bytes, limit: int = LIMIT) -> Preview:
        store: Any = Contents(data)
        return PreviewService(store, PreviewCache(), limit).preview(described(name, data))

    return make


@pytest.fixture
def contents() -> type[Contents]:
    """Give the class of the store above."""
    return Contents


@pytest.fixture
def describe() -> Callable[[str, bytes], StoredFile]:
    """Give the function above."""
    return described
