"""One request to elsewhere and its answer."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse

from ..errors import BadRemote, RemoteFailed, RemoteTimeout
from .addresses import Network, may_connect
from .connection import PinnedConnection
from .deadline import Deadline
from .resolving import resolve
from .target import NOT_PUBLIC, Target

PIECE = 64 * 2**10

# Nothing else is told of who asks: no cookie, no referrer, no credentials.
_HEADERS = {"User-Agent": "pastebin", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}


@dataclass(frozen=True, slots=True)
class RemotePolicy:
    """Where requests may go: to some ports, of public addresses and of the networks in `allowed`."""

    ports: frozenset[int] = frozenset({80, 443})
    allowed: Sequence[Network] = ()


class RemoteAnswer:
    """An answer whose body is still to come."""

    def __init__(self, response: HTTPResponse) -> None:
        self._response = response
        self.status = response.status

    def header(self, name: str) -> str:
        """Return a header in Latin-1, as it came; nothing if it is not there, or told in several ways."""
        found = set(self._response.headers.get_all(name, []))
        return str(found.pop()) if len(found) == 1 else ""

    @property
    def length(self) -> int | None:
        """Return how many bytes the body has; None where only its end tells. RemoteFailed for nonsense."""
        coding = self.header("Transfer-Encoding").strip().lower()
        if coding not in ("", "chunked"):
            raise RemoteFailed()
        if coding or "Content-Length" not in self._response.headers:
            return None
        told = self.header("Content-Length")
        if not (told.isascii() and told.isdecimal() and len(told) < 20):
            raise RemoteFailed()
        return int(told)

    def pieces(self) -> Iterator[bytes]:
        """Yield the body as it comes; RemoteFailed if it is not as long as was said."""
        length, received = self.length, 0
        while received != length:
            piece = self._read()
            received += len(piece)
            if length is not None and (received > length or not piece):
                raise RemoteFailed()
            if not piece:
                return
            yield piece

    def _read(self) -> bytes:
        with _own_errors():
            if self._response.chunked:
                return self._response.read1(PIECE)
            piece: bytes = self._response.fp.read1(PIECE)
            return piece


@contextmanager
def exchange(
    method: str,
    target: Target,
    policy: RemotePolicy,
    deadline: Deadline,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Iterator[RemoteAnswer]:
    """Send a request and give its answer, whatever its status.

    The host is looked up once and all its addresses are checked: BadRemote if one must not be asked. Raises
    RemoteFailed and RemoteTimeout.
    """
    addresses = resolve(target.host, target.port, deadline)
    if not all(may_connect(address, policy.allowed) for address in addresses):
        raise BadRemote(NOT_PUBLIC)
    connection = PinnedConnection(target, addresses, deadline)
    try:
        with _own_errors():
            connection.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
            length = {} if body is None else {"Content-Length": str(len(body))}
            for name, value in {"Host": target.authority, **_HEADERS, **(headers or {}), **length}.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
        yield RemoteAnswer(response)
    finally:
        connection.end()


@contextmanager
def _own_errors() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise RemoteTimeout("The other server has been silent for too long.") from error
    except (OSError, HTTPException) as error:
        raise RemoteFailed() from error
