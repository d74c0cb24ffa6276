"""The declarative base, the engine and the sessions."""

import sqlite3
from typing import Any

from sqlalchemy import MetaData, create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

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
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, pool_size=16, max_overflow=64)
        _prepare_sqlite(engine, durable)
        return engine
    # READ COMMITTED, so that the row that caused a conflict can be read after the conflict.
    return create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_size=16,
        max_overflow=64,
    )


def _prepare_sqlite(engine: Engine, durable: bool) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing of its own; SQLAlchemy does
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")


def make_session_factory(engine: Engine) -> sessionmaker[Session]:
    """Return a factory of sessions on `engine`."""
    return sessionmaker(bind=engine, expire_on_commit=False)
