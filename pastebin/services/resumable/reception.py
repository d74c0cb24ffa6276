"""The bytes of one request, on their way into an unfinished content."""

import hashlib
import hmac
import time
from collections.abc import Callable, Iterator

from ...errors import BadUpload, GaveWay, PastebinError, StorageFull, TooLarge, Unavailable, WrongChecksum
from ...storage import Appender
from .records import Chunk

Read = Callable[[int], bytes]

# A server's `read` waits for all that it is asked for. On a slow line little is asked for, so that what has
# come is kept when the line breaks, and a writer is seen to be alive. How fast it is, nobody knows before
# the first bytes: so it begins with one, and after 18 reads a line of any speed has its size.
LEAST, MOST = 1, 2**18
LONG, SHORT = 0.2, 0.05

_WRONG = "These are not the bytes that the checksum is of: send them again."


def pieces(read: Read) -> Iterator[bytes]:
    """Yield what comes, in pieces that take about a tenth of a second."""
    size = LEAST
    while True:
        begun = time.monotonic()
        piece = read(size)
        if not piece:
            return
        yield piece
        took = time.monotonic() - begun
        if took > LONG:
            size = max(LEAST, int(size * 0.1 / took))
        elif took < SHORT:
            size = min(MOST, size * 2)


def require_checksum(chunk: Chunk, data: bytes) -> None:
    """Raise WrongChecksum if a chunk has a checksum that is not that of `data`."""
    if chunk.checksum is not None:
        algorithm, digest = chunk.checksum
        if not hmac.compare_digest(hashlib.new(algorithm, data, usedforsecurity=False).digest(), digest):
            raise WrongChecksum(_WRONG)


class Reception:
    """Receives a chunk: at most up to `limit` bytes of the whole."""

    def __init__(self, chunk: Chunk, limit: int) -> None:
        self._chunk = chunk
        self._limit = limit
        self._digest = (
            None if chunk.checksum is None else hashlib.new(chunk.checksum[0], usedforsecurity=False)
        )
        self.failure: PastebinError | None = None

    def receive(self, read: Read, appender: Appender) -> None:
        """Append what comes; what ends it early becomes `failure`. GaveWay goes through."""
        end = appender.start
        try:
            for piece in pieces(read):
                end += len(piece)
                if end > self._limit:
                    raise TooLarge("There are more bytes than this upload was said to have, or may have.")
                appender.write(piece)
                if self._digest is not None:
                    self._digest.update(piece)
        except GaveWay:
            raise
        except (BadUpload, TooLarge, StorageFull, Unavailable) as error:
            self.failure = error
        else:
            self._compare()

    def _compare(self) -> None:
        if self._chunk.checksum is None or self._digest is None:
            return
        if not hmac.compare_digest(self._digest.digest(), self._chunk.checksum[1]):
            self.failure = WrongChecksum(_WRONG)

    @property
    def is_void(self) -> bool:
        """Return whether nothing of the chunk may count: it is too long, or could not be checked."""
        return isinstance(self.failure, TooLarge) or (self.failure is not None and self._digest is not None)
