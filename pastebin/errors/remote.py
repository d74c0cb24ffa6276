"""What can go wrong with a file on another server."""

from .base import PastebinError


class RemoteFailed(PastebinError):
    """Another server cannot be reached, or does not answer with a whole file."""

    code = "remote_failed"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or "The other server cannot be reached, or does not send a whole file.")


class RemoteTimeout(RemoteFailed):
    """Another server was silent for too long, or took too long in all."""

    code = "remote_timeout"
