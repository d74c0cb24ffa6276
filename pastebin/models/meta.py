"""The declarative base, the engine and the sessions."""

from sqlalchemy import MetaData
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from .mariadb import make_mariadb_engine
from .sqlite import make_sqlite_engine

# Names for every constraint, so that migrations can drop what they made on any database.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all mapped classes."""

    metadata = MetaData(naming_convention=NAMING)


def make_engine(url: str, *, durable: bool = True) -> Engine:
    """Return an engine for SQLite or MariaDB/MySQL, set up so that a commit is on disk.

    With `durable=False` a commit returns before the disk has confirmed it (SQLite only:
    for MariaDB that is the server's own setting, `innodb_flush_log_at_trx_commit`).
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return make_sqlite_engine(parsed, durable=durable)
    return make_mariadb_engine(parsed)


def make_session_factory(engine: Engine) -> sessionmaker[Session]:
    """Return a factory of sessions on `engine`."""
    return sessionmaker(bind=engine, expire_on_commit=False)
