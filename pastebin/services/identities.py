"""Accounts elsewhere that sign in to accounts here: by issuer and subject, and by nothing else."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from ..errors import BadRequest, Forbidden, NotFound
from ..models import ACCOUNTS, IDENTITIES, WriteTransactions, retry_on_disconnect
from .account_records import NewAccount, StoredAccount, insert_account, locked_account, remove_way_in
from .accounts import AccountService
from .signed_tokens import OVER, SignedTokens

# The kind of token by which who came back from the provider makes an account, and its seconds.
NEW = "oidc-new"
NEW_SECONDS = 1800

# How many an account may have: one provider, some accounts there.
MOST = 10

_FIND = (
    select(ACCOUNTS)
    .join(IDENTITIES, IDENTITIES.c.account_id == ACCOUNTS.c.id)
    .where(IDENTITIES.c.issuer == bindparam("issuer"), IDENTITIES.c.subject == bindparam("subject"))
)
_OF_ACCOUNT = (
    select(IDENTITIES).where(IDENTITIES.c.account_id == bindparam("account")).order_by(IDENTITIES.c.id)
)


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    """An account elsewhere, as the account here sees it."""

    id: int
    issuer: str
    label: str
    created: datetime


class Identities:
    """Which account elsewhere signs in to which account here."""

    def __init__(self, engine: Engine, accounts: AccountService, tokens: SignedTokens) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._accounts = accounts
        self._tokens = tokens

    def find(self, issuer: str, subject: str) -> StoredAccount | None:
        """Return the account that an identity signs in to."""

        def read() -> Any:
            with self._engine.connect() as connection:
                return connection.execute(_FIND, {"issuer": issuer, "subject": subject}).first()

        row = retry_on_disconnect(read)
        return None if row is None else StoredAccount.of(row)

    def of_account(self, account_id: int) -> list[LinkedIdentity]:
        """Return the identities of an account, the oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(_OF_ACCOUNT, {"account": account_id}).all()
        return [LinkedIdentity(row.id, row.issuer, row.label, row.created) for row in rows]

    def link(
        self, account_id: int, issuer: str, subject: str, label: str, session_id: int | None = None
    ) -> None:
        """Let an identity sign in to an account, at the wish of a session of it.

        Forbidden if it signs in to another one, or the session has ended.
        """
        found = self.find(issuer, subject)
        if found is not None and found.id == account_id:
            return

        def write(connection: Connection) -> None:
            locked_account(connection, account_id, session_id)
            if len(connection.execute(_OF_ACCOUNT, {"account": account_id}).all()) >= MOST:
                raise BadRequest("This account has too many linked sign-ins. Unlink one first.")
            _insert(connection, account_id, issuer, subject, label)

        self._transactions.run(write)

    def unlink(self, account_id: int, number: int) -> None:
        """End it. NotFound if the account has no such identity, BadRequest if nothing else signs in to it."""
        if not self._transactions.run(lambda one: remove_way_in(one, account_id, IDENTITIES, number)):
            raise NotFound("There is no such linked sign-in.")

    def token_for(self, issuer: str, subject: str, label: str) -> str:
        """Return what lets somebody who came back from the provider make an account."""
        return self._tokens.make(NEW, [issuer, subject, label], NEW_SECONDS)

    def sign_up(self, token: str, name: str) -> StoredAccount:
        """Make an account without a password for who came back, with the right to sign in alone.

        NotFound if the token cannot be used, BadRequest and NameTaken as `AccountService.add`.
        """
        values = self._tokens.read(NEW, token)
        if values is None:
            raise NotFound(OVER)
        row = self._accounts.row_of(NewAccount(name, None))

        def write(connection: Connection) -> StoredAccount:
            self._tokens.spend(connection, token)
            account = insert_account(connection, row)
            _insert(connection, account.id, *values)
            return account

        return self._transactions.run(write)


def _insert(connection: Connection, account_id: int, issuer: str, subject: str, label: str) -> None:
    row = {
        "account_id": account_id,
        "issuer": issuer,
        "subject": subject,
        "label": label,
        "created": datetime.now(UTC),
    }
    try:
        connection.execute(insert(IDENTITIES), row)
    except IntegrityError as error:
        raise Forbidden("This sign-in belongs to another account here.") from error
