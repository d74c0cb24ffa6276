"""One request that sends bytes of an unfinished content."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import GaveWay
from .unfinished import Unfinished
from .unfinished_state import Claim


class Appender:
    """A request that sends bytes. The lock is held for each piece alone, so that another one can take over.

    With `is_checked` nothing of it counts before `confirm`.
    """

    def __init__(self, content: Unfinished, *, is_checked: bool) -> None:
        self._content = content
        self.start = content.size
        self._claim = Claim(secrets.token_bytes(16), time.monotonic_ns(), self.start if is_checked else None)
        content.state.save_claim(self._claim)

    def write(self, data: bytes) -> None:
        """Append `data`; GaveWay if another request has taken over."""
        with self._content.state.locked():
            self._require_claim()
            self._content.write(data)
            self._content.state.save_claim(Claim(self._claim.token, time.monotonic_ns(), self._claim.barrier))

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """Hold the lock for the end, after which nobody writes; GaveWay if another request has taken over."""
        with self._content.state.locked():
            self._require_claim()
            try:
                yield
            finally:
                self._content.state.save_claim(None)

    def confirm(self) -> None:
        """Have what was appended count, whatever becomes of the rest of `finishing`."""
        self._content.state.save_claim(Claim(self._claim.token, time.monotonic_ns()))

    def rollback(self) -> None:
        """Forget what was appended."""
        self._content.truncate(self.start)

    def _require_claim(self) -> None:
        claim = self._content.state.claim
        if claim is None or claim.token != self._claim.token:
            raise GaveWay("Another request has gone on with this upload, as no byte came here for a while.")
