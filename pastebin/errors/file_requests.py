"""What file requests refuse."""

from .base import PastebinError


class RequestFull(PastebinError):
    """A file request takes no more files, or not so many."""

    code = "request_full"
