"""Signing in and out with name and password."""

from urllib.parse import quote

from pyramid.httpexceptions import HTTPForbidden
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config, view_config

from ..resources import Login, Logout
from ..web.bodies import read_small_form
from ..web.cookies import end_session, require_form_token
from ..web.negotiation import is_navigation
from ..web.response_headers import no_store
from ..web.security import account_of
from .errors import answer
from .session_start import safe_target, see, start_session


@view_config(context=Login, request_method="GET")
def ask(_context: Login, request: Request) -> Response:
    """Show the form; who is signed in goes on."""
    target = safe_target(request.params.get("next", ""))
    account = account_of(request)
    if account is not None and account.token is None:
        return see(request, target)
    return login_page(request, target)


@view_config(context=Login, request_method="POST")
def sign_in(_context: Login, request: Request) -> Response:
    """Begin a session for a name and a password; unknown names are told what wrong passwords are."""
    fields = read_small_form(request)
    require_form_token(request, fields)
    name, password = fields.get("name", ""), fields.get("password", "")
    target = safe_target(fields.get("next", ""))
    account = request.services.sign_in.check(name, password, request.client_addr or "")
    if account is None:
        return login_page(request, target, fault="wrong-password")
    return start_session(request, account, target)


@view_config(context=Logout, request_method="POST")
def sign_out(_context: Logout, request: Request) -> Response:
    """End the session."""
    require_form_token(request, read_small_form(request))
    account = account_of(request)
    if account is not None and account.session_id is not None:
        request.services.account_sessions.end(account.id, account.session_id)
    response = see(request, "/")
    end_session(request, response)
    return response


@exception_view_config(HTTPForbidden)
def forbidden(error: HTTPForbidden, request: Request) -> Response:
    """Lead a person to the form; tell a program that it needs what it has not."""
    account = account_of(request)
    if account is None and request.method == "GET" and is_navigation(request):
        return see(request, f"/login?next={quote(request.path_qs, safe='/')}")
    if account is None:
        message = "Sign in first."
    elif account.token is None:
        message = "Your account may not do that."
    else:
        message = "This needs a session: a token is not enough, whatever its scopes."
    return answer(request, 403, "forbidden", message)


def login_page(request: Request, target: str, fault: str = "") -> Response:
    """Return the form; `fault` is `wrong-password` or `wrong-passkey`."""
    values = {"target": target, "fault": fault, "notices": request.notices()}
    response = no_store(render_to_response("login.mako", values, request))
    if fault:
        response.status_int = 403
    return response
