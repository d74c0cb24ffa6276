"""One file out of an archive, by a worker process."""

import io
import os
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO, cast

from ..names import NAME_LIMIT, clean_filename
from ..storage import BlobStore, open_anonymous
from ..workers import TaskLimits, WorkerPool
from .slots import Slots
from .stored_file import StoredFile

# How many files that were taken out one process sends at a time, and how many of them to one address: each
# takes 128 MiB of the temporary folder or of memory at most.
AT_ONCE = 6
FOR_ONE = 2

# 128 MiB of a zip take a second, and as much in a tar behind a gibibyte up to five. Whoever asks is answered
# within twelve seconds, two for a worker included, however busy the machine is.
_LIMITS = TaskLimits(seconds=9.5, cpu_seconds=8.0, memory_bytes=160 * 2**20)


@dataclass(frozen=True, slots=True)
class Extracted:
    """A file taken out of an archive: its bytes, `size` of them, and the last part of its name."""

    reader: BinaryIO
    size: int
    name: str


class _HeldFile(io.FileIO):
    """A file that frees a slot when it is closed, which happens after the answer, whatever became of it."""

    def __init__(self, descriptor: int, slots: Slots, address: str) -> None:
        super().__init__(descriptor)
        self._slots = slots
        self._address = address

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            super().close()
            self._slots.give_back(self._address)


class ExtractionService:
    """Takes files out of archives, each time anew: nothing of them is kept."""

    def __init__(self, store: BlobStore, pool: WorkerPool) -> None:
        self._store = store
        self._pool = pool
        self._slots = Slots(
            AT_ONCE, FOR_ONE, "Enough files of archives are being sent. Try again in a moment."
        )

    def extract(self, file: StoredFile, number: int, address: str) -> Extracted:
        """Return the entry of a number in the listing of an archive; its reader is to be closed.

        Raises NotFound, NotExtractable, TaskKilled, TaskFailed, Overloaded and Unavailable.
        """
        with ExitStack() as undo:
            self._slots.take(address)
            undo.callback(self._slots.give_back, address)
            with open_anonymous() as target:
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
                reader = _HeldFile(os.dup(target.fileno()), self._slots, address)
            undo.pop_all()
        name = clean_filename(str(answer.header.get("name"))[-NAME_LIMIT:])
        return Extracted(cast(BinaryIO, reader), size, name)
