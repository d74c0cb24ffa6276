"""Files behind a password: the field for it, and what programs are told."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import PasswordNeeded
from ..resources import LockedContext
from ..web.bodies import read_small_form
from ..web.negotiation import is_navigation
from ..web.security import set_ticket


@view_config(context=LockedContext, request_method="GET")
def locked(_context: LockedContext, request: Request) -> Response:
    """Ask a person for the password, tell a program how to send it. Neither is told anything of the file."""
    if is_navigation(request):
        return _page(request, is_wrong=False)
    raise PasswordNeeded(
        "This file has a password. Send it as the password of HTTP Basic, with any user name."
    )


@view_config(context=LockedContext, request_method="POST")
def unlock(context: LockedContext, request: Request) -> Response:
    """Take the password of the page's form, and lead back to the same address if it is right."""
    password = read_small_form(request).get("password", "")
    address = request.client_addr or ""
    if not request.services.unlocking.is_right(context.item, password, address):
        return _page(request, is_wrong=True)
    response = HTTPSeeOther(location=request.path_qs)
    set_ticket(request, response, "unlock", context.item)
    response.cache_control = "no-store"
    return response


def _page(request: Request, *, is_wrong: bool) -> Response:
    response = render_to_response("locked.mako", {"is_wrong": is_wrong}, request)
    response.status_int = 403
    response.headers["Cache-Control"] = "no-store"
    return response
