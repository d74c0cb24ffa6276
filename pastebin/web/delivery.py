"""Answers that are taken back if nobody is there to hear them."""

import time
from collections.abc import Callable

from pyramid.request import Request
from pyramid.response import Response

# Between the pieces of such an answer, in seconds: a broken connection is noticed by then, at least that of
# a proxy beside the service.
PAUSE = 0.03


def is_end_untold(request: Request) -> bool:
    """Tell whether a body that was cut off would look whole: one in chunks that is no form.

    Granian ends the stream of a body whose client went away like that of one that has come.
    """
    environ = request.environ
    if "HTTP_TRANSFER_ENCODING" not in environ:
        return False
    return not environ.get("CONTENT_TYPE", "").lower().startswith("multipart/")


def confirmed(request: Request, response: Response, take_back: Callable[[], None]) -> Response:
    """Return an answer; if nobody hears it, and the body may have been cut off, `take_back` is called."""
    if is_end_untold(request):
        data = response.body
        response.app_iter = ConfirmedBody(data, take_back)
        response.content_length = len(data)
    return response


class ConfirmedBody:
    """A body in three pieces. `take_back` is called if the server cannot send them all."""

    def __init__(self, data: bytes, take_back: Callable[[], None]) -> None:
        self._pieces = [data[:1], data[1:2], data[2:]]
        self._left = len(self._pieces)
        self._take_back = take_back
        self._is_taken = False

    def __iter__(self) -> "ConfirmedBody":
        return self

    def __next__(self) -> bytes:
        if not self._pieces:
            self._is_taken = True
            raise StopIteration
        if len(self._pieces) < self._left:
            time.sleep(PAUSE)
        return self._pieces.pop(0)

    def close(self) -> None:
        """End the answer, as every server does."""
        if not self._is_taken:
            self._take_back()
