"""Passwords of files and accounts: kept as argon2id, checked a few at a time."""

import secrets
import threading
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

# RFC 9106, 4, second recommendation, as argon2-cffi has it by default: 64 MiB each, so not many at once.
AT_ONCE = 2


class Passwords:
    """Hashes and checks. Each takes some 50 ms of a processor and 64 MiB, on purpose."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._slots = threading.BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """Return what to keep of a password."""
        with self._slots:
            return self._hasher.hash(password)

    def is_right(self, hashed: str, password: str) -> bool:
        """Tell whether a password is the one that was hashed."""
        with self._slots:
            try:
                return self._hasher.verify(hashed, password)
            except (Argon2Error, InvalidHashError):
                return False

    def check_nothing(self, password: str) -> None:
        """Take as long as a check takes: that there is no such account must not be seen by the time."""
        self.is_right(self._nobodys, password)

    @cached_property
    def _nobodys(self) -> str:
        return self.hash(secrets.token_urlsafe())
