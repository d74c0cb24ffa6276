"""What pictures say of people, and pictures without it, by worker processes."""

import threading
from contextlib import ExitStack
from dataclasses import dataclass

from cachetools import LRUCache

from ..errors import NotAnImage, Overloaded, TaskFailed, TaskKilled, Unavailable
from ..images.metadata import KINDS, STRIPPED
from ..media.raw_photographs import RAW
from ..storage import BlobStore, BlobWriter, copy_into, open_anonymous
from ..workers import Answer, TaskLimits, WorkerPool
from .files import StoredFile
from .shots import NO_SHOT, Shot

# A picture is read once from beginning to end; a large one takes a second.
_LIMITS = TaskLimits(seconds=9.0, cpu_seconds=4.0, memory_bytes=96 * 2**20)

# Formats whose damage browsers pass over, those that say how they were taken, and how many pictures are
# remembered.
_CHECKED = frozenset({"image/png", "image/jpeg"})
_TELLING = STRIPPED - {"image/gif"}
_REMEMBERED = 4096

UNABLE = "The metadata of a raw photograph cannot be removed: it is read by it."

# What tells of people, rather than of programs and pictures.
PERSONAL = frozenset({"position", "camera", "time", "author", "text"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a PNG or JPEG lacks its end or has damaged parts, and how a picture was taken."""

    is_damaged: bool = False
    shot: Shot = NO_SHOT


NOTHING = Finding()


class MetadataService:
    """Finds and removes the metadata of pictures, and tells whether they are damaged. Nothing is decoded."""

    def __init__(self, store: BlobStore, pool: WorkerPool) -> None:
        self._store = store
        self._pool = pool
        self._found: LRUCache[str, Finding] = LRUCache(_REMEMBERED)
        self._lock = threading.Lock()

    def find_personal(self, file: StoredFile) -> tuple[str, ...]:
        """Return the kinds of what a stored picture says of people, as far as that can be told now."""
        if file.mimetype not in STRIPPED:
            return ()
        try:
            with self._store.open(file.sha256) as source:
                answer = self._pool.run(
                    "find_metadata", file.sha256, limits=_LIMITS, params={}, source=source
                )
        except (NotAnImage, Overloaded, TaskFailed, TaskKilled, Unavailable):
            return ()
        return tuple(kind for kind in _kinds(answer) if kind in PERSONAL)

    def look_over(self, file: StoredFile) -> Finding:
        """Return what there is to say of a stored picture, as far as is known."""
        if file.mimetype not in _TELLING or not file.width:
            return NOTHING
        with self._lock:
            known = self._found.get(file.sha256)
        if known is None:
            known = self._look(file)
            if known is None:
                return NOTHING
            with self._lock:
                self._found[file.sha256] = known
        return known

    def _look(self, file: StoredFile) -> Finding | None:
        """Return what is found; None where that cannot be told now."""
        try:
            with self._store.open(file.sha256) as source:
                answer = self._pool.run("look_over", file.sha256, limits=_LIMITS, params={}, source=source)
        except (Overloaded, Unavailable):
            return None
        except (TaskFailed, TaskKilled):
            return NOTHING
        is_damaged = file.mimetype in _CHECKED and answer.header.get("is_damaged") is True
        return Finding(is_damaged, Shot.of(answer.header.get("shot")))

    def can_strip(self, mimetype: str) -> bool:
        """Tell whether metadata can be removed from files of a media type."""
        return mimetype in STRIPPED

    def is_unable(self, mimetype: str) -> bool:
        """Tell whether files of a media type have metadata that cannot be removed: raw photographs."""
        return mimetype in RAW

    def strip(self, stack: ExitStack, writer: BlobWriter) -> tuple[BlobWriter, tuple[str, ...]]:
        """Return a received picture without its metadata, and the kinds of what is left out.

        With nothing to leave out it is the given writer, else a new one, which `stack` closes. Raises
        NotAnImage for a broken picture, TaskKilled, TaskFailed and Overloaded.
        """
        sha256 = writer.finish().sha256
        with writer.reader() as source, open_anonymous() as target:
            answer = self._pool.run(
                "strip_metadata", sha256, limits=_LIMITS, params={}, source=source, target=target.fileno()
            )
            removed = _kinds(answer)
            if not removed:
                return writer, ()
            target.seek(0)
            stripped = stack.enter_context(self._store.writer())
            copy_into(target, stripped)
        return stripped, removed


def _kinds(answer: Answer) -> tuple[str, ...]:
    """Return the kinds that a worker tells of: words of ours, whatever it says."""
    said = answer.header.get("kinds")
    return tuple(kind for kind in KINDS if isinstance(said, list) and kind in said)
