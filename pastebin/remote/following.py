"""A file elsewhere, wherever redirects lead."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from ..errors import BadRemote, RemoteFailed
from .deadline import Deadline
from .exchange import RemoteAnswer, RemotePolicy, exchange
from .target import Target

REDIRECTS = frozenset({301, 302, 303, 307, 308})
REDIRECT_LIMIT = 5


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that is about to come: where it lies in the end, and how long it is said to be.

    `disposition` is the header of that name in Latin-1, as it came.
    """

    target: Target
    length: int | None
    disposition: str
    pieces: Iterator[bytes]

    @property
    def last_segment(self) -> str:
        """Return what the path ends in, which may be nothing."""
        return unquote(urlsplit(self.target.path).path.rpartition("/")[2])


@contextmanager
def fetched(url: str, policy: RemotePolicy, deadline: Deadline) -> Iterator[RemoteFile]:
    """Give the file at a URL. Each redirect is checked as the URL itself; there are REDIRECT_LIMIT at most.

    Raises BadRemote, RemoteFailed and RemoteTimeout, also while its pieces come.
    """
    for _ in range(REDIRECT_LIMIT + 1):
        target = Target.parse(url, policy.ports)
        with exchange("GET", target, policy, deadline) as answer:
            if answer.status not in REDIRECTS:
                yield _file_in(answer, target)
                return
            url = _redirected(target, answer)
    raise RemoteFailed()


def _file_in(answer: RemoteAnswer, target: Target) -> RemoteFile:
    if answer.status != 200 or answer.header("Content-Encoding").strip().lower() not in ("", "identity"):
        raise RemoteFailed()
    return RemoteFile(target, answer.length, answer.header("Content-Disposition"), answer.pieces())


def _redirected(target: Target, answer: RemoteAnswer) -> str:
    location = answer.header("Location").strip()
    if not location:
        raise RemoteFailed()
    try:
        return urljoin(target.url, location.encode("latin-1").decode("utf-8", "replace"))
    except ValueError as error:
        raise BadRemote("A redirect leads to what is no address of the web.") from error
