"""What every way of signing in ends with: a session, and where its browser goes on."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from ..services.accounts import StoredAccount
from ..web.cookies import begin_session
from ..web.response_headers import no_store
from ..web.security import account_of

# Where an account goes after signing in.
HOME = "/account/files"


def see(request: Request, path: str) -> Response:
    """Lead to a path of this service."""
    return no_store(HTTPSeeOther(location=f"{request.root_address}{path}"))


def safe_target(text: str) -> str:
    """Return where to go after signing in: a path of this service, whatever was asked for."""
    is_path = text.startswith("/") and not text.startswith(("//", "/\\"))
    return text if is_path and text.isascii() and text.isprintable() and "\\" not in text else HOME


def start_session(request: Request, account: StoredAccount, target: str) -> Response:
    """Begin a new session; the one that the browser had is over."""
    old = account_of(request)
    if old is not None and old.session_id is not None:
        request.services.account_sessions.end(old.id, old.session_id)
    response = see(request, target)
    secret = request.services.account_sessions.create(account, request.user_agent or "")
    begin_session(request, response, secret)
    return response
