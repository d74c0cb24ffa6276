"""An account's files: a page of them by words, kind and state; changing and ending many."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true, update
from sqlalchemy.engine import Connection, Engine

from ..errors import BadRequest
from ..models import FILES, WriteTransactions, retry_on_disconnect
from ..names import may_be_filehash
from .file_kinds import KINDS
from .file_records import new_management_key, own_key
from .files import MAX_ID
from .invalidations import Invalidations, record
from .links import RIGHTS, Changes, Ending, end, end_copies
from .stored_file import StoredFile

PAGE_SIZE = 60

# How many files are changed or ended with one request at most.
MOST = 500

# How many words are looked for, and how many letters of a name put files in order.
MOST_WORDS = 10
SORTED_LETTERS = 100

_NO_PAGE = "There is no such page of the list."

LET_GO = Ending("deleted", "account")

_NAME = func.lower(func.substr(FILES.c.filename, 1, SORTED_LETTERS))

# By which column, and whether from the largest down.
SORTS: dict[str, tuple[Any, bool]] = {
    "newest": (FILES.c.id, True),
    "oldest": (FILES.c.id, False),
    "name": (_NAME, False),
    "largest": (FILES.c.size, True),
    "smallest": (FILES.c.size, False),
}

STATES: dict[str, ColumnElement[bool]] = {
    "listed": FILES.c.listed == true(),
    "unlisted": and_(FILES.c.listed == false(), FILES.c.is_private == false()),
    "private": FILES.c.is_private == true(),
    "expiring": FILES.c.expires.is_not(None),
    "limited": FILES.c.downloads_left.is_not(None),
    "locked": FILES.c.password.is_not(None),
}


@dataclass(frozen=True, slots=True)
class Query:
    """Which files are asked for, in which order. BadRequest from the service for what there is not."""

    words: str = ""
    kind: str = ""
    state: str = ""
    sort: str = "newest"


@dataclass(frozen=True, slots=True)
class FilesPage:
    """Some of an account's files, how many there are in all, and the cursors of the pages on both sides."""

    files: list[StoredFile]
    total: int
    before: str | None
    after: str | None


class AccountFiles:
    """Files by their owner. A page begins after a file, so that it costs the same however far it is."""

    def __init__(self, engine: Engine, invalidations: Invalidations) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._invalidations = invalidations

    def page(self, owner_id: int, query: Query, after: str = "", before: str = "") -> FilesPage:
        """Return the files right after or before a cursor, or the first ones. BadRequest for nonsense."""
        condition = and_(*_conditions(owner_id, query))
        column, is_down = _known(SORTS, query.sort)
        cursor = _read_cursor(after or before, column)
        is_back = bool(before) and not after

        def read() -> tuple[Sequence[Any], int]:
            select_page = _page(condition, column, is_down is not is_back, cursor)
            with self._engine.connect() as connection:
                total = connection.scalar(select(func.count()).select_from(FILES).where(condition)) or 0
                return connection.execute(select_page).all(), total

        rows, total = retry_on_disconnect(read)
        shown = rows[:PAGE_SIZE][::-1] if is_back else rows[:PAGE_SIZE]
        has_more = len(rows) > PAGE_SIZE
        has_before = has_more if is_back else cursor is not None
        has_after = True if is_back else has_more
        return FilesPage(
            [StoredFile.of(row) for row in shown],
            total,
            _cursor(shown[0]) if shown and has_before else None,
            _cursor(shown[-1]) if shown and has_after else None,
        )

    def named(self, owner_id: int, names: Sequence[str]) -> list[StoredFile]:
        """Return those of some files, by their public names, that an account has."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(FILES).where(*_own(owner_id, names)))
            found = {row.filehash: StoredFile.of(row) for row in rows}
        return [found[name] for name in dict.fromkeys(names) if name in found]

    def change(self, owner_id: int, names: Sequence[str], changes: Changes) -> list[StoredFile]:
        """Change the terms of an account's files, and return them as they are now.

        Those of a collection have the terms of that, and are left alone.
        """

        def change_one(connection: Connection, row: Any) -> list[StoredFile]:
            if row.collection_id is not None:
                return []
            which = FILES.c.id == row.id
            values = {**changes, "link_key": own_key(new_management_key())}
            connection.execute(update(FILES).where(which).values(values))
            file = StoredFile.of(connection.execute(select(FILES).where(which)).one())
            record(connection, file)
            return [file, *(end_copies(connection, file) if RIGHTS & changes.keys() else [])]

        return self._each(owner_id, names, change_one)

    def end(self, owner_id: int, names: Sequence[str]) -> list[StoredFile]:
        """End an account's files, whatever keys it has been told for them; return those that ended."""
        return self._each(
            owner_id, names, lambda connection, row: end(connection, StoredFile.of(row), LET_GO)
        )

    def _each(
        self, owner_id: int, names: Sequence[str], work: Callable[[Connection, Any], list[StoredFile]]
    ) -> list[StoredFile]:
        """Do something to each file of an account in one transaction; return those that it was done to."""
        wanted = set(names)

        def write(connection: Connection) -> list[StoredFile]:
            rows = connection.execute(select(FILES).where(*_own(owner_id, names)).with_for_update()).all()
            return [file for row in rows for file in work(connection, row)]

        changed = self._transactions.run(write)
        self._invalidations.forget(*changed)
        return [file for file in changed if file.filehash in wanted]


