"""Bringing uploads onto the disk and into the database, as many at a time as wait for it.

What one upload waits for (its file, its folder and the database's log, each synced) costs little more for
several, and threads that wait for it one by one are in each other's way. So one thread does it
for all that came in while it did it for the last ones: group commit, as databases do it. Before
that, another thread looks at the bytes, in libmagic for the most part, while the next requests are read.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType

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
        self._placing: Stage[Arrival] = Stage("place", self._place, most=MOST, every=EVERY)
        self._linking: Stage[Arrival] = Stage("link", self._link, most=MOST)

    def admit(
        self, writer: BlobWriter, describe: Callable[[], NewLink], *, is_quick: bool = False
    ) -> "Future[Link]":
        """Have what `writer` handed over admitted; what comes is its link, or what went wrong.

        `describe` looks at the content and tells which link it is to have: in the calling thread or, if
        that is quick, in one for all. A large content is also admitted by the calling thread.
        """
        received = Received(writer, describe)
        if is_quick:
            self._looking.put(received)
        else:
            self._look(received)
        return received.link

    def _look(self, received: Received) -> None:
        with _Telling(received):
            with ExitStack() as undoing:
                undoing.callback(received.writer.discard)
                wanted = received.describe()
                undoing.pop_all()
            arrival = Arrival(received.writer, wanted, received.link)
            if received.writer.size > LARGE:
                before_long()
                self._link(self._kept([arrival]))
            else:
                self._placing.put(arrival)

    def _place(self, arrivals: Sequence[Arrival]) -> None:
        with _Telling(*arrivals):
            kept = self._kept(arrivals)
            if self._links.is_remote:  # then the next files are synced while the database works
                self._linking.put(*kept)
            else:
                self._link(kept)

    def _kept(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """Return those whose contents are in the store now; tell the others why not."""
        failures = self._store.keep([arrival.writer for arrival in arrivals])
        kept = []
        for arrival, failure in zip(arrivals, failures, strict=True):
            if failure is None:
                kept.append(arrival)
            else:
                arrival.link.set_exception(failure)
        return kept

    def _link(self, arrivals: Sequence[Arrival]) -> None:
        with _Telling(*arrivals):
            links = self._links.give_all([arrival.wanted for arrival in arrivals])
            for arrival, link in zip(arrivals, links, strict=True):
                if isinstance(link, Link):
                    arrival.link.set_result(link)
                else:
                    arrival.link.set_exception(link)


class _Telling:
    """Tells all who still wait for these uploads of an error that ends the block: nobody waits for ever.

    Then the error is theirs. One that nobody waits for goes on as any other.
    """

    def __init__(self, *uploads: Received | Arrival) -> None:
        self._uploads = uploads

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        waiting = [upload for upload in self._uploads if error and not upload.link.done()]
        for upload in waiting:
            upload.link.set_exception(error)
        return bool(waiting)
