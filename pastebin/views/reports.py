"""Saying to the operator that something is wrong with a file."""

from urllib.parse import urlsplit

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest, Forbidden
from ..resources import PreviewContext
from ..web.bodies import read_small_form
from ..web.negotiation import HTML, preferred


@view_config(context=PreviewContext, request_method="POST")
def report(context: PreviewContext, request: Request) -> Response:
    """Keep what the form's field `report` says: 303 to the page for a browser, 204 for a program."""
    require_own_page(request)
    reason = read_small_form(request).get("report")
    if reason is None:
        raise BadRequest("Say in the field `report` what is wrong with this file.")
    services, address = request.services, request.client_addr or ""
    services.rate_limits.reports.require(address)
    services.moderation.report(context.file, reason)
    services.rate_limits.reports.count(address)
    if preferred(request) != HTML:
        return Response(status=204)
    request.session.flash("reported")
    return HTTPSeeOther(location=request.address("p", context.file.filehash))


def require_own_page(request: Request) -> None:
    """Raise Forbidden for a form that a page of another site has sent. Programs say nothing of sites."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    origin = request.headers.get("Origin")
    is_foreign = origin is not None and origin != "null" and not _is_own(request, origin)
    if site in ("cross-site", "same-site") or is_foreign or origin == "null":
        raise Forbidden("This form was sent by a page of another site.")


def _is_own(request: Request, origin: str) -> bool:
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    return host.lower() in (urlsplit(request.root_address).netloc.lower(), request.host.lower())
