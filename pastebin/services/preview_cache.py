"""Previews that were made lately, kept in this process: bounded by weight, safe among threads."""

import threading
from collections.abc import Callable, Hashable

from cachetools import LRUCache

from ..previews.kinds import ContentPreview

# Bytes of previews that are kept; the lines of a highlighted text take some hundred kilobytes.
MEMORY_SIZE = 32 * 2**20

# How many previews are made at once: it is work for one processor, and may need memory.
SLOTS = 2


class PreviewCache:
    """The least recently used previews go first. What weighs too much is made each time."""

    def __init__(self, size: int = MEMORY_SIZE, slots: int = SLOTS) -> None:
        self._kept: LRUCache[Hashable, ContentPreview] = LRUCache(size, getsizeof=lambda item: item.weight)
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(slots)

    def get_or_make(self, key: Hashable, make: Callable[[], ContentPreview]) -> ContentPreview:
        """Return the preview under `key`, made now if it is not kept."""
        found = self._get(key)
        if found is not None:
            return found
        with self._slots:
            found = self._get(key)  # somebody else may have made it in the meantime
            if found is None:
                found = make()
                self._keep(key, found)
        return found

    def _get(self, key: Hashable) -> ContentPreview | None:
        with self._lock:
            return self._kept.get(key)

    def _keep(self, key: Hashable, preview: ContentPreview) -> None:
        if preview.weight <= self._kept.maxsize:
            with self._lock:
                self._kept[key] = preview
