"""Bytes as HTTP answers: whole, in part, not modified, or left to the web server in front.

These are the most frequent answers of all. They are made from a plain list of headers, as
setting headers one at a time on a response costs several times as much.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache, partial
from typing import Any, BinaryIO

from pyramid.request import Request
from pyramid.response import Response

from ..errors import Overloaded
from ..services.stored_file import StoredFile
from .response_headers import content_policy

# A link's bytes never change; a month is what callers of the older service got.
MAX_AGE = 2592000

# A file may end before that: caches that many share ask again after a minute.
SHARED_MAX_AGE = 60

# Bytes of a file that are read at a time. Granian holds eight of these for each client that reads slowly; the
# smaller they are, the more often the interpreter is asked for the next one.
BLOCK = 128 * 2**10

# Files up to this size are read at once and leave together with the headers.
WHOLE = 64 * 2**10

# Where nginx keeps the store's folder, for itself only (docs/deployment.md).
ACCELERATED = "/_store"

# nginx can keep smaller files in its cache (it does not cache a redirection to a file).
ACCELERATE_FROM = 2**20

# One range of bytes; positions longer than any file are no ranges. Runs of spaces are taken whole (`*+`),
# or a header of many would be read in quadratic time.
_RANGE = re.compile(r"bytes\s*+=\s*+([0-9]{0,18})\s*+-\s*+([0-9]{0,18})", re.ASCII | re.IGNORECASE)

# An entity tag, whether weak or not, in a list that need not have spaces.
_TAG = re.compile(r'"[^"]*"')

Headers = list[tuple[str, str]]


_OPEN = f"public, max-age={MAX_AGE}, s-maxage={SHARED_MAX_AGE}"


def cache_control(file: StoredFile, now: float) -> str:
    """Return how long the bytes of a file may be kept: never by others where a right is needed for them."""
    if file.is_restricted:
        return "private, no-store"
    if file.expires_at is None:
        return _OPEN
    left = max(0, int(file.expires_at - now))
    return f"public, max-age={min(left, MAX_AGE)}, s-maxage={min(left, SHARED_MAX_AGE)}"


@lru_cache(1024)
def _http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


@dataclass(frozen=True)
class Sendable:
    """Somebody's bytes on their way out: `size` of them, their strong ETag, type and disposition."""

    size: int
    tag: str
    modified: datetime
    content_type: str
    disposition: str
    cache_control: str = _OPEN

    @property
    def etag(self) -> str:
        """Return the quoted ETag."""
        return f'"{self.tag}"'

    @property
    def last_modified(self) -> str:
        """Return the moment of the upload as HTTP writes it."""
        return _http_date(self.modified)

    def validators(self) -> Headers:
        """Return the headers of every answer about these bytes, 304 included."""
        return [
            ("ETag", self.etag),
            ("Last-Modified", self.last_modified),
            ("Accept-Ranges", "bytes"),
            ("Cache-Control", self.cache_control),
            ("Content-Security-Policy", content_policy(self.content_type)),
            ("X-Content-Type-Options", "nosniff"),
        ]

    def described(self) -> Headers:
        """Return the headers of an answer that has some of the bytes."""
        return [
            *self.validators(),
            ("Content-Type", self.content_type),
            ("Content-Disposition", self.disposition),
        ]


def send(request: Request, content: Sendable, reader: BinaryIO) -> Response:
    """Return the bytes from where `reader` stands, or the part or the 304 the client asked for.

    The reader is closed when all is sent. Honours If-None-Match, If-Modified-Since, If-Range and
    a single Range; anything else in Range is answered with everything (RFC 9110, 14.2).
    """
    if (unchanged := answer_unchanged(request, content)) is not None:
        reader.close()
        return unchanged
    wanted = _wanted(request.environ, content)
    start, stop = wanted or (0, content.size)
    headers, status = content.described(), "200 OK"
    if wanted and start >= stop:
        reader.close()
        headers += [("Content-Range", f"bytes */{content.size}"), ("Content-Length", "0")]
        return _answer("416 Range Not Satisfiable", headers)
    if wanted:
        headers.append(("Content-Range", f"bytes {start}-{stop - 1}/{content.size}"))
        status = "206 Partial Content"
    headers.append(("Content-Length", str(stop - start)))
    if start:
        reader.seek(reader.tell() + start)
    return _answer(status, headers, _body(request, reader, stop - start))


