"""The second factor of an account: set up with an app, and ended with the password."""

import base64
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import AccountSecondFactor
from ..services.account_records import StoredAccount
from ..services.qrcodes import qr_svg
from ..services.rights import Right
from ..services.second_factors import app_address, new_secret
from ..web.bodies import read_small_form
from ..web.cookies import require_form_token
from ..web.response_headers import no_store
from ..web.security import require_account
from .confirming import is_confirmed

# The kind of token that keeps a secret between the page that shows it and the form that begins to use it.
SET_UP = "second-factor"
SET_UP_SECONDS = 3600


@view_config(context=AccountSecondFactor, request_method="GET", permission=Right.ACCOUNT.value)
def show(_context: AccountSecondFactor, request: Request) -> Response:
    """Show the code to scan; of a second factor that is on, only that it is."""
    return _page(request)


@view_config(context=AccountSecondFactor, request_method="POST", permission=Right.ACCOUNT.value)
def change(_context: AccountSecondFactor, request: Request) -> Response:
    """Turn the second factor on or off, or make new recovery codes; the password goes along."""
    fields = read_small_form(request)
    require_form_token(request, fields)
    act = _ACTS.get(fields.get("action", ""))
    if act is None:
        raise BadRequest("The form asks for nothing that can be done here.")
    account = request.services.accounts.by_id(require_account(request).id)
    if not is_confirmed(request, account, fields):
        fault = "wrong-password" if account.password else "not-new"
        return _page(request, fault=fault, secret=_secret_of(request, fields))
    return act(request, account, fields)


def _turn_on(request: Request, account: StoredAccount, fields: dict[str, str]) -> Response:
    secret = _secret_of(request, fields)
    if secret is None:
        raise BadRequest("This form is out of date. Load the page again.")
    session_id = require_account(request).session_id
    codes = request.services.second_factors.turn_on(account, secret, fields.get("code", ""), session_id)
    if codes is None:
        return _page(request, fault="wrong-code", secret=secret)
    return _page(request, codes=codes)


def _turn_off(request: Request, account: StoredAccount, _fields: dict[str, str]) -> Response:
    request.services.second_factors.turn_off(account)
    request.session.flash("second-factor-off")
    return no_store(HTTPSeeOther(location=request.address("", "account")))


def _renew_codes(request: Request, account: StoredAccount, _fields: dict[str, str]) -> Response:
    return _page(request, codes=request.services.second_factors.renew_codes(account.id))


_ACTS = {"turn-on": _turn_on, "turn-off": _turn_off, "renew-codes": _renew_codes}


def _secret_of(request: Request, fields: dict[str, str]) -> str | None:
    """Return the secret that this account was shown, which its form sends back."""
    values = request.services.signed_tokens.read(SET_UP, fields.get("set_up", ""))
    return str(values[1]) if values and values[0] == require_account(request).id else None


def _page(
    request: Request, *, fault: str = "", secret: str | None = None, codes: list[str] | None = None
) -> Response:
    account = request.services.accounts.by_id(require_account(request).id)
    factors = request.services.second_factors
    is_on = factors.is_on(account.id)
    values: dict[str, Any] = {
        "account": account,
        "is_on": is_on,
        "codes": codes,
        "codes_left": factors.recovery_codes_left(account.id),
        "fault": fault,
        "set_up": None if is_on else _set_up(request, account, secret or new_secret()),
    }
    response = render_to_response("second_factor.mako", values, request)
    if fault:
        response.status_int = 403
    return no_store(response)


def _set_up(request: Request, account: StoredAccount, secret: str) -> dict[str, Any]:
    """Return what a page needs to show a secret."""
    address = app_address(secret, account.name, request.services.settings.site_name)
    picture = base64.b64encode(qr_svg(address)).decode()
    return {
        "secret": secret,
        "picture": f"data:image/svg+xml;base64,{picture}",
        "token": request.services.signed_tokens.make(SET_UP, [account.id, secret], SET_UP_SECONDS),
    }
