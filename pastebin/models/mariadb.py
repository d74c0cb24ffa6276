"""MariaDB and MySQL: connections that are lost now and then, and found lost as late as possible.

Asking a connection whether it is still there before every use costs a round trip each time. Here
one is asked only when nobody used it for a while, and what can be done twice is done again.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import URL, Engine, create_engine
from sqlalchemy.exc import DBAPIError, InvalidatePoolError

# A connection that nobody used for so many seconds is asked whether it is still there.
PING_AFTER = 1.0

Result = TypeVar("Result")


def make_mariadb_engine(url: URL) -> Engine:
    """Return an engine with a pool of connections."""
    # READ COMMITTED, so that the row that caused a conflict can be read after the conflict.
    engine = create_engine(
        url, isolation_level="READ COMMITTED", pool_recycle=1800, pool_size=16, max_overflow=64
    )

    @event.listens_for(engine, "checkin")
    def note(_connection: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        now = time.monotonic()
        if now - record.info.get("used_at", now) > PING_AFTER:
            try:
                connection.ping(reconnect=False)
            except engine.dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error

    return engine


def insist(work: Callable[[], Result]) -> Result:
    """Do some work on the database, and once more if its connection turned out to be lost.

    For work that may be done twice: the server may have done it before the connection broke.
    """
    try:
        return work()
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
    return work()
