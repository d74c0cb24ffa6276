"""What differs between two texts, found by a worker process."""

from dataclasses import asdict
from typing import BinaryIO, cast

from ..errors import BadRequest
from ..previews import FileFacts, TextPreview, from_json
from ..storage import BlobStore, open_anonymous
from ..workers import TaskLimits, WorkerPool
from .files import StoredFile

# A usual pair of texts takes a few milliseconds; two long ones with nothing in common use up their time.
_SECONDS = 7.0
_CPU_SECONDS = 2.5
_MEMORY_BASE = 64 * 2**20
_MEMORY_PER_BYTE = 256


class ComparisonService:
    """Comparisons of texts, of at most `limit` bytes of each."""

    def __init__(self, store: BlobStore, pool: WorkerPool, limit: int) -> None:
        self._store = store
        self._pool = pool
        self._limit = limit
        self._limits = TaskLimits(_SECONDS, _CPU_SECONDS, _MEMORY_BASE + 2 * _MEMORY_PER_BYTE * limit)

    def compare(self, old: StoredFile, new: StoredFile) -> TextPreview:
        """Return the differences as a text; it has no language if there are none.

        Raises BadRequest if one is no text, Unavailable if a content cannot be read, Overloaded, and
        TaskKilled if the texts are too large to compare.
        """
        if not (old.is_text and new.is_text):
            raise BadRequest("Only texts can be compared.")
        with open_anonymous() as both:
            length = self._copy(old, both)
            self._copy(new, both)
            both.flush()
            both.seek(0)
            answer = self._pool.run(
                "compare",
                f"{old.sha256}{new.sha256}",
                limits=self._limits,
                params={"files": [asdict(_facts(file)) for file in (old, new)], "length": length},
                source=both,
            )
        return cast("TextPreview", from_json(answer.header))

    def _copy(self, file: StoredFile, target: BinaryIO) -> int:
        with self._store.open(file.sha256) as reader:
            return target.write(reader.read(self._limit))


def _facts(file: StoredFile) -> FileFacts:
    return FileFacts(file.filename, file.mimetype, file.encoding, file.size)
