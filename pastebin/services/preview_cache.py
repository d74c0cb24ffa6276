"""Previews that were made lately, kept in this process: bounded by weight, safe among threads."""

import math
import sys
import threading
from collections.abc import Hashable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from cachetools import TLRUCache

from ..previews import ContentPreview

# Bytes of previews that are kept; a highlighted text takes some hundred kilobytes.
MEMORY_SIZE = 32 * 2**20


@dataclass(frozen=True, slots=True)
class _Kept:
    preview: ContentPreview
    seconds: float


class PreviewCache:
    """The least recently used previews go first. What weighs more than all of it is not kept."""

    def __init__(self, size: int = MEMORY_SIZE) -> None:
        self._kept: TLRUCache[Hashable, _Kept] = TLRUCache(size, _end, getsizeof=weigh)
        self._lock = threading.Lock()

    @property
    def weight(self) -> int:
        """Return about how many bytes all that is kept takes."""
        with self._lock:
            return int(self._kept.currsize)

    def get(self, key: Hashable) -> ContentPreview | None:
        """Return the preview under `key`, if it is kept."""
        with self._lock:
            kept = self._kept.get(key)
        return None if kept is None else kept.preview

    def put(self, key: Hashable, preview: ContentPreview, seconds: float = math.inf) -> None:
        """Keep a preview, for at most so many seconds."""
        kept = _Kept(preview, seconds)
        if weigh(kept) <= self._kept.maxsize:
            with self._lock:
                self._kept[key] = kept


def _end(_key: Hashable, kept: _Kept, now: float) -> float:
    return now + kept.seconds


def weigh(value: Any) -> int:
    """Return about how many bytes a preview takes in memory: it and what it consists of."""
    if isinstance(value, list):
        return sys.getsizeof(value) + sum(map(weigh, value))
    if is_dataclass(value):
        return sys.getsizeof(value) + sum(weigh(getattr(value, field.name)) for field in fields(value))
    return sys.getsizeof(value)
