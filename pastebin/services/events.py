"""What happens to files and accounts, told to whoever listens: inside its transaction, and after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from sqlalchemy.engine import Connection, Engine

from ..models import after_commit
from .stored_file import StoredFile

# Under which option an engine has those who listen.
_OPTION = "pastebin_events"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `name` is what others call it."""

    name: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class FileEvent(Event):
    """Something happened to a file, as it was then."""

    file: StoredFile


@dataclass(frozen=True, slots=True)
class FileAdded(FileEvent):
    """A link was made."""

    name: ClassVar[str] = "file.added"


@dataclass(frozen=True, slots=True)
class FileRemoved(FileEvent):
    """A link has ended; `act` says how, as the audit does."""

    name: ClassVar[str] = "file.removed"
    act: str


@dataclass(frozen=True, slots=True)
class FileQuarantined(FileEvent):
    """An operator has hidden a file."""

    name: ClassVar[str] = "file.quarantined"


@dataclass(frozen=True, slots=True)
class FileReleased(FileEvent):
    """An operator shows a hidden file again."""

    name: ClassVar[str] = "file.released"


@dataclass(frozen=True, slots=True)
class FileReported(FileEvent):
    """A visitor has said something against a file."""

    name: ClassVar[str] = "file.reported"
    reason: str


@dataclass(frozen=True, slots=True)
class RequestAnswered(Event):
    """A guest has sent files to a file request: so many, of so many bytes together. `is_full` says that
    it takes no more.
    """

    name: ClassVar[str] = "request.answered"
    title: str
    owner_id: int
    files: int
    size: int
    is_full: bool


@dataclass(frozen=True, slots=True)
class AccountEvent(Event):
    """Something happened to an account."""

    account_id: int
    account: str


@dataclass(frozen=True, slots=True)
class AccountSuspended(AccountEvent):
    """An account may not go on."""

    name: ClassVar[str] = "account.suspended"


@dataclass(frozen=True, slots=True)
class AccountResumed(AccountEvent):
    """A suspended account may go on."""

    name: ClassVar[str] = "account.resumed"


KINDS: tuple[type[Event], ...] = (
    *(FileAdded, FileRemoved, FileQuarantined, FileReleased, FileReported, RequestAnswered),
    *(AccountSuspended, AccountResumed),
)
NAMES = tuple(kind.name for kind in KINDS)


class Listener:
    """Who wants to know, in one of these ways or both."""

    def inside(self, connection: Connection, happened: Sequence[Event]) -> None:
        """Take note in the transaction: what is written here is there if, and only if, it is committed."""

    def after(self, happened: Sequence[Event]) -> None:
        """Take note when the transaction is committed."""


class Events:
    """Those who listen to what happens in an engine's database, in this process."""

    def __init__(self, engine: Engine) -> None:
        self._listeners: tuple[Listener, ...] = ()
        engine.update_execution_options(**{_OPTION: self})

    def listen(self, *listeners: Listener) -> None:
        """Tell others, too."""
        self._listeners += listeners

    def inside(self, connection: Connection, happened: Sequence[Event]) -> None:
        """Tell everybody inside the transaction."""
        for listener in self._listeners:
            listener.inside(connection, happened)

    def after(self, happened: Sequence[Event]) -> None:
        """Tell everybody after the transaction."""
        for listener in self._listeners:
            listener.after(happened)


def announce(connection: Connection, happened: Sequence[Event]) -> None:
    """Tell those who listen now, inside the transaction, and again when it is committed."""
    events: Events | None = connection.get_execution_options().get(_OPTION)
    if events is not None and happened:
        events.inside(connection, happened)
        after_commit(connection, partial(events.after, happened))
