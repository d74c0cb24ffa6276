"""Signing in with a passkey, and the passkeys of an account. Their forms are filled in by a script."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import AccountPasskeys, LoginPasskey
from ..services.rights import LOGIN, Right
from ..web.bodies import read_small_form
from ..web.cookies import require_form_token
from ..web.response_headers import no_store
from ..web.security import require_account
from .confirming import require_confirmed
from .session_start import begin, safe_target
from .signing_in import login_page

if TYPE_CHECKING:
    from ..services.passkeys import Site


@view_config(context=LoginPasskey, request_method="POST")
def sign_in(_context: LoginPasskey, request: Request) -> Response:
    """Tell a script what to ask the browser for, or begin a session for what it has shown.

    A device that has checked its user is two factors: no code is asked for.
    """
    fields = read_small_form(request)
    require_form_token(request, fields)
    services, address = request.services, request.client_addr or ""
    if fields.get("action") == "options":
        return _options(*services.passkeys.options_to_ask(_site(request)))
    services.rate_limits.wrong_keys.require(address)
    account = services.passkeys.check(fields.get("state", ""), fields.get("credential", ""), _site(request))
    target = safe_target(fields.get("next", ""))
    if account is None or account.is_suspended or not account.roles & LOGIN:
        services.rate_limits.wrong_keys.count(address)
        return login_page(request, target, fault="wrong-passkey")
    return begin(request, account, target)


@view_config(context=AccountPasskeys, request_method="POST", permission=Right.ACCOUNT.value)
def change(_context: AccountPasskeys, request: Request) -> Response:
    """Make a passkey in two steps, of which the first has the password; or remove one."""
    fields, identity = read_small_form(request), require_account(request)
    require_form_token(request, fields)
    passkeys, action = request.services.passkeys, fields.get("action", "")
    if action == "options":
        account = request.services.accounts.by_id(identity.id)
        require_confirmed(request, account, fields)
        return _options(*passkeys.options_to_make(account, _site(request)))
    if action == "add":
        state, credential = fields.get("state", ""), fields.get("credential", "")
        passkeys.add(identity, state, credential, fields.get("name", ""), _site(request))
        return _back(request, "passkey-added")
    if action == "remove":
        number = fields.get("passkey", "")
        is_number = number.isascii() and number.isdecimal() and len(number) <= 18
        passkeys.remove(identity.id, int(number) if is_number else 0)
        return _back(request, "passkey-removed")
    raise BadRequest("The form asks for nothing that can be done here.")


def _options(state: str, options: dict[str, Any]) -> Response:
    return no_store(Response(json={"state": state, "options": options}))


def _site(request: Request) -> "Site":
    from ..services.passkeys import Site  # noqa: PLC0415 - loads a large library

    parts = urlsplit(request.root_address)
    name = request.services.settings.site_name
    return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}", name)


def _back(request: Request, notice: str) -> Response:
    request.session.flash(notice)
    return no_store(HTTPSeeOther(location=request.address("", "account")))
