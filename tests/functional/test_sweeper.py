"""What the service ends and removes by itself."""

import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from pastebin.models import AUDIT, COLLECTIONS, INVALIDATIONS, ITEMS
from pastebin.services.leases import Lease
from tests.functional.test_ownership import audit, upload
from tests.inprocess import Service, contents
from tests.inprocess.fixtures import StartService
from tests.inprocess.forms import file_part, text_part

SECRET_NAME = "the-name-nobody-may-find.txt"
SMALL = b"SMALL-SECRET-" * 50
LARGE = b"LARGE-SECRET-" * 9000


def everything(folder: Path) -> bytes:
    """Return all bytes of the database, its log, the files and the derived images."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def sweep_until(service: Service, condition: Any, seconds: float = 15) -> None:
    """Sweep as the thread does, until a condition is true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        service.registry.services.sweeper.sweep()
        time.sleep(0.2)


@pytest.fixture
def quick(start: StartService) -> Service:
    """Give a service that removes within three seconds; the tests sweep themselves."""
    return start(sweep_every="3s")


def test_what_is_deleted_is_nowhere_any_more(quick: Service, caplog: pytest.LogCaptureFixture) -> None:
    said = [upload(quick, SMALL, SECRET_NAME).json, upload(quick, LARGE, SECRET_NAME).json]
    picture = contents.image("PNG", 64, 64)
    said.append(upload(quick, picture, "picture.png", title="A SECRET TITLE").json)
    assert quick.ask(f"{said[2]['url_i']}?w=20").status_int == 200
    assert list((quick.data / "derived").rglob("*/*"))
    before = everything(quick.data)
    assert SMALL[:200] in before and LARGE[:200] in before and SECRET_NAME.encode() in before  # noqa: PT018
    for one in said:
        assert quick.ask(one["url_m"], "DELETE").status_int == 204
    sweep_until(quick, lambda: quick.contents() == [])
    names = [one["url_p"].rpartition("/")[2].encode() for one in said]
    sweep_until(quick, lambda: not any(name in everything(quick.data) for name in names))
    left = everything(quick.data) + caplog.text.encode()
    for secret in (b"SMALL-SECRET", b"LARGE-SECRET", SECRET_NAME.encode(), b"A SECRET TITLE", picture[:60]):
        assert secret not in left
    assert [path for path in (quick.data / "derived").rglob("*") if path.is_file()] == []
    assert audit(quick) == [("deleted", "key")] * 3


def test_what_another_link_has_stays(quick: Service) -> None:
    gone, kept = upload(quick, LARGE, "a.txt").json, upload(quick, LARGE, "b.txt").json
    assert quick.ask(gone["url_m"], "DELETE").status_int == 204
    quick.registry.services.sweeper.grace = -1
    quick.registry.services.sweeper.sweep()
    assert quick.ask(kept["url_d"]).body == LARGE


def test_links_end_when_their_time_is_over(quick: Service) -> None:
    upload(quick, b"expires", "a.txt", expires="1s")
    used = upload(quick, b"used", "b.txt", downloads="1").json
    assert quick.ask(used["url_d"]).body == b"used"
    sweep_until(quick, lambda: quick.rows() == [])
    assert sorted(audit(quick)) == [("expired", "service"), ("used", "service")]
    sweep_until(quick, lambda: quick.contents() == [])


def test_collections_end_when_their_time_is_over(quick: Service) -> None:
    for number in range(3):
        form = [file_part(b"a%d" % number, "a.txt"), file_part(LARGE, "b.txt"), text_part("collection", "")]
        said = quick.send([*form, text_part(*(("downloads", "1") if number else ("expires", "1s")))]).json
        if number:
            assert quick.ask(said["url_c"] + ".zip").status_int == 200
    sweep_until(quick, lambda: quick.rows() == [])
    sweep_until(quick, lambda: quick.contents() == [])
    assert sorted(audit(quick)) == [("expired", "service")] * 3 + [("used", "service")] * 6
    with quick.session() as session:
        assert [session.scalar(select(func.count()).select_from(one)) for one in (COLLECTIONS, ITEMS)] == [
            0,
            0,
        ]


