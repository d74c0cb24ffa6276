"""Files on other servers, fetched for who uploads: how many at a time, from where, and for whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy.engine import Engine

from ..errors import BadUpload, RemoteOff, TooLarge
from ..media.dispositions import disposed_name
from ..models import WriteTransactions
from ..names import clean_filename, suffix_of, visible_name
from ..remote import Deadline, RemoteFile, RemotePolicy, fetched
from ..units import humanize_bytes
from .audit import Act, note
from .moderation import REASON_LENGTH
from .rate_limits import Limit
from .slots import Slots

# How many files are fetched at a time, in all and for one address: each takes a thread, and a server may be
# slow on purpose.
AT_ONCE, FOR_ONE = 16, 4


class RemoteFiles:
    """Fetches files, if the operator lets it. Whoever fetches one holds one of the `slots`."""

    def __init__(
        self, engine: Engine, limit: Limit, policy: RemotePolicy, *, is_on: bool, seconds: float
    ) -> None:
        self._transactions = WriteTransactions(engine)
        self._limit = limit
        self._policy = policy
        self._is_on = is_on
        self._seconds = seconds
        self.slots = Slots(
            AT_ONCE, FOR_ONE, "Enough files are being fetched at the moment. Try again when one is done."
        )

    def admit(self, url: str, address: str, *, is_owned: bool) -> None:
        """Count and note a fetch that an address asks for; RemoteOff, TooManyRequests. Asks nobody yet."""
        if not self._is_on:
            raise RemoteOff("Nothing is fetched from other servers here: upload the file itself.")
        self._limit.require(address)
        self._limit.count(address)
        who = "account" if is_owned else "anybody"
        said = f"for {address}: {_without_secrets(url)}"[:REASON_LENGTH]
        self._transactions.run(lambda connection: note(connection, Act.FETCHED, who, said))

    def deadline(self) -> Deadline:
        """Return how long a fetch that begins now may take."""
        return Deadline(self._seconds)

    @contextmanager
    def opened(self, url: str, limit: int, deadline: Deadline) -> Iterator[RemoteFile]:
        """Give what is at a URL; TooLarge if it says that it is, BadRemote, RemoteFailed, RemoteTimeout."""
        with fetched(url.strip(), self._policy, deadline) as file:
            if (file.length or 0) > limit:
                raise _too_large(limit)
            yield file


class Sink(Protocol):
    """Where bytes go, `size` of them so far."""

    @property
    def size(self) -> int:
        """Return how many bytes were written so far."""

    def write(self, data: bytes) -> None:
        """Append `data`."""


def receive(file: RemoteFile, writer: Sink, limit: int) -> None:
    """Write what comes; TooLarge, RemoteFailed, RemoteTimeout."""
    for piece in file.pieces:
        if writer.size + len(piece) > limit:
            raise _too_large(limit)
        writer.write(piece)


def name_of(file: RemoteFile, title: str) -> str:
    """Return the cleaned name of a file; nothing if it has none.

    A title with a suffix is one. Else it is what the other server says, or what its address ends in.
    """
    if suffix_of(title.strip()):
        return clean_filename(title)
    try:
        told = disposed_name(file.disposition)
    except UnicodeError:
        told = None
    for name in (told, file.last_segment, title):
        if name and name.strip(" ./\\"):
            return _cleaned(name)
    return ""


def _cleaned(name: str) -> str:
    """Return a name as files have them; nothing if it is too long, as nobody here has chosen it."""
    try:
        return clean_filename(name)
    except BadUpload:
        return ""


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The file is larger than this server accepts ({humanize_bytes(limit)}).")


def _without_secrets(url: str) -> str:
    """Return a URL in visible letters, without its query, which may be a right, and without a password."""
    plain, mark, _query = url.partition("?")
    scheme, slashes, place = plain.partition("#")[0].partition("//")
    host, slash, path = place.partition("/")
    return visible_name(f"{scheme}{slashes}{host.rpartition('@')[2]}{slash}{path}{mark}", REASON_LENGTH)
