"""Large pages on their way to slow readers: so many at a time, as each is in memory until it has been read.

Files are read while they are sent, and compressed pages are small: this is about pages of some megabytes for
programs that take no compression.
"""

from collections.abc import Iterator

from pyramid.response import Response

from ..services.slots import Slots

# Bytes of an answer that is large, and of the pieces that it is sent in.
LARGE = 256 * 2**10
_PIECE = 64 * 2**10

# How many of them one process sends at a time, and how many to one address.
AT_ONCE = 48
FOR_ONE = 8


class LargeAnswers:
    """Slots for large answers."""

    def __init__(self) -> None:
        self._slots = Slots(AT_ONCE, FOR_ONE, "Enough large pages are being sent. Try again in a moment.")

    def hold(self, response: Response, address: str) -> None:
        """Have an answer that is large and in memory hold a slot until it is sent. Raises Overloaded."""
        body = response.app_iter
        if type(body) is list and len(body) == 1 and len(body[0]) > LARGE:
            self._slots.take(address)
            response.app_iter = _HeldBody(body[0], self._slots, address)
            response.content_length = len(body[0])  # which WebOb forgets with another body


class _HeldBody:
    """The bytes of an answer in pieces. Closing it, which happens in any case, gives the slot back."""

    def __init__(self, data: bytes, slots: Slots, address: str) -> None:
        self._data = data
        self._slots: Slots | None = slots
        self._address = address

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._data), _PIECE):
            yield self._data[start : start + _PIECE]

    def close(self) -> None:
        """Give the slot back, once."""
        slots, self._slots = self._slots, None
        if slots is not None:
            slots.give_back(self._address)
