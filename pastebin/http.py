"""The parts of HTTP that several views need: bodies, file names, what a client prefers."""

import errno
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from pyramid.request import Request

from .errors import BadUpload, StorageFull

HTML, JSON, TEXT = "text/html", "application/json", "text/plain"

# What a quoted string in a header cannot hold, or what clients read differently there.
_NOT_PLAIN = re.compile(r'[^ -~]|["\\%]')

_COMMAND_LINE = ("curl/", "wget/")


def preferred(request: Request) -> str:
    """Return HTML, JSON or TEXT, whichever the client likes best; JSON if it does not say."""
    if request.environ.get("HTTP_ACCEPT", "*/*") == "*/*":  # every program: nothing to weigh
        return JSON
    offers = request.accept.acceptable_offers([JSON, HTML, TEXT])
    return offers[0][0] if offers else JSON


def preferred_for_page(request: Request) -> str:
    """Return HTML, JSON or TEXT, whichever the client likes best; TEXT for curl, HTML if nobody says."""
    accept = request.headers.get("Accept", "*/*").strip()
    if accept.startswith(HTML):  # every browser: nothing to weigh
        return HTML
    if accept == "*/*" and _is_command_line(request):
        return TEXT
    offers = request.accept.acceptable_offers([HTML, JSON, TEXT])
    return offers[0][0] if offers else HTML


def _is_command_line(request: Request) -> bool:
    return (request.user_agent or "").lower().startswith(_COMMAND_LINE)


def is_for_programs(request: Request) -> bool:
    """Tell whether a request is for `/j`, also where it came nowhere or its address is no UTF-8."""
    return bool(request.environ["PATH_INFO"] == "/j")


def preferred_for_error(request: Request) -> str:
    """Return the form an error should have: as `preferred`, but a line of text for curl."""
    accept = request.headers.get("Accept", "*/*").strip()
    if accept == "*/*" and _is_command_line(request) and not is_for_programs(request):
        return TEXT
    return preferred(request)


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


def content_disposition(kind: str, filename: str) -> str:
    """Return a Content-Disposition for any file name (RFC 6266): ASCII first, then UTF-8."""
    plain = _NOT_PLAIN.sub("_", filename)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='', errors='replace')}"
