"""The session: a signed cookie, set only by a request that has a notice for the next page."""

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.session import SignedCookieSessionFactory

COOKIE = "pastebin"


def notices(request: Request, queue: str = "") -> list[str]:
    """Return what an earlier request had to say, once; who has no session does not get one by this."""
    if COOKIE not in request.cookies or not request.session.peek_flash(queue):
        return []
    found: list[str] = request.session.pop_flash(queue)
    return found


def includeme(config: Configurator) -> None:
    """Set up sessions; who only looks at pages gets no cookie."""
    settings = config.registry.services.settings
    config.set_session_factory(
        SignedCookieSessionFactory(
            settings.secret,
            cookie_name=COOKIE,
            timeout=1200,
            reissue_time=None,
            httponly=True,
            samesite="Lax",
            secure=settings.public_url.startswith("https:"),
        )
    )
    config.add_request_method(notices, "notices")
