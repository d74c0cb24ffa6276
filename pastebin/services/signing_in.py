"""Signing in with name and password, at a bounded rate."""

import threading

from .account_names import fold
from .account_records import StoredAccount
from .accounts import AccountService
from .passwords import AT_ONCE, Passwords
from .rate_limits import RateLimits
from .rights import LOGIN
from .terms import MAX_PASSWORD


class SignIn:
    """Checks names and passwords. Who guesses too often is refused before anything is checked.

    Wrong ones are counted for the address, for the account, and for all together; an unknown name takes as
    long as a known one, and is told the same.
    """

    def __init__(self, accounts: AccountService, passwords: Passwords, limits: RateLimits) -> None:
        self._accounts = accounts
        self._passwords = passwords
        self._limits = limits.sign_ins
        # So that not more than these are under way when the limit is reached.
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def check(self, name: str, password: str, address: str) -> StoredAccount | None:
        """Return the account with a name or an e-mail address and a password; None if there is none.

        Raises TooManyRequests after too many wrong ones.
        """
        with self._turns:
            self._limits.require(address, fold(name))
            account = self._accounts.find(name)
            if self._is_right(account, password) and account is not None and not account.is_suspended:
                return account if account.roles & LOGIN else None
            self._limits.count(address, fold(name))
        return None

    def check_again(self, account: StoredAccount, password: str, address: str) -> bool:
        """Tell whether a password is that of an account that is signed in, at the same rate."""
        return self.check(account.name, password, address) is not None

    def _is_right(self, account: StoredAccount | None, password: str) -> bool:
        if len(password) > MAX_PASSWORD:
            return False
        if account is None or not account.password:
            self._passwords.check_nothing(password)
            return False
        return self._passwords.is_right(account.password, password)