def leave_to_nginx(request: Request, content: Sendable, sha256: str) -> Response:
    """Return an answer that has nginx send a stored content from its internal location.

    nginx does the ranges; whether the client has the bytes already is decided here.
    """
    if (unchanged := answer_unchanged(request, content)) is not None:
        return unchanged
    location = ("X-Accel-Redirect", f"{ACCELERATED}/{sha256[:2]}/{sha256}")
    return _answer("200 OK", [*content.described(), location, ("Content-Length", "0")])


def answer_unchanged(request: Request, content: Sendable) -> Response | None:
    """Return a 304 if the client said that it has these very bytes."""
    return _answer("304 Not Modified", content.validators()) if not_modified(request, content) else None


def not_modified(request: Request, content: Sendable) -> bool:
    """Tell whether the client said that it has these very bytes."""
    tags = request.environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return tags.strip() == "*" or content.etag in _TAG.findall(tags)
    if "HTTP_IF_MODIFIED_SINCE" not in request.environ:
        return False
    since = request.if_modified_since
    return since is not None and content.modified.replace(microsecond=0) <= since


def _answer(status: str, headers: Headers, body: Any = ()) -> Response:
    return Response(status=status, headerlist=headers, app_iter=body)


def _wanted(environ: dict[str, Any], content: Sendable) -> tuple[int, int] | None:
    """Return start and end (exclusive) of the range that is asked for, empty if the file ends before it.

    An empty file has no ranges and is always sent whole.
    """
    match = _RANGE.fullmatch(environ.get("HTTP_RANGE", "").strip())
    if not match or match[1] == match[2] == "" or environ["REQUEST_METHOD"] != "GET" or not content.size:
        return None
    if environ.get("HTTP_IF_RANGE", content.etag) not in (content.etag, content.last_modified):
        return None
    if match[1] == "":  # the last bytes, as many as are asked for
        return max(0, content.size - int(match[2])), content.size
    start, stop = int(match[1]), int(match[2]) + 1 if match[2] else content.size
    if match[2] and stop <= start:  # malformed, and so not there (RFC 9110, 14.1.1)
        return None
    return start, min(stop, content.size)


def _body(request: Request, reader: BinaryIO, length: int) -> Any:
    """Return `length` bytes of a reader as a body. Raises Overloaded where enough of those are under way."""
    method = request.environ["REQUEST_METHOD"]
    if length <= WHOLE and method == "GET":
        with reader:
            return [reader.read(length)]
    wrapper = request.environ.get("wsgi.file_wrapper")
    if wrapper is not None and length:  # of a server that sends files itself, without a thread for each
        return wrapper(reader, BLOCK)
    if method == "HEAD":
        return _Pieces(reader, length)
    slots, address = request.services.downloads, request.environ.get("REMOTE_ADDR", "")
    try:
        slots.take(address)
    except Overloaded:
        reader.close()
        raise
    return _HeldPieces(reader, length, partial(slots.give_back, address))


class _Pieces:
    """The next `length` bytes of a reader, which is closed also if nobody asks for any (HEAD)."""

    def __init__(self, reader: BinaryIO, length: int) -> None:
        self._reader = reader
        self._left = length

    def __iter__(self) -> Iterator[bytes]:
        while self._left and (piece := self._reader.read(min(BLOCK, self._left))):
            self._left -= len(piece)
            yield piece

    def close(self) -> None:
        """Close the reader; the server calls this after the answer, whatever became of it."""
        self._reader.close()


class _HeldPieces(_Pieces):
    """The same, with a slot that is given back once, also where an answer is thrown away unsent."""

    def __init__(self, reader: BinaryIO, length: int, give_back: Callable[[], None]) -> None:
        super().__init__(reader, length)
        self._give_back: Callable[[], None] | None = give_back

    def close(self) -> None:
        """Close the reader and give the slot back."""
        super().close()
        give_back, self._give_back = self._give_back, None
        if give_back is not None:
            give_back()

    __del__ = close
