"""What every way of signing in ends with: a session, and where its browser goes on."""

from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from ..services.account_records import StoredAccount
from ..web import half_sign_in
from ..web.cookies import begin_session
from ..web.response_headers import no_store
from ..web.security import account_of

# Where an account goes after signing in.
HOME = "/account/files"

# Characters of an address to go on to.
TARGET_LENGTH = 1000


def see(request: Request, path: str) -> Response:
    """Lead to a path of this service."""
    return no_store(HTTPSeeOther(location=f"{request.root_address}{path}"))


def safe_target(text: str) -> str:
    """Return where to go after signing in: a path of this service, whatever was asked for."""
    is_path = text.startswith("/") and not text.startswith(("//", "/\\"))
    is_path = is_path and len(text) <= TARGET_LENGTH
    return text if is_path and text.isascii() and text.isprintable() and "\\" not in text else HOME


def start_session(request: Request, account: StoredAccount, target: str) -> Response:
    """Begin a session, or ask for the second factor of an account that has one."""
    if not request.services.second_factors.is_on(account.id):
        return begin(request, account, target)
    response = see(request, f"{half_sign_in.PATH}?{urlencode({'next': target})}")
    half_sign_in.begin_half(request, response, account)
    return response


def begin(request: Request, account: StoredAccount, target: str) -> Response:
    """Begin a new session; the one that the browser had is over."""
    old = account_of(request)
    if old is not None and old.session_id is not None:
        request.services.account_sessions.end(old.id, old.session_id)
    response = see(request, target)
    secret = request.services.account_sessions.create(account, request.user_agent or "")
    begin_session(request, response, secret)
    return response
