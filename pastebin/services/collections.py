"""Collections: finding them, making them of files that are here, changing and ending them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.engine import Connection, Engine

from ..errors import BadRequest, NotFound, Outdated
from ..models import (
    COLLECTIONS,
    FILES,
    ITEMS,
    WriteTransactions,
    retry_on_disconnect,
)
from .audit import note
from .collection_contents import CollectionContents, Wish, let_go
from .collection_records import (
    Item,
    NewCollection,
    StoredCollection,
    insert_collection,
    read_items,
    spread_terms,
    take_download,
)
from .file_records import key_hash
from .invalidations import Invalidations
from .links import EXPIRED, LET_GO, RIGHTS, USED, Changes, Ending, end_copies
from .quotas import Quotas
from .stored_file import StoredFile

_BY_CODE = select(COLLECTIONS).where(COLLECTIONS.c.code == bindparam("code"))
_BY_KEY = select(COLLECTIONS).where(COLLECTIONS.c.key_hash == bindparam("hash"))
_BY_ID = select(COLLECTIONS).where(COLLECTIONS.c.id == bindparam("number"))
_EXPIRED = select(COLLECTIONS.c.id).where(COLLECTIONS.c.expires <= bindparam("moment")).limit(100)
_FOREIGN = (
    select(FILES.c.id)
    .where(
        FILES.c.collection_id == bindparam("number"), FILES.c.owner_id.is_distinct_from(bindparam("owner"))
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Owned:
    """A collection by its code, if it belongs to `owner_id` (None: whoever has it) and has a `version`."""

    code: str
    owner_id: int | None
    version: str | None = None


# What says which collection is meant, and that it may be changed: a key that holds it, or its owner.
Holder = str | Owned


class CollectionService:
    """Collections. They are read from the database each time, so a change is seen everywhere at once.

    One whose last download was taken ends `repeat_seconds` later.
    """

    def __init__(
        self, engine: Engine, invalidations: Invalidations, quotas: Quotas, repeat_seconds: float
    ) -> None:
        self._engine = engine
        self._contents = CollectionContents(quotas)
        self._repeat = timedelta(seconds=repeat_seconds)
        self._transactions = WriteTransactions(engine)
        self._invalidations = invalidations

    def by_code(self, code: str) -> StoredCollection:
        """Return the collection with a code; NotFound if there is none."""
        return self._find(_BY_CODE, code=code)

    def by_key(self, management_key: str) -> StoredCollection:
        """Return the collection that a key holds; NotFound if it holds none."""
        return self.by_key_hash(key_hash(management_key))

    def by_key_hash(self, digest: str) -> StoredCollection:
        """Return the collection that the key with a SHA-256 holds; NotFound if it holds none."""
        return self._find(_BY_KEY, hash=digest)

    def items(self, collection: StoredCollection) -> list[Item]:
        """Return the files of a collection in order, those that have ended as None."""

        def read() -> list[Item]:
            with self._engine.connect() as connection:
                return read_items(connection, collection.id)

        return retry_on_disconnect(read)

    def create(
        self, new: NewCollection, wishes: Sequence[Wish], owner_id: int | None = None
    ) -> StoredCollection:
        """Make a collection of files, each given by a key that holds it, or by its name if `owner_id` has it.

        BadRequest if one cannot be.
        """

        def write(connection: Connection) -> tuple[Any, list[StoredFile]]:
            row = insert_collection(connection, new)
            return row, self._contents.fill(connection, row, wishes, owner_id)

        row, changed = self._transactions.run(write)
        self._invalidations.forget(*changed)
        return StoredCollection.of(row)

    def change(
        self, holder: Holder, changes: Changes, wishes: Sequence[Wish] | None = None
    ) -> StoredCollection:
        """Change title, terms and files of a collection, and return it. Files not wished for are let go."""

        def write(connection: Connection) -> tuple[Any, list[StoredFile]]:
            row = _lock(connection, holder)
            if changes:
                mine = COLLECTIONS.c.id == row.id
                connection.execute(update(COLLECTIONS).where(mine).values(dict(changes)))
                row = connection.execute(_BY_ID, {"number": row.id}).one()
            owner_id = holder.owner_id if isinstance(holder, Owned) else None
            changed = [] if wishes is None else self._contents.fill(connection, row, wishes, owner_id)
            return row, changed + obey_terms(connection, row, changes)

        row, changed = self._transactions.run(write)
        self._invalidations.forget(*changed)
        return StoredCollection.of(row)

    def release(self, holder: Holder, ending: Ending = LET_GO) -> None:
        """End a collection, and its files that nobody else holds. NotFound without one."""

        def write(connection: Connection) -> list[StoredFile]:
            return _end(connection, _lock(connection, holder), ending)

        self._invalidations.forget(*self._transactions.run(write))

    def claim(self, collection: StoredCollection) -> bool:
        """Take one of a collection's downloads; False if none is left."""
        number = collection.id
        changed = self._transactions.run(lambda connection: take_download(connection, number, self._repeat))
        self._invalidations.forget(*(changed or []))
        return changed is not None

    def end(self, collection: StoredCollection, ending: Ending) -> None:
        """End a collection whoever holds it."""

        def write(connection: Connection) -> list[StoredFile]:
            row = connection.execute(_BY_ID.with_for_update(), {"number": collection.id}).first()
            return [] if row is None else _end(connection, row, ending)

        self._invalidations.forget(*self._transactions.run(write))

    def end_expired(self) -> int:
        """End collections whose time is over, at most a hundred; return how many."""
        moment = datetime.now(UTC)
        with self._engine.connect() as connection:
            numbers = list(connection.scalars(_EXPIRED, {"moment": moment}))
        for number in numbers:
            self._invalidations.forget(
                *self._transactions.run(partial(_end_expired, number=number, moment=moment))
            )
        return len(numbers)

    def _find(self, query: Any, **values: str) -> StoredCollection:
        def read() -> Any:
            with self._engine.connect() as connection:
                return connection.execute(query, values).first()

        row = retry_on_disconnect(read)
        if row is None:
            raise NotFound("There is no such collection.")
        return StoredCollection.of(row)


