"""Collections: finding them, making them of files that are here, changing and ending them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import Connection, Engine

from ..errors import BadRequest, NotFound
from ..models import (
    AUDIT,
    COLLECTIONS,
    FILES,
    HOLDERS,
    ITEMS,
    WriteTransactions,
    retry_on_disconnect,
)
from ..names import clean_path
from .collection_records import (
    Item,
    NewCollection,
    StoredCollection,
    held_by,
    insert_collection,
    is_suspended,
    read_items,
    set_items,
    spread_terms,
    take_download,
    take_files,
)
from .file_records import key_hash
from .invalidations import Invalidations, record
from .links import EXPIRED, LET_GO, RIGHTS, USED, Changes, Ending, end, end_copies, lock_held, split
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
_KEYS_LEFT = select(HOLDERS.c.id).where(HOLDERS.c.file_id == bindparam("number")).limit(1)


@dataclass(frozen=True, slots=True)
class Wish:
    """A file that is to be in a collection: by its public name, by a key that holds it, or by both.

    Without a path it keeps the one it has there, or its name.
    """

    filehash: str = ""
    key: str = ""
    path: str = ""


class CollectionService:
    """Collections. They are read from the database each time, so a change is seen everywhere at once.

    One whose last download was taken ends `repeat_seconds` later.
    """

    def __init__(
        self, engine: Engine, invalidations: Invalidations, quotas: Quotas, repeat_seconds: float
    ) -> None:
        self._engine = engine
        self._quotas = quotas
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

    def create(self, new: NewCollection, wishes: Sequence[Wish]) -> StoredCollection:
        """Make a collection of files, each given by a key that holds it; BadRequest if one cannot be."""

        def write(connection: Connection) -> tuple[Any, list[StoredFile]]:
            row = insert_collection(connection, new)
            return row, self._fill(connection, row, wishes)

        row, changed = self._transactions.run(write)
        self._invalidations.forget(*changed)
        return StoredCollection.of(row)

    def change(
        self, management_key: str, changes: Changes, wishes: Sequence[Wish] | None = None
    ) -> StoredCollection:
        """Change title, terms and files of a collection, and return it. Files not wished for are let go."""

        def write(connection: Connection) -> tuple[Any, list[StoredFile]]:
            row = _lock(connection, management_key)
            if changes:
                mine = COLLECTIONS.c.id == row.id
                connection.execute(update(COLLECTIONS).where(mine).values(dict(changes)))
                row = connection.execute(_BY_ID, {"number": row.id}).one()
            changed = [] if wishes is None else self._fill(connection, row, wishes)
            given = {"number": row.id, "owner": row.owner_id}
            if changes.get("is_private") and connection.execute(_FOREIGN, given).first() is not None:
                raise BadRequest("A file of it does not belong to the account whose collection this is.")
            files = spread_terms(connection, row) if changes else []
            if RIGHTS & changes.keys():
                changed += [copy for file in files for copy in end_copies(connection, file)]
            return row, changed + files

        row, changed = self._transactions.run(write)
        self._invalidations.forget(*changed)
        return StoredCollection.of(row)

    def release(self, management_key: str) -> None:
        """End the collection that a key holds, and its files that nobody else holds. NotFound without one."""

        def write(connection: Connection) -> list[StoredFile]:
            return _end(connection, _lock(connection, management_key), LET_GO)

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

    def _fill(self, connection: Connection, row: Any, wishes: Sequence[Wish]) -> list[StoredFile]:
        """Set the files of a collection, and return those that change by it."""
        present = {
            item.file.filehash: (item.file, item.path)
            for item in reversed(read_items(connection, row.id))
            if item.file
        }
        files: list[StoredFile] = []
        paths: list[str] = []
        added: dict[str, tuple[StoredFile, str]] = {}
        for number, wish in enumerate(wishes, 1):
            file, path = present.get(wish.filehash) or added.get(wish.key) or (None, "")
            if file is None:
                file = self._hold(connection, row, wish, number)
                path = file.filename
                added[wish.key] = file, path
            files.append(file)
            paths.append(clean_path(wish.path) if wish.path else path)
        new = [file for file, _path in added.values() if file.filehash not in present]
        if new:
            take_files(connection, row, new)
            record(connection, *new)
        copies = [copy for file in new for copy in end_copies(connection, file)]  # the terms are others now
        wanted = {file.id for file in files}
        let_go = [file for file, _path in present.values() if file.id not in wanted]
        set_items(connection, row.id, list(zip([file.id for file in files], paths, strict=True)))
        return new + copies + [gone for file in let_go for gone in _let_go(connection, row, file, LET_GO)]

    def _hold(self, connection: Connection, row: Any, wish: Wish, number: int) -> StoredFile:
        """Return the file that a wish's key holds alone; of one that others hold too, a copy of its own.

        BadRequest if the key holds none, or another one, or the file's terms are stricter than those of the
        collection.
        """
        if not wish.key:
            raise BadRequest(f"File {number} is not in the collection: give its management key as `key`.")
        try:
            found, is_last = lock_held(connection, wish.key)
        except NotFound as error:
            raise BadRequest(f"File {number}: its management key holds nothing.") from error
        if wish.filehash and found.filehash != wish.filehash:
            raise BadRequest(f"File {number}: its management key holds another file.")
        if is_suspended(connection, found.owner_id):
            raise BadRequest(f"File {number}: its management key holds nothing.")
        _require_no_looser(row, found, number)
        if is_last or found.collection_id == row.id:
            return StoredFile.of(found)
        copy = split(connection, found, wish.key)
        self._quotas.require_kept_by(connection, found.owner_id)
        return StoredFile.of(connection.execute(select(FILES).where(FILES.c.id == copy)).one())


def _lock(connection: Connection, management_key: str) -> Any:
    row = connection.execute(_BY_KEY.with_for_update(), {"hash": key_hash(management_key)}).first()
    if row is None:
        raise NotFound("There is nothing at this address.")
    return row


def _require_no_looser(row: Any, found: Any, number: int) -> None:
    """Refuse to lift terms of a file by putting it into a collection without such terms."""
    is_expired = found.expires is not None and found.expires <= datetime.now(UTC)
    if is_expired or found.downloads_left == 0 or found.is_quarantined:
        raise BadRequest(f"File {number}: its management key holds nothing.")
    if found.is_private and not row.is_private:
        raise BadRequest(f"File {number} is private, and the collection is not.")
    if row.is_private and found.owner_id != row.owner_id:
        raise BadRequest(f"File {number} does not belong to the account whose private collection this is.")
    for name, column in (("expires", "expires"), ("downloads", "downloads_left"), ("password", "password")):
        if getattr(found, column) is not None and getattr(row, column) is None:
            raise BadRequest(
                f"File {number} has the term {name}, and the collection has not. "
                "Give it to the collection, or take it from the file."
            )


def _let_go(connection: Connection, row: Any, file: StoredFile, ending: Ending) -> list[StoredFile]:
    """Let go of a file, which ends if nobody else holds it; return the files that change by it."""
    connection.execute(delete(HOLDERS).where(HOLDERS.c.key_hash == held_by(row.code, file.filehash)))
    found = connection.execute(select(FILES).where(FILES.c.id == file.id).with_for_update()).first()
    if found is None:
        return []
    is_others = found.owner_id not in (None, row.owner_id)
    if (
        not is_others
        and found.key_hash is None
        and connection.execute(_KEYS_LEFT, {"number": file.id}).first() is None
    ):
        return end(connection, file, ending)
    connection.execute(update(FILES).where(FILES.c.id == file.id).values(collection_id=None))
    record(connection, file)
    return [file]


def _end(connection: Connection, row: Any, ending: Ending) -> list[StoredFile]:
    files = {item.file.id: item.file for item in read_items(connection, row.id) if item.file}
    connection.execute(delete(ITEMS).where(ITEMS.c.collection_id == row.id))
    changed = [one for file in files.values() for one in _let_go(connection, row, file, ending)]
    connection.execute(delete(COLLECTIONS).where(COLLECTIONS.c.id == row.id))
    entry = {
        "moment": datetime.now(UTC),
        "act": ending.act,
        "actor": ending.actor,
        "reason": ending.reason or f"collection {row.id}",
    }
    connection.execute(insert(AUDIT), entry)
    return changed


def _end_expired(connection: Connection, number: int, moment: datetime) -> list[StoredFile]:
    row = connection.execute(_BY_ID.with_for_update(), {"number": number}).first()
    if row is None or row.expires is None or row.expires > moment:  # changed since it was found
        return []
    return _end(connection, row, USED if row.downloads_left == 0 else EXPIRED)
