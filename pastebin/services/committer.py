"""The end of every upload: contents and rows made durable, for all that wait in one transaction.

A commit waits for the disk, and costs hardly more for many uploads than for one (group commit). So one
thread commits; each upload's own thread has done everything before and waits for its link.
"""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from ..errors import NotFound
from ..models import WriteTransactions
from ..storage import BlobMissing, BlobStore, StagedBlob
from .cache_generation import CacheGeneration
from .file_records import Content, Link, NameCollision, NewLink, complete, get_or_create

# At most so many uploads in one transaction, so that the first of them does not wait for all of a crowd.
MOST = 64


@dataclass(frozen=True, slots=True, eq=False)
class PendingUpload:
    """An upload whose bytes are here, the link it wants, and the one it gets."""

    staged: StagedBlob
    wanted: NewLink
    link: "Future[Link]" = field(default_factory=Future)


class Committer:
    """A thread that commits uploads, at most MOST in one transaction. It starts with the first one."""

    def __init__(self, engine: Engine, store: BlobStore, generation: CacheGeneration) -> None:
        self._store = store
        self._generation = generation
        self._transactions = WriteTransactions(engine)
        self._start_lock = threading.Lock()
        self._forget()
        os.register_at_fork(after_in_child=self._forget)  # threads do not survive a fork

    def _forget(self) -> None:
        self._queue: SimpleQueue[PendingUpload] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def commit(self, staged: StagedBlob, wanted: NewLink) -> Link:
        """Return the link, found or made, when it and its content are on the disk.

        Raises what the database raises; nothing of this upload can be seen then.
        """
        upload = PendingUpload(staged, wanted)
        self._queue.put(upload)
        if self._thread is None:
            self._start()
        return upload.link.result()

    def complete(self, staged: StagedBlob, filehash: str, content: Content) -> Link:
        """Give a row of the older service its content, in a transaction of its own."""

        def write(connection: Connection) -> Link:
            self._store.commit(connection, [staged])
            file = complete(connection, filehash, content)
            self._store.require(staged)
            return Link(file, created=False)

        return self._transactions.run(write)

    def _start(self) -> None:
        with self._start_lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="committer", daemon=True)
                self._thread.start()

    def _loop(self) -> None:
        queue = self._queue
        while True:
            self._commit_batch(_next_batch(queue))

    def _commit_batch(self, uploads: Sequence[PendingUpload]) -> None:
        """Commit uploads together; if what one of them holds is refused, each by itself."""
        try:
            links = self._write_all(uploads)
        except BaseException as error:  # noqa: BLE001 (whoever waits is told)
            if len(uploads) > 1 and _concerns_values(error):
                for upload in uploads:
                    self._commit_batch([upload])
            else:  # whatever it is: who waits is told, and the thread goes on
                for upload in uploads:
                    upload.link.set_exception(error)
        else:
            self._generation.note_created(link.file.id for link in links if link.created)
            for upload, link in zip(uploads, links, strict=True):
                upload.link.set_result(link)

    def _write_all(self, uploads: Sequence[PendingUpload]) -> list[Link]:
        try:
            return self._transactions.run(lambda connection: self._write(connection, uploads))
        except (IntegrityError, NameCollision):  # a random name or number that exists: others are drawn
            return self._transactions.run(lambda connection: self._write(connection, uploads))

    def _write(self, connection: Connection, uploads: Sequence[PendingUpload]) -> list[Link]:
        self._store.commit(connection, [upload.staged for upload in uploads])
        links = get_or_create(connection, [upload.wanted for upload in uploads])
        # After the rows, before the commit: who removes contents sets them aside and then looks for rows.
        for upload in uploads:
            self._store.require(upload.staged)
        return links


def _next_batch(queue: "SimpleQueue[PendingUpload]") -> list[PendingUpload]:
    """Return all that waits, at most MOST; wait for the first one."""
    batch = [queue.get()]
    while len(batch) < MOST:
        try:
            batch.append(queue.get_nowait())
        except Empty:
            break
    return batch


def _concerns_values(error: BaseException) -> bool:
    """Tell whether one upload is the reason, by its values or a loss."""
    if isinstance(error, BlobMissing | NotFound):
        return True
    return isinstance(error, DBAPIError) and not isinstance(error, OperationalError)
