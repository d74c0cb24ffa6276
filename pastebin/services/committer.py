"""The end of every upload: contents and rows made durable, for all that wait in one transaction.

A commit waits for the disk, and costs hardly more for many uploads than for one (group commit). So one
thread commits; each upload's own thread has done everything before and waits for its link.
"""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from itertools import islice
from queue import Empty, SimpleQueue

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from ..errors import BadRequest, Forbidden, NotFound, QuotaExceeded, RequestFull, TooLarge
from ..models import WriteTransactions
from ..storage import BlobMissing, BlobStore, StagedBlob
from .cache_generation import CacheGeneration
from .collection_records import Joining, NewCollection, insert_collection, join, set_items, take_files
from .events import FileAdded, announce
from .file_records import Content, Link, NameCollision, NewLink, complete, get_or_create
from .file_request_records import GuestUpload, put
from .flags import Flag, FlagService
from .quotas import Quotas

# What the database says of one upload that waits, and not of the others.
_REFUSED = (BlobMissing, BadRequest, NotFound, Forbidden, QuotaExceeded, RequestFull, TooLarge)

# No upload joins a transaction of so many files, so that the first of them does not wait for all of a crowd.
MOST = 64


@dataclass(frozen=True, slots=True, eq=False)
class PendingUpload:
    """An upload whose bytes are here, the links it wants, and those it gets: all or none. Mostly one."""

    staged: Sequence[StagedBlob]
    wanted: Sequence[NewLink]
    collection: NewCollection | Joining | GuestUpload | None = None
    links: "Future[Sequence[Link]]" = field(default_factory=Future)


class Committer:
    """A thread that commits uploads, many in one transaction. It starts with the first one."""

    def __init__(
        self,
        engine: Engine,
        store: BlobStore,
        generation: CacheGeneration,
        quotas: Quotas,
        flags: FlagService,
    ) -> None:
        self._store = store
        self._generation = generation
        self._quotas = quotas
        self._flags = flags
        self._transactions = WriteTransactions(engine)
        self._start_lock = threading.Lock()
        self._forget()
        os.register_at_fork(after_in_child=self._forget)  # threads do not survive a fork

    def _forget(self) -> None:
        self._queue: SimpleQueue[PendingUpload] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def commit(self, staged: StagedBlob, wanted: NewLink, joining: Joining | None = None) -> Link:
        """Return the link, found or made, when it and its content are on the disk, and in its collection.

        Raises what the database raises; nothing of this upload can be seen then.
        """
        return self._wait_for(PendingUpload((staged,), (wanted,), joining))[0]

    def commit_all(
        self,
        staged: Sequence[StagedBlob],
        wanted: Sequence[NewLink],
        collection: NewCollection | GuestUpload | None,
    ) -> Sequence[Link]:
        """Commit several files in one transaction, with a collection of them if there is to be one."""
        return self._wait_for(PendingUpload(staged, wanted, collection))

    def _wait_for(self, upload: PendingUpload) -> Sequence[Link]:
        self._flags.require_off(Flag.READ_ONLY)  # also where only looking at something makes a row
        self._queue.put(upload)
        if self._thread is None:
            self._start()
        return upload.links.result()

    def complete(self, staged: StagedBlob, filehash: str, content: Content) -> Link:
        """Give a row of the older service its content, in a transaction of its own."""
        self._flags.require_off(Flag.READ_ONLY)

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
            given = self._write_all(uploads)
        except BaseException as error:  # noqa: BLE001 (whoever waits is told)
            if len(uploads) > 1 and _concerns_values(error):
                for upload in uploads:
                    self._commit_batch([upload])
            else:  # whatever it is: who waits is told, and the thread goes on
                for upload in uploads:
                    upload.links.set_exception(error)
        else:
            self._generation.note_created(link.file.id for links in given for link in links if link.created)
            for upload, links in zip(uploads, given, strict=True):
                upload.links.set_result(links)

    def _write_all(self, uploads: Sequence[PendingUpload]) -> list[Sequence[Link]]:
        try:
            return self._transactions.run(lambda connection: self._write(connection, uploads))
        except (IntegrityError, NameCollision):  # a random name or number that exists: others are drawn
            return self._transactions.run(lambda connection: self._write(connection, uploads))

    def _write(self, connection: Connection, uploads: Sequence[PendingUpload]) -> list[Sequence[Link]]:
        staged = [one for upload in uploads for one in upload.staged]
        self._store.commit(connection, staged)
        wanted = [one for upload in uploads for one in upload.wanted]
        owners = self._quotas.lock(connection, filter(None, map(_payer_of, wanted)))
        links = get_or_create(connection, wanted)
        self._quotas.require_kept(connection, owners)
        announce(connection, _added(wanted, links))
        given_out = iter(links)
        given = [tuple(islice(given_out, len(upload.wanted))) for upload in uploads]
        collected = [_collected(connection, *one) for one in zip(uploads, given, strict=True)]
        # After the rows, before the commit: who removes contents sets them aside and then looks for rows.
        for one in staged:
            self._store.require(one)
        return collected


def _added(wanted: Sequence[NewLink], links: Sequence[Link]) -> list[FileAdded]:
    """Return what happened: of new links, but for copies in another size."""
    pairs = zip(wanted, links, strict=True)
    return [FileAdded(link.file) for one, link in pairs if link.created and one.source is None]


def _payer_of(wanted: NewLink) -> int | None:
    """Return the account whose quota a link counts for."""
    return None if wanted.source is not None else wanted.owner_id


def _collected(connection: Connection, upload: PendingUpload, links: Sequence[Link]) -> Sequence[Link]:
    """Make the collection that an upload is to be, or put it into one, and return its links."""
    if isinstance(upload.collection, Joining):
        joining = upload.collection
        return [replace(link, file=join(connection, joining, link.file)) for link in links]
    if isinstance(upload.collection, GuestUpload):
        put(connection, upload.collection, [link.file for link in links])
    elif upload.collection is not None:
        row = insert_collection(connection, upload.collection)
        take_files(connection, row, [link.file for link in links])
        items = zip([link.file.id for link in links], upload.collection.paths, strict=True)
        set_items(connection, row.id, list(items))
    return links


def _next_batch(queue: "SimpleQueue[PendingUpload]") -> list[PendingUpload]:
    """Return all that waits, until it is MOST files or more; wait for the first one."""
    batch = [queue.get()]
    files = len(batch[0].wanted)
    while files < MOST:
        try:
            batch.append(queue.get_nowait())
        except Empty:
            break
        files += len(batch[-1].wanted)
    return batch


def _concerns_values(error: BaseException) -> bool:
    """Tell whether one upload is the reason, by its values or a loss."""
    if isinstance(error, (*_REFUSED, OverflowError)):  # SQLite's driver refuses a number of over 64 bits so
        return True
    return isinstance(error, DBAPIError) and not isinstance(error, OperationalError)
