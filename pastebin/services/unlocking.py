"""Trying passwords of files."""

from ..errors import TooManyRequests
from .gate import Guarded
from .passwords import FilePasswords
from .rate_limits import RateLimits


class Unlocking:
    """Checks passwords; who guesses too often is refused before anything is checked."""

    def __init__(self, passwords: FilePasswords, limits: RateLimits) -> None:
        self._passwords = passwords
        self._limits = limits

    def is_right(self, item: Guarded, password: str, address: str) -> bool:
        """Tell whether a password opens an item; TooManyRequests after too many wrong ones of an address."""
        wait = self._limits.wrong_passwords.seconds_to_wait(address)
        if wait:
            raise TooManyRequests("Too many wrong passwords. Try again later.", wait)
        if item.password is not None and self._passwords.is_right(item.password, password):
            return True
        self._limits.wrong_passwords.count(address)
        return False
