"""Resumable uploads: the protocol tus 1.0.0 with all of its extensions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import GaveWay, NotFound, PastebinError, WrongOffset
from ..resources import TusPreflight, TusUpload, TusUploads
from ..services.flags import Flag
from ..services.resumable import Chunk, NewUpload, UploadState
from ..web.bodies import body_reader, has_body
from ..web.negotiation import JSON
from ..web.tus_answers import PREFLIGHT, tell
from ..web.tus_headers import (
    ALGORITHMS,
    EXTENSIONS,
    VERSION,
    checksum_of,
    chunk_of,
    new_upload,
    parts_of,
    require_octets,
)
from ..web.upload_limits import require_uploads, tell_limits
from ..web.upload_rights import require_uploader, token_id, upload_limit, with_defaults
from .representations import describe, describe_terms, short_address


@view_config(context=TusPreflight, request_method="OPTIONS")
def options(request: Request) -> Response:
    """Say what the service can do, and that pages of other origins may do it."""
    response = Response(status=204)
    response.headers.update(PREFLIGHT)
    response.headers.update(
        {
            "Tus-Version": VERSION,
            "Tus-Extension": ",".join(EXTENSIONS),
            "Tus-Max-Size": str(request.services.settings.max_upload_size),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        }
    )
    return response


@view_config(context=TusUploads, request_method="POST")
def create(context: TusUploads, request: Request) -> Response:
    """Begin an upload, with its first bytes if there are some, or make one of parts."""
    wanted, concat = new_upload(request)
    if wanted.joining is not None:
        context.require_open(wanted.joining)
    wanted = _of_account(request, wanted)
    if request.services.rate_limits.is_on:
        tell_limits(request)
        require_uploads(request)
    if concat.startswith("final"):
        parts, maker = parts_of(request, concat), request.authenticated_userid
        resumable = request.services.resumable
        return _created(request, resumable.concatenate(wanted, concat, parts, _address(request), maker))
    first = Chunk(0, request.content_length or 0, None, checksum_of(request))
    if has_body(request.environ):
        require_octets(request)
        first = Chunk(0, request.content_length, None, first.checksum)
    name = request.services.resumable.create(wanted, _address(request), request.authenticated_userid)
    return _created(request, _first(request, name, first))


def _first(request: Request, name: str, chunk: Chunk) -> UploadState:
    """Take the first bytes in. An upload whose maker is told an error instead of its address goes at once."""
    resumable, state = request.services.resumable, None
    try:
        state = _append(request, name, chunk)
    finally:
        if state is None:
            resumable.forget(name)
    return state


@view_config(context=TusUpload, request_method="PATCH")
def append(context: TusUpload, request: Request) -> Response:
    """Append bytes; the last ones make a file of the upload."""
    with _end_told(request, context.upload):
        require_octets(request)
        request.services.flags.require_off(Flag.NO_UPLOADS)
        try:
            state = _append(request, context.upload, chunk_of(request))
        except WrongOffset:
            tell(request, _standing(request, _state(request, context.upload)))
            raise
        except (GaveWay, NotFound):  # in the middle
            tell(request, {"Connection": "close"})
            raise
    return Response(status=204, headerlist=list(_standing(request, state).items()))


@contextmanager
def _end_told(request: Request, upload: str) -> Iterator[None]:
    """Have errors, too, say when an unfinished upload is forgotten."""
    try:
        yield
    except PastebinError:
        end = request.services.resumable.ends_at(upload)
        if end is not None:
            tell(request, {"Upload-Expires": _http_date(end)})
        raise


def _append(request: Request, name: str, chunk: Chunk) -> UploadState:
    if request.services.rate_limits.is_on:
        tell_limits(request)
    state: UploadState = request.services.resumable.append(
        name, chunk, body_reader(request), _address(request)
    )
    return state


def _state(request: Request, name: str) -> UploadState:
    state: UploadState = request.services.resumable.state(name, _address(request))
    return state


def _address(request: Request) -> str:
    return request.client_addr or ""


@view_config(context=TusUpload, request_method="GET")
def look(context: TusUpload, request: Request) -> Response:
    """Answer `HEAD` as the protocol has it, and `GET` with the same as JSON for programs and people."""
    with _end_told(request, context.upload):
        if request.method == "GET":
            state = request.services.resumable.look(context.upload)
            return as_json(request, request.services.remote_uploads.look(state, _address(request)))
        state = _state(request, context.upload)
    response = Response(status=200, headerlist=list(_standing(request, state).items()))
    if state.record.length is None:
        response.headers["Upload-Defer-Length"] = "1"
    for name, text in (("Upload-Metadata", state.record.metadata), ("Upload-Concat", state.record.concat)):
        if text:
            response.headers[name] = text
    response.headers["Cache-Control"] = "no-store"
    return response


@view_config(context=TusUpload, request_method="DELETE")
def terminate(context: TusUpload, request: Request) -> Response:
    """Give an upload up, or forget a finished one, whose file stays."""
    with _end_told(request, context.upload):
        request.services.resumable.terminate(context.upload)
    return Response(status=204)


def _of_account(request: Request, wanted: NewUpload) -> NewUpload:
    """Return what somebody asks for with what their token says. Raises what keeps them from uploading."""
    account = require_uploader(request)
    if account is None:
        return wanted
    request.services.quotas.require_room(account.id, wanted.length or 0)
    terms = wanted.terms if wanted.joining is not None else with_defaults(account, wanted.terms)
    limit = upload_limit(request, account)
    return replace(wanted, terms=terms, max_size=limit, token=token_id(account))


def _created(request: Request, state: UploadState) -> Response:
    response = UploadAt(request, state, 201)
    response.headers.update(_standing(request, state))
    return response


class UploadAt(Response):  # type: ignore[misc]
    """An answer whose `Location` stays a path: no proxy on the way can spoil its scheme or its host."""

    def __init__(self, request: Request, state: UploadState, status: int) -> None:
        super().__init__(status=status, headerlist=[])
        self.location = self._path = f"{urlsplit(request.root_address).path.rstrip('/')}/tus/{state.name}"

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer; WebOb would make an address of the path."""

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            told = [(name, self._path if name == "Location" else text) for name, text in headers]
            return start_response(status, told, *error)

        return super().__call__(environ, start)


