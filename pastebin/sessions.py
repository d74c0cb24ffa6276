"""The session: a signed cookie, set only by a request that has a notice for the next page."""

from pyramid.config import Configurator
from pyramid.session import SignedCookieSessionFactory


def includeme(config: Configurator) -> None:
    """Set up sessions; who only looks at pages gets no cookie."""
    settings = config.registry["pastebin.settings"]
    config.set_session_factory(
        SignedCookieSessionFactory(
            settings.secret,
            cookie_name="pastebin",
            timeout=1200,
            reissue_time=None,
            httponly=True,
            samesite="Lax",
            secure=settings.public_url.startswith("https:"),
        )
    )
