"""Who polls and who answers: a crew of threads of which one leads.

waitress polls in one thread and answers in others, so that every request wakes at least two of
them; and threads that all run Python wake each other up for the interpreter's lock dozens of
times a request. Here the thread that polls also answers, one request after the other, as an
event loop would. When a request takes longer than PATIENCE, or says beforehand that it will
(`pastebin.pace`), another thread takes the lead and the first one ends its request aside. The
pattern is known as leader/followers (Schmidt and others, PLoP 2000).
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

# How long one request may keep the others waiting, in seconds; noticed within twice that time.
PATIENCE = 0.003

# After so many looks at a crew that has nothing to do, the watch sleeps until it has.
QUIET_LOOKS = 30


class Crew:
    """Threads that answer, and one more so that somebody is always left to poll.

    Takes the place of waitress's task dispatcher. `poll` is one round of polling, in which
    waitress calls `add_task` for every channel with a request; `wake` ends a round from another
    thread. Both are set before `start`.
    """

    poll: Callable[[], object]
    wake: Callable[[], object]

    def __init__(self) -> None:
        self._ready: deque[Any] = deque()
        self._lead = threading.Lock()  # released by whoever ends somebody's lead
        self._guard = threading.Lock()  # of the next four, and of adding to `_ready`
        self._leader = 0  # a thread's number
        self._is_answering = False  # the leader is
        self._followers = 0
        self._parked = 0  # requests that will be taken up again
        self._answers = 0  # that leaders began
        self._watch_sleeps = False
        self._watch_wakes = threading.Event()
        self._is_stopping = False
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, size: int) -> None:
        """Start a crew in which `size` threads may answer at a time."""
        threads = [threading.Thread(target=self._work, name=f"crew-{n}") for n in range(size + 1)]
        threads.append(threading.Thread(target=self._watch, name="crew-watch"))
        for thread in threads:
            thread.daemon = True
            thread.start()
        self._threads = threads

    def add_task(self, channel: Any) -> None:
        """Have a channel's request answered."""
        if channel.is_live:
            threading.Thread(target=channel.service, name="crew-live", daemon=True).start()
            return
        with self._guard:
            self._ready.append(channel)
            # Else the leader looks for more when it has answered, or is woken for the first of them.
            wakes = not self._is_answering and len(self._ready) == 1
        if wakes:
            self.wake_leader()

    def park(self, channel: Any, awaited: "Future[Any]") -> None:
        """Have a channel's request taken up again when `awaited` is done."""
        with self._guard:
            self._parked += 1
        awaited.add_done_callback(lambda _: self.add_task(channel))

    def unpark(self) -> None:
        """Forget a request that was parked, as it is answered."""
        with self._guard:
            self._parked -= 1

    def wake_leader(self) -> None:
        """Have the thread that polls look at everything anew; nothing to do for that thread itself."""
        if not self.is_leading():
            self.wake()

    def is_leading(self) -> bool:
        """Tell whether the calling thread leads."""
        return self._leader == threading.get_ident()

    def has_followers(self) -> bool:
        """Tell whether there are threads with nothing to do."""
        return self._followers > 0

    def step_down(self) -> None:
        """Let another thread lead, as what comes now takes long; nothing for a thread that does not lead."""
        with self._guard:
            if self.is_leading():
                self._end_lead()

    def wait(self) -> None:
        """Return when the crew has ended; RuntimeError if one of its threads failed."""
        self._ended.wait()
        if not self._is_stopping:
            raise RuntimeError("a thread of the server failed")

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """End the threads, after what they have begun to answer; wait up to `timeout` seconds for that."""
        deadline = time.monotonic() + timeout
        while self._parked and time.monotonic() < deadline:
            time.sleep(PATIENCE)
        self._is_stopping = True
        self._ended.set()
        self._watch_wakes.set()
        self.wake()
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return cancel_pending and bool(self._ready)

    def _work(self) -> None:
        me = threading.get_ident()
        try:
            while not self._is_stopping:
                self._take_lead(me)
                self._work_as_leader(me)
        finally:
            self.step_down()
            self._ended.set()

    def _work_as_leader(self, me: int) -> None:
        while self._leader == me and not self._is_stopping:
            # The last one polls and answers nothing, as nobody could follow it.
            if self._ready and self._followers:
                self._answer(self._ready.popleft())
            else:
                self.poll()

    def _take_lead(self, me: int) -> None:
        """Wait for the lead."""
        with self._guard:
            self._followers += 1
        if self._ready:
            self.wake()  # the leader may be waiting for somebody to follow
        self._lead.acquire()
        with self._guard:
            self._followers -= 1
            self._leader = me

    def _end_lead(self) -> None:
        self._leader, self._is_answering = 0, False
        self._lead.release()

    def _answer(self, channel: Any) -> None:
        self._answers += 1
        self._is_answering = True
        if self._watch_sleeps:
            self._watch_wakes.set()
        channel.service()
        with self._guard:
            if self.is_leading():
                self._is_answering = False

    def _watch(self) -> None:
        """End the lead of whoever takes too long, as long as there is anything to do."""
        while not self._is_stopping:
            self._watch_sleeps = True
            if not self._is_answering:  # else it began just before it could see that the watch sleeps
                self._watch_wakes.wait()
            self._watch_wakes.clear()
            self._watch_sleeps = False
            seen, quiet = -1, 0
            while quiet < QUIET_LOOKS and not self._is_stopping:
                time.sleep(PATIENCE)
                with self._guard:
                    is_late = self._is_answering and seen == self._answers
                    if is_late:
                        self._end_lead()
                quiet = quiet + 1 if seen == self._answers and not is_late else 0
                seen = self._answers
