"""What the link in a message is good for: an account for its address, or another password."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy.engine import Connection, Engine

from ..errors import NotFound
from ..models import WriteTransactions
from .account_names import clean_email
from .account_records import (
    NewAccount,
    StoredAccount,
    insert_account,
    password_now,
    password_version,
    remove_ways_in,
    write_password,
)
from .accounts import AccountService
from .rights import LOGIN
from .signed_tokens import OVER, SignedTokens

SIGN_UP, RESET = "sign-up", "reset"

# How long the links hold, in seconds.
SIGN_UP_SECONDS = 86_400
RESET_SECONDS = 3_600


class EmailSignUp:
    """Accounts for who has shown that messages to an address reach them."""

    def __init__(self, engine: Engine, accounts: AccountService, tokens: SignedTokens) -> None:
        self._transactions = WriteTransactions(engine)
        self._accounts = accounts
        self._tokens = tokens

    def token_for(self, email: str) -> str:
        """Return what to send to an address. BadRequest if it is none."""
        return self._tokens.make(SIGN_UP, [clean_email(email)], SIGN_UP_SECONDS)

    def email_of(self, token: str) -> str:
        """Return the address that a token was sent to; NotFound if it cannot be used (any more)."""
        values = self._tokens.read(SIGN_UP, token)
        if values is None or self._accounts.find(values[0]) is not None:
            raise NotFound(OVER)
        return str(values[0])

    def sign_up(self, token: str, new: NewAccount) -> StoredAccount:
        """Make an account with the address of a token, and the right to sign in alone.

        NotFound if the token cannot be used, BadRequest and NameTaken as `AccountService.add`.
        """
        row = self._accounts.row_of(replace(new, email=self.email_of(token), roles=LOGIN))

        def write(connection: Connection) -> StoredAccount:
            self._tokens.spend(connection, token)
            return insert_account(connection, row)

        return self._transactions.run(write)


class PasswordReset:
    """Another password for who reads the messages of an account."""

    def __init__(self, engine: Engine, accounts: AccountService, tokens: SignedTokens) -> None:
        self._transactions = WriteTransactions(engine)
        self._accounts = accounts
        self._tokens = tokens

    def find(self, name: str) -> StoredAccount | None:
        """Return the account with a name or an address, if it may be told a token: one that has mail."""
        account = self._accounts.find(name)
        is_told = account is not None and account.email and _may_sign_in(account)
        return account if is_told else None

    def token_for(self, account: StoredAccount | None) -> str:
        """Return what to send to an account; for none what takes as long and is good for nothing."""
        number, password, email = (account.id, account.password, account.email) if account else (0, "", "")
        return self._tokens.make(RESET, [number, password_version(password), email], RESET_SECONDS)

    def account_of(self, token: str) -> StoredAccount:
        """Return the account that a token was sent to; NotFound if it cannot be used (any more)."""
        values = self._tokens.read(RESET, token)
        if values is None:
            raise NotFound(OVER)
        try:
            account = self._accounts.by_id(values[0])
        except NotFound as error:
            raise NotFound(OVER) from error
        now = [password_version(account.password), account.email]
        if now != values[1:] or not _may_sign_in(account):
            raise NotFound(OVER)
        return account

    def reset(
        self, token: str, password: str, passkeys: Collection[int] = (), identities: Collection[int] = ()
    ) -> None:
        """Give the account of a token another password, which ends all else that signs in to it.

        Its sessions and tokens end, and its passkeys and linked identities but those with the ids that are
        named: one who was in the account may have left one there, also since its owner was shown them.
        NotFound if the token cannot be used, BadRequest if it cannot be a password.
        """
        account, hashed = self.account_of(token), self._accounts.hashed(password)

        def write(connection: Connection) -> None:
            self._tokens.spend(connection, token)
            if password_now(connection, account.id) != account.password:
                raise NotFound(OVER)
            write_password(connection, account, hashed)
            remove_ways_in(connection, account.id, passkeys, identities)

        self._transactions.run(write)


def _may_sign_in(account: StoredAccount) -> bool:
    return bool(account.roles & LOGIN) and not account.is_suspended
