"""The database: tables, engine and sessions."""

from pyramid.config import Configurator

from .mariadb import insist
from .meta import Base, make_engine, make_session_factory
from .pastefile import FILENAME_LENGTH, FILES, PasteFile

__all__ = [
    "FILENAME_LENGTH",
    "FILES",
    "Base",
    "PasteFile",
    "includeme",
    "insist",
    "make_engine",
    "make_session_factory",
]


def includeme(config: Configurator) -> None:
    """Set up the engine and the factory of sessions."""
    settings = config.registry["pastebin.settings"]
    engine = make_engine(settings.sqlalchemy_url, durable=settings.durability == "full")
    config.registry["pastebin.engine"] = engine
    config.registry["pastebin.sessions"] = make_session_factory(engine)
