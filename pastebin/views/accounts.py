"""An account's own page: password, sessions and tokens. A session alone leads here."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest, NotFound
from ..resources import AccountContext, AccountDeletion, AccountPassword, AccountSessions, AccountTokens
from ..services.api_tokens import SCOPE_NAMES, NewToken
from ..services.rights import Right
from ..services.terms import Terms
from ..setting_types import parse_duration, parse_size
from ..web.cookies import end_session
from ..web.response_headers import no_store
from ..web.security import require_account
from .account_forms import one, read_form
from .account_programs import PROGRAMS
from .confirming import is_confirmed

# The terms that a token may give its uploads: not a password, which would have to be kept as it is.
DEFAULTS = ("expires", "downloads", "visibility")


@view_config(context=AccountContext, request_method="GET", permission=Right.ACCOUNT.value)
def show(_context: AccountContext, request: Request) -> Response:
    """Show what the account has: quota, sessions, tokens."""
    return account_page(request)


@view_config(context=AccountPassword, request_method="POST", permission=Right.ACCOUNT.value)
def change_password(_context: AccountPassword, request: Request) -> Response:
    """Change the password, with the one there is; every other session ends."""
    fields, identity = read_form(request), require_account(request)
    services = request.services
    account = services.accounts.by_id(identity.id)
    if not is_confirmed(request, account, {"old_password": one(fields, "old_password")}, "old_password"):
        fault = "wrong-password" if account.password else "not-new"
        return account_page(request, fault=fault, status=403)
    if one(fields, "new_password") != one(fields, "again"):
        return account_page(request, fault="not-the-same", status=422)
    try:
        services.accounts.set_password(account, one(fields, "new_password"), identity.session_id)
    except BadRequest:
        return account_page(request, fault="bad-password", status=422)
    return _back(request, "password-changed")


@view_config(context=AccountSessions, request_method="POST", permission=Right.ACCOUNT.value)
def end_sessions(_context: AccountSessions, request: Request) -> Response:
    """End one session, or all of them with the one that asks."""
    fields, identity = read_form(request), require_account(request)
    sessions = request.services.account_sessions
    if one(fields, "action") == "end-all":
        sessions.end_all(identity.id)
    else:
        number = one(fields, "session")
        if not number.isdecimal() or len(number) > 18 or not sessions.end(identity.id, int(number)):
            raise NotFound("There is no such session.")
        if int(number) != identity.session_id:
            return _back(request, "session-ended")
    response = HTTPSeeOther(location=request.address())
    end_session(request, response)
    return no_store(response)


@view_config(context=AccountDeletion, request_method="POST", permission=Right.ACCOUNT.value)
def delete_account(_context: AccountDeletion, request: Request) -> Response:
    """Delete the account with all that it has, for who tells its password."""
    fields, identity, services = read_form(request), require_account(request), request.services
    account = services.accounts.by_id(identity.id)
    if not is_confirmed(request, account, {"password": one(fields, "password")}):
        return account_page(request, fault="not-deleted" if account.password else "not-new", status=403)
    services.account_deletion.begin(account.id)
    response = HTTPSeeOther(location=request.address())
    end_session(request, response)
    request.session.flash("account-deleted")
    return no_store(response)


@view_config(context=AccountTokens, request_method="POST", permission=Right.ACCOUNT.value)
def change_tokens(_context: AccountTokens, request: Request) -> Response:
    """Make a token, which this answer alone tells, or revoke one."""
    fields, identity = read_form(request), require_account(request)
    tokens = request.services.tokens
    if one(fields, "action") == "revoke":
        tokens.revoke(identity.id, one(fields, "token"))
        return _back(request, "token-revoked")
    if one(fields, "action") != "create":
        raise BadRequest("The form asks for nothing that can be done here.")
    new = _new_token(request, fields)
    return account_page(request, token=tokens.create(identity.id, new, session_id=identity.session_id))


def _new_token(request: Request, fields: dict[str, list[str]]) -> NewToken:
    """Return the token that a form asks for. BadRequest if a field is wrong."""
    given = {term: one(fields, f"uploads_{term}") for term in DEFAULTS if one(fields, f"uploads_{term}")}
    Terms.from_fields(given, request.services.terms_policy, datetime.now(UTC), is_owned=True)
    try:
        lifetime, size = one(fields, "lifetime"), one(fields, "max_size")
        expires = datetime.now(UTC) + timedelta(seconds=parse_duration(lifetime)) if lifetime else None
        max_size = parse_size(size) if size else None
    except (ValueError, OverflowError) as error:
        raise BadRequest("The lifetime or the size of the token makes no sense.") from error
    return NewToken(one(fields, "name"), fields.get("scope", []), expires, max_size, given)


def account_page(
    request: Request, *, fault: str = "", status: int = 200, token: str | None = None
) -> Response:
    """Return the account's page, with what was wrong, or a token that is told once."""
    identity, services = require_account(request), request.services
    values: dict[str, Any] = {
        "account": services.accounts.by_id(identity.id),
        "identity": identity,
        "quota": services.quotas.of(identity.id),
        "sessions": services.account_sessions.of_account(identity.id),
        "tokens": services.tokens.of_account(identity.id),
        "scopes": SCOPE_NAMES,
        "passkeys": services.passkeys.of_account(identity.id),
        "identities": services.identities.of_account(identity.id),
        "has_factor": services.second_factors.is_on(identity.id),
        "notices": request.notices(),
        "fault": fault,
        "token": token,
        "address": request.address(),
        "programs": PROGRAMS,
        "export_parts": services.exports.parts(identity.id),
        "collections": services.account_collections.count(identity.id),
    }
    response = render_to_response("account.mako", values, request)
    response.status_int = status
    return no_store(response)


def _back(request: Request, notice: str) -> Response:
    request.session.flash(notice)
    return no_store(HTTPSeeOther(location=request.address("", "account")))
