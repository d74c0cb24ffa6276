"""Who polls and who answers: a crew with polling and channels of the tests' own."""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from pastebin import pace
from pastebin.server.crew import Crew

SECONDS = 10.0


class Channel:
    """A connection with one request; `work` is what answering it does."""

    is_live = False

    def __init__(self, work: Callable[[], object] = lambda: None) -> None:
        self._work = work
        self.thread = 0
        self.answered = threading.Event()

    def service(self) -> None:
        """Answer."""
        self.thread = threading.get_ident()
        self._work()
        self.answered.set()

    def was_answered(self, seconds: float = SECONDS) -> bool:
        """Wait for the answer."""
        return self.answered.wait(seconds)


class Running(Crew):
    """A crew whose polling finds what the test puts in its way."""

    def __init__(self) -> None:
        super().__init__()
        self.events: queue.Queue[Any] = queue.Queue()
        self.pollers: set[int] = set()
        self.poll = self._take
        self.wake = lambda: self.events.put(None)

    def _take(self) -> None:
        self.pollers.add(threading.get_ident())
        event = self.events.get()
        if event is not None:
            event()

    def arrive(self, *channels: Channel) -> None:
        """Have requests come in, all in one round of polling."""
        self.events.put(lambda: [self.add_task(channel) for channel in channels])


@pytest.fixture
def start() -> Iterator[Callable[[int], Running]]:
    """Give a function that starts a crew in which so many may answer."""
    crews: list[Running] = []

    def begin(size: int) -> Running:
        crews.append(crew := Running())
        crew.start(size)
        return crew

    yield begin
    for crew in crews:
        crew.shutdown()
        crew.wait()


def test_quick_requests_are_answered_in_turn_by_whoever_polls(start: Callable[[int], Running]) -> None:
    crew = start(4)
    order: list[int] = []
    channels = [Channel(lambda n=n: order.append(n)) for n in range(20)]
    crew.arrive(*channels)
    assert all(channel.was_answered() for channel in channels)
    assert order == list(range(20))
    assert {channel.thread for channel in channels} <= crew.pollers


def test_a_request_that_takes_long_keeps_nobody_waiting(start: Callable[[int], Running]) -> None:
    crew = start(2)
    end = threading.Event()
    slow, quick, later = Channel(end.wait), Channel(), Channel()
    crew.arrive(slow, quick)
    assert quick.was_answered()
    crew.arrive(later)
    assert later.was_answered()
    assert not slow.answered.is_set()
    assert slow.thread not in (quick.thread, later.thread)
    end.set()
    assert slow.was_answered()


def test_who_says_beforehand_that_it_takes_long_hands_over_at_once(
    start: Callable[[int], Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pastebin.server.crew.PATIENCE", 1.0)
    monkeypatch.setattr(pace, "_listeners", [])
    crew = start(2)
    pace.on_long(crew.step_down)
    end = threading.Event()

    def work() -> None:
        pace.before_long()
        end.wait(SECONDS)

    slow, quick = Channel(work), Channel()
    crew.arrive(slow, quick)
    assert quick.was_answered(0.5)
    assert not slow.answered.is_set()
    end.set()
    assert slow.was_answered()


def test_only_who_leads_can_step_down(start: Callable[[int], Running]) -> None:
    crew = start(1)
    crew.step_down()
    channel = Channel()
    crew.arrive(channel)
    assert channel.was_answered()


def test_somebody_is_left_to_poll_when_all_others_are_busy(start: Callable[[int], Running]) -> None:
    crew = start(2)
    end = threading.Event()
    busy = [Channel(end.wait), Channel(end.wait)]
    waiting = Channel()
    polled = threading.Event()
    crew.arrive(*busy, waiting)
    crew.events.put(polled.set)
    assert polled.wait(SECONDS)
    assert not waiting.was_answered(0.05)
    end.set()
    assert waiting.was_answered()
    assert all(channel.was_answered() for channel in busy)


def test_a_request_is_never_answered_twice_while_the_lead_changes(start: Callable[[int], Running]) -> None:
    crew = start(3)
    counts = [0] * 200

    def work(number: int) -> None:
        counts[number] += 1
        if number % 7 == 0:
            time.sleep(0.004)  # around the crew's patience
        if number % 5 == 0:
            crew.step_down()

    channels = [Channel(lambda n=n: work(n)) for n in range(200)]
    for channel in channels:
        crew.arrive(channel)
    assert all(channel.was_answered() for channel in channels)
    assert counts == [1] * 200


def test_a_request_from_another_thread_wakes_the_polling(start: Callable[[int], Running]) -> None:
    crew = start(1)
    channel = Channel()
    crew.add_task(channel)
    assert channel.was_answered()


def test_requests_that_are_added_at_the_same_moment_wake_the_polling(
    start: Callable[[int], Running],
) -> None:
    """Each of two threads may find two requests; one of them has to wake the leader all the same."""
    crew = start(2)
    both_added = threading.Barrier(2)

    class Meeting(deque[Any]):
        def append(self, channel: Any) -> None:
            super().append(channel)
            with suppress(threading.BrokenBarrierError):  # they cannot meet, which is as well
                both_added.wait(0.2)

    crew._ready = Meeting()
    channels = [Channel(), Channel()]
    adding = [threading.Thread(target=crew.add_task, args=(channel,)) for channel in channels]
    for thread in adding:
        thread.start()
    for thread in adding:
        thread.join()
    assert all(channel.was_answered() for channel in channels)


def test_a_large_body_gets_a_thread_of_its_own(start: Callable[[int], Running]) -> None:
    crew = start(1)
    channel = Channel()
    channel.is_live = True
    crew.arrive(channel)
    assert channel.was_answered()
    assert channel.thread not in crew.pollers


def test_shutting_down_waits_for_what_is_being_answered() -> None:
    crew = Running()
    crew.start(1)
    begun, end = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        end.wait(SECONDS)

    channel = Channel(work)
    crew.arrive(channel)
    assert begun.wait(SECONDS)
    threading.Timer(0.05, end.set).start()
    crew.shutdown()
    assert channel.answered.is_set()
    crew.wait()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_crew_that_cannot_poll_says_so_and_does_not_hang() -> None:
    crew = Running()

    def fail() -> None:
        raise ValueError("no polling")

    crew.start(1)
    crew.events.put(fail)
    with pytest.raises(RuntimeError, match="failed"):
        crew.wait()
    crew.shutdown()
