"""Invites: leave to make so many accounts until a moment."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection, Engine

from ..errors import BadRequest, Forbidden, NotFound
from ..models import INVITES, WriteTransactions, retry_on_disconnect
from ..models.account import NOTE_LENGTH
from ..names import visible_name
from . import audit
from .account_records import NewAccount, StoredAccount, insert_account
from .accounts import AccountService
from .audit import SHELL, Act
from .rights import LOGIN

MOST_USES = 100_000
LONGEST = timedelta(days=366)

_INVITE = select(INVITES).where(
    INVITES.c.code_hash == bindparam("hash"),
    INVITES.c.uses_left > 0,
    INVITES.c.expires > bindparam("now", type_=INVITES.c.expires.type),
)
_USE = (
    update(INVITES)
    .where(INVITES.c.code_hash == bindparam("hash"), INVITES.c.uses_left > 0)
    .where(INVITES.c.expires > bindparam("now", type_=INVITES.c.expires.type))
    .values(uses_left=INVITES.c.uses_left - 1)
)


@dataclass(frozen=True, slots=True)
class StoredInvite:
    """An invite as its row has it: all but its code."""

    id: int
    created: datetime
    expires: datetime
    uses_left: int
    note: str


class InviteService:
    """Invites: codes by which so many accounts can be made until a moment."""

    def __init__(self, engine: Engine, accounts: AccountService) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._accounts = accounts

    def create(self, uses: int, lifetime: timedelta, note: str = "", actor: str = SHELL) -> str:
        """Make an invite and return its code. BadRequest for one that nobody could use."""
        if not 1 <= uses <= MOST_USES or not timedelta() < lifetime <= LONGEST:
            raise BadRequest("An invite is for 1 to 100000 accounts, and lasts a year at most.")
        code, now = secrets.token_urlsafe(16), datetime.now(UTC)
        row = {
            "code_hash": _hash(code),
            "created": now,
            "expires": now + lifetime,
            "uses_left": uses,
            "note": visible_name(note, NOTE_LENGTH - 1),
        }

        def write(connection: Connection) -> None:
            number = connection.execute(insert(INVITES).values(row)).lastrowid
            audit.note(connection, Act.INVITED, actor, f"invite {number} for {uses}")

        self._transactions.run(write)
        return code

    def open(self) -> list[StoredInvite]:
        """Return the invites that can be used, the newest first."""
        is_open = (INVITES.c.uses_left > 0, INVITES.c.expires > datetime.now(UTC))
        query = select(INVITES).where(*is_open).order_by(INVITES.c.id.desc())
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [StoredInvite(row.id, row.created, row.expires, row.uses_left, row.note) for row in rows]

    def end(self, number: int, actor: str = SHELL) -> None:
        """Let nobody use an invite any more. NotFound if nobody could."""
        is_open = (INVITES.c.id == number, INVITES.c.uses_left > 0)

        def write(connection: Connection) -> None:
            if not connection.execute(update(INVITES).where(*is_open).values(uses_left=0)).rowcount:
                raise NotFound("This invite is used up or has expired.")
            audit.note(connection, Act.INVITE_ENDED, actor, f"invite {number}")

        self._transactions.run(write)

    def is_open(self, code: str) -> bool:
        """Tell whether an account can be made by a code."""

        def read() -> Any:
            with self._engine.connect() as connection:
                return connection.execute(_INVITE, _given(code)).first()

        return retry_on_disconnect(read) is not None

    def sign_up(self, code: str, new: NewAccount) -> StoredAccount:
        """Make an account by an invite, with the right to sign in alone.

        NotFound if the invite is used up, BadRequest and NameTaken as `AccountService.add`.
        """
        if new.roles != LOGIN:
            raise Forbidden("An invite gives no roles.")
        row = self._accounts.row_of(new)

        def write(connection: Connection) -> StoredAccount:
            if connection.execute(_USE, _given(code)).rowcount != 1:
                raise NotFound("This invite is used up or has expired.")
            return insert_account(connection, row)

        return self._transactions.run(write)


def _given(code: str) -> dict[str, Any]:
    return {"hash": _hash(code), "now": datetime.now(UTC)}


def _hash(code: str) -> str:
    """Return what is kept of a code of 128 random bits."""
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()
