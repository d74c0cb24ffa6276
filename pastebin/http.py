"""The parts of HTTP that several views need: bodies, bytes with ranges, what a client prefers."""

import errno
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import quote

from pyramid.request import Request
from pyramid.response import Response
from webob.byterange import ContentRange

from .errors import BadUpload, StorageFull

HTML, JSON, TEXT = "text/html", "application/json", "text/plain"

_COMMAND_LINE = ("curl/", "wget/")
BLOCK = 256 * 2**10

# One range of bytes; positions longer than any file are no ranges.
_RANGE = re.compile(r"bytes\s*=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})", re.ASCII | re.IGNORECASE)


def preferred(request: Request) -> str:
    """Return HTML, JSON or TEXT, whichever the client likes best; JSON if it does not say."""
    offers = request.accept.acceptable_offers([JSON, HTML, TEXT])
    return offers[0][0] if offers else JSON


def is_for_programs(request: Request) -> bool:
    """Tell whether a request is for `/j`, also where it came nowhere or its address is no UTF-8."""
    return bool(request.environ["PATH_INFO"] == "/j")


def preferred_for_error(request: Request) -> str:
    """Return the form an error should have: as `preferred`, but a line of text for curl."""
    accept = request.headers.get("Accept", "*/*").strip()
    agent = (request.user_agent or "").lower()
    if accept == "*/*" and agent.startswith(_COMMAND_LINE) and not is_for_programs(request):
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
    plain = "".join(c if " " <= c < "\x7f" and c not in '"\\%' else "_" for c in filename)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def serve_bytes(
    request: Request, reader: BinaryIO, size: int, etag: str, modified: datetime, content_type: str
) -> Response:
    """Return `size` bytes from where `reader` stands, or the part or the 304 the client asked for.

    The reader is closed when all is sent. Honours If-None-Match, If-Modified-Since, If-Range and
    a single Range; anything else in Range is answered with everything (RFC 9110, 14.2).
    """
    response = Response(content_type=None)
    response.etag = etag
    response.last_modified = modified
    response.accept_ranges = "bytes"
    if _not_modified(request, etag, modified):
        return _without_body(response, reader, 304)
    start, stop = _wanted(request, response, size)
    if start >= stop and size:
        response.content_range = ContentRange(None, None, size)
        return _without_body(response, reader, 416)
    if stop - start < size:
        response.status_int = 206
        response.content_range = ContentRange(start, stop, size)
    response.headers["Content-Type"] = content_type
    reader.seek(reader.tell() + start)
    response.app_iter = _body(request, reader, stop - start)
    response.content_length = stop - start
    return response


def _without_body(response: Response, reader: BinaryIO, status: int) -> Response:
    reader.close()
    response.status_int = status
    response.content_length = None if status == 304 else 0
    return response


def _not_modified(request: Request, etag: str, modified: datetime) -> bool:
    if request.headers.get("If-None-Match") is not None:
        return etag in request.if_none_match
    since = request.if_modified_since
    return since is not None and modified.replace(microsecond=0) <= since


def _wanted(request: Request, response: Response, size: int) -> tuple[int, int]:
    """Return start and end (exclusive) of the bytes to send; an empty span if the range has none."""
    match = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if request.method != "GET" or not match or match[1] == match[2] == "":
        return 0, size
    unchanged = (response.headers["ETag"], response.headers["Last-Modified"])
    if request.headers.get("If-Range", unchanged[0]) not in unchanged:
        return 0, size
    if match[1] == "":  # the last bytes, as many as are asked for
        return max(0, size - int(match[2])), size
    start, stop = int(match[1]), int(match[2]) + 1 if match[2] else size
    if stop <= start < size:  # malformed, and so not there (RFC 9110, 14.1.1)
        return 0, size
    return start, min(stop, size)


def _body(request: Request, reader: BinaryIO, length: int) -> Any:
    wrapper = request.environ.get("wsgi.file_wrapper")
    if wrapper is not None and length:
        return wrapper(reader, BLOCK)
    return _pieces(reader, length)


def _pieces(reader: BinaryIO, length: int) -> Iterator[bytes]:
    with reader:
        while length and (piece := reader.read(min(BLOCK, length))):
            length -= len(piece)
            yield piece
