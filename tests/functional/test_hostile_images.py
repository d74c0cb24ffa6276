"""Images made to hold up the service: each is refused or made in bounds, and others are served meanwhile."""

import io
import logging
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image
from webtest import TestApp

from pastebin.errors import Overloaded, StorageFull, TaskFailed
from pastebin.services import rendering
from pastebin.workers import Answer
from tests.inprocess import Service, contents, file_part, text_part
from tests.unit.images import samples

# Pixels of an image that is heavy, but quick to make: all of them are the same.
HEAVY = (5000, 5000)


def plain(size: tuple[int, int]) -> bytes:
    """Return a PNG of few bytes and many pixels."""
    return contents.encoded(Image.new("RGBA", size), "PNG", compress_level=1)


def colourful_gif(frames: int = 100) -> bytes:
    """Return an animation in whose frames all pixels differ."""
    shown = [samples.noise(60, 60, seed).quantize(255) for seed in range(frames)]
    return samples.animated(shown, "GIF", duration=50).getvalue()


def ask(service: Service, address: str) -> tuple[int, float]:
    """Return the status of an answer and how many seconds it took; may be called by several threads."""
    start = time.monotonic()
    status = TestApp(service.app).get(address, expect_errors=True).status_int
    return status, time.monotonic() - start


@contextmanager
def asked_meanwhile(service: Service, addresses: list[str]) -> Iterator[list[Future[tuple[int, float]]]]:
    """Ask for all of them at the same time, and go on."""
    with ThreadPoolExecutor(len(addresses)) as pool:
        yield [pool.submit(ask, service, address) for address in addresses]


@pytest.fixture
def pool(service: Service) -> Any:
    """Give the service's workers for images."""
    return service.registry.services.image_pool


@pytest.fixture
def quarantine(service: Service) -> Iterator[Path]:
    """Give the folder that tells what is too costly, and empty it afterwards."""
    folder = service.registry.services.settings.quarantine_path
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


# Refusals


@pytest.mark.parametrize("noun", ["i", "r"])
@pytest.mark.parametrize(("side", "scans"), [(10_000, 300), (10_000, 40), (100, 300)])
def test_a_jpeg_of_many_scans_is_422(service: Service, noun: str, side: int, scans: int) -> None:
    filehash = service.filehash(samples.sequential_scans(side, side, scans), "a.jpg")
    for width in (101, 102):
        answer = service.ask(f"/{noun}/{filehash}?w={width}")
        assert (answer.status_int, answer.json["error"]["code"]) == (422, "image_too_large")
        assert "scans" in answer.json["error"]["message"]


def test_an_image_that_would_take_too_much_memory_is_422(service: Service) -> None:
    filehash = service.filehash(samples.webp_header(9000, 9000), "a.webp")
    answer = service.ask(f"/i/{filehash}?w=100")
    assert (answer.status_int, answer.json["error"]["code"]) == (422, "image_too_large")
    assert "memory" in answer.json["error"]["message"]


@pytest.mark.parametrize("noun", ["i", "r", "upload"])
def test_what_takes_too_long_is_422_and_at_once_the_next_time(
    service: Service, pool: Any, quarantine: Path, noun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "CPU_SECONDS", 0.05)
    data = plain((4999, 5000))
    filehash = service.filehash(data, "a.png")

    def attempt() -> Any:
        if noun == "upload":
            return service.send([text_part("w", "100"), file_part(data, "a.png")], accept="application/json")
        return service.ask(f"/{noun}/{filehash}?w=100")

    answers = [attempt()]
    monkeypatch.setattr(pool._workers, "check_out", lambda: pytest.fail("a worker was asked again"))
    answers.append(attempt())
    for answer in answers:
        assert (answer.status_int, answer.json["error"]["code"]) == (422, "too_costly")
        assert answer.json["error"]["message"] == "This file takes too long to process."
    assert len(service.rows()) == 1
    assert service.leftovers() == []


