"""The state of the parts: what is wrong with each, and what that means for the whole."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from pastebin import __version__, _speedups
from pastebin.errors import StorageFull
from pastebin.models import Standstill, WriteTransactions
from tests.inprocess import Service
from tests.inprocess.fixtures import StartService

PARTS = ("database", "cache", "store")


@pytest.fixture
def own(start: StartService) -> Service:
    """Give a service that the test may break."""
    return start()


def migrate_not(service: Service) -> None:
    with service.registry.services.engine.begin() as connection:
        connection.execute(text('DROP TABLE "PasteFile"'))


def lose_folder(service: Service) -> None:
    (service.files / "tmp").rmdir()


def forget_all(service: Service) -> None:
    service.registry.services.cache.get = lambda _key: None


BREAK: dict[str, Callable[[Service], None]] = {
    "database": migrate_not,
    "store": lose_folder,
    "cache": forget_all,
}


def test_all_is_well(service: Service) -> None:
    answer = service.ask("/health")
    assert (answer.status_int, answer.content_type) == (200, "application/json")
    assert (answer.json["status"], answer.json["version"]) == ("ok", __version__)
    for part in PARTS:
        assert answer.json[part]["status"] == "ok"
        assert set(answer.json[part]) == {"status", "name"}
    assert set(answer.json["speedups"]) == {"hashing", "imagecrop", "shorturl"}
    assert set(answer.json["speedups"].values()) <= {"compiled", "python"}


@pytest.mark.parametrize("part", ["database", "store"])
def test_without_database_or_store_the_service_is_down(own: Service, part: str) -> None:
    BREAK[part](own)
    answer = own.ask("/health")
    assert (answer.status_int, answer.json["status"]) == (503, "down")
    assert answer.json[part]["status"] == "down"
    assert len(answer.json[part]["problem"]) > 10
    assert [answer.json[other]["status"] for other in PARTS if other != part] == ["ok", "ok"]


def test_without_cache_the_service_is_only_degraded(own: Service) -> None:
    BREAK["cache"](own)
    answer = own.ask("/health")
    assert (answer.status_int, answer.json["status"]) == (200, "degraded")
    assert answer.json["cache"]["status"] == "down"
    own.assert_works()


def test_whatever_is_broken_the_rest_is_still_told(own: Service) -> None:
    for break_part in BREAK.values():
        break_part(own)
    answer = own.ask("/health")
    assert (answer.status_int, answer.json["status"]) == (503, "down")
    assert {answer.json[part]["status"] for part in PARTS} == {"down"}


def test_a_full_disk_is_told(own: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise StorageFull("The server's disk is full.")

    monkeypatch.setattr(own.registry.services.store, "check", full)
    assert own.ask("/health").json["store"]["problem"] == "The server's disk is full."


def test_what_went_wrong_inside_is_logged_and_not_told(
    own: Service, caplog: pytest.LogCaptureFixture
) -> None:
    BREAK["database"](own)
    answer = own.ask("/health")
    assert "no such table" in caplog.text
    for secret in ("no such table", "SELECT", str(own.data)):
        assert secret not in answer.text


@pytest.mark.parametrize("part", ["none", "database", "store", "cache"])
def test_nobody_keeps_an_answer_about_health(own: Service, part: str) -> None:
    BREAK.get(part, lambda _service: None)(own)
    assert "no-store" in own.ask("/health").headers["Cache-Control"]


def test_asking_leaves_nothing_in_the_store(service: Service) -> None:
    for _ in range(3):
        service.ask("/health")
    service.assert_untouched()


def test_whoever_asks_often_is_told_what_was_found_out_a_moment_ago(own: Service) -> None:
    assert own.ask("/health").json["status"] == "ok"
    with own.statements() as statements:
        migrate_not(own)
        for _ in range(20):
            assert own.ask("/health").json["status"] == "ok"
    assert [statement for statement in statements if "SELECT" in statement] == []


def test_the_state_is_tried_again_after_a_second(own: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    own.ask("/health")
    migrate_not(own)
    monkeypatch.setattr("pastebin.services.health.SECONDS", 0)
    answer = own.ask("/health")
    assert answer.json["database"]["problem"].startswith("The database has not been migrated")


def test_a_process_is_alive_whatever_is_broken(own: Service) -> None:
    for break_part in BREAK.values():
        break_part(own)
    with own.statements() as statements:
        answer = own.ask("/live")
    assert (answer.status_int, answer.json) == (200, {"status": "ok"})
    assert "no-store" in answer.headers["Cache-Control"]
    assert own.ask("/live/x").status_int == 404
    assert statements == []


def test_every_compiled_module_is_told(service: Service) -> None:
    package = Path(_speedups.__file__).parent
    twins = {path.name.split(".")[0][1:-2] for path in package.glob("_*_c.pyx")}
    assert set(service.ask("/health").json["speedups"]) == twins


def test_a_database_that_takes_nothing_in_is_down_until_it_does(
    own: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody holds SQLite's lock. It has to last: one moment of it is no reason to take a process away."""
    monkeypatch.setattr("pastebin.services.health.SECONDS", -1)
    own.assert_works()
    clock = [1000.0]
    monkeypatch.setattr("pastebin.models.standstill.monotonic", lambda: clock[0])

    def status_after(seconds: float) -> tuple[int, str]:
        clock[0] += seconds
        answer = own.ask("/health")
        return answer.status_int, answer.json["database"]["status"]

    other = sqlite3.connect(own.data / "pastebin.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert [status_after(seconds) for seconds in (0, 4, 2)] == [(200, "ok"), (200, "ok"), (503, "down")]
    other.execute("CREATE TABLE progress (a)")
    other.execute("COMMIT")
    other.execute("BEGIN IMMEDIATE")  # another turn, after something was taken in
    assert [status_after(seconds) for seconds in (60, 4, 2)] == [(200, "ok"), (200, "ok"), (503, "down")]
    other.close()
    assert status_after(0) == (200, "ok")


def test_a_process_of_ours_that_keeps_its_turn_is_noticed_too(
    own: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    standstill = Standstill(own.registry.services.engine)
    monkeypatch.setattr("pastebin.models.standstill.BUSY_SECONDS", 0)
    with WriteTransactions(own.registry.services.engine).alone():
        assert standstill.is_lasting()
    assert not standstill.is_lasting()
