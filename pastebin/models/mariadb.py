"""MariaDB and MySQL: connections that are lost now and then, and found lost as late as possible.

Asking a connection whether it is still there before every use costs a round trip each time. Here
one is asked only when nobody used it for a while; `retries` does again what can be done twice.
"""

import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, Engine, create_engine
from sqlalchemy.exc import InvalidatePoolError

# A connection that nobody used for so many seconds is asked whether it is still there.
PING_AFTER = 1.0

# A server that does not answer for so long, in seconds, is taken for gone: whoever waits hears so.
CONNECT_SECONDS = 3
ANSWER_SECONDS = 5

# How long a statement waits for another transaction's locks; less than a server may take to answer.
LOCK_SECONDS = 3


def make_mariadb_engine(url: URL) -> Engine:
    """Return an engine with a pool of connections."""
    # READ COMMITTED, so that the row that caused a conflict can be read after the conflict.
    engine = create_engine(
        _with_timeouts(url),
        isolation_level="READ COMMITTED",
        pool_recycle=1800,
        pool_size=16,
        max_overflow=64,
        pool_timeout=ANSWER_SECONDS,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET SESSION innodb_lock_wait_timeout = {LOCK_SECONDS}")

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
                if "timed out" in str(error):  # a new connection would not be answered either
                    raise
                raise InvalidatePoolError from error

    return engine


def _with_timeouts(url: URL) -> URL:
    """Return the address with the driver's time-outs, where it does not set its own."""
    timeouts = {
        "connect_timeout": CONNECT_SECONDS,
        "read_timeout": ANSWER_SECONDS,
        "write_timeout": ANSWER_SECONDS,
    }
    return url.update_query_dict({k: str(v) for k, v in timeouts.items() if k not in url.query})
