"""Bringing uploads onto the disk and into the database, as many at a time as wait for it.

What one upload waits for (its file, its folder and the database's log, each synced) costs little more for
several, and threads that wait for it one by one are in each other's way. So one thread does it
for all that came in while it did it for the last ones: group commit, as databases do it.
"""

import sys
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from ..pace import before_long
from ..storage import BlobStore, BlobWriter
from .links import Link, LinkService, NewLink

# While several come in at a time, begin only so often, in seconds: syncs, statements and changes between
# threads get fewer, and uploads more a second (docs/hot-paths.md; PostgreSQL's commit_delay is like it).
EVERY = 0.0035

# At most so many uploads at a time, so that the first of them does not wait for all of a crowd.
MOST = 64

# What has more bytes than this takes long to sync: nobody else waits for it.
LARGE = 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """An upload that was received: what handed its bytes over, the link it is to have, the one it got."""

    writer: BlobWriter
    wanted: NewLink
    link: "Future[Link]" = field(default_factory=Future)


class Intake:
    """Admits uploads. A content is in the store, durably, before its row is written."""

    def __init__(self, store: BlobStore, links: LinkService) -> None:
        self._store = store
        self._links = links
        self._waiting: deque[Arrival] = deque()
        self._is_called = False  # somebody will look at what waits
        self._are_several = False
        self._began = 0.0
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="intake")

    def admit(self, writer: BlobWriter, wanted: NewLink) -> "Future[Link]":
        """Have what `writer` handed over admitted; what comes is its link, or what went wrong.

        A large content is admitted by the calling thread.
        """
        arrival = Arrival(writer, wanted)
        if writer.size > LARGE:
            before_long()
            self._settle([arrival])
        else:
            self._waiting.append(arrival)
            self._call()
        return arrival.link

    def _call(self) -> None:
        """Have somebody look at what waits."""
        if not self._is_called:
            self._is_called = True
            self._worker.submit(self._work)

    def _work(self) -> None:
        """Admit what waits."""
        if self._are_several:
            time.sleep(max(0.0, self._began + EVERY - time.monotonic()))
        self._began = time.monotonic()
        self._is_called = False  # before looking: who comes from now on calls again
        count = min(len(self._waiting), MOST)
        self._are_several = count > 1
        try:
            self._settle([self._waiting.popleft() for _ in range(count)])
        finally:
            if self._waiting:
                self._call()

    def _settle(self, arrivals: Sequence[Arrival]) -> None:
        try:
            self._admit(arrivals)
        finally:  # whatever happens, nobody waits for ever
            error = sys.exc_info()[1] or RuntimeError("the upload was not admitted")
            for arrival in arrivals:
                if not arrival.link.done():
                    arrival.link.set_exception(error)

    def _admit(self, arrivals: Sequence[Arrival]) -> None:
        failures = self._store.keep([arrival.writer for arrival in arrivals])
        kept = []
        for arrival, failure in zip(arrivals, failures, strict=True):
            if failure is None:
                kept.append(arrival)
            else:
                arrival.link.set_exception(failure)
        links = self._links.give_all([arrival.wanted for arrival in kept])
        for arrival, link in zip(kept, links, strict=True):
            if isinstance(link, Link):
                arrival.link.set_result(link)
            else:
                arrival.link.set_exception(link)
