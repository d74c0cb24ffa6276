"""Saying to the operator that something is wrong with a file."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import PreviewContext
from ..web.bodies import read_small_form
from ..web.negotiation import HTML, preferred
from ..web.origins import require_own_page


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
