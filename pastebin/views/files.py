"""Looking at files: the preview page, the bytes, the download, the short link."""

from typing import Any

from pyramid.httpexceptions import HTTPFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..http import content_disposition, serve_bytes
from ..resources import DownloadContext, InlineContext, PreviewContext, ShortLinkContext
from ..security import content_policy
from ..services.files import StoredFile
from .uploads import describe

# A link's bytes never change; a month is what callers of the older service got.
MAX_AGE = 2592000

BINARY = "application/octet-stream"


@view_config(context=PreviewContext, request_method="GET", renderer="preview.mako")
def preview(context: PreviewContext, request: Request) -> dict[str, Any]:
    """Show a file's page."""
    file = context.file
    return {
        "file": file,
        "described": describe(request, file),
        "text": request.services.texts.preview(file) if file.is_text else None,
        "notices": request.session.pop_flash(),
    }


@view_config(context=InlineContext, request_method="GET")
def inline(context: InlineContext, request: Request) -> Response:
    """Send a file's bytes for looking at, where that is safe, and for saving otherwise."""
    file = context.file
    shown_as = file.inline_type
    kind = "inline" if shown_as else "attachment"
    return _send(request, file, shown_as or BINARY, kind)


@view_config(context=DownloadContext, request_method="GET")
def download(context: DownloadContext, request: Request) -> Response:
    """Send a file's bytes for saving under the name they came with."""
    return _send(request, context.file, BINARY, "attachment")


@view_config(context=ShortLinkContext, request_method="GET")
def short_link(context: ShortLinkContext, request: Request) -> Response:
    """Lead from a short link to the preview page."""
    return HTTPFound(location=request.address("p", context.file.filehash))


def _send(request: Request, file: StoredFile, content_type: str, disposition: str) -> Response:
    reader = request.registry["pastebin.store"].open(file.sha256)
    response = serve_bytes(request, reader, file.size, file.sha256, file.uploadtime, content_type)
    response.headers["Content-Disposition"] = content_disposition(disposition, file.filename)
    return guard_content(response, content_type)


def guard_content(response: Response, content_type: str) -> Response:
    """Put on an answer with somebody's bytes what keeps them from doing anything."""
    response.headers["Content-Security-Policy"] = content_policy(content_type)
    response.headers["Cache-Control"] = f"max-age={MAX_AGE}"
    return response
