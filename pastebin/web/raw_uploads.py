"""Uploads whose body is the file itself, or a form of a browser without files."""

from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import parse_qsl

from pyramid.request import Request

from ..errors import BadUpload, PartialPut, TooLarge, UnsupportedBody
from ..media.dispositions import disposed_name
from ..names import clean_filename
from ..services.uploads import Incoming
from ..storage import BlobStore
from .bodies import FORM, SIMPLE_FORM, body_reader, body_type, require_plain_body
from .header_texts import is_blanked
from .upload_forms import (
    FORM_OVERHEAD,
    PIECE,
    TEXT_LIMIT,
    UploadForm,
    read_upload_form,
    text_form,
    too_large,
)

_NO_FORM = (
    "This form has neither `text` nor `url`. "
    "To send a file as it is: curl -T photo.jpg, or name it with ?name="
)


class UploadBody:
    """The body of an upload, looked at as far as its headers tell.

    `name` is what the path says. Raises the errors of headers that ask for what is not possible, TooLarge
    where the length that is told is enough for that.
    """

    def __init__(self, request: Request, name: str | None, limit: int) -> None:
        self._limit = limit
        self._read: Callable[[int], bytes] = body_reader(request)
        self._content_type: str = request.environ.get("CONTENT_TYPE", "")
        kind = body_type(request)
        self._is_form = kind == FORM
        if request.method == "PUT" and "Content-Range" in request.headers:
            raise PartialPut("A file is put whole here. An upload that can be continued goes to /tus.")
        require_plain_body(request)
        given = _given_name(request, name)
        disposed = None if self._is_form or given is not None else _disposed_name(request)
        self._is_simple_form = kind == SIMPLE_FORM and given is None
        named = given if given is not None else disposed
        if kind == "application/json" and named is None:
            raise UnsupportedBody("A body of JSON is no upload here unless ?name= says which file it is.")
        self._name = "" if named is None else clean_filename(named)
        if (request.content_length or 0) > limit + (FORM_OVERHEAD if self._is_form else 0):
            raise too_large(limit)

    def read(self, store: BlobStore) -> UploadForm:
        """Read it to its end into `store`; the caller closes what is returned, and keeps it or not."""
        if self._is_form:
            return read_upload_form(self._content_type, self._read, store, self._limit)
        if self._is_simple_form:
            return text_form(self._fields(store), store, self._limit)
        with ExitStack() as stack:
            writer = stack.enter_context(store.writer())
            while piece := self._read(PIECE):
                if writer.size + len(piece) > self._limit:
                    raise too_large(self._limit)
                writer.write(piece)
            return UploadForm([Incoming(writer, self._name, self._name)], {}, stack.pop_all())

    def _fields(self, store: BlobStore) -> dict[str, str]:
        with store.writer() as gathered:  # not in memory, where hundreds may be slow
            while piece := self._read(min(PIECE, TEXT_LIMIT + 1 - gathered.size)):
                gathered.write(piece)
                if gathered.size > TEXT_LIMIT:
                    raise TooLarge(f"This form is larger than 1 MiB. {_NO_FORM}")
            gathered.finish()
            with gathered.reader() as reader:
                data = reader.read()
        try:
            pairs = parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100)
        except ValueError as error:
            raise BadUpload(_NO_FORM) from error
        fields = dict(pairs)
        if not fields.get("text") and not fields.get("url"):
            raise BadUpload(_NO_FORM)
        return fields


def _given_name(request: Request, name: str | None) -> str | None:
    """Return the name of the path, else of the query; None without one."""
    if name is not None:
        return name
    return request.GET.get("name") if request.environ.get("QUERY_STRING") else None


def _disposed_name(request: Request) -> str | None:
    """Return the name of `Content-Disposition`; BadUpload if it is not UTF-8."""
    if is_blanked(request.environ, "HTTP_CONTENT_DISPOSITION"):
        raise BadUpload("Content-Disposition has to be ASCII here: give the name as filename*=UTF-8''…")
    try:
        return disposed_name(request.headers.get("Content-Disposition", ""))
    except UnicodeError as error:
        raise BadUpload("The file name is not UTF-8.") from error