def _own(owner_id: int, names: Sequence[str]) -> list[Any]:
    if len(names) > MOST:
        raise BadRequest(f"At most {MOST} files can be changed at a time.")
    return [FILES.c.filehash.in_(list(filter(may_be_filehash, names))), *is_there(owner_id)]


def is_there(owner_id: int) -> list[Any]:
    """Return what is so of files of an account that are there: what has ended is gone for its owner too."""
    return [
        FILES.c.owner_id == owner_id,
        FILES.c.source_id.is_(None),
        FILES.c.sha256.is_not(None),
        FILES.c.is_quarantined == false(),
        or_(FILES.c.expires.is_(None), FILES.c.expires > datetime.now(UTC)),
        or_(FILES.c.downloads_left.is_(None), FILES.c.downloads_left > 0),
    ]


def _conditions(owner_id: int, query: Query) -> list[Any]:
    conditions = is_there(owner_id)
    if query.kind:
        conditions.append(_known(KINDS, query.kind))
    if query.state:
        conditions.append(_known(STATES, query.state))
    for word in query.words.lower().split()[:MOST_WORDS]:
        in_title = func.lower(func.coalesce(FILES.c.title, "")).contains(word, autoescape=True)
        conditions.append(or_(func.lower(FILES.c.filename).contains(word, autoescape=True), in_title))
    return conditions


def _known(choices: dict[str, Any], name: str) -> Any:
    if name not in choices:
        raise BadRequest(f"Choose one of {', '.join(choices)}.")
    return choices[name]


def _page(condition: Any, column: Any, is_down: bool, cursor: tuple[Any, int] | None) -> Any:
    """Select a page and one row more, with what the order is by as `place`."""
    order = (column.desc(), FILES.c.id.desc()) if is_down else (column.asc(), FILES.c.id.asc())
    query = select(FILES, column.label("place")).where(condition).order_by(*order).limit(PAGE_SIZE + 1)
    if cursor is None:
        return query
    place, number = cursor
    if is_down:
        return query.where(or_(column < place, and_(column == place, FILES.c.id < number)))
    return query.where(or_(column > place, and_(column == place, FILES.c.id > number)))


def _cursor(row: Any) -> str:
    said = json.dumps([row.place, row.id], ensure_ascii=False)
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _read_cursor(text: str, column: Any) -> tuple[Any, int] | None:
    """Return what a cursor says: the place in the order, and the id. BadRequest if it is none."""
    if not text:
        return None
    try:
        place, number = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        str(place).encode()  # JSON can hold half a character, which no database takes
    except (ValueError, TypeError, RecursionError) as error:
        raise BadRequest(_NO_PAGE) from error
    if type(place) is not (str if column is _NAME else int) or type(number) is not int:
        raise BadRequest(_NO_PAGE)
    if any(isinstance(value, int) and abs(value) > MAX_ID for value in (place, number)):
        raise BadRequest(_NO_PAGE)
    return place, number