def test_the_costliest_size_of_an_image_does_not_keep_others_from_the_usual_ones(
    service: Service, quarantine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filehash = service.filehash(contents.image("PNG", 60, 40), "a.png")
    with monkeypatch.context() as hurried:
        hurried.setattr(rendering, "CPU_SECONDS", 0.05)
        assert service.ask(f"/i/{filehash}?w=6000&format=webp").status_int == 422
    assert service.ask(f"/i/{filehash}?w=6000&format=webp").status_int == 422
    assert service.ask(f"/i/{filehash}?w=30").status_int == 200
    assert service.ask(f"/i/{filehash}?w=30&format=webp").status_int == 200


def test_a_busy_service_is_503_at_once_and_logs_nothing(
    service: Service, pool: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def run(*_given: Any, **_named: Any) -> Answer:
        raise Overloaded("the service is busy")

    monkeypatch.setattr(pool, "run", run)
    filehash = service.filehash(contents.image(), "a.png")
    for noun in ("i", "r"):
        answer = service.ask(f"/{noun}/{filehash}?w=20")
        assert (answer.status_int, answer.json["error"]["code"]) == (503, "overloaded")
        assert int(answer.headers["Retry-After"]) > 0
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"format": "html", "width": 1, "height": 1},
        {"format": "png", "width": "1", "height": 1},
        {"x": [1]},
    ],
)
def test_a_worker_that_lies_is_500_and_nothing_of_it_is_kept(
    service: Service, pool: Any, monkeypatch: pytest.MonkeyPatch, header: dict[str, Any]
) -> None:
    monkeypatch.setattr(pool, "run", lambda *_given, **_named: Answer(header, b""))
    filehash = service.filehash(contents.image(), "a.png")
    for noun in ("i", "r"):
        assert service.ask(f"/{noun}/{filehash}?w=20").status_int == 500
    assert _derived(service) == []


def test_a_bug_in_a_worker_is_500(service: Service, pool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_given: Any, **_named: Any) -> Answer:
        raise TaskFailed("something went wrong on the server; it has been logged")

    monkeypatch.setattr(pool, "run", run)
    answer = service.ask(f"/i/{service.filehash(contents.image(), 'a.png')}?w=20")
    assert (answer.status_int, answer.json["error"]["code"]) == (500, "internal_error")


# Others meanwhile


def ask_until_served(service: Service, address: str) -> tuple[int, float]:
    """Return status and seconds of an answer, asked for again while the service is busy, as it asks for."""
    begun = time.monotonic()
    while True:
        status, _ = ask(service, address)
        seconds = time.monotonic() - begun
        if status != 503 or seconds > 8:
            return status, seconds
        time.sleep(0.1)


@pytest.mark.alone
def test_an_ordinary_resize_is_quick_beside_costly_ones(service: Service, quarantine: Path) -> None:
    heavy = service.filehash(plain(HEAVY), "heavy.png")
    gif = service.filehash(colourful_gif(), "a.gif")
    photo = service.filehash(contents.image("JPEG", 800, 600), "photo.jpg")
    assert service.ask(f"/i/{photo}?w=99").status_int == 200
    costly = [f"/i/{heavy}?w={width}&format=webp" for width in range(2001, 2009)]
    costly += [f"/i/{gif}?w={width}" for width in (201, 202)]
    with asked_meanwhile(service, costly) as answers:
        ordinary = [ask_until_served(service, f"/i/{photo}?w={width}") for width in range(100, 120)]
        warm = [ask(service, f"/i/{photo}?w=99") for _ in range(20)]
    assert {status for status, _ in ordinary + warm} == {200}
    assert {answer.result()[0] for answer in answers} <= {200, 503}
    assert max(seconds for _, seconds in ordinary) < 8
    assert max(seconds for _, seconds in warm) < 1
    assert max(answer.result()[1] for answer in answers) < 12


def test_all_processes_together_stay_below_a_gibibyte(service: Service, quarantine: Path) -> None:
    hashes = [service.filehash(plain((10_000, side)), "huge.png") for side in (9_999, 10_000)]
    before = _memory_of_all()  # of the tests and of the servers they share
    addresses = [f"/i/{filehash}?w={width}" for filehash in hashes for width in (64, 65)]
    with asked_meanwhile(service, addresses) as answers:
        peak = 0
        while not all(answer.done() for answer in answers):
            peak = max(peak, _memory_of_all() - before)
            time.sleep(0.02)
    assert {answer.result()[0] for answer in answers} <= {200, 503}
    assert 200 in {answer.result()[0] for answer in answers}
    assert 64 * 2**20 < peak < 800 * 2**20  # the least: one of the images, decoded


