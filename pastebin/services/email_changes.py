"""Another e-mail address for an account, once a message to it was read."""

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from ..errors import NameTaken, NotFound
from ..models import ACCOUNTS, WriteTransactions
from .account_names import clean_email, fold
from .account_records import StoredAccount, password_version
from .accounts import AccountService
from .signed_tokens import OVER, SignedTokens

KIND = "e-mail"

# How long the address in the message holds.
SECONDS = 86_400


class EmailChanges:
    """Changes of addresses. A token is for one account, as it was when the change was asked for."""

    def __init__(self, engine: Engine, accounts: AccountService, tokens: SignedTokens) -> None:
        self._transactions = WriteTransactions(engine)
        self._accounts = accounts
        self._tokens = tokens

    def token_for(self, account: StoredAccount, email: str) -> str:
        """Return what to send to an account's new address. BadRequest if it is none."""
        return self._tokens.make(KIND, [*_state(account), clean_email(email)], SECONDS)

    def is_of_another(self, account: StoredAccount, email: str) -> bool:
        """Tell whether an address belongs to another account."""
        found = self._accounts.find(email)
        return found is not None and found.id != account.id

    def email_of(self, account: StoredAccount, token: str) -> str:
        """Return the address that a token was sent to.

        NotFound unless it is for this account, which has had no other address and password since.
        """
        values = self._tokens.read(KIND, token)
        if values is None or values[:-1] != _state(account):
            raise NotFound(OVER)
        return str(values[-1])

    def change(self, account_id: int, token: str) -> StoredAccount:
        """Give an account the address of a token; return it as it was.

        NotFound if the token cannot be used, NameTaken if another account has the address meanwhile.
        """

        def write(connection: Connection) -> StoredAccount:
            which = ACCOUNTS.c.id == account_id
            row = connection.execute(select(ACCOUNTS).where(which).with_for_update()).first()
            if row is None:
                raise NotFound(OVER)
            before = StoredAccount.of(row)
            email = self.email_of(before, token)
            self._tokens.spend(connection, token)
            try:
                values = {"email": email, "folded_email": fold(email)}
                connection.execute(update(ACCOUNTS).where(which).values(values))
            except IntegrityError as error:
                raise NameTaken("Another account has this address.") from error
            return before

        return self._transactions.run(write)


def _state(account: StoredAccount) -> list[object]:
    return [account.id, account.email, password_version(account.password)]
