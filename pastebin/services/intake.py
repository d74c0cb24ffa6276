"""Bringing uploads onto the disk and into the database, as many at a time as wait for it.

What one upload waits for (its file, its folder and the database's log, each synced) costs little more for
several, and threads that wait for it one by one are in each other's way. So one thread does it
for all that came in while it did it for the last ones: group commit, as databases do it.
"""

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from ..pace import before_long
from ..storage import BlobStore, BlobWriter
from .links import Link, LinkService, NewLink

# While several come in at a time, wait so many seconds for more: syncs and commits get fewer, and
# uploads more a second (PostgreSQL calls this commit_delay).
GATHER = 0.001

# At most so many uploads at a time, so that the first of them does not wait for all of a crowd.
MOST = 64

# What has more bytes than this takes long to sync: nobody else waits for it.
LARGE = 2**20


@dataclass(slots=True, eq=False)
class Arrival:
    """An upload that was received: what handed its bytes over, the link it is to have, what became of it."""

    writer: BlobWriter
    link: NewLink
    outcome: Link | Exception | None = None

    def result(self) -> Link:
        """Return the link it got, or raise what went wrong."""
        if isinstance(self.outcome, Link):
            return self.outcome
        raise self.outcome or RuntimeError("the upload was not admitted yet")


class Intake:
    """Admits uploads. A content is in the store, durably, before its row is written."""

    def __init__(self, store: BlobStore, links: LinkService) -> None:
        self._store = store
        self._links = links
        self._waiting: deque[Arrival] = deque()
        self._are_several = False
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="intake")

    def admit(self, writer: BlobWriter, link: NewLink) -> "Future[Link]":
        """Have what `writer` handed over admitted; what comes is its link.

        A large content is admitted by the calling thread, which may raise what else would come:
        StorageFull, Unavailable and errors of the database.
        """
        arrival = Arrival(writer, link)
        if writer.size > LARGE:
            before_long()
            self._admit([arrival])
            done: Future[Link] = Future()
            done.set_result(arrival.result())
            return done
        self._waiting.append(arrival)
        return self._worker.submit(self._admitted, arrival)

    def _admitted(self, arrival: Arrival) -> Link:
        """Return an upload's link; admit all that wait, unless this one was among earlier ones."""
        if arrival.outcome is None:
            if self._are_several:
                time.sleep(GATHER)
            count = min(len(self._waiting), MOST)
            self._are_several = count > 1
            self._admit([self._waiting.popleft() for _ in range(count)])
        return arrival.result()

    def _admit(self, arrivals: Sequence[Arrival]) -> None:
        failures = self._store.keep([arrival.writer for arrival in arrivals])
        kept = []
        for arrival, failure in zip(arrivals, failures, strict=True):
            arrival.outcome = failure
            if failure is None:
                kept.append(arrival)
        links = self._links.give_all([arrival.link for arrival in kept])
        for arrival, link in zip(kept, links, strict=True):
            arrival.outcome = link
