"""Bringing uploads onto the disk and into the database, as many at a time as wait for it.

What one upload waits for (its file, its folder and the database's log, each synced) costs little more for
several, and threads that wait for it one by one are in each other's way. So one thread does it
for all that came in while it did it for the last ones: group commit, as databases do it. Before
that, another thread looks at the bytes, in libmagic for the most part, while the next requests are read.
"""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field

from ..pace import before_long
from ..storage import BlobStore, BlobWriter
from .links import Link, LinkService, NewLink
from .stages import Stage

# While several come in at a time, begin only so often, in seconds: syncs, statements and changes between
# threads get fewer, and uploads more a second (docs/hot-paths.md; PostgreSQL's commit_delay is like it).
EVERY = 0.0025

# At most so many uploads at a time, so that the first of them does not wait for all of a crowd.
MOST = 64

# What has more bytes than this takes long to sync: nobody else waits for it.
LARGE = 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """An upload whose bytes are here: what handed them over, what looks at them, the link it will get."""

    writer: BlobWriter
    describe: Callable[[], NewLink]
    link: "Future[Link]" = field(default_factory=Future)


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """An upload that was looked at: what handed it over, the link it is to have, the one it will get."""

    writer: BlobWriter
    wanted: NewLink
    link: "Future[Link]"


class Intake:
    """Admits uploads. A content is in the store, durably, before its row is written."""

    def __init__(self, store: BlobStore, links: LinkService) -> None:
        self._store = store
        self._links = links
        self._looking: Stage[Received] = Stage("look", lambda uploads: self._look(*uploads), most=1)
        self._admitting: Stage[Arrival] = Stage("intake", self._settle, most=MOST, every=EVERY)

    def admit(
        self, writer: BlobWriter, describe: Callable[[], NewLink], *, is_quick: bool = False
    ) -> "Future[Link]":
        """Have what `writer` handed over admitted; what comes is its link, or what went wrong.

        `describe` looks at the content and tells which link it is to have: in the calling thread, which its
        errors reach at once, or, if that is quick, in one for all. A large content is also admitted
        by the calling thread.
        """
        received = Received(writer, describe)
        if is_quick:
            self._looking.put(received)
        else:
            self._look(received)
        return received.link

    def _look(self, received: Received) -> None:
        try:
            wanted = received.describe()
        finally:  # whatever happens, nobody waits for ever
            error = sys.exc_info()[1]
            if error is not None:
                with suppress(OSError):
                    received.writer.discard()
                received.link.set_exception(error)
        arrival = Arrival(received.writer, wanted, received.link)
        if received.writer.size > LARGE:
            before_long()
            self._settle([arrival])
        else:
            self._admitting.put(arrival)

    def _settle(self, arrivals: Sequence[Arrival]) -> None:
        try:
            self._admit(arrivals)
        finally:  # here too
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
