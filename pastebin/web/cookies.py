"""The cookies of accounts: that of a session, and what binds a form to the browser that was given it."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from typing import Any

from pyramid.request import Request

from ..errors import Forbidden
from ..services.account_sessions import IDLE
from .origins import require_own_page

# The cookie of a session: 32 random bytes in URL-safe Base64.
SESSION_COOKIE = "pb-session"
_SESSION = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)

# The cookie that forms of who is not signed in are bound to.
FORM_COOKIE = "pb-form"

# Characters of a form's token that are its own.
NONCE = 32


def session_secret(request: Request) -> str | None:
    """Return the text of a request's session cookie, if it has one that could be ours."""
    secret = request.cookies.get(SESSION_COOKIE, "")
    return secret if _SESSION.fullmatch(secret) else None


def begin_session(request: Request, response: Any, secret: str) -> None:
    """Give a browser the cookie of its new session."""
    set_cookie(request, response, SESSION_COOKIE, secret, int(IDLE.total_seconds()))


def end_session(request: Request, response: Any) -> None:
    """Take a browser's cookie away."""
    set_cookie(request, response, SESSION_COOKIE, "", 0)


def form_token(request: Request) -> str:
    """Return what a form of this browser must send along as `csrf_token`.

    It is made of the session's cookie, or of one that a page with a form gives to who is not signed in.
    """
    nonce = secrets.token_hex(NONCE // 2)  # each is told once, as pages are compressed
    return nonce + _token_for(request, _form_seed(request) or _new_seed(request), nonce)


def require_form_token(request: Request, fields: Mapping[str, str]) -> None:
    """Raise Forbidden for a form that did not come from a page that this browser was given.

    A browser says so itself by `Origin`; without that the form must have `csrf_token`.
    """
    require_own_page(request)
    if request.environ.get("HTTP_ORIGIN", "null") == "null":
        require_told_form_token(request, fields)


def require_told_form_token(request: Request, fields: Mapping[str, str]) -> None:
    """Raise Forbidden without the `csrf_token` of a page that this browser was given."""
    seed, given = _form_seed(request), fields.get("csrf_token", "")
    nonce, told = given[:NONCE], given[NONCE:]
    if seed is None or not hmac.compare_digest(
        _token_for(request, seed, nonce).encode(), told.encode("utf-8", "replace")
    ):
        raise Forbidden("This form is out of date. Load the page again.")


def _form_seed(request: Request) -> str | None:
    return session_secret(request) or request.cookies.get(FORM_COOKIE) or request.environ.get(FORM_COOKIE)


def _new_seed(request: Request) -> str:
    seed: str = request.environ.setdefault(FORM_COOKIE, secrets.token_urlsafe(16))
    request.add_response_callback(
        lambda request, response: set_cookie(request, response, FORM_COOKIE, seed, None)
    )
    return seed


def _token_for(request: Request, seed: str, nonce: str) -> str:
    secret = request.registry.services.settings.secret.encode()
    said = f"form\n{seed}\n{nonce}".encode("utf-8", "replace")
    return hmac.new(secret, said, hashlib.sha256).hexdigest()


def set_cookie(request: Request, response: Any, name: str, value: str, max_age: int | None) -> None:
    """Set a cookie that no script sees and no other site makes use of; None is until the browser ends."""
    is_secure = request.scheme == "https" or request.root_address.startswith("https:")
    response.set_cookie(
        name, value, max_age=max_age, path="/", httponly=True, samesite="Lax", secure=is_secure
    )
