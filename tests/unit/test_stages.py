"""A stage: one thread that works for many."""

import gc
import threading
import time
from collections.abc import Sequence
from itertools import pairwise
from queue import SimpleQueue

import pytest

from pastebin.services.stages import Stage

SECONDS = 10


class Noted:
    """What a stage did: the items of each time, when, and in which thread; it waits until it may go on."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.moments: list[float] = []
        self.threads: set[int] = set()
        self.may_go_on = threading.Event()

    def work(self, items: Sequence[int]) -> None:
        """Note the items."""
        self.moments.append(time.monotonic())
        self.threads.add(threading.get_ident())
        self.batches.append(list(items))
        self.may_go_on.wait(SECONDS)

    def wait_for(self, count: int) -> None:
        """Return when so many items were worked on."""
        deadline = time.monotonic() + SECONDS
        while sum(map(len, self.batches)) < count and time.monotonic() < deadline:
            time.sleep(0.001)


@pytest.fixture
def noted() -> Noted:
    """Give work that is noted."""
    return Noted()


def test_what_comes_meanwhile_is_worked_on_together(noted: Noted) -> None:
    stage = Stage("test", noted.work, most=10)
    stage.put(0)
    noted.wait_for(1)
    for item in range(1, 13):
        stage.put(item)
    noted.may_go_on.set()
    noted.wait_for(13)
    assert noted.batches == [[0], list(range(1, 11)), [11, 12]]
    assert len(noted.threads) == 1
    assert threading.get_ident() not in noted.threads


def test_it_begins_only_so_often_while_several_come(noted: Noted) -> None:
    stage = Stage("test", noted.work, most=2, every=0.1)
    stage.put(0)
    noted.wait_for(1)
    for item in range(1, 6):
        stage.put(item)
    noted.may_go_on.set()
    noted.wait_for(6)
    assert noted.batches == [[0], [1, 2], [3, 4], [5]]
    for before, after in pairwise(noted.moments[1:]):
        assert after - before >= 0.1


def test_what_comes_alone_is_not_held_back(noted: Noted) -> None:
    noted.may_go_on.set()
    stage = Stage("test", noted.work, most=10, every=6 * SECONDS)
    for item in range(3):
        stage.put(item)
        noted.wait_for(item + 1)
    assert noted.batches == [[0], [1], [2]]


def test_an_error_is_reported_and_ends_nothing(noted: Noted, monkeypatch: pytest.MonkeyPatch) -> None:
    reported: SimpleQueue[type[BaseException]] = SimpleQueue()
    monkeypatch.setattr(threading, "excepthook", lambda error: reported.put(error.exc_type))

    def work(items: Sequence[int]) -> None:
        noted.work(items)
        if items[0] == 0:
            raise ZeroDivisionError

    noted.may_go_on.set()
    stage = Stage("test", work, most=1)
    stage.put(0, 1, 2)
    noted.wait_for(3)
    assert noted.batches == [[0], [1], [2]]
    assert reported.get(timeout=SECONDS) is ZeroDivisionError  # the next thread may be there before
    assert reported.empty()


def test_a_thread_lasts_as_long_as_its_stage(noted: Noted) -> None:
    noted.may_go_on.set()
    before = set(threading.enumerate())
    stage = Stage("test", noted.work, most=1)
    assert set(threading.enumerate()) <= before
    stage.put(0)
    noted.wait_for(1)
    (thread,) = set(threading.enumerate()) - before
    thread.join(0.1)
    assert thread.is_alive()
    del stage
    gc.collect()
    thread.join(SECONDS)
    assert not thread.is_alive()


def test_what_waits_is_worked_on_when_nobody_has_the_stage_any_more(noted: Noted) -> None:
    stage = Stage("test", noted.work, most=2)
    stage.put(0)
    noted.wait_for(1)
    stage.put(1, 2, 3)
    del stage
    gc.collect()
    noted.may_go_on.set()
    noted.wait_for(4)
    assert noted.batches == [[0], [1, 2], [3]]


def test_nothing_is_left_behind_however_many_threads_put(noted: Noted) -> None:
    noted.may_go_on.set()
    stage = Stage("test", noted.work, most=4)

    def put(start: int) -> None:
        for item in range(start, start + 500):
            stage.put(item)

    threads = [threading.Thread(target=put, args=(500 * number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    noted.wait_for(2000)
    assert sorted(item for batch in noted.batches for item in batch) == list(range(2000))
    assert {len(batch) for batch in noted.batches} <= {1, 2, 3, 4}
