"""The second step of signing in, for accounts with a second factor: a state that leads only here."""

from urllib.parse import urlencode

from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..resources import LoginCode
from ..services.account_records import StoredAccount
from ..web.bodies import read_small_form
from ..web.cookies import require_form_token
from ..web.half_sign_in import end_half, half_signed_in
from ..web.response_headers import no_store
from .session_start import begin, safe_target, see


@view_config(context=LoginCode, request_method="GET")
def ask(_context: LoginCode, request: Request) -> Response:
    """Ask who has said the right password for a code; everybody else begins anew."""
    target = safe_target(request.params.get("next", ""))
    if half_signed_in(request) is None:
        return _from_the_start(request, target)
    return _page(request, target)


@view_config(context=LoginCode, request_method="POST")
def sign_in(_context: LoginCode, request: Request) -> Response:
    """Begin a session for a code of the app, or for a recovery code."""
    fields = read_small_form(request)
    require_form_token(request, fields)
    target = safe_target(fields.get("next", ""))
    account: StoredAccount | None = half_signed_in(request)
    if account is None:
        return _from_the_start(request, target)
    address = request.client_addr or ""
    if not request.services.second_factors.check(account.id, fields.get("code", ""), address):
        return _page(request, target, is_wrong=True)
    response = begin(request, account, target)
    end_half(request, response)
    return response


def _from_the_start(request: Request, target: str) -> Response:
    return see(request, f"/login?{urlencode({'next': target})}")


def _page(request: Request, target: str, *, is_wrong: bool = False) -> Response:
    values = {"target": target, "is_wrong": is_wrong}
    response = no_store(render_to_response("login_code.mako", values, request))
    if is_wrong:
        response.status_int = 403
    return response
