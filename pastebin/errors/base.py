"""What all errors of the service have in common."""

from typing import Self


class PastebinError(Exception):
    """Base of all errors the service raises on purpose."""

    code = "error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = self.reason = message

    def about(self, name: str) -> Self:
        """Return this error with a message that begins with what it is about: one of several files.

        The log gets `reason`, which names no file.
        """
        self.message = f"File {name}: {self.message}"
        return self


class NotFound(PastebinError):
    """There is no such file, short link or page."""

    code = "not_found"


class InternalError(PastebinError):
    """Something went wrong that nobody foresaw; its cause says what."""

    code = "internal_error"


class Unavailable(PastebinError):
    """The database or the store does not answer at the moment."""

    code = "unavailable"