def test_a_sweep_ends_more_collections_than_one_batch(
    quick: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = iter([100, 100, 3, 0])
    monkeypatch.setattr(quick.registry.services.collections, "end_expired", lambda: next(ended))
    quick.registry.services.sweeper.sweep()
    assert list(ended) == []


def test_a_download_under_way_goes_on(quick: Service) -> None:
    said = upload(quick, LARGE, "a.txt").json
    digest = quick.contents()[0]
    with quick.registry.services.store.open(digest) as reader:
        assert reader.read(10) == LARGE[:10]
        assert quick.ask(said["url_m"], "DELETE").status_int == 204
        sweep_until(quick, lambda: quick.contents() == [])
        assert reader.read() == LARGE[10:]


def test_nothing_is_removed_while_links_have_lost_their_contents(quick: Service) -> None:
    said = upload(quick, SMALL, "a.txt").json
    quick.add_row(
        filename="old",
        filehash="0" * 32,
        filemd5="0" * 32,
        uploadtime=quick.rows()[0].uploadtime,
        mimetype="text/plain",
        size=1,
    )
    assert quick.ask(said["url_m"], "DELETE").status_int == 204
    quick.registry.services.sweeper.grace = -1
    quick.registry.services.sweeper.sweep()
    assert len(quick.contents()) == 1


def test_an_upload_of_the_same_bytes_at_that_moment_keeps_them(
    each_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever comes between setting a content aside and removing it."""
    services = each_service.registry.services
    removal = services.sweeper._removal
    for content in (SMALL, LARGE):
        said = upload(each_service, content, "a.txt").json
        [digest] = each_service.contents()
        assert each_service.ask(said["url_m"], "DELETE").status_int == 204
        usual = services.store.set_aside

        again: list[Any] = []

        def meanwhile(
            sha256: str, moment: float, usual: Any = usual, content: bytes = content, seen: list[Any] = again
        ) -> Any:
            removed = usual(sha256, moment)
            seen.append(upload(each_service, content, "again.txt"))
            return removed

        monkeypatch.setattr(services.store, "set_aside", meanwhile)
        assert not removal.remove(digest, time.time() + 60)
        monkeypatch.setattr(services.store, "set_aside", usual)
        assert again[0].status_int == 201
        assert each_service.ask(again[0].json["url_d"]).body == content
        assert each_service.ask(again[0].json["url_m"], "DELETE").status_int == 204
        assert removal.remove(digest, time.time() + 60)
        assert each_service.contents() == []


def test_one_process_at_a_time_sweeps(each_service: Service) -> None:
    engine = each_service.registry.services.engine
    one, other = Lease(engine, "test"), Lease(engine, "test")
    assert (one.acquire(), other.acquire(), one.acquire()) == (True, False, True)
    one.release(60)
    assert (one.acquire(), other.acquire()) == (False, False)
    third = Lease(engine, "test-2")
    assert third.acquire()
    third.release(0)
    assert Lease(engine, "test-2").acquire()


def test_news_are_kept_short(quick: Service) -> None:
    for number in range(5):
        assert quick.ask(upload(quick, b"%d" % number).json["url_m"], "DELETE").status_int == 204

    def kept() -> list[str]:
        with quick.registry.services.engine.connect() as connection:
            return list(connection.scalars(select(INVALIDATIONS.c.filehash)))

    assert len(kept()) == 5
    sweep_until(quick, lambda: kept() == [""])
    with quick.registry.services.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(AUDIT)).scalar() == 5


def test_the_thread_does_it_all(start: StartService) -> None:
    service = start(sweep_every="3s")
    service.registry.services.sweeper.is_running = False  # as in a process that has just started
    said = upload(service, SMALL, SECRET_NAME).json
    assert service.registry.services.sweeper.is_running
    assert service.ask(said["url_m"], "DELETE").status_int == 204
    deadline = time.monotonic() + 15
    while service.contents():
        assert time.monotonic() < deadline
        time.sleep(0.2)
