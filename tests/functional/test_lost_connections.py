"""Connections to MariaDB that are gone when they are needed: nobody notices."""

import time

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from pastebin.models import mariadb, retry_on_disconnect
from tests.inprocess import Service


@pytest.fixture
def engine(mariadb_service: Service) -> Engine:
    """Give the service's engine with a connection in its pool."""
    engine: Engine = mariadb_service.registry.services.engine
    engine.dispose()
    mariadb_service.empty()
    mariadb_service.upload(b"first", "first.txt")
    return engine


def kill_pooled(engine: Engine) -> None:
    """End the connections that wait in the pool, from outside."""

    def number() -> int:  # of one that is still there: the pool may have another that was ended before
        with engine.connect() as connection:
            return int(connection.scalar(text("SELECT CONNECTION_ID()")) or 0)

    mine = retry_on_disconnect(number)
    other = create_engine(engine.url)
    with other.connect() as connection:
        connection.execute(text(f"KILL {mine}"))
    other.dispose()
    time.sleep(0.05)


def test_a_connection_lost_a_moment_ago(mariadb_service: Service, engine: Engine) -> None:
    kill_pooled(engine)
    said = mariadb_service.upload(b"second", "second.txt")
    assert said.status_int == 201
    kill_pooled(engine)
    assert mariadb_service.ask(said.json["url_d"]).body == b"second"


def test_a_connection_lost_while_nobody_used_it(
    mariadb_service: Service, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mariadb, "PING_AFTER", 0.01)
    kill_pooled(engine)
    assert mariadb_service.ask("/health").status_int == 200
    kill_pooled(engine)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


@pytest.mark.parametrize("lost", [True, False])
def test_only_work_on_a_lost_connection_is_done_again(lost: bool) -> None:
    attempts = []

    def work() -> str:
        attempts.append(1)
        if len(attempts) == 1:
            raise DBAPIError("SELECT", {}, Exception("broken"), connection_invalidated=lost)
        return "done"

    if lost:
        assert retry_on_disconnect(work) == "done"
    else:
        with pytest.raises(DBAPIError):
            retry_on_disconnect(work)
    assert len(attempts) == 1 + lost


def test_work_is_done_twice_at_most() -> None:
    attempts = []

    def work() -> None:
        attempts.append(1)
        raise DBAPIError("SELECT", {}, Exception("broken"), connection_invalidated=True)

    with pytest.raises(DBAPIError):
        retry_on_disconnect(work)
    assert len(attempts) == 2
