"""Files themselves: the bytes, the download, the short link."""

import re
import time
from dataclasses import replace

from pyramid.httpexceptions import HTTPFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import DownloadContext, FileContext, InlineContext, ShortLinkContext
from ..services.files import StoredFile
from ..web.file_responses import (
    ACCELERATE_FROM,
    Sendable,
    answer_unchanged,
    cache_control,
    leave_to_nginx,
    send,
)
from ..web.response_headers import content_disposition
from ..web.transform_query import asks_for_transform
from .images import resized_inline

BINARY = "application/octet-stream"

# The query of the address that a preview page shows an HTML page by.
FRAMED = "as=page"

# The answers that have some of the bytes.
WITH_BYTES = frozenset({"200 OK", "206 Partial Content"})

_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")


@view_config(context=InlineContext, request_method="GET")
def inline(context: FileContext, request: Request) -> Response:
    """Send a file's bytes for looking at, where that is safe, and for saving otherwise; an image in any size.

    One view rather than two with predicates: the one that does not fit costs as much as the answer's headers.
    """
    file, query = context.file, request.environ.get("QUERY_STRING")
    if query and asks_for_transform(query):
        return resized_inline(context, request)
    if query == FRAMED:
        return count_download(request, file, _framed(file, request))
    return count_download(request, file, shown(context, request))


def shown(context: FileContext, request: Request) -> Response:
    """Return a file's bytes for looking at, where that is safe, and for saving otherwise."""
    shown_as = context.file.inline_type
    return _send(request, context.file, shown_as or BINARY, "inline" if shown_as else "attachment")


def _framed(file: StoredFile, request: Request) -> Response:
    """Send an HTML page for a frame as what it is; whoever opens its address by itself gets plain text.

    So nobody can pass on an address of ours that shows a page of somebody else's.
    """
    is_for_frame = request.environ.get("HTTP_SEC_FETCH_DEST") == "iframe"
    shown_as = (file.framed_type if is_for_frame else None) or file.inline_type
    response = _send(request, file, shown_as or BINARY, "inline" if shown_as else "attachment")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@view_config(context=DownloadContext, request_method="GET")
def download(context: DownloadContext, request: Request) -> Response:
    """Send a file's bytes for saving under the name they came with."""
    return count_download(request, context.file, saved(context, request))


def saved(context: FileContext, request: Request) -> Response:
    """Return a file's bytes for saving under the name they came with."""
    return _send(request, context.file, BINARY, "attachment")


@view_config(context=DownloadContext, request_method="GET", request_param="entry")
def entry(context: DownloadContext, request: Request) -> Response:
    """Send one file out of an archive, by its number in the listing, for saving."""
    given = request.GET["entry"]
    if not _NUMBER.fullmatch(given):
        raise BadRequest("entry must be the number of a file in the archive, from 0.")
    file = context.file
    content = Sendable(
        size=0,
        tag=f"{file.sha256}-{int(given)}",
        modified=file.uploadtime,
        content_type=BINARY,
        disposition="attachment",
        cache_control=cache_control(file, time.time()),
    )
    if (unchanged := answer_unchanged(request, content)) is not None:  # before a worker takes it out
        return unchanged
    taken = request.services.extracting.extract(file, int(given), request.client_addr or "")
    disposition = content_disposition("attachment", taken.name)
    return send(request, replace(content, size=taken.size, disposition=disposition), taken.reader)


@view_config(context=ShortLinkContext, request_method="GET")
def short_link(context: ShortLinkContext, request: Request) -> Response:
    """Lead from a short link to the preview page."""
    return HTTPFound(location=request.address("p", context.file.filehash))


def _send(request: Request, file: StoredFile, content_type: str, disposition: str) -> Response:
    content = Sendable(
        size=file.size,
        tag=file.sha256,
        modified=file.uploadtime,
        content_type=content_type,
        disposition=content_disposition(disposition, file.filename),
        cache_control=cache_control(file, time.time()),
    )
    accelerated = request.services.settings.sendfile == "x-accel"
    if accelerated and file.size >= ACCELERATE_FROM:
        return leave_to_nginx(request, content, file.sha256)
    return send(request, content, request.services.store.open(file.sha256))


def count_download(request: Request, file: StoredFile, response: Response) -> Response:
    """Count an answer that has a file's bytes from the first one on, and return it."""
    if _is_download(request, response):
        request.services.counting.count_download(file.id)
    return response


def _is_download(request: Request, response: Response) -> bool:
    """Tell whether somebody gets the bytes from the first one on; the ranges after that are no more of it."""
    environ = request.environ
    if environ["REQUEST_METHOD"] == "HEAD" or response.status not in WITH_BYTES:
        return False
    wanted: str | None = environ.get("HTTP_RANGE")
    return wanted is None or wanted.replace(" ", "").startswith("bytes=0-")
