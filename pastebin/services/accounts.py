"""Accounts: making, finding and changing them."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from ..errors import BadRequest, NameTaken, NotFound
from ..models import ACCOUNTS, SESSIONS, TOKENS, WriteTransactions, retry_on_disconnect
from .account_names import clean_email, clean_name, fold, require_password
from .audit import note
from .events import AccountResumed, AccountSuspended, announce
from .invalidations import Invalidations, Kind, record_kind
from .passwords import Passwords
from .rights import ALL_ROLES, LOGIN

_BY_NAME = select(ACCOUNTS).where(
    or_(ACCOUNTS.c.folded == bindparam("folded"), ACCOUNTS.c.folded_email == bindparam("folded"))
)
_BY_ID = select(ACCOUNTS).where(ACCOUNTS.c.id == bindparam("number"))
_PASSWORD = select(ACCOUNTS.c.password).where(ACCOUNTS.c.id == bindparam("number")).with_for_update()
_ALL = select(ACCOUNTS).order_by(ACCOUNTS.c.folded)


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
    is_ending: bool = False

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
            row.ended is not None,
        )


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to make; `password` in clear, None for one that nobody signs in to by a password."""

    name: str
    password: str | None
    email: str | None = None
    roles: int = LOGIN


class AccountService:
    """Accounts. Every change is obeyed at the next request, and by every process within two seconds."""

    def __init__(self, engine: Engine, passwords: Passwords, invalidations: Invalidations) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._passwords = passwords
        self._invalidations = invalidations

    def add(self, new: NewAccount) -> StoredAccount:
        """Make an account. BadRequest if it cannot be, NameTaken if a name equal after folding exists."""
        row = self.row_of(new)
        return self._transactions.run(lambda connection: insert_account(connection, row))

    def row_of(self, new: NewAccount) -> dict[str, Any]:
        """Return the columns of an account to make. BadRequest if it cannot be."""
        name = clean_name(new.name)
        email = clean_email(new.email) if new.email else None
        require_roles(new.roles)
        return {
            "name": name,
            "folded": fold(name),
            "email": email,
            "folded_email": None if email is None else fold(email),
            "password": "" if new.password is None else self.hashed(new.password),
            "roles": new.roles,
            "created": datetime.now(UTC),
        }

    def find(self, name: str) -> StoredAccount | None:
        """Return the account with a name or an e-mail address, if there is one."""
        folded = fold(name).encode("utf-8", "replace").decode()  # a shell may hand over half a character
        return self._first(_BY_NAME, folded=folded)

    def named(self, name: str) -> StoredAccount:
        """Return the account with a name or an e-mail address; NotFound if there is none."""
        account = self.find(name)
        if account is None:
            raise NotFound(f"There is no account {name}.")
        return account

    def by_id(self, number: int) -> StoredAccount:
        """Return the account with an id; NotFound if there is none."""
        account = self._first(_BY_ID, number=number)
        if account is None:
            raise NotFound("There is no such account.")
        return account

    def all(self) -> list[StoredAccount]:
        """Return every account, by name."""
        with self._engine.connect() as connection:
            return [StoredAccount.of(row) for row in connection.execute(_ALL)]

    def names(self, numbers: Collection[int]) -> dict[int, str]:
        """Return the names of some accounts by their ids."""
        query = select(ACCOUNTS.c.id, ACCOUNTS.c.name).where(ACCOUNTS.c.id.in_(numbers))
        with self._engine.connect() as connection:
            return {row.id: row.name for row in connection.execute(query)}

    def suspend(self, account: StoredAccount, actor: str, *, is_suspended: bool = True) -> None:
        """Suspend an account, which ends its sessions and hides its files; or let it go on.

        BadRequest for one that is being deleted.
        """
        if account.is_ending:
            raise BadRequest("This account is being deleted.")

        def write(connection: Connection) -> None:
            _change(connection, account, is_suspended=is_suspended)
            if is_suspended:
                connection.execute(delete(SESSIONS).where(SESSIONS.c.account_id == account.id))
            record_kind(connection, Kind.ACCOUNTS)
            note_act(connection, "suspended" if is_suspended else "resumed", actor, account)
            event = AccountSuspended if is_suspended else AccountResumed
            announce(connection, [event(account.id, account.name)])

        self._transactions.run(write)
        self._invalidations.forget_kind(Kind.ACCOUNTS)

    def set_roles(self, account: StoredAccount, roles: int, actor: str) -> None:
        """Give an account other roles. BadRequest if there are no such roles."""
        require_roles(roles)

        def write(connection: Connection) -> None:
            _change(connection, account, roles=roles)
            note_act(connection, "roles", actor, account, f"{account.roles} to {roles}")

        self._transactions.run(write)

    def set_quota(
        self, account: StoredAccount, quota_bytes: int | None, quota_files: int | None, actor: str
    ) -> None:
        """Give an account a quota of its own in bytes and in files; None is that of its roles."""

        def write(connection: Connection) -> None:
            _change(connection, account, quota_bytes=quota_bytes, quota_files=quota_files)
            note_act(connection, "quota", actor, account, f"{quota_bytes} bytes, {quota_files} files")

        self._transactions.run(write)

    def set_password(self, account: StoredAccount, password: str, kept_session: int | None = None) -> None:
        """Give an account another password, which ends its tokens and all its sessions but one.

        BadRequest if it cannot be a password.
        """
        hashed = self.hashed(password)
        self._transactions.run(lambda connection: write_password(connection, account, hashed, kept_session))

    def hashed(self, password: str) -> str:
        """Return what is kept of an account's password. BadRequest if it cannot be one."""
        require_password(password)
        return self._passwords.hash(password)

    def _first(self, query: Any, **values: Any) -> StoredAccount | None:
        def read() -> Any:
            with self._engine.connect() as connection:
                return connection.execute(query, values).first()

        row = retry_on_disconnect(read)
        return None if row is None else StoredAccount.of(row)


def insert_account(connection: Connection, row: dict[str, Any]) -> StoredAccount:
    """Insert an account. NameTaken if a name or an e-mail address equal after folding exists."""
    try:
        number = connection.execute(insert(ACCOUNTS).values(row)).lastrowid
    except IntegrityError as error:
        raise NameTaken("There is an account with this name, or with one that is too alike.") from error
    return StoredAccount.of(connection.execute(_BY_ID, {"number": number}).one())


def write_password(
    connection: Connection, account: StoredAccount, hashed: str, kept_session: int | None = None
) -> None:
    """Replace an account's password. Its tokens end, and its sessions but one."""
    _change(connection, account, password=hashed)
    others = (SESSIONS.c.account_id == account.id, SESSIONS.c.id != (kept_session or 0))
    connection.execute(delete(SESSIONS).where(*others))
    connection.execute(delete(TOKENS).where(TOKENS.c.account_id == account.id))


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


def _change(connection: Connection, account: StoredAccount, **values: Any) -> None:
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account.id).values(values))


def note_act(connection: Connection, act: str, actor: str, account: StoredAccount, said: str = "") -> None:
    """Put into the audit what somebody in charge did to an account."""
    note(connection, act, actor, f"account {account.id} {said}".strip())
