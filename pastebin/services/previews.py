"""What a page shows of a file: known at once, made earlier, or made now by a worker process."""

import io
import logging
from dataclasses import asdict
from typing import BinaryIO, cast

from ..errors import TaskFailed, TaskKilled
from ..previews import (
    ContentPreview,
    FileFacts,
    InvalidPreview,
    Preview,
    from_json,
    native_preview,
    plain_preview,
)
from ..storage import BlobStore
from ..workers import TaskLimits, WorkerPool
from .files import StoredFile
from .preview_cache import PreviewCache

log = logging.getLogger(__name__)

# What hostile texts may take. Honest ones of the default size take up to 1.5 s of processor time
# and 60 MB; the longer span of time is for machines that do other things, too.
LIMITS = TaskLimits(seconds=8.0, cpu_seconds=3.0, memory_bytes=320 * 2**20)


class PreviewService:
    """Previews of any file, made from at most `limit` bytes of a text.

    Whatever is broken or hostile gets a plainer preview, never an error.
    """

    def __init__(self, store: BlobStore, pool: WorkerPool, cache: PreviewCache, limit: int) -> None:
        self._store = store
        self._pool = pool
        self._cache = cache
        self._limit = limit

    def preview(self, file: StoredFile) -> Preview:
        """Return what to show of a file.

        Raises Unavailable if its content cannot be read, Overloaded if no worker is free soon.
        """
        facts = FileFacts(file.filename, file.mimetype, file.encoding, file.size, file.width, file.height)
        return native_preview(facts) or self._content_preview(file.sha256, facts)

    def _content_preview(self, sha256: str, facts: FileFacts) -> ContentPreview:
        key = sha256, facts
        preview = self._cache.get(key)
        if preview is not None:
            return preview
        with self._store.open(sha256) as reader:
            try:
                preview = self._ask_worker(reader, sha256, facts)
            except (TaskKilled, TaskFailed, InvalidPreview) as error:
                log.warning("A plain preview for content %s, %s: %s", sha256, facts.mimetype, error)
                reader.seek(0)
                return plain_preview(io.BufferedReader(cast(io.RawIOBase, reader)), facts)
        self._cache.put(key, preview)
        return preview

    def _ask_worker(self, reader: BinaryIO, sha256: str, facts: FileFacts) -> ContentPreview:
        # The same content under another suffix is read by other code, and may be harmless there.
        answer = self._pool.run(
            "preview",
            f"{sha256}{facts.suffix}",
            limits=LIMITS,
            params={"file": asdict(facts), "limit": self._limit},
            source=reader,
        )
        return from_json(answer.header)
