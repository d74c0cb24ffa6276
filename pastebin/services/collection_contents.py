"""Which files are in a collection: putting them in by keys or by their owner, and letting them go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, true, update
from sqlalchemy.engine import Connection

from ..errors import BadRequest, NotFound
from ..models import ACCOUNTS, FILES, HOLDERS
from ..names import clean_path, may_be_filehash
from .account_files import there
from .collection_records import held_by, read_items, set_items, take_files
from .file_records import key_hash, new_management_key
from .invalidations import record
from .links import LET_GO, Ending, end, end_copies, insert_copy, lock_held, split
from .quotas import Quotas
from .stored_file import StoredFile

_IS_SUSPENDED = select(ACCOUNTS.c.id).where(
    ACCOUNTS.c.id == bindparam("number"), ACCOUNTS.c.is_suspended == true()
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


class CollectionContents:
    """Files of collections, within the quotas of their owners."""

    def __init__(self, quotas: Quotas) -> None:
        self._quotas = quotas

    def fill(
        self, connection: Connection, row: Any, wishes: Sequence[Wish], owner_id: int | None = None
    ) -> list[StoredFile]:
        """Set the files of a collection, and return those that change by it.

        Those of `owner_id` need no key.
        """
        present = {
            item.file.filehash: (item.file, item.path)
            for item in reversed(read_items(connection, row.id))
            if item.file
        }
        files: list[StoredFile] = []
        paths: list[str] = []
        added: dict[str, tuple[StoredFile, str]] = {}
        for number, wish in enumerate(wishes, 1):
            file, path = present.get(wish.filehash) or added.get(wish.key or wish.filehash) or (None, "")
            if file is None:
                file = self._held(connection, row, wish, number, owner_id)
                path = file.filename
                added[wish.key or wish.filehash] = file, path
            files.append(file)
            paths.append(clean_path(wish.path) if wish.path else path)
        new = [file for file, _path in added.values() if file.filehash not in present]
        if new:
            take_files(connection, row, new)
            record(connection, *new)
        copies = [copy for file in new for copy in end_copies(connection, file)]  # the terms are others now
        wanted = {file.id for file in files}
        unwanted = [file for file, _path in present.values() if file.id not in wanted]
        set_items(connection, row.id, list(zip([file.id for file in files], paths, strict=True)))
        return new + copies + [gone for file in unwanted for gone in let_go(connection, row, file, LET_GO)]

    def _held(
        self, connection: Connection, row: Any, wish: Wish, number: int, owner_id: int | None
    ) -> StoredFile:
        if owner_id is not None and wish.filehash and not wish.key:
            return self._hold_own(connection, row, wish, number, owner_id)
        return self._hold(connection, row, wish, number)

    def _hold_own(
        self, connection: Connection, row: Any, wish: Wish, number: int, owner_id: int
    ) -> StoredFile:
        """Return a file of an account; of one that is in another collection, a copy of its own.

        BadRequest if the account has none of this name, or its terms are stricter than the collection's.
        """
        query = select(FILES).where(FILES.c.filehash == wish.filehash, *there(owner_id)).with_for_update()
        found = connection.execute(query).first() if may_be_filehash(wish.filehash) else None
        if found is None:
            raise BadRequest(f"File {number}: you have no such file.")
        _require_no_looser(row, found, number)
        if found.collection_id not in (None, row.id):
            copy = insert_copy(connection, found, new_management_key(), is_held=False)
            self._quotas.require_kept_by(connection, owner_id)
            return StoredFile.of(connection.execute(select(FILES).where(FILES.c.id == copy)).one())
        if found.key_hash is None:  # it stays its owner's when the collection ends
            held = {"key_hash": key_hash(new_management_key())}
            connection.execute(update(FILES).where(FILES.c.id == found.id).values(held))
        return StoredFile.of(found)

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
        if connection.execute(_IS_SUSPENDED, {"number": found.owner_id}).first() is not None:
            raise BadRequest(f"File {number}: its management key holds nothing.")
        _require_no_looser(row, found, number)
        if is_last or found.collection_id == row.id:
            return StoredFile.of(found)
        copy = split(connection, found, wish.key)
        self._quotas.require_kept_by(connection, found.owner_id)
        return StoredFile.of(connection.execute(select(FILES).where(FILES.c.id == copy)).one())


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


def let_go(connection: Connection, row: Any, file: StoredFile, ending: Ending) -> list[StoredFile]:
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
