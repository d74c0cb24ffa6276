"""An account's files: a page of them by words, kind and state; changing and ending many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.engine import Connection, Engine

from ..errors import BadRequest
from ..models import FILES, WriteTransactions
from ..names import may_be_filehash
from .file_kinds import KINDS
from .file_records import new_management_key
from .invalidations import Invalidations
from .keyset import Keyset, ListPage, Order, Wanted, has_words, known
from .links import LET_GO_BY_OWNER, Changes, end, set_terms
from .stored_file import StoredFile

PAGE_SIZE = 60

# How many files are changed or ended with one request at most.
MOST = 500

# How many letters of a name put files in order.
SORTED_LETTERS = 100

_NAME = func.lower(func.substr(FILES.c.filename, 1, SORTED_LETTERS))

SORTS = {
    "newest": Order(FILES.c.id, is_down=True),
    "oldest": Order(FILES.c.id),
    "name": Order(_NAME, is_text=True),
    "largest": Order(FILES.c.size, is_down=True),
    "smallest": Order(FILES.c.size),
}
_KEYSET = Keyset(FILES, SORTS, FILES.c.id, index="ix_PasteFile_owner_id")

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


class AccountFiles:
    """Files by their owner. A page begins after a file, so that it costs the same however far it is."""

    def __init__(self, engine: Engine, invalidations: Invalidations) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._invalidations = invalidations

    def page(
        self, owner_id: int, query: Query, after: str = "", before: str = "", limit: int = PAGE_SIZE
    ) -> ListPage[StoredFile]:
        """Return the files right after or before a cursor, or the first ones. BadRequest for nonsense."""
        words = has_words(query.words, FILES.c.filename, FILES.c.title)
        conditions = _conditions(owner_id, query)
        wanted = Wanted(query.words, query.sort, after, before, limit)
        return _KEYSET.page(self._engine, conditions, wanted, words).of(StoredFile.of)

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
            return set_terms(connection, row.id, changes, new_management_key())

        return self._each(owner_id, names, change_one)

    def end(self, owner_id: int, names: Sequence[str]) -> list[StoredFile]:
        """End an account's files, whatever keys it has been told for them; return those that ended."""
        return self._each(
            owner_id, names, lambda connection, row: end(connection, StoredFile.of(row), LET_GO_BY_OWNER)
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
        FILES.c.is_quarantined == false(),
        or_(FILES.c.expires.is_(None), FILES.c.expires > datetime.now(UTC)),
        or_(FILES.c.downloads_left.is_(None), FILES.c.downloads_left > 0),
    ]


def _conditions(owner_id: int, query: Query) -> list[Any]:
    conditions = is_there(owner_id)
    if query.kind:
        conditions.append(known(KINDS, query.kind))
    if query.state:
        conditions.append(known(STATES, query.state))
    return conditions
