"""Trying passwords of files and collections."""

import hashlib
import hmac
import secrets
import threading

from ..cache import BoundedEntries
from .gate import Guarded
from .passwords import AT_ONCE, Passwords
from .rate_limits import RateLimits
from .terms import MAX_PASSWORD

# A program sends the password with each request, and checking one takes 50 ms: a right one stays known.
KNOWN_SECONDS = 300.0
KNOWN_ENTRIES = 1000


class Unlocking:
    """Checks passwords; who guesses too often is refused before anything is checked."""

    def __init__(self, passwords: Passwords, limits: RateLimits) -> None:
        self._passwords = passwords
        self._limits = limits
        self._secret = secrets.token_bytes(32)
        self._known = BoundedEntries(KNOWN_ENTRIES, KNOWN_SECONDS)
        # So that not more than these are under way when the limit is reached.
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def is_right(self, item: Guarded, password: str, address: str) -> bool:
        """Tell whether a password opens an item. TooManyRequests after too many wrong ones.

        They are counted for an address, for an item and for all together.
        """
        if item.password is None or self._known.get(self._mark(item.password, password)):
            return True
        with self._turns:
            self._limits.wrong_passwords.require(address, item.realm)
            # What nobody could have chosen is wrong without a hash, which takes time by its length.
            if len(password) <= MAX_PASSWORD and self._passwords.is_right(item.password, password):
                self._known[self._mark(item.password, password)] = True
                return True
            self._limits.wrong_passwords.count(address, item.realm)
        return False

    def _mark(self, hashed: str, password: str) -> str:
        """Return what tells a password of a file from all others, of no use to whoever reads it."""
        said = f"{hashed}\n{password}".encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()
