"""What differs between two texts: `?against=` at the page of the older one."""

from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest, NotFound
from ..resources import InlineContext, PreviewContext
from ..services.files import StoredFile

# What the last parts of a file's addresses may be named by.
_BY_HASH = ("p", "i", "d", "r", "q")


@view_config(context=PreviewContext, request_method="GET", request_param="against")
def compare(context: PreviewContext, request: Request) -> Response:
    """Show what differs in the text that `against` gives, by any of its addresses or its public name."""
    old = readable(request, context.file.filehash)
    new = readable(request, _name_of(request, request.GET["against"]))
    shown = request.services.comparing.compare(old, new)
    with request.services.previews.page(shown):
        values = {"old": old, "new": new, "preview": shown}
        response = render_to_response("comparison.mako", values, request)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _name_of(request: Request, given: str) -> str:
    """Return the public name of a file that an address, a short code or the name itself leads to."""
    *before, name = given.strip().partition("?")[0].partition("#")[0].rstrip("/").split("/")
    if not before or before[-1] in _BY_HASH:
        return name
    if before[-1] != "s":
        raise BadRequest("That is no address of a file of this service.")
    try:
        found: StoredFile = request.root["s"][name].file
    except (KeyError, AttributeError) as error:
        raise NotFound("There is no such short link.") from error
    return found.filehash


def readable(request: Request, name: str) -> StoredFile:
    """Return a file whose bytes the visitor may see without taking a download of it."""
    try:
        found = request.root["i"][name]
    except KeyError as error:
        raise NotFound("There is no such file.") from error
    if not isinstance(found, InlineContext):
        raise BadRequest("Only texts that you can read without a password or a download can be compared.")
    return found.file
