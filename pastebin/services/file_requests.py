"""File requests: making, finding, changing and ending the addresses under which guests upload."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, false, func, insert, select, update
from sqlalchemy.engine import Connection, Engine

from ..errors import BadRequest, InvalidField, NotFound, Outdated
from ..models import ACCOUNTS, COLLECTIONS, FILE_REQUESTS, WriteTransactions, retry_on_disconnect
from ..models.file_request import NOTE_LENGTH, TYPES_LENGTH
from ..models.pastefile import TITLE_LENGTH
from ..names import visible_name
from .account_records import locked_account
from .collection_records import MAX_FILES, may_be_code, new_code
from .collections import obey_terms
from .file_request_records import StoredRequest
from .files import MAX_ID
from .invalidations import Invalidations
from .keyset import Keyset, ListPage, Order, Wanted, has_words
from .rights import LOGIN
from .stored_file import StoredFile

# How many requests an account may have.
MOST = 100

SORTS = {"newest": Order(FILE_REQUESTS.c.id, is_down=True), "oldest": Order(FILE_REQUESTS.c.id)}
_KEYSET = Keyset(FILE_REQUESTS, SORTS, FILE_REQUESTS.c.id)

_TYPE = re.compile(r"[a-z]+/(?:\*|[a-z0-9][a-z0-9.+-]*)", re.ASCII)
_LINE = re.compile(r"\r\n?|\n")

_BY_CODE = select(FILE_REQUESTS).where(FILE_REQUESTS.c.code == bindparam("code"))
_OPEN = (
    select(FILE_REQUESTS, ACCOUNTS.c.roles)
    .join(ACCOUNTS, ACCOUNTS.c.id == FILE_REQUESTS.c.account_id)
    .where(FILE_REQUESTS.c.code == bindparam("code"), ACCOUNTS.c.is_suspended == false())
)


class FileRequests:
    """File requests, read from the database each time, so that a change is seen everywhere at once."""

    def __init__(self, engine: Engine, invalidations: Invalidations) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._invalidations = invalidations

    def create(self, account_id: int, asked: Mapping[str, Any]) -> StoredRequest:
        """Make a request with columns as `columns_of` returns them. BadRequest if there are too many."""
        row = {
            **{"note": "", "types": "", "is_blind": True},
            **asked,
            **{"code": new_code(), "account_id": account_id, "created": datetime.now(UTC)},
            **{"files": 0, "bytes": 0},
        }
        mine = select(func.count()).where(FILE_REQUESTS.c.account_id == account_id)

        def write(connection: Connection) -> Any:
            locked_account(connection, account_id)  # so that of many at once each is counted
            if (connection.scalar(mine) or 0) >= MOST:
                raise BadRequest(f"An account has at most {MOST} requests. End one first.")
            connection.execute(insert(FILE_REQUESTS), row)
            return connection.execute(_BY_CODE, {"code": row["code"]}).one()

        return StoredRequest.of(self._transactions.run(write))

    def find(self, code: str) -> StoredRequest:
        """Return a request that is not over, whose owner may sign in; NotFound for any other."""
        row = self._first(_OPEN, code)
        if row is None or not row.roles & LOGIN or StoredRequest.of(row).has_expired:
            raise NotFound("There is no such request.")
        return StoredRequest.of(row)

    def named(self, account_id: int, code: str) -> StoredRequest:
        """Return a request of an account; NotFound if it has none with this code."""
        row = self._first(_BY_CODE, code)
        if row is None or row.account_id != account_id:
            raise NotFound("There is no such request.")
        return StoredRequest.of(row)

    def page(self, account_id: int, wanted: Wanted) -> ListPage[StoredRequest]:
        """Return a page of an account's requests. BadRequest for nonsense."""
        has_title = has_words(wanted.words, FILE_REQUESTS.c.title)
        conditions = [FILE_REQUESTS.c.account_id == account_id, *has_title]
        return _KEYSET.page(self._engine, conditions, wanted).of(StoredRequest.of)

    def change(
        self, account_id: int, code: str, changes: Mapping[str, Any], version: str | None
    ) -> StoredRequest:
        """Change columns of a request and return it; its collection is as private as it is blind.

        NotFound without one, Outdated for another version.
        """

        def write(connection: Connection) -> tuple[Any, list[StoredFile]]:
            row = _lock(connection, account_id, code, version)
            mine = FILE_REQUESTS.c.id == row.id
            connection.execute(update(FILE_REQUESTS).where(mine).values(dict(changes)))
            row = connection.execute(_BY_CODE, {"code": code}).one()
            return row, _change_collection(connection, row) if "is_blind" in changes else []

        row, changed = self._transactions.run(write)
        self._invalidations.forget(*changed)
        return StoredRequest.of(row)

    def end(self, account_id: int, code: str, version: str | None = None) -> None:
        """End a request; what has come stays. NotFound without one, Outdated for another version."""

        def write(connection: Connection) -> None:
            row = _lock(connection, account_id, code, version)
            connection.execute(delete(FILE_REQUESTS).where(FILE_REQUESTS.c.id == row.id))

        self._transactions.run(write)

    def _first(self, query: Any, code: str) -> Any:
        def read() -> Any:
            with self._engine.connect() as connection:
                return connection.execute(query, {"code": code}).first()

        return retry_on_disconnect(read) if may_be_code(code) else None


