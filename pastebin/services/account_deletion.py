"""Deleting an account: nobody sees anything of it at once, and its rows go a few at a time."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.engine import Connection, Engine

from ..errors import NotFound
from ..models import ACCOUNTS, COLLECTIONS, FILES, SESSIONS, TOKENS, Base, WriteTransactions
from .audit import Act, actor_of, note
from .collections import CollectionService
from .invalidations import Invalidations, Kind, record_kind
from .links import LET_GO_BY_OWNER, LinkService
from .stored_file import StoredFile

# How many links end between two looks at whether this process may go on.
BATCH = 100

_ENDED = select(ACCOUNTS.c.id).where(ACCOUNTS.c.ended.is_not(None)).limit(1)
_COLLECTIONS = select(COLLECTIONS.c.code).where(COLLECTIONS.c.owner_id == bindparam("owner")).limit(BATCH)
_FILES = select(FILES).where(FILES.c.owner_id == bindparam("owner")).limit(BATCH)


class AccountDeletion:
    """Ends accounts. One that has ended is suspended, with all that follows, until nothing is left of it."""

    def __init__(
        self,
        engine: Engine,
        links: LinkService,
        collections: CollectionService,
        invalidations: Invalidations,
    ) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._links = links
        self._collections = collections
        self._invalidations = invalidations

    def begin(self, account_id: int) -> None:
        """End an account, its sessions and its tokens; of its files nobody sees anything from now on."""
        now = datetime.now(UTC)

        def write(connection: Connection) -> None:
            which = ACCOUNTS.c.id == account_id
            connection.execute(update(ACCOUNTS).where(which).values(is_suspended=True, ended=now))
            for table in (SESSIONS, TOKENS):
                connection.execute(delete(table).where(table.c.account_id == account_id))
            record_kind(connection, Kind.ACCOUNTS)
            note(connection, Act.DELETED, "account", actor_of(account_id))

        self._transactions.run(write)
        self._invalidations.forget_kind(Kind.ACCOUNTS)

    def go_on(self) -> int:
        """End some links of an account that has ended, or remove it with the last; return how many rows went.

        0 where there is no such account.
        """
        with self._engine.connect() as connection:
            owner = connection.scalar(_ENDED)
            if owner is None:
                return 0
            codes = list(connection.scalars(_COLLECTIONS, {"owner": owner}))
            files = [StoredFile.of(row) for row in connection.execute(_FILES, {"owner": owner})]
        for code in codes:
            with suppress(NotFound):  # it has ended meanwhile
                self._collections.end(self._collections.by_code(code), LET_GO_BY_OWNER)
        for file in files:
            self._links.end(file, LET_GO_BY_OWNER)
        return len(codes) + len(files) or self._remove(owner)

    def _remove(self, account_id: int) -> int:
        """Remove the row of an account that has nothing left, and whatever else names it."""

        def write(connection: Connection) -> int:
            connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.id == account_id).with_for_update())
            if _has_something(connection, account_id):
                return 1  # it came meanwhile, and goes with the next turn
            for table in _naming_accounts():
                connection.execute(delete(table).where(table.c.account_id == account_id))
            return connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.id == account_id)).rowcount

        removed = self._transactions.run(write)
        self._invalidations.forget_kind(Kind.ACCOUNTS)
        return removed


def _has_something(connection: Connection, account_id: int) -> bool:
    queries = (select(table.c.id).where(table.c.owner_id == account_id) for table in (FILES, COLLECTIONS))
    return any(connection.execute(query.limit(1)).first() is not None for query in queries)


def _naming_accounts() -> list[Any]:
    """Return the tables whose rows belong to an account alone."""
    return [table for table in Base.metadata.sorted_tables if "account_id" in table.c]
