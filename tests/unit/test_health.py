"""The state of the parts: what is wrong with each, and what that means for the whole."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from pastebin import __version__
from pastebin.cache import LookupCache
from pastebin.errors import StorageFull
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
    class Forgetful(LookupCache):
        def get(self, _key: str) -> None:
            return None

    service.registry.services.cache = Forgetful(service.registry.services.cache._region, "forgetful")


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
