"""The database: tables, engine and the request's session."""

import zope.sqlalchemy
from pyramid.config import Configurator
from pyramid.request import Request
from sqlalchemy.orm import Session

from .meta import Base, make_engine, make_session_factory
from .pastefile import FILENAME_LENGTH, FILES, PasteFile

__all__ = [
    "FILENAME_LENGTH",
    "FILES",
    "Base",
    "PasteFile",
    "includeme",
    "make_engine",
    "make_session_factory",
]


def _request_session(request: Request) -> Session:
    """Return a session that commits and rolls back with the request's transaction."""
    session: Session = request.registry["pastebin.sessions"]()
    zope.sqlalchemy.register(session, transaction_manager=request.tm)
    return session


def includeme(config: Configurator) -> None:
    """Set up the engine and `request.dbsession`."""
    settings = config.registry["pastebin.settings"]
    engine = make_engine(settings.sqlalchemy_url, durable=settings.durability == "full")
    config.registry["pastebin.engine"] = engine
    config.registry["pastebin.sessions"] = make_session_factory(engine)
    config.add_settings({"tm.manager_hook": "pyramid_tm.explicit_manager"})
    config.add_settings({"tm.commit_veto": "pyramid_tm.default_commit_veto"})
    config.include("pyramid_tm")
    config.add_request_method(_request_session, "dbsession", reify=True)