def _standing(request: Request, state: UploadState) -> dict[str, str]:
    """Return the headers that say where an upload stands, and what it has become."""
    said = {"Upload-Offset": str(state.offset)}
    if state.record.length is not None:
        said["Upload-Length"] = str(state.record.length)
    if state.file is None:
        return said | expiry(state)
    management, short = request.address("m", state.management_key), short_address(request, state.file)
    said["Pb-Location"] = request.address("p", state.file.filehash)
    said["Link"] = f'<{management}>; rel="edit", <{short}>; rel="shortlink"'
    return said


def expiry(state: UploadState) -> dict[str, str]:
    """Return the header that says when an unfinished upload is forgotten; none for a file."""
    return {"Upload-Expires": _http_date(state.ends_at)} if state.file is None else {}


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def as_json(request: Request, state: UploadState) -> Response:
    """Say where an upload stands, and what it has become."""
    response = Response(json_body=standing(request, state), content_type=JSON)
    response.headers.update(expiry(state))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def standing(request: Request, state: UploadState) -> dict[str, Any]:
    """Return where an upload stands, and what it has become, as programs are told."""
    said: dict[str, Any] = {
        "offset": state.offset,
        "length": state.length,
        "complete": state.is_complete,
        "expires": state.ends_at.isoformat(timespec="seconds"),
        "prefix_sha256": state.prefix_sha256,
    }
    if state.record.failure is not None:
        said["error"] = dict(zip(("code", "message"), state.record.failure, strict=True))
    if state.file is not None:
        said["prefix_sha256"] = state.file.sha256
        said = {**describe(request, state.file), **said}
        said["url_m"] = describe_terms(request, state.file, state.management_key)["url_m"]
    return said
