"""Browsers that are signed in: a row each, found by a random text in a cookie."""

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, false, insert, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from ..errors import Forbidden, Unavailable
from ..models import ACCOUNTS, SESSIONS, WriteTransactions, retry_on_disconnect
from ..models.account import NOTE_LENGTH
from ..names import visible_name
from .account_records import StoredAccount, password_now
from .rights import LOGIN, AccountIdentity

# A session that nobody used for so long is over.
IDLE = timedelta(days=30)

# So long a session shows that whoever uses it is who has signed in.
NEW = timedelta(minutes=10)

# How exactly it is known when a session was used last: it costs a write.
TOUCH = timedelta(minutes=5)

_FIND = (
    select(SESSIONS.c.id, SESSIONS.c.seen, ACCOUNTS.c.id.label("account"), ACCOUNTS.c.name, ACCOUNTS.c.roles)
    .join(ACCOUNTS, ACCOUNTS.c.id == SESSIONS.c.account_id)
    .where(SESSIONS.c.secret_hash == bindparam("hash"), ACCOUNTS.c.is_suspended == false())
)
_OF_ACCOUNT = (
    select(SESSIONS).where(SESSIONS.c.account_id == bindparam("account")).order_by(SESSIONS.c.seen.desc())
)
_TOUCH = update(SESSIONS).where(SESSIONS.c.id == bindparam("number"))


@dataclass(frozen=True, slots=True)
class SignedInBrowser:
    """A session as its account sees it."""

    id: int
    created: datetime
    seen: datetime
    agent: str


class SessionService:
    """Sessions, looked up at each use: what has ended, or whose account may not sign in, is none."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)

    def create(self, account: StoredAccount, agent: str) -> str:
        """Make a session and return the text that its cookie holds.

        Forbidden if the account's password has been changed since the account was read.
        """
        secret, now = secrets.token_urlsafe(32), datetime.now(UTC)
        row = {
            "account_id": account.id,
            "secret_hash": _hash(secret),
            "created": now,
            "seen": now,
            "agent": visible_name(agent, NOTE_LENGTH - 1),
        }

        def write(connection: Connection) -> None:
            if password_now(connection, account.id) != account.password:
                raise Forbidden("The password has just been changed. Sign in again.")
            connection.execute(insert(SESSIONS), row)

        self._transactions.run(write)
        return secret

    def find(self, secret: str) -> AccountIdentity | None:
        """Return whom the text of a cookie stands for; None if that is nobody any more."""
        row = retry_on_disconnect(lambda: self._row(secret))
        now = datetime.now(UTC)
        if row is None or row.seen < now - IDLE or not row.roles & LOGIN:
            return None
        if row.seen < now - TOUCH:
            statement = _TOUCH.values(seen=now)
            with suppress(SQLAlchemyError, Unavailable):  # who only reads needs no write
                self._transactions.run(lambda connection: connection.execute(statement, {"number": row.id}))
        return AccountIdentity(row.account, row.name, row.roles, session_id=row.id)

    def _row(self, secret: str) -> Any:
        with self._engine.connect() as connection:
            return connection.execute(_FIND, {"hash": _hash(secret)}).first()

    def of_account(self, account_id: int) -> list[SignedInBrowser]:
        """Return the sessions of an account, the last used first."""
        with self._engine.connect() as connection:
            rows = connection.execute(_OF_ACCOUNT, {"account": account_id}).all()
        after = datetime.now(UTC) - IDLE
        return [SignedInBrowser(row.id, row.created, row.seen, row.agent) for row in rows if row.seen > after]

    def is_new(self, account_id: int, session_id: int | None) -> bool:
        """Tell whether somebody signed in by this session a moment ago."""
        after = datetime.now(UTC) - NEW
        return any(one.id == session_id and one.created > after for one in self.of_account(account_id))

    def end(self, account_id: int, session_id: int) -> bool:
        """End a session of an account; False if it has none with this id."""
        return self._end(SESSIONS.c.account_id == account_id, SESSIONS.c.id == session_id) > 0

    def end_all(self, account_id: int) -> int:
        """End every session of an account; return how many there were."""
        return self._end(SESSIONS.c.account_id == account_id)

    def remove_old(self) -> int:
        """Remove the sessions that nobody uses any more; return how many."""
        return self._end(SESSIONS.c.seen < datetime.now(UTC) - IDLE)

    def _end(self, *conditions: Any) -> int:
        statement = delete(SESSIONS).where(*conditions)
        return self._transactions.run(lambda connection: connection.execute(statement).rowcount)


def _hash(secret: str) -> str:
    """Return what is kept of a cookie's text: as random as it is, its SHA-256 gives nothing away."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
