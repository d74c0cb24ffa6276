"""The address of a file's page: the page for browsers, JSON for programs, text for a command line."""

from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..media.charsets import CODECS
from ..resources import PreviewContext
from ..services.files import StoredFile
from ..services.metadata import NOTHING
from ..web.negotiation import JSON, TEXT, preferred_for_page
from .arranging import arrange
from .cards import share_card
from .files import inline
from .representations import describe, essentials


@view_config(context=PreviewContext, request_method="GET")
def preview(context: PreviewContext, request: Request) -> Response:
    """Show a file's page, or what the client can use of it: a text itself, of others the essentials."""
    wanted = preferred_for_page(request)
    if wanted == TEXT:
        response = _for_terminal(context, request)
    elif wanted == JSON:
        response = Response(json_body=describe(request, context.file), content_type=JSON)
    else:
        response = _page(context.file, request)
    response.vary = ("Accept", "User-Agent")
    if context.file.is_restricted or context.file.expires_at is not None:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(file: StoredFile, request: Request) -> Response:
    as_source = request.GET.get("view") == "source"
    charset = request.GET.get("encoding") or None
    shown = request.services.previews.preview(file, charset, as_source=as_source)
    found = request.services.metadata.look_over(file) if file.downloads_left is None else NOTHING
    arranged, arrangement = arrange(shown, request.GET)
    values = {
        "file": file,
        "described": describe(request, file),
        "preview": arranged,
        "arrangement": arrangement,
        "charsets": tuple(CODECS),
        "as_source": as_source,
        "card": share_card(request, file, shown),
        "qr_code": request.address("q", file.filehash),
        "notices": request.notices(),
        "management_key": request.notices("management_key"),
        "removed": request.notices("removed"),
        "personal": (),
        "is_damaged": found.is_damaged,
        "shot": found.shot,
        "has_claimed": file.realm in request.identity.claimed,
    }
    if values["management_key"]:  # only who has uploaded it is told
        values["personal"] = request.services.metadata.find_personal(file)
    with request.services.previews.page(arranged):
        response = render_to_response("preview.mako", values, request)
    if values["management_key"]:  # told once, to one reader
        response.headers["Cache-Control"] = "no-store"
    return response


def _for_terminal(context: PreviewContext, request: Request) -> Response:
    file = context.file
    if file.is_text and file.downloads_left is None:
        response = inline(context, request)
        response.cache_control = "no-cache"  # another client gets something else here
        return response
    return Response(essentials(request, file), content_type=TEXT, charset="utf-8")
