"""The digests of a content while it comes in."""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

from .._speedups.hashing import ContentHash

# A content that is larger than this is hashed in a thread of its own, so many pieces behind at most:
# hashing takes longer than anything else that happens to it.
PARALLEL_BYTES = 4 * 2**20
PIECES_AHEAD = 4


class StreamHash:
    """A ContentHash that falls a few pieces behind, so that whoever writes does not wait for it."""

    def __init__(self, content: ContentHash | None = None) -> None:
        self._content = content or ContentHash()
        self._pool: ThreadPoolExecutor | None = None
        self._waiting: deque[Future[None]] = deque()
        self._taken = 0

    def update(self, data: bytes) -> None:
        """Take in bytes, which must not change afterwards."""
        self._taken += len(data)
        if self._pool is None:
            if self._taken <= PARALLEL_BYTES:
                self._content.update(data)
                return
            self._pool = ThreadPoolExecutor(1, "content-hash")
        self._waiting.append(self._pool.submit(self._content.update, data))
        if len(self._waiting) > PIECES_AHEAD:
            self._waiting.popleft().result()

    def current(self) -> ContentHash:
        """Return the hash of all that was taken in."""
        while self._waiting:
            self._waiting.popleft().result()
        return self._content

    def close(self) -> None:
        """End the thread."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
