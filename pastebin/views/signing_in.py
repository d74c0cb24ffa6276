"""Signing in and out with name and password, and making an account by an invite."""

from typing import Any
from urllib.parse import quote

from pyramid.httpexceptions import HTTPForbidden, HTTPNotFound, HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config, view_config

from ..errors import BadRequest, NameTaken
from ..resources import Login, Logout, SignUp, SignUps
from ..services.accounts import NewAccount, StoredAccount
from ..web.bodies import read_small_form
from ..web.cookies import begin_session, end_session, require_form_token
from ..web.negotiation import is_navigation
from ..web.response_headers import no_store
from ..web.security import account_of
from .errors import answer

# Where an account goes after signing in.
HOME = "/account/files"


@view_config(context=Login, request_method="GET")
def ask(_context: Login, request: Request) -> Response:
    """Show the form; who is signed in goes on."""
    target = safe_target(request.params.get("next", ""))
    account = account_of(request)
    if account is not None and account.token is None:
        return _see(request, target)
    return _login_page(request, target)


@view_config(context=Login, request_method="POST")
def sign_in(_context: Login, request: Request) -> Response:
    """Begin a session for a name and a password; unknown names are told what wrong passwords are."""
    fields = read_small_form(request)
    require_form_token(request, fields)
    name, password = fields.get("name", ""), fields.get("password", "")
    target = safe_target(fields.get("next", ""))
    account = request.services.sign_in.check(name, password, request.client_addr or "")
    if account is None:
        return _login_page(request, target, is_wrong=True)
    return _signed_in(request, account, target)


@view_config(context=Logout, request_method="POST")
def sign_out(_context: Logout, request: Request) -> Response:
    """End the session."""
    require_form_token(request, read_small_form(request))
    account = account_of(request)
    if account is not None and account.session_id is not None:
        request.services.account_sessions.end(account.id, account.session_id)
    response = _see(request, "/")
    end_session(request, response)
    return response


@view_config(context=SignUps, request_method="GET")
def ask_for_invite(_context: SignUps, request: Request) -> Response:
    """Ask for the code of an invite; one that is given leads on."""
    code = request.params.get("code", "").strip()
    if code:
        return _see(request, f"/signup/{quote(code, safe='')}")
    return no_store(
        render_to_response("signup.mako", {"is_asked": True, "fault": "", "name": "", "email": ""}, request)
    )


@view_config(context=SignUp, request_method="GET")
def ask_for_name(context: SignUp, request: Request) -> Response:
    """Show the form of an invite that can be used."""
    _require_invite(context, request)
    return _sign_up_page(request)


@view_config(context=SignUp, request_method="POST")
def sign_up(context: SignUp, request: Request) -> Response:
    """Make an account by an invite, and begin its first session."""
    fields = read_small_form(request)
    require_form_token(request, fields)
    _require_invite(context, request)
    limit, address = request.services.rate_limits.sign_ups, request.client_addr or ""
    limit.require(address)
    new = NewAccount(fields.get("name", ""), fields.get("password", ""), fields.get("email") or None)
    try:
        account = request.services.invites.sign_up(context.code, new)
    except (BadRequest, NameTaken) as error:
        limit.count(address)  # or names could be tried one after the other
        return _sign_up_page(request, error.message, new)
    return _signed_in(request, account, HOME)


@exception_view_config(HTTPForbidden)
def forbidden(error: HTTPForbidden, request: Request) -> Response:
    """Lead a person to the form; tell a program that it needs what it has not."""
    account = account_of(request)
    if account is None and request.method == "GET" and is_navigation(request):
        return _see(request, f"/login?next={quote(request.path_qs, safe='/')}")
    if account is None:
        message = "Sign in first."
    elif account.token is None:
        message = "Your account may not do that."
    else:
        message = "This needs a session: a token is not enough, whatever its scopes."
    return answer(request, 403, "forbidden", message)


def safe_target(text: str) -> str:
    """Return where to go after signing in: a path of this service, whatever was asked for."""
    is_path = text.startswith("/") and not text.startswith(("//", "/\\"))
    return text if is_path and text.isascii() and text.isprintable() and "\\" not in text else HOME


def _require_invite(context: SignUp, request: Request) -> None:
    limits, address = request.services.rate_limits.wrong_keys, request.client_addr or ""
    limits.require(address)
    if not request.services.invites.is_open(context.code):
        limits.count(address)
        raise HTTPNotFound


def _signed_in(request: Request, account: StoredAccount, target: str) -> Response:
    """Begin a new session; the one that the browser had is over."""
    old = account_of(request)
    if old is not None and old.session_id is not None:
        request.services.account_sessions.end(old.id, old.session_id)
    response = _see(request, target)
    secret = request.services.account_sessions.create(account, request.user_agent or "")
    begin_session(request, response, secret)
    return response


def _login_page(request: Request, target: str, *, is_wrong: bool = False) -> Response:
    values = {"target": target, "is_wrong": is_wrong}
    response = no_store(render_to_response("login.mako", values, request))
    if is_wrong:
        response.status_int = 403
    return response


def _sign_up_page(request: Request, fault: str = "", new: NewAccount | None = None) -> Response:
    values: dict[str, Any] = {
        "is_asked": False,
        "fault": fault,
        "name": new.name if new else "",
        "email": (new.email or "") if new else "",
    }
    response = no_store(render_to_response("signup.mako", values, request))
    if fault:
        response.status_int = 422
    return response


def _see(request: Request, path: str) -> Response:
    return no_store(HTTPSeeOther(location=f"{request.root_address}{path}"))