def _change_collection(connection: Connection, row: Any) -> list[StoredFile]:
    """Make a request's collection, unless it has ended, private or not; return the files that changed."""
    mine = (COLLECTIONS.c.code == row.collection_code, COLLECTIONS.c.owner_id == row.account_id)
    changes = {"is_private": bool(row.is_blind)}
    if not connection.execute(update(COLLECTIONS).where(*mine).values(changes)).rowcount:
        return []
    return obey_terms(connection, connection.execute(select(COLLECTIONS).where(*mine)).one(), changes)


def _lock(connection: Connection, account_id: int, code: str, version: str | None) -> Any:
    row = connection.execute(_BY_CODE.with_for_update(), {"code": code}).first()
    if row is None or row.account_id != account_id:
        raise NotFound("There is no such request.")
    if version not in (None, StoredRequest.of(row).version):
        raise Outdated("This has been changed since you read it. Read it again.")
    return row


def columns_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns to set for what is asked for by name; InvalidField where one is nonsense.

    `expires` is a moment already. None removes a limit.
    """
    return {_COLUMNS[name][0]: _COLUMNS[name][1](value) for name, value in asked.items()}


def _title(text: str) -> str:
    title = visible_name(" ".join(text.split()), TITLE_LENGTH + 1)
    if not 1 <= len(title) <= TITLE_LENGTH:
        raise InvalidField("title", f"The title has 1 to {TITLE_LENGTH} characters.")
    return title


def _note(text: str | None) -> str:
    lines = [visible_name(line.replace("\t", " "), NOTE_LENGTH + 1) for line in _LINE.split(text or "")]
    note = "\n".join(lines).strip()
    if len(note) > NOTE_LENGTH:
        raise InvalidField("note", f"The note has at most {NOTE_LENGTH} characters.")
    return note


def _most_files(number: int | None) -> int | None:
    if number is not None and not 1 <= number <= MAX_FILES:
        raise InvalidField("files", f"A request takes 1 to {MAX_FILES} files, or null for no limit.")
    return number


def _most_bytes(number: int | None) -> int | None:
    if number is not None and not 1 <= number <= MAX_ID:
        raise InvalidField("bytes", "A request takes 1 byte or more, or null for no limit.")
    return number


def _types(types: Sequence[str] | None) -> str:
    wanted = list(dict.fromkeys(one.strip().lower() for one in types or ()))
    if not all(map(_TYPE.fullmatch, wanted)):
        raise InvalidField("types", "The types are media types such as image/* or application/pdf.")
    if len(text := " ".join(wanted)) > TYPES_LENGTH:
        raise InvalidField("types", "There are too many types.")
    return text


def _same(value: Any) -> Any:
    return value


# The column and the check of each thing that can be asked for.
_COLUMNS: dict[str, tuple[str, Any]] = {
    "title": ("title", _title),
    "note": ("note", _note),
    "files": ("most_files", _most_files),
    "bytes": ("most_bytes", _most_bytes),
    "types": ("types", _types),
    "expires": ("expires", _same),
    "blind": ("is_blind", bool),
}