def _memory_of_all() -> int:
    """Return how many bytes this process and its children take, shared ones counted once."""
    total = 0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total


@pytest.mark.alone
def test_the_same_image_is_rendered_once_for_all_who_ask_at_once(
    service: Service, pool: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    admitted = []
    admit = pool._admit
    monkeypatch.setattr(pool, "_admit", lambda job: (admitted.append(job), time.sleep(0.2), admit(job))[2])
    filehash = service.filehash(contents.image("JPEG", 800, 600), "photo.jpg")
    start = threading.Barrier(6)

    def together() -> int:
        start.wait(10)
        return ask(service, f"/i/{filehash}?w=77")[0]

    with ThreadPoolExecutor(6) as threads:
        statuses = [future.result() for future in [threads.submit(together) for _ in range(6)]]
    assert statuses == [200] * 6
    assert len(admitted) == 1


# Cached images


def _derived(service: Service) -> list[Path]:
    return [path for path in (service.data / "derived").glob("*/*") if path.is_file()]


@pytest.mark.parametrize("damage", [b"", None], ids=["emptied", "zeroed"])
def test_a_damaged_cached_image_is_made_anew(service: Service, damage: bytes | None) -> None:
    address = f"/i/{service.filehash(contents.image(), 'a.png')}?w=30"
    first = service.ask(address)
    (path,) = _derived(service)
    path.write_bytes(bytes(path.stat().st_size) if damage is None else damage)
    again = service.ask(address)
    assert (again.status_int, again.content_type, again.body) == (200, "image/png", first.body)
    assert len(_derived(service)) == 1


def test_a_folder_that_was_removed_while_serving_is_made_again(service: Service) -> None:
    address = f"/i/{service.filehash(contents.image(), 'a.png')}?w=30"
    first = service.ask(address)
    shutil.rmtree(service.data / "derived")
    assert [service.ask(address).body for _ in range(2)] == [first.body] * 2
    assert len(_derived(service)) == 1


def test_a_folder_that_cannot_be_made_is_done_without(start: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    service = start(derived_folder=str(tmp_path / "file" / "derived"))
    address = f"/i/{service.filehash(contents.image(), 'a.png')}?w=30"
    answers = [service.ask(address) for _ in range(2)]
    assert [(answer.status_int, answer.content_type) for answer in answers] == [(200, "image/png")] * 2
    assert contents.opened(answers[1].body).width == 30


def test_a_full_disk_of_the_folder_costs_only_the_cache(
    service: Service, pool: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker that writes the result hears of it first."""
    targets, run = [], pool.run

    def fail_once(*given: Any, target: int, **named: Any) -> Answer:
        targets.append(target)
        if len(targets) == 1:
            raise StorageFull("the disk has no room left")
        return run(*given, target=target, **named)

    monkeypatch.setattr(pool, "run", fail_once)
    monkeypatch.setattr(service.registry.services.derived, "_paused_until", 0.0)
    address = f"/i/{service.filehash(contents.image(), 'a.png')}?w=30"
    answer = service.ask(address)
    monkeypatch.setattr(service.registry.services.derived, "_paused_until", 0.0)
    assert (answer.status_int, contents.opened(answer.body).width) == (200, 30)
    assert len(targets) == 2
    assert _derived(service) == []


# Animations


@pytest.mark.parametrize(("kind", "loop"), [("GIF", 65_535), ("PNG", 70_000)])
def test_more_plays_than_a_webp_can_count(service: Service, kind: str, loop: int) -> None:
    data = samples.animated(samples.frames(), kind, loop=loop).getvalue()
    answer = service.ask(f"/i/{service.filehash(data, 'a')}?format=webp")
    assert (answer.status_int, answer.content_type) == (200, "image/webp")
    assert Image.open(io.BytesIO(answer.body)).info["loop"] == 0
