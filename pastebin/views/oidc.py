"""Signing in with an account of the provider; linking one, and making one for who came back."""

from urllib.parse import urlsplit

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest, Forbidden, NameTaken
from ..names import visible_name
from ..resources import AccountIdentities, LoginOidc, OidcCallback
from ..services.flags import Flag
from ..services.oidc import Arrival
from ..services.rights import LOGIN, Right
from ..web.bodies import read_small_form
from ..web.cookies import require_form_token, set_cookie
from ..web.response_headers import no_store
from ..web.security import account_of, require_account
from .confirming import require_confirmed
from .session_start import HOME, safe_target, see, start_session

# What binds the way back to the browser that set out, for ten minutes.
COOKIE = "pb-oidc"
COOKIE_SECONDS = 600

LABEL_LENGTH = 64


@view_config(context=LoginOidc, request_method="GET")
def set_out(_context: LoginOidc, request: Request) -> Response:
    """Send the browser to the provider."""
    binding, address = _begin(request, safe_target(request.params.get("next", "")))
    response = no_store(HTTPSeeOther(location=address))
    _bind(request, response, binding)
    return response


@view_config(context=OidcCallback, request_method="GET")
def come_back(_context: OidcCallback, request: Request) -> Response:
    """Sign in who comes back, or link what the account that is signed in here set out to link."""
    limits, address = request.services.rate_limits.wrong_keys, request.client_addr or ""
    limits.require(address)
    answer = {
        name: request.params[name] for name in ("state", "code", "iss", "error") if name in request.params
    }
    try:
        arrival = request.services.oidc.complete(request.cookies.get(COOKIE), answer, _redirect(request))
        response = _link(request, arrival) if arrival.account_id is not None else _sign_in(request, arrival)
    except Forbidden:
        limits.count(address)
        raise
    _bind(request, response, "", 0)
    return response


@view_config(context=LoginOidc, request_method="POST")
def sign_up(_context: LoginOidc, request: Request) -> Response:
    """Make an account with the name that somebody who came back has chosen."""
    fields = read_small_form(request)
    require_form_token(request, fields)
    services, address = request.services, request.client_addr or ""
    if not services.may_sign_up_by_oidc:
        raise Forbidden(_NOBODY)
    services.flags.require_off(Flag.NO_SIGNUP)
    services.rate_limits.sign_ups.require(address)
    token, name = fields.get("token", ""), fields.get("name", "")
    try:
        account = services.identities.sign_up(token, name)
    except (BadRequest, NameTaken) as error:
        services.rate_limits.sign_ups.count(address)
        return _name_page(request, token, name, error.message)
    return start_session(request, account, HOME)


@view_config(context=AccountIdentities, request_method="POST", permission=Right.ACCOUNT.value)
def change(_context: AccountIdentities, request: Request) -> Response:
    """Set out to link an account of the provider, or unlink one; the password goes along."""
    fields, identity = read_small_form(request), require_account(request)
    require_form_token(request, fields)
    account = request.services.accounts.by_id(identity.id)
    require_confirmed(request, account, fields)
    if fields.get("action") == "unlink":
        number = fields.get("identity", "")
        is_number = number.isascii() and number.isdecimal() and len(number) <= 18
        request.services.identities.unlink(account.id, int(number) if is_number else 0)
        return _to_account(request, "unlinked")
    if fields.get("action") != "link":
        raise BadRequest("The form asks for nothing that can be done here.")
    binding, address = _begin(request, "/account", identity.id)
    # A page with a link: the browser lets no form of ours lead to another site.
    response = no_store(render_to_response("oidc_link.mako", {"address": address}, request))
    _bind(request, response, binding)
    return response


_NOBODY = "No account here is linked to that one. Sign in here, and link it on the page of your account."


def _sign_in(request: Request, arrival: Arrival) -> Response:
    services = request.services
    account = services.identities.find(arrival.issuer, arrival.subject)
    if account is not None:
        if account.is_suspended or not account.roles & LOGIN:
            raise Forbidden("This account may not sign in.")
        return start_session(request, account, safe_target(arrival.target))
    if not services.may_sign_up_by_oidc:
        raise Forbidden(_NOBODY)
    name = _label(arrival)
    return _name_page(request, services.identities.token_for(arrival.issuer, arrival.subject, name), name)


def _link(request: Request, arrival: Arrival) -> Response:
    """Link for the very account that set out, if it is still signed in here."""
    account = account_of(request)
    if account is None or account.id != arrival.account_id or not account.may(Right.ACCOUNT):
        raise Forbidden("Sign in with the account that you wanted to link, and begin again.")
    label, session_id = _label(arrival), account.session_id
    request.services.identities.link(account.id, arrival.issuer, arrival.subject, label, session_id)
    return _to_account(request, "linked")


def _label(arrival: Arrival) -> str:
    return visible_name(" ".join(arrival.name.split()), LABEL_LENGTH)[:LABEL_LENGTH]


def _begin(request: Request, target: str, account_id: int | None = None) -> tuple[str, str]:
    begun: tuple[str, str] = request.services.oidc.begin(_redirect(request), target, account_id)
    return begun


def _redirect(request: Request) -> str:
    return f"{request.root_address}/login/oidc/callback"


def _bind(request: Request, response: Response, binding: str, seconds: int = COOKIE_SECONDS) -> None:
    path = f"{urlsplit(request.root_address).path}/login/oidc"
    set_cookie(request, response, COOKIE, binding, seconds, path)


def _to_account(request: Request, notice: str) -> Response:
    request.session.flash(notice)
    return see(request, "/account")


def _name_page(request: Request, token: str, name: str, fault: str = "") -> Response:
    values = {"step": "oidc", "fault": fault, "name": name, "email": "", "proved": "", "token": token}
    response = no_store(render_to_response("signup.mako", values, request))
    if fault:
        response.status_int = 422
    return response
