"""Rows of `FileRequest`, and what guests send to one: into its collection, within its limits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Connection

from ..errors import NotFound, RequestFull, TooLarge, UnsupportedBody
from ..models import FILE_REQUESTS
from ..names import clean_path
from ..units import humanize_bytes
from .collection_records import (
    NewCollection,
    append_items,
    insert_collection,
    lock_with_room,
    new_code,
    take_files,
)
from .events import RequestAnswered, announce
from .file_records import new_management_key
from .stored_file import StoredFile
from .versions import version_of

_BY_ID = select(FILE_REQUESTS).where(FILE_REQUESTS.c.id == bindparam("number")).with_for_update()


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """A file request, with the files and bytes that have come; None where there is no limit."""

    id: int
    code: str
    owner_id: int
    created: datetime
    title: str
    note: str
    most_files: int | None
    most_bytes: int | None
    types: tuple[str, ...]
    expires: datetime | None
    is_blind: bool
    files: int
    bytes: int
    collection_code: str | None

    @classmethod
    def of(cls, row: Any) -> Self:
        """Return what a row of FileRequest says."""
        return cls(
            id=row.id,
            code=row.code,
            owner_id=row.account_id,
            created=row.created,
            title=row.title,
            note=row.note,
            most_files=row.most_files,
            most_bytes=row.most_bytes,
            types=tuple(row.types.split()),
            expires=row.expires,
            is_blind=bool(row.is_blind),
            files=row.files,
            bytes=row.bytes,
            collection_code=row.collection_code,
        )

    @property
    def version(self) -> str:
        """Return what changes whenever the request does, or something comes."""
        limits = (self.most_files, self.most_bytes, self.types, self.expires, self.is_blind)
        return version_of(self.code, self.title, self.note, *limits, self.files, self.collection_code)

    @property
    def has_expired(self) -> bool:
        """Tell whether its time is over."""
        return self.expires is not None and self.expires <= datetime.now(UTC)

    @property
    def files_left(self) -> int | None:
        """Return how many files it still takes."""
        return None if self.most_files is None else max(0, self.most_files - self.files)

    @property
    def bytes_left(self) -> int | None:
        """Return how many bytes it still takes."""
        return None if self.most_bytes is None else max(0, self.most_bytes - self.bytes)

    @property
    def is_full(self) -> bool:
        """Tell whether it takes nothing more."""
        return self.files_left == 0 or self.bytes_left == 0

    def require_room(self, files: int, size: int) -> None:
        """Raise RequestFull for more files than it takes, TooLarge for more bytes."""
        if self.files_left == 0:
            raise RequestFull("This request has all the files that it takes.")
        if self.files_left is not None and files > self.files_left:
            raise RequestFull(f"This request takes {self.files_left} more files. Send fewer.")
        if self.bytes_left == 0:
            raise RequestFull("This request has all the bytes that it takes.")
        if self.bytes_left is not None and size > self.bytes_left:
            raise TooLarge(f"This request takes {humanize_bytes(self.bytes_left)} more, and this is larger.")

    def require_type(self, mimetype: str) -> None:
        """Raise UnsupportedBody for a file of a type that it does not take, by what its bytes are."""
        if self.types and not any(_suits(mimetype, one) for one in self.types):
            raise UnsupportedBody(f"This request takes only {', '.join(self.types)}, not {mimetype}.")


def _suits(mimetype: str, pattern: str) -> bool:
    kind, _, rest = pattern.partition("/")
    return mimetype.startswith(f"{kind}/") if rest == "*" else mimetype == pattern


@dataclass(frozen=True, slots=True)
class GuestUpload:
    """What a guest sends to a request; into `collection`, with its paths, unless the request has one."""

    request_id: int
    collection: NewCollection


def guest_upload(
    asked: StoredRequest, sender: str, filenames: Sequence[str], expires: datetime | None
) -> GuestUpload:
    """Return files on their way into a request; a collection that they begin has its time until `expires`.

    They go into a folder of who sends them, where that is told.
    """
    folder = sender.replace("/", "-").replace("\\", "-").strip(" .")
    paths = (clean_path(f"{folder}/{name}") if folder else name for name in filenames)
    collection = NewCollection(
        new_code(),
        new_management_key(),
        title=asked.title,
        expires=expires,
        owner_id=asked.owner_id,
        is_private=asked.is_blind,
        paths=tuple(paths),
    )
    return GuestUpload(asked.id, collection)


def put(connection: Connection, guest: GuestUpload, files: Sequence[StoredFile]) -> None:
    """Count new files against the limits of a request, and put them into its collection.

    NotFound if it has ended, RequestFull and TooLarge where it does not take them.
    """
    row = connection.execute(_BY_ID, {"number": guest.request_id}).first()
    if row is None or StoredRequest.of(row).has_expired:
        raise NotFound("There is no such request.")
    size = sum(file.size for file in files)
    StoredRequest.of(row).require_room(len(files), size)
    begun = replace(guest.collection, is_private=bool(row.is_blind))  # that may have changed meanwhile
    code = row.collection_code
    found = None if code is None else lock_with_room(connection, code, row.account_id, len(files))
    collection = insert_collection(connection, begun) if found is None else found
    take_files(connection, collection, files)
    paths = guest.collection.paths
    append_items(connection, collection.id, list(zip([file.id for file in files], paths, strict=True)))
    counted = {
        "files": FILE_REQUESTS.c.files + len(files),
        "bytes": FILE_REQUESTS.c.bytes + size,
        "collection_code": collection.code,
    }
    connection.execute(update(FILE_REQUESTS).where(FILE_REQUESTS.c.id == row.id).values(counted))
    now = replace(StoredRequest.of(row), files=row.files + len(files), bytes=row.bytes + size)
    announce(connection, [RequestAnswered(now.title, now.owner_id, len(files), size, now.is_full)])
