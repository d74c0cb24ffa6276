"""Accounts: making, finding and changing them."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, or_, select
from sqlalchemy.engine import Connection, Engine

from ..errors import NotFound, Outdated
from ..models import ACCOUNTS, SESSIONS, WriteTransactions, retry_on_disconnect
from .account_names import clean_email, clean_name, fold, require_password
from .account_records import (
    ACCOUNT_BY_ID,
    NewAccount,
    StoredAccount,
    change_account,
    insert_account,
    locked_account,
    note_act,
    remove_ways_in,
    require_roles,
    write_password,
)
from .audit import SHELL, Act
from .events import AccountResumed, AccountSuspended, announce
from .invalidations import Invalidations, Kind, record_kind
from .passwords import Passwords

_BY_NAME = select(ACCOUNTS).where(
    or_(ACCOUNTS.c.folded == bindparam("folded"), ACCOUNTS.c.folded_email == bindparam("folded"))
)
_ALL = select(ACCOUNTS).order_by(ACCOUNTS.c.folded)


class AccountService:
    """Accounts. Every change is obeyed at the next request, and by every process within two seconds."""

    def __init__(self, engine: Engine, passwords: Passwords, invalidations: Invalidations) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._passwords = passwords
        self._invalidations = invalidations

    def add(self, new: NewAccount, actor: str = SHELL) -> StoredAccount:
        """Make an account. BadRequest if it cannot be, NameTaken if a name equal after folding exists."""
        row = self.row_of(new)

        def write(connection: Connection) -> StoredAccount:
            account = insert_account(connection, row)
            note_act(connection, Act.ACCOUNT_MADE, actor, account, f"with roles {account.roles}")
            return account

        return self._transactions.run(write)

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
        account = self._first(ACCOUNT_BY_ID, number=number)
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

    def change(
        self, account_id: int, changes: Mapping[str, Any], actor: str, version: str | None = None
    ) -> StoredAccount:
        """Change roles, quota (None: that of the roles) or `is_suspended` of an account, and return it.

        A suspension ends its sessions and hides its files. NotFound without the account, Outdated if
        it has another version, BadRequest for what are no roles, or while it is being deleted.
        """
        if "roles" in changes:
            require_roles(changes["roles"])

        def write(connection: Connection) -> StoredAccount:
            before = locked_account(connection, account_id)
            if version not in (None, before.version):
                raise Outdated("This has been changed since you read it. Read it again.")
            changed = {name: value for name, value in changes.items() if value != getattr(before, name)}
            if changed:
                change_account(connection, before, **changed)
                _tell_changes(connection, before, replace(before, **changed), actor)
            return replace(before, **changed)

        account = self._transactions.run(write)
        if "is_suspended" in changes:
            self._invalidations.forget_kind(Kind.ACCOUNTS)
        return account

    def suspend(self, account: StoredAccount, actor: str, *, is_suspended: bool = True) -> None:
        """Suspend an account, or let it go on, as `change` does."""
        self.change(account.id, {"is_suspended": is_suspended}, actor)

    def set_roles(self, account: StoredAccount, roles: int, actor: str) -> None:
        """Give an account other roles, as `change` does."""
        self.change(account.id, {"roles": roles}, actor)

    def set_quota(
        self, account: StoredAccount, quota_bytes: int | None, quota_files: int | None, actor: str
    ) -> None:
        """Give an account a quota of its own in bytes and in files, as `change` does."""
        self.change(account.id, {"quota_bytes": quota_bytes, "quota_files": quota_files}, actor)

    def set_password(self, account: StoredAccount, password: str, kept_session: int | None = None) -> None:
        """Give an account another password, which ends its tokens and all its sessions but one.

        BadRequest if it cannot be a password, Forbidden if another one has come first.
        """
        hashed = self.hashed(password)
        self._transactions.run(lambda connection: write_password(connection, account, hashed, kept_session))

    def replace_password(
        self, account: StoredAccount, password: str, actor: str, *, is_only_way: bool
    ) -> None:
        """Give an account another password in its owner's place, as `set_password`; noted in the audit.

        Where it is to be the only way in, passkeys and linked sign-ins end too.
        """
        hashed = self.hashed(password)

        def write(connection: Connection) -> None:
            write_password(connection, account, hashed)
            if is_only_way:
                remove_ways_in(connection, account.id)
            note_act(connection, Act.PASSWORD, actor, account, "alone" if is_only_way else "")

        self._transactions.run(write)

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


def _tell_changes(connection: Connection, before: StoredAccount, after: StoredAccount, actor: str) -> None:
    """Put what became of an account into the audit, and tell other processes and listeners."""
    if after.roles != before.roles:
        note_act(connection, Act.ROLES, actor, after, f"{before.roles} to {after.roles}")
    quota = (after.quota_bytes, after.quota_files)
    if quota != (before.quota_bytes, before.quota_files):
        note_act(connection, Act.QUOTA, actor, after, "{} bytes, {} files".format(*quota))
    if after.is_suspended != before.is_suspended:
        note_act(connection, Act.SUSPENDED if after.is_suspended else Act.RESUMED, actor, after)
        _tell_suspension(connection, after)


def _tell_suspension(connection: Connection, account: StoredAccount) -> None:
    event = AccountSuspended if account.is_suspended else AccountResumed
    if account.is_suspended:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.account_id == account.id))
    record_kind(connection, Kind.ACCOUNTS)
    announce(connection, [event(account.id, account.name)])
