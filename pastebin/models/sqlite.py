"""SQLite, set up so that a commit is on the disk when it returns."""

import sqlite3
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, create_engine

# How long a statement waits for another process's transaction, and a thread for a connection, in seconds. An
# upload may have to wait for those before it as well, and is answered within twice that.
BUSY_SECONDS = 5


def make_sqlite_engine(url: URL, *, durable: bool) -> Engine:
    """Return an engine in WAL mode; `durable=False` leaves the disk to the operating system.

    `synchronous = FULL` has SQLite sync its log, wherever that lies, before a commit returns. A sync that
    fails is a commit that fails, and the connection is not used again: the kernel says so only once.
    The connection that was used last comes first: each drops the pages it knows once another has written.
    """
    engine = create_engine(
        url,
        pool_size=16,
        max_overflow=64,
        pool_timeout=BUSY_SECONDS,
        pool_use_lifo=True,
        hide_parameters=True,
    )
    _configure(engine, "FULL" if durable else "OFF")
    return engine


def _configure(engine: Engine, synchronous: str) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing of its own; SQLAlchemy does
        connection.create_function("lower", 1, _lower, deterministic=True)  # its own knows ASCII alone
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        connection.execute(f"PRAGMA synchronous = {synchronous}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    @event.listens_for(engine, "handle_error")
    def distrust(context: Any) -> None:
        """Close a connection whose disk failed."""
        if getattr(context.original_exception, "sqlite_errorname", "").startswith("SQLITE_IOERR"):
            context.is_disconnect = True


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value
