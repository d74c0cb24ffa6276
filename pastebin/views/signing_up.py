"""Making an account: by an invite, or by a message to an e-mail address."""

from collections.abc import Callable
from urllib.parse import quote

from pyramid.httpexceptions import HTTPNotFound
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest, NameTaken
from ..resources import MailedSignUp, SignUp, SignUps
from ..services.account_names import fold
from ..services.account_records import NewAccount, StoredAccount
from ..web.bodies import read_small_form
from ..web.cookies import require_form_token
from ..web.response_headers import no_store
from .mails import found_by_token, send_mail
from .session_start import HOME, see, start_session


@view_config(context=SignUps, request_method="GET")
def ask(_context: SignUps, request: Request) -> Response:
    """Ask for an e-mail address, or for the code of an invite; one that is given leads on."""
    code = request.params.get("code", "").strip()
    if code:
        return see(request, f"/signup/{quote(code, safe='')}")
    return _page(request, "ask")


@view_config(context=SignUps, request_method="POST")
def send_address(_context: SignUps, request: Request) -> Response:
    """Send a message to an address; the answer is the same whether an account has it or not."""
    fields = read_small_form(request)
    require_form_token(request, fields)
    services, email = request.services, fields.get("email", "").strip()
    if not services.may_sign_up_by_mail:
        raise HTTPNotFound
    address = request.client_addr or ""
    services.rate_limits.mails.require(address, fold(email))
    try:
        token = services.email_sign_up.token_for(email)
    except BadRequest as error:
        return _page(request, "ask", error.message, email=email)
    services.rate_limits.mails.count(address, fold(email))
    known = services.accounts.find(email)
    values = {
        "address": request.address("confirm", token),
        "home": request.address("", "login"),
        "account": known,
    }
    send_mail(request, email, "sign_up" if known is None else "known", values)
    return _page(request, "sent", email=email)


@view_config(context=SignUp, request_method="GET")
def ask_for_name(context: SignUp, request: Request) -> Response:
    """Show the form of an invite that can be used."""
    _require_invite(context, request)
    return _page(request, "form")


@view_config(context=SignUp, request_method="POST")
def sign_up(context: SignUp, request: Request) -> Response:
    """Make an account by an invite, and begin its first session."""
    fields = read_small_form(request)
    require_form_token(request, fields)
    _require_invite(context, request)
    new = NewAccount(fields.get("name", ""), fields.get("password", ""))  # no address that nobody has proved
    return _make(request, new, lambda: request.services.invites.sign_up(context.code, new))


@view_config(context=MailedSignUp, request_method="GET")
def ask_with_address(context: MailedSignUp, request: Request) -> Response:
    """Show the form to who has followed the address of a message."""
    return _page(request, "form", proved=_proved_address(context, request))


@view_config(context=MailedSignUp, request_method="POST")
def sign_up_with_address(context: MailedSignUp, request: Request) -> Response:
    """Make an account with the address that the message went to, and begin its first session."""
    fields = read_small_form(request)
    require_form_token(request, fields)
    email = _proved_address(context, request)
    new = NewAccount(fields.get("name", ""), fields.get("password", ""))
    services = request.services
    return _make(request, new, lambda: services.email_sign_up.sign_up(context.token, new), email)


def _make(request: Request, new: NewAccount, make: Callable[[], StoredAccount], proved: str = "") -> Response:
    limit, address = request.services.rate_limits.sign_ups, request.client_addr or ""
    limit.require(address)
    try:
        account = make()
    except (BadRequest, NameTaken) as error:
        limit.count(address)  # or names could be tried one after the other
        return _page(request, "form", error.message, new.name, proved=proved)
    return start_session(request, account, HOME)


def _require_invite(context: SignUp, request: Request) -> None:
    limits, address = request.services.rate_limits.wrong_keys, request.client_addr or ""
    limits.require(address)
    if not request.services.invites.is_open(context.code):
        limits.count(address)
        raise HTTPNotFound


def _proved_address(context: MailedSignUp, request: Request) -> str:
    return found_by_token(request, lambda: request.services.email_sign_up.email_of(context.token))


def _page(
    request: Request, step: str, fault: str = "", name: str = "", email: str = "", proved: str = ""
) -> Response:
    """Return the page at a step: `ask`, `sent`, or the `form` for name and password."""
    values = {"step": step, "fault": fault, "name": name, "email": email, "proved": proved, "token": ""}
    response = no_store(render_to_response("signup.mako", values, request))
    if fault:
        response.status_int = 422
    return response
