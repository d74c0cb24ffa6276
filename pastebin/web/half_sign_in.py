"""Who has said the right password and not yet a code: a cookie of one address, which is no session."""

from typing import Any
from urllib.parse import urlsplit

from pyramid.request import Request

from ..errors import NotFound
from ..services.account_records import StoredAccount, password_version
from ..services.rights import LOGIN
from .cookies import set_cookie

COOKIE = "pb-half"
PATH = "/login/code"

KIND = "half-sign-in"
SECONDS = 300


def begin_half(request: Request, response: Any, account: StoredAccount) -> None:
    """Give a browser five minutes to say a code."""
    values = [account.id, password_version(account.password)]
    token = request.services.signed_tokens.make(KIND, values, SECONDS)
    set_cookie(request, response, COOKIE, token, SECONDS, _path(request))


def half_signed_in(request: Request) -> StoredAccount | None:
    """Return the account whose password was right; None once it is over, changed or suspended."""
    values = request.services.signed_tokens.read(KIND, request.cookies.get(COOKIE, ""))
    if values is None:
        return None
    try:
        account: StoredAccount = request.services.accounts.by_id(values[0])
    except NotFound:
        return None
    is_same = password_version(account.password) == values[1]
    return account if is_same and account.roles & LOGIN and not account.is_suspended else None


def end_half(request: Request, response: Any) -> None:
    """Take the cookie away."""
    set_cookie(request, response, COOKIE, "", 0, _path(request))


def _path(request: Request) -> str:
    return f"{urlsplit(request.root_address).path}{PATH}"