def obey_terms(connection: Connection, row: Any, changes: Changes) -> list[StoredFile]:
    """Give the files of a collection the terms that it now has, and return those that changed.

    BadRequest if it became private with a file that somebody else has.
    """
    given = {"number": row.id, "owner": row.owner_id}
    if changes.get("is_private") and connection.execute(_FOREIGN, given).first() is not None:
        raise BadRequest("A file of it does not belong to the account whose collection this is.")
    files = spread_terms(connection, row) if changes else []
    copies = (
        [copy for file in files for copy in end_copies(connection, file)] if RIGHTS & changes.keys() else []
    )
    return copies + files


def _lock(connection: Connection, holder: Holder) -> Any:
    """Return the row of a collection, locked. NotFound without one, Outdated if it has another version."""
    if isinstance(holder, str):
        query, values = _BY_KEY, {"hash": key_hash(holder)}
    else:
        query, values = _BY_CODE, {"code": holder.code}
    row = connection.execute(query.with_for_update(), values).first()
    if row is None or (isinstance(holder, Owned) and holder.owner_id not in (None, row.owner_id)):
        raise NotFound("There is nothing at this address.")
    version = holder.version if isinstance(holder, Owned) else None
    if version not in (None, StoredCollection.of(row).version(read_items(connection, row.id))):
        raise Outdated("This has been changed since you read it. Read it again.")
    return row


def _end(connection: Connection, row: Any, ending: Ending) -> list[StoredFile]:
    files = {item.file.id: item.file for item in read_items(connection, row.id) if item.file}
    connection.execute(delete(ITEMS).where(ITEMS.c.collection_id == row.id))
    changed = [one for file in files.values() for one in let_go(connection, row, file, ending)]
    connection.execute(delete(COLLECTIONS).where(COLLECTIONS.c.id == row.id))
    note(connection, ending.act, ending.actor, ending.reason or f"collection {row.id}")
    return changed


def _end_expired(connection: Connection, number: int, moment: datetime) -> list[StoredFile]:
    row = connection.execute(_BY_ID.with_for_update(), {"number": number}).first()
    if row is None or row.expires is None or row.expires > moment:  # changed since it was found
        return []
    return _end(connection, row, USED if row.downloads_left == 0 else EXPIRED)
