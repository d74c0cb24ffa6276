"""Rows of `Collection` and `CollectionItem`, and what of a collection stands in the rows of its files.

A collection is one of the holders of each of its files. Its terms are written to their rows too, so that
the gate needs nothing but a file to decide, and a look-up of a file stays one look-up.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from sqlalchemy import bindparam, delete, func, insert, select, true, update
from sqlalchemy.engine import Connection

from ..errors import BadRequest, NotFound
from ..models import ACCOUNTS, COLLECTIONS, FILES, HOLDERS, ITEMS
from .file_records import key_hash
from .invalidations import record
from .restrictions import Restricted
from .stored_file import StoredFile
from .versions import version_of

# The letters and digits of codes: none that look alike. 16 of them are 79 bits.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_CODE_LETTERS = 16

# The terms that a collection's files have from it.
SPREAD = ("expires", "downloads_left", "password", "listed", "is_private")

# How many files a collection may have: a list of all fits into the 64 KiB of a small request.
MAX_FILES = 500

_BY_KEY = select(COLLECTIONS).where(COLLECTIONS.c.key_hash == bindparam("hash")).with_for_update()
_BY_CODE = select(COLLECTIONS).where(COLLECTIONS.c.code == bindparam("code")).with_for_update()
_PLACES = select(func.count(), func.max(ITEMS.c.position)).where(ITEMS.c.collection_id == bindparam("number"))
_IS_SUSPENDED = select(ACCOUNTS.c.id).where(
    ACCOUNTS.c.id == bindparam("number"), ACCOUNTS.c.is_suspended == true()
)
_BY_ID = select(COLLECTIONS).where(COLLECTIONS.c.id == bindparam("number"))
_ITEMS = (
    select(ITEMS.c.path, FILES)
    .select_from(ITEMS)
    .join(FILES, FILES.c.id == ITEMS.c.file_id, isouter=True)
    .where(ITEMS.c.collection_id == bindparam("number"))
    .order_by(ITEMS.c.position)
)
_CLAIM = (
    update(COLLECTIONS)
    .where(COLLECTIONS.c.id == bindparam("number"), COLLECTIONS.c.downloads_left > 0)
    .values(downloads_left=COLLECTIONS.c.downloads_left - 1)
)


@dataclass(frozen=True)
class StoredCollection(Restricted):
    """What there is to know about a collection but its files; moments in seconds since 1970."""

    id: int
    code: str
    created_at: float
    title: str | None = None
    expires_at: float | None = None
    downloads_left: int | None = None
    password: str | None = None
    is_listed: bool = False
    is_quarantined: bool = False
    owner_id: int | None = None
    is_private: bool = False

    @classmethod
    def of(cls, row: Any) -> Self:
        """Return what a row of Collection says."""
        return cls(
            id=row.id,
            code=row.code,
            created_at=row.created.timestamp(),
            title=row.title,
            expires_at=None if row.expires is None else row.expires.timestamp(),
            downloads_left=row.downloads_left,
            password=row.password,
            is_listed=bool(row.listed),
            is_quarantined=bool(row.is_quarantined),
            owner_id=row.owner_id,
            is_private=bool(row.is_private),
        )

    @property
    def realm(self) -> str:
        """Return what visitors' tickets call it."""
        return f"c{self.id}"

    def version(self, items: Sequence["Item"]) -> str:
        """Return what changes whenever the collection or its files do."""
        limits = (self.expires_at, self.downloads_left, self.password_version, self.owner_id)
        flags = (self.is_listed, self.is_quarantined, self.is_private)
        files = [(item.path, item.file and item.file.filehash) for item in items]
        return version_of(self.code, self.title, *limits, *flags, files)

    @property
    def created(self) -> datetime:
        """Return the moment it was made, in UTC."""
        return datetime.fromtimestamp(self.created_at, UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """A place in a collection: a path such as `a/b.txt`, and the file; None for a file that has ended."""

    path: str
    file: StoredFile | None


@dataclass(frozen=True, slots=True)
class NewCollection:
    """A collection to make, under a new code; `paths` are those of its files, in order."""

    code: str
    management_key: str
    title: str | None = None
    expires: datetime | None = None
    downloads: int | None = None
    password_hash: str | None = None
    is_listed: bool = False
    owner_id: int | None = None
    is_private: bool = False
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Joining:
    """A collection that an upload is to be put into, by its code and the SHA-256 of its management key."""

    code: str
    key_hash: str


def new_code() -> str:
    """Return a code for a new collection, drawn at random."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LETTERS))


def may_be_code(text: str) -> bool:
    """Tell whether a text could be the code of a collection."""
    return len(text) == _CODE_LETTERS and not set(text) - set(_ALPHABET)


def held_by(code: str, filehash: str) -> str:
    """Return what stands in `Holder` for a file that a collection holds: no key's SHA-256 has a colon."""
    return f"c:{hashlib.sha256(f'{code}/{filehash}'.encode()).hexdigest()[:62]}"


def insert_collection(connection: Connection, new: NewCollection) -> Any:
    """Insert the row of a collection without files, and return it."""
    values = {
        "code": new.code,
        "created": datetime.now(UTC),
        "key_hash": key_hash(new.management_key),
        "title": new.title,
        "expires": new.expires,
        "downloads_left": new.downloads,
        "password": new.password_hash,
        "listed": new.is_listed,
        "owner_id": new.owner_id,
        "is_private": new.is_private,
    }
    number = connection.execute(insert(COLLECTIONS).values(values)).lastrowid
    return connection.execute(_BY_ID, {"number": number}).one()


def take_files(connection: Connection, row: Any, files: Sequence[StoredFile]) -> None:
    """Make a collection a holder of files, and give them its terms."""
    unique = {file.id: file for file in files}
    holders = [{"file_id": one.id, "key_hash": held_by(row.code, one.filehash)} for one in unique.values()]
    connection.execute(insert(HOLDERS), holders)
    values = {name: getattr(row, name) for name in SPREAD}
    connection.execute(
        update(FILES).where(FILES.c.id.in_(list(unique))).values(collection_id=row.id, **values)
    )


def is_suspended(connection: Connection, account: int | None) -> bool:
    """Tell whether an account is suspended; nobody is not."""
    return connection.execute(_IS_SUSPENDED, {"number": account}).first() is not None


def join(connection: Connection, joining: Joining, file: StoredFile) -> StoredFile:
    """Put a new file, which nobody else has, at the end of a collection, and return it with the terms there.

    NotFound if the collection is not there any more, BadRequest if it takes no file, or none of this owner.
    """
    row = connection.execute(_BY_KEY, {"hash": joining.key_hash}).first()
    if row is None or row.code != joining.code or _has_ended(row) or is_suspended(connection, row.owner_id):
        raise NotFound("There is no such collection.")
    if row.is_private and file.owner_id != row.owner_id:
        raise BadRequest("The collection is private to another account.")
    if not _has_room(connection, row, 1):
        raise BadRequest(f"A collection has at most {MAX_FILES} files.")
    take_files(connection, row, [file])
    append_items(connection, row.id, [(file.id, file.filename)])
    return StoredFile.of(connection.execute(select(FILES).where(FILES.c.id == file.id)).one())


def lock_with_room(connection: Connection, code: str, owner_id: int, files: int) -> Any:
    """Return the row of an account's collection, locked, if it takes so many more files; None otherwise."""
    row = connection.execute(_BY_CODE, {"code": code}).first()
    if row is None or row.owner_id != owner_id or _has_ended(row):
        return None
    return row if _has_room(connection, row, files) else None


def _has_room(connection: Connection, row: Any, files: int) -> bool:
    count: int = connection.execute(_PLACES, {"number": row.id}).one()[0]
    return count + files <= MAX_FILES


def _has_ended(row: Any) -> bool:
    is_expired = row.expires is not None and row.expires <= datetime.now(UTC)
    return is_expired or row.downloads_left == 0 or row.is_quarantined


def set_items(connection: Connection, number: int, items: Sequence[tuple[int, str]]) -> None:
    """Set the order of a collection: the id and the path of each file."""
    connection.execute(delete(ITEMS).where(ITEMS.c.collection_id == number))
    append_items(connection, number, items)


def append_items(connection: Connection, number: int, items: Sequence[tuple[int, str]]) -> None:
    """Add files to the end of a collection: the id and the path of each."""
    last = connection.execute(_PLACES, {"number": number}).one()[1]
    rows = [
        {"collection_id": number, "position": position, "file_id": file_id, "path": path}
        for position, (file_id, path) in enumerate(items, 0 if last is None else last + 1)
    ]
    connection.execute(insert(ITEMS), rows)


def read_items(connection: Connection, number: int) -> list[Item]:
    """Return the files of a collection in order."""
    rows = connection.execute(_ITEMS, {"number": number})
    return [Item(row.path, None if row.id is None else StoredFile.of(row)) for row in rows]


def spread_terms(connection: Connection, row: Any) -> list[StoredFile]:
    """Write a collection's terms to its files; return those, as they were."""
    mine = FILES.c.collection_id == row.id
    files = [StoredFile.of(found) for found in connection.execute(select(FILES).where(mine))]
    connection.execute(update(FILES).where(mine).values({name: getattr(row, name) for name in SPREAD}))
    record(connection, *files)
    return files


def take_download(connection: Connection, number: int, repeat: timedelta) -> list[StoredFile] | None:
    """Take one of a collection's downloads; return the files to forget, or None if none is left.

    With the last one it ends after `repeat`: until then those who took one may repeat that.
    """
    if connection.execute(_CLAIM, {"number": number}).rowcount != 1:
        return None
    row = connection.execute(_BY_ID, {"number": number}).one()
    if row.downloads_left == 0:
        end = datetime.now(UTC) + repeat
        end = end if row.expires is None else min(end, row.expires)
        connection.execute(update(COLLECTIONS).where(COLLECTIONS.c.id == number).values(expires=end))
        row = connection.execute(_BY_ID, {"number": number}).one()
    return spread_terms(connection, row)
