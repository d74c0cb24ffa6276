"""One file out of an archive, by a worker process."""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

from ..names import NAME_LIMIT, clean_filename
from ..storage import BlobStore, open_anonymous
from ..workers import TaskLimits, WorkerPool
from .stored_file import StoredFile

# 128 MiB of a zip take a second, and as much in a tar behind a gibibyte up to five.
_LIMITS = TaskLimits(seconds=20.0, cpu_seconds=8.0, memory_bytes=160 * 2**20)


@dataclass(frozen=True, slots=True)
class Extracted:
    """A file taken out of an archive: its bytes, `size` of them, and the last part of its name."""

    reader: BinaryIO
    size: int
    name: str


class ExtractionService:
    """Takes files out of archives, each time anew: nothing of them is kept."""

    def __init__(self, store: BlobStore, pool: WorkerPool) -> None:
        self._store = store
        self._pool = pool

    def extract(self, file: StoredFile, number: int) -> Extracted:
        """Return the entry of a number in the listing of an archive.

        Raises NotFound, NotExtractable, TaskKilled, TaskFailed, Overloaded and Unavailable.
        """
        with ExitStack() as stack:
            target = stack.enter_context(open_anonymous())
            with self._store.open(file.sha256) as source:
                answer = self._pool.run(
                    "extract",
                    f"{file.sha256}-{number}",
                    limits=_LIMITS,
                    params={"number": number},
                    source=source,
                    target=target.fileno(),
                )
            size = target.seek(0, 2)
            target.seek(0)
            name = clean_filename(str(answer.header.get("name"))[-NAME_LIMIT:])
            stack.pop_all()
        return Extracted(target, size, name)
