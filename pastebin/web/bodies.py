"""The body of a request, read once and copied nowhere."""

import errno
import json
import time
from collections.abc import Callable, Collection
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from multipart import MultipartError, MultipartParser, parse_options_header
from pyramid.request import Request

from ..errors import BadRequest, BadUpload, StorageFull, TooLarge, UnsupportedBody, UnsupportedEncoding

# What is read of a body that nobody wants: a client that is still sending would not hear the answer.
DISCARD_BYTES = 64 * 2**20
DISCARD_SECONDS = 30
PIECE = 2**18

# How browsers send forms.
FORM, SIMPLE_FORM = "multipart/form-data", "application/x-www-form-urlencoded"

_KEY = "pastebin.body"


class RequestBody:
    """The body of a WSGI request, which ends where it ends, whatever the server's stream does there.

    Granian and gunicorn hand it over while it comes in, waitress when it has come. All end it
    by themselves. Granian also ends a body whose client went away in its middle: only one with a
    length can then be told from a whole one.
    """

    def __init__(self, environ: dict[str, Any]) -> None:
        self._stream = environ["wsgi.input"]
        self._is_terminated = bool(environ.get("wsgi.input_terminated"))
        self._waits_to_send = environ.get("HTTP_EXPECT", "").lower() == "100-continue"
        self._left = _length(environ)
        if self._left is None and not self._is_terminated:
            self._left = 0
        self._has_begun = False

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, nothing at the end.

        Raises StorageFull when the server had no room for the body, BadUpload when the client went away.
        """
        wanted = size if self._left is None else min(size, self._left)
        if wanted == 0:
            return b""
        self._has_begun = True
        try:
            data: bytes = self._stream.read(wanted)
        except OSError as error:
            raise _read_error(error) from error
        if self._left is not None:
            if not data:
                raise BadUpload(_CUT_SHORT)
            self._left -= len(data)
        return data

    def discard_rest(self) -> None:
        """Read what is left, so that the client hears the answer: DISCARD_BYTES at most.

        A client that waits to be told to send is not told to, and one with much more to send is
        told at once, by an answer and the end of the connection.
        """
        too_much = self._left is not None and self._left > DISCARD_BYTES
        if not self._is_terminated or too_much or (self._waits_to_send and not self._has_begun):
            return
        deadline, read = time.monotonic() + DISCARD_SECONDS, 0
        try:
            while read < DISCARD_BYTES and time.monotonic() < deadline and (piece := self.read(PIECE)):
                read += len(piece)
        except (BadUpload, StorageFull):
            return  # nobody is there to hear more


def body_of(environ: dict[str, Any]) -> RequestBody:
    """Return the body of a request, always the same object for the same request."""
    body = environ.get(_KEY)
    if body is None:
        body = environ[_KEY] = RequestBody(environ)
    return body


def body_reader(request: Request) -> Callable[[int], bytes]:
    """Return `read(n)` over the request's body: `RequestBody.read`."""
    return body_of(request.environ).read


def has_body(environ: dict[str, Any]) -> bool:
    """Tell whether a request announces a body."""
    is_chunked = "HTTP_TRANSFER_ENCODING" in environ
    return is_chunked or environ.get("CONTENT_LENGTH") not in (None, "", "0")


def body_type(request: Request) -> str:
    """Return the media type that a request gives its body, in small letters; nothing without one."""
    return str(request.content_type).strip().lower()


def require_plain_body(request: Request) -> None:
    """Raise UnsupportedEncoding for a body that is compressed on its way: files are taken as they are."""
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise UnsupportedEncoding("The body must not be compressed by Content-Encoding: send it as it is.")


def _length(environ: dict[str, Any]) -> int | None:
    text = environ.get("CONTENT_LENGTH") or ""
    return int(text) if text.isdecimal() else None


_CUT_SHORT = "The connection ended before the whole file had arrived."


def _read_error(error: OSError) -> BadUpload | StorageFull:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull("The server's disk is full. Nothing was stored; try again later.")
    return BadUpload(_CUT_SHORT)


# A body that is no upload, in bytes.
SMALL_BODY = 64 * 2**10

# Fields of such a form: a page of an account's files to choose from, and what is to become of them.
FIELDS = 600


def read_small_body(request: Request) -> bytes:
    """Return a body that is no upload; TooLarge if it has more than SMALL_BODY bytes."""
    read, pieces, size = body_reader(request), [], 0
    while piece := read(SMALL_BODY + 1 - size):
        pieces.append(piece)
        size += len(piece)
        if size > SMALL_BODY:
            raise TooLarge("The body of this request may have at most 64 KiB.")
    return b"".join(pieces)


def read_small_form(request: Request) -> dict[str, str]:
    """Return the fields of a small form, of either kind that browsers send; BadRequest if it is none."""
    return {name: values[-1] for name, values in read_small_form_lists(request).items()}


def read_small_form_lists(request: Request) -> dict[str, list[str]]:
    """Return the fields of a small form with all their values, one at least; BadRequest if it is none."""
    fields: dict[str, list[str]] = {}
    for name, value in _read_small_pairs(request):
        fields.setdefault(name, []).append(value)
    return fields


def _read_small_pairs(request: Request) -> list[tuple[str, str]]:
    kind, options = parse_options_header(request.headers.get("Content-Type", ""))
    body = read_small_body(request)
    if kind == SIMPLE_FORM:
        try:
            return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS)
        except ValueError as error:
            raise BadRequest("The form is malformed.") from error
    if kind == FORM:
        try:
            parser = MultipartParser(BytesIO(body), options.get("boundary", ""), content_length=len(body))
            # UTF-8, whatever charset a part claims: Python knows some that make no text.
            return [(part.name, part.raw.decode()) for part in parser if not part.filename]
        except (MultipartError, UnicodeDecodeError) as error:
            raise BadRequest("The form is malformed.") from error
    raise UnsupportedBody("Send a form, as a page does.")


def read_object(request: Request, names: Collection[str]) -> dict[str, Any]:
    """Return the JSON object of a small body; BadRequest unless it is one, with keys of `names` alone."""
    asked = read_json(request)
    if not isinstance(asked, dict) or asked.keys() - set(names):
        raise BadRequest(f"Send a JSON object with some of {', '.join(sorted(names))}.")
    return asked


def read_json(request: Request) -> Any:
    """Return what a small body says in JSON; BadRequest if it is none, or names a key twice."""
    try:
        said = json.loads(
            read_small_body(request), parse_constant=_refuse_constant, object_pairs_hook=_unique_keys
        )
        json.dumps(said, ensure_ascii=False).encode()  # an escape may be half a character
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is no JSON.") from error
    return said


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found
