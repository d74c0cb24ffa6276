"""Previews that were made lately, kept in this process: bounded by weight, safe among threads."""

import sys
import threading
from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from typing import Any

from cachetools import LRUCache

from ..previews import ContentPreview

# Bytes of previews that are kept; a highlighted text takes some hundred kilobytes.
MEMORY_SIZE = 32 * 2**20


class PreviewCache:
    """The least recently used previews go first. What weighs more than all of it is not kept."""

    def __init__(self, size: int = MEMORY_SIZE) -> None:
        self._kept: LRUCache[Hashable, ContentPreview] = LRUCache(size, getsizeof=weigh)
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> ContentPreview | None:
        """Return the preview under `key`, if it is kept."""
        with self._lock:
            return self._kept.get(key)

    def put(self, key: Hashable, preview: ContentPreview) -> None:
        """Keep a preview."""
        if weigh(preview) <= self._kept.maxsize:
            with self._lock:
                self._kept[key] = preview


def weigh(value: Any) -> int:
    """Return about how many bytes a preview takes in memory: it and what it consists of."""
    if isinstance(value, list):
        return sys.getsizeof(value) + sum(map(weigh, value))
    if is_dataclass(value):
        return sys.getsizeof(value) + sum(weigh(getattr(value, field.name)) for field in fields(value))
    return sys.getsizeof(value)
