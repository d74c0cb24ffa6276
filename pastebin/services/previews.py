"""What a page shows of a file: known at once, made earlier, or made now by a worker process."""

import logging
import math
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from typing import BinaryIO

from ..errors import BadRequest, TaskFailed, TaskKilled
from ..media.charsets import CODECS
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
from ..workers import Admission, TaskLimits, WorkerPool
from .files import StoredFile
from .preview_cache import PreviewCache, weigh

log = logging.getLogger(__name__)

# Honest texts take up to 1.3 s of processor time. The longer span of time is for a machine that
# does other things, too.
_SECONDS = 7.0
_CPU_SECONDS = 2.5

# For how long a file is shown plain before it is tried again. The pool remembers longer what has
# used up its processor time; a busy machine may be the reason of other failures.
_PLAIN_SECONDS = 60.0

# A wide Markdown table takes 67 MiB for 256 KiB of text, an archive 64 MiB (xz), others a quarter of that.
_MEMORY_BASE = 64 * 2**20
_MEMORY_PER_BYTE = 256

# ffprobe reserves far more than it uses: 320 MiB for its libraries.
_VIDEO_MEMORY = 512 * 2**20

# A page of more than so many bytes takes some ten milliseconds of the interpreter to be put together, and as
# many megabytes: so many are at a time, and so many wait for a little while.
_LARGE = 256 * 2**10
_PAGES_AT_ONCE = 3
_PAGES_WAITING = 16
_PAGE_WAIT_SECONDS = 2.0


def _known(charset: str) -> str:
    if charset not in CODECS:
        raise BadRequest(f"encoding must be one of {', '.join(CODECS)}.")
    return charset


class PreviewService:
    """Previews of any file, made from at most `limit` bytes of a text.

    Whatever is broken or hostile gets a plainer preview, never an error.
    """

    def __init__(self, store: BlobStore, pool: WorkerPool, cache: PreviewCache, limit: int) -> None:
        self._store = store
        self._pool = pool
        self._cache = cache
        self._limit = limit
        self._limits = TaskLimits(_SECONDS, _CPU_SECONDS, _MEMORY_BASE + _MEMORY_PER_BYTE * limit)
        self._pages = Admission(_PAGES_AT_ONCE, _PAGES_WAITING, _PAGE_WAIT_SECONDS, heavy_slots=0)

    def page(self, preview: Preview) -> AbstractContextManager[object]:
        """Give the turn in which the page of a preview is put together. Raises Overloaded."""
        return self._pages.enter() if weigh(preview) > _LARGE else nullcontext()

    def preview(self, file: StoredFile, charset: str | None = None, *, as_source: bool = False) -> Preview:
        """Return what to show of a file; of a text, read as `charset` if one is given.

        If asked, its own lines of a text that is shown formatted else.

        Raises BadRequest for an unknown charset, Unavailable if its content cannot be read, Overloaded if no
        worker is free soon.
        """
        facts = FileFacts(
            file.filename,
            file.mimetype,
            file.encoding if charset is None else _known(charset),
            file.size,
            file.width,
            file.height,
            is_limited=file.downloads_left is not None,
            is_source=as_source,
        )
        return native_preview(facts) or self._content_preview(file.sha256, facts)

    def _content_preview(self, sha256: str, facts: FileFacts) -> ContentPreview:
        key = sha256, facts
        preview = self._cache.get(key)
        if preview is None:
            with self._store.open(sha256) as reader:
                preview, seconds = self._make(reader, sha256, facts)
            self._cache.put(key, preview, seconds)
        return preview

    def _make(self, reader: BinaryIO, sha256: str, facts: FileFacts) -> tuple[ContentPreview, float]:
        """Return a preview, and for how many seconds it is worth keeping."""
        try:
            return self._ask_worker(reader, sha256, facts), math.inf
        except (TaskKilled, TaskFailed, InvalidPreview) as error:
            # Each has been logged where it was seen first.
            log.info("Content %s, %s, is shown plain: %s", sha256, facts.mimetype, error)
        reader.seek(0)
        return plain_preview(reader, facts), _PLAIN_SECONDS

    def _ask_worker(self, reader: BinaryIO, sha256: str, facts: FileFacts) -> ContentPreview:
        # The same content under another suffix is read by other code, and may be harmless there.
        answer = self._pool.run(
            "preview",
            f"{sha256}{facts.suffix}",
            limits=replace(self._limits, memory_bytes=_VIDEO_MEMORY)
            if facts.kind == "video"
            else self._limits,
            params={"file": asdict(facts), "limit": self._limit},
            source=reader,
        )
        try:
            return from_json(answer.header)
        except InvalidPreview:
            log.exception("A worker that read content %s gave no preview.", sha256)
            raise
