"""Requests to servers elsewhere whose addresses strangers have chosen: only to where everybody may go."""

from .addresses import is_public, may_connect
from .deadline import Deadline
from .exchange import RemoteAnswer, RemotePolicy, exchange
from .following import RemoteFile, fetched
from .target import Target

__all__ = [
    "Deadline",
    "RemoteAnswer",
    "RemoteFile",
    "RemotePolicy",
    "Target",
    "exchange",
    "fetched",
    "is_public",
    "may_connect",
]
