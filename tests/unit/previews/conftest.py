"""Previews of any bytes under any name, made here and not by a worker."""

import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from pastebin.media.sniffing import sniff
from pastebin.previews import (
    ContentPreview,
    FileFacts,
    Preview,
    from_json,
    native_preview,
    read_preview,
    to_json,
)
from pastebin.storage.interface import HEAD_SIZE

from .samples import SAMPLES

LIMIT = 256 * 2**10

MakePreview = Callable[..., Preview]


def facts_of(name: str, data: bytes) -> FileFacts:
    """Return what the service would know of an upload; the sides of every image are made up."""
    media = sniff(data[:HEAD_SIZE])
    facts = FileFacts(name, media.mimetype, media.encoding, len(data))
    if facts.kind != "image" or name.startswith("broken"):
        return facts
    return FileFacts(name, media.mimetype, media.encoding, len(data), 60, 40)


def through_json(preview: ContentPreview) -> ContentPreview:
    """Return what the web process gets of a preview that a worker made."""
    return from_json(json.loads(json.dumps(to_json(preview))))


def make(name: str, data: bytes, limit: int = LIMIT) -> Preview:
    """Return the preview of `data` under `name`."""
    facts = replace(facts_of(name, data), is_limited=name == SAMPLES["limited"][0])
    return native_preview(facts) or through_json(read_preview(io.BytesIO(data), facts, limit))


@pytest.fixture(scope="session")
def preview() -> MakePreview:
    """Give the function above."""
    return make
