"""Rows of `Account`: reading, making, locking and changing one in a transaction."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from ..errors import BadRequest, Forbidden, NameTaken, NotFound
from ..models import ACCOUNTS, IDENTITIES, PASSKEYS, SESSIONS, TOKENS
from .audit import Act, note
from .rights import ALL_ROLES, LOGIN
from .versions import version_of

ACCOUNT_BY_ID = select(ACCOUNTS).where(ACCOUNTS.c.id == bindparam("number"))
_PASSWORD = select(ACCOUNTS.c.password).where(ACCOUNTS.c.id == bindparam("number")).with_for_update()


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account as its row has it; `password` is an argon2id hash, or empty for none."""

    id: int
    name: str
    email: str | None
    password: str
    roles: int
    is_suspended: bool
    quota_bytes: int | None
    quota_files: int | None

    @classmethod
    def of(cls, row: Any) -> Self:
        """Return what a row of Account says."""
        return cls(
            row.id,
            row.name,
            row.email,
            row.password,
            row.roles,
            bool(row.is_suspended),
            row.quota_bytes,
            row.quota_files,
        )

    @property
    def version(self) -> str:
        """Return what changes with all that people see of it."""
        quota = (self.quota_bytes, self.quota_files)
        return version_of(self.id, self.name, self.email, self.roles, self.is_suspended, *quota)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to make; `password` in clear, None for one that nobody signs in to by a password."""

    name: str
    password: str | None
    email: str | None = None
    roles: int = LOGIN


def insert_account(connection: Connection, row: dict[str, Any]) -> StoredAccount:
    """Insert an account. NameTaken if a name or an e-mail address equal after folding exists."""
    try:
        number = connection.execute(insert(ACCOUNTS).values(row)).lastrowid
    except IntegrityError as error:
        raise NameTaken("There is an account with this name, or with one that is too alike.") from error
    return StoredAccount.of(connection.execute(ACCOUNT_BY_ID, {"number": number}).one())


def write_password(
    connection: Connection, account: StoredAccount, hashed: str, kept_session: int | None = None
) -> None:
    """Replace an account's password. Its tokens end, and its sessions but one.

    Forbidden if it has another one by now than the account was read with.
    """
    if password_now(connection, account.id) != account.password:
        raise Forbidden("The password has just been changed. Sign in again.")
    change_account(connection, account, password=hashed)
    others = (SESSIONS.c.account_id == account.id, SESSIONS.c.id != (kept_session or 0))
    connection.execute(delete(SESSIONS).where(*others))
    connection.execute(delete(TOKENS).where(TOKENS.c.account_id == account.id))


def locked_account(connection: Connection, account_id: int, session_id: int | None = None) -> StoredAccount:
    """Return an account, and keep others from changing it meanwhile.

    NotFound if there is none, BadRequest if it is being deleted, Forbidden if the session by which this
    is asked for has ended since: it must leave nothing behind that goes on without it.
    """
    row = connection.execute(ACCOUNT_BY_ID.with_for_update(), {"number": account_id}).first()
    if row is None:
        raise NotFound("There is no such account.")
    if row.ended is not None:
        raise BadRequest("This account is being deleted.")
    if session_id is not None:
        _require_session(connection, account_id, session_id)
    return StoredAccount.of(row)


def _require_session(connection: Connection, account_id: int, session_id: int) -> None:
    query = select(SESSIONS.c.id).where(SESSIONS.c.id == session_id, SESSIONS.c.account_id == account_id)
    if connection.execute(query).first() is None:
        raise Forbidden("This session has ended. Sign in again.")


def remove_way_in(connection: Connection, account_id: int, way: Table, number: int) -> bool:
    """Remove a linked identity or a passkey of an account; False if it has none with this id.

    BadRequest if nothing else signs in to it.
    """
    account = locked_account(connection, account_id)
    if not connection.execute(delete(way).where(way.c.account_id == account_id, way.c.id == number)).rowcount:
        return False
    queries = (
        select(one.c.id).where(one.c.account_id == account_id).limit(1) for one in (IDENTITIES, PASSKEYS)
    )
    if not account.password and not any(connection.execute(query).first() for query in queries):
        raise BadRequest("Choose a password first: nothing else signs in to this account.")
    return True


def remove_ways_in(
    connection: Connection, account_id: int, passkeys: Collection[int] = (), identities: Collection[int] = ()
) -> None:
    """Remove the passkeys and the linked identities of an account, but those with some ids."""
    for way, kept in ((PASSKEYS, passkeys), (IDENTITIES, identities)):
        connection.execute(delete(way).where(way.c.account_id == account_id, way.c.id.not_in(kept)))


def password_now(connection: Connection, account_id: int) -> str | None:
    """Return what is kept of an account's password, and keep others from changing it meanwhile."""
    found: str | None = connection.scalar(_PASSWORD, {"number": account_id})
    return found


def password_version(hashed: str) -> str:
    """Return what tells an account's password from those before it, and nothing about it."""
    return hashlib.sha256(f"version\n{hashed}".encode()).hexdigest()[:32]


def require_roles(roles: int) -> None:
    """Raise BadRequest for what are no roles."""
    if roles not in ALL_ROLES:
        raise BadRequest(
            "Roles are a number from 0 to 255: login 1, editor 2, operator 4, administrator 255."
        )


def change_account(connection: Connection, account: StoredAccount, **values: Any) -> None:
    """Give columns of an account other values."""
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account.id).values(values))


def note_act(connection: Connection, act: Act, actor: str, account: StoredAccount, said: str = "") -> None:
    """Put into the audit what somebody in charge did to an account."""
    note(connection, act, actor, f"account {account.id} {said}".strip())
