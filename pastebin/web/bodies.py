"""The body of a request, read once and copied nowhere."""

import errno
from collections.abc import Callable
from typing import Any

from pyramid.request import Request

from ..errors import BadUpload, StorageFull


def body_reader(request: Request) -> Callable[[int], bytes]:
    """Return `read(n)` over the request's body as the server hands it over, copied nowhere.

    It ends where the body ends, whatever the server's stream does there. It raises
    StorageFull when the server had no room for the body, BadUpload when the client went away.
    """
    stream: Any = request.environ["wsgi.input"]
    left = request.content_length
    if left is None and not request.environ.get("wsgi.input_terminated"):
        left = 0

    def read(size: int) -> bytes:
        nonlocal left
        wanted = size if left is None else min(size, left)
        if wanted == 0:
            return b""
        try:
            data: bytes = stream.read(wanted)
        except OSError as error:
            raise _read_error(error) from error
        if left is not None:
            left -= len(data)
        return data

    return read


def _read_error(error: OSError) -> BadUpload | StorageFull:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull("The server's disk is full. Nothing was stored; try again later.")
    return BadUpload("The connection ended before the whole file had arrived.")
