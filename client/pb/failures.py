"""What can go wrong, each with the exit status that it ends with."""

INTERRUPTED = 130


class Failure(Exception):
    """A command, or one of its files, did not succeed.

    `may_pass` says that the same request may succeed in a moment, `after` seconds at the earliest.
    """

    status = 1
    may_pass = False
    after = 0.0


class LocalFault(Failure):
    """A file is missing or cannot be read or written, or the disk is full."""


class WrongUsage(Failure):
    """The command line makes no sense; `usage` is one that does."""

    status = 2

    def __init__(self, message: str, usage: str = "") -> None:
        super().__init__(message)
        self.usage = usage


class Unreachable(Failure):
    """The server cannot be reached or has a fault: later may help."""

    status = 3
    may_pass = True


class Refused(Failure):
    """The server does not do that."""

    status = 4


class Busy(Refused):
    """The server does not do that now."""

    may_pass = True


class NotThere(Failure):
    """There is nothing at an address, on the server or in the history."""

    status = 5


def combined_status(statuses: list[int]) -> int:
    """Return the exit status of several pieces of work: 1 where some failed, or for different reasons."""
    kinds = set(statuses)
    return kinds.pop() if len(kinds) == 1 else int(bool(kinds))
