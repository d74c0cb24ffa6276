"""Another password for who has forgotten theirs, by a message to the account's address."""

from typing import Any

from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import PasswordReset, PasswordResets
from ..services.account_names import fold
from ..services.account_records import StoredAccount
from ..web.bodies import read_small_form
from ..web.cookies import end_session, require_form_token
from ..web.response_headers import no_store
from .account_forms import one, read_form
from .mails import found_by_token, word_mail
from .session_start import see


@view_config(context=PasswordResets, request_method="GET")
def ask(_context: PasswordResets, request: Request) -> Response:
    """Ask for a name or an address."""
    return _page(request, "ask")


@view_config(context=PasswordResets, request_method="POST")
def send_address(_context: PasswordResets, request: Request) -> Response:
    """Send a message to the account's own address; who has none is told the same, and as fast."""
    fields = read_small_form(request)
    require_form_token(request, fields)
    services, name = request.services, fields.get("name", "").strip()
    limits, address = services.rate_limits.mails, request.client_addr or ""
    limits.require(address, fold(name))
    services.mail.require_room()
    limits.count(address, fold(name))
    account = services.password_reset.find(name)
    token = services.password_reset.token_for(account)
    values = {"address": request.address("reset", token), "name": account.name if account else name}
    message = word_mail(request, (account and account.email) or "", "reset", values)
    if account is not None:
        services.mail.send(message)
    return _page(request, "sent")


@view_config(context=PasswordReset, request_method="GET")
def ask_for_password(context: PasswordReset, request: Request) -> Response:
    """Show the form to who has followed the address of a message."""
    return _form(request, _account(context, request))


@view_config(context=PasswordReset, request_method="POST")
def reset(context: PasswordReset, request: Request) -> Response:
    """Change the password; whoever did it signs in with it."""
    fields = read_form(request)
    account = _account(context, request)
    kept = {name: _numbers(fields.get(name, [])) for name in ("passkeys", "identities")}
    if one(fields, "password") != one(fields, "again"):
        return _form(request, account, "not-the-same", **kept)
    try:
        request.services.password_reset.reset(context.token, one(fields, "password"), **kept)
    except BadRequest:
        return _form(request, account, "bad-password", **kept)
    request.session.flash("password-reset")
    response = see(request, "/login")
    end_session(request, response)
    return response


def _account(context: PasswordReset, request: Request) -> StoredAccount:
    return found_by_token(request, lambda: request.services.password_reset.account_of(context.token))


def _numbers(texts: list[str]) -> frozenset[int]:
    """Return the ids that a form names; what is none keeps nothing."""
    return frozenset(int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) <= 18)


def _form(
    request: Request,
    account: StoredAccount,
    fault: str = "",
    passkeys: frozenset[int] = frozenset(),
    identities: frozenset[int] = frozenset(),
) -> Response:
    """Return the form for the new password; with the ids of what else is to sign in from then on."""
    services = request.services
    response = _page(
        request,
        "form",
        account=account,
        fault=fault,
        passkeys=services.passkeys.of_account(account.id),
        identities=services.identities.of_account(account.id),
        kept={"passkeys": passkeys, "identities": identities},
        has_factor=services.second_factors.is_on(account.id),
    )
    if fault:
        response.status_int = 422
    return response


def _page(request: Request, step: str, **values: Any) -> Response:
    """Return the page at a step: `ask`, `sent`, or the `form` for the new password."""
    nothing: dict[str, Any] = {
        "account": None,
        "fault": "",
        "passkeys": [],
        "identities": [],
        "kept": {},
        "has_factor": False,
    }
    return no_store(render_to_response("reset.mako", {**nothing, **values, "step": step}, request))
