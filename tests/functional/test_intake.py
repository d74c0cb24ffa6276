"""Uploads admitted many at a time: what they share, and what they do not."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from pastebin.services.intake import Intake
from sqlalchemy import event
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from pastebin.errors import StorageFull, Unavailable
from pastebin.media.sniffing import MediaType
from pastebin.services import intake
from pastebin.services.file_records import Content, Link, LinkService, NewLink, upload_key
from pastebin.storage import BlobStore
from tests.inprocess import Service

SECONDS = 10
BINARY = MediaType("application/octet-stream", "binary")
REFUSED: Any = MediaType("application/octet-stream", object())  # no database takes that


class Admitting:
    """An intake on a service's store and database, whose worker can be kept busy."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.store: BlobStore = service.registry.services.store
        self.links = LinkService(service.registry.services.engine)
        self.intake = Intake(self.store, self.links)
        self.batches: list[int] = []
        self._may_go_on = threading.Event()
        keep = self.store.keep

        def noted(writers: Any) -> Any:
            self.batches.append(len(writers))
            self._may_go_on.wait(SECONDS)
            return keep(writers)

        self.intake._store = type("Noted", (), {"keep": staticmethod(noted)})()

    def admit(
        self,
        data: bytes,
        filename: str = "file.bin",
        media: MediaType = BINARY,
        *,
        is_quick: bool = False,
        look: Callable[[], object] = lambda: None,
    ) -> "Future[Link]":
        """Have a content admitted; `look` is called when it is looked at."""
        with self.store.writer() as writer:
            writer.write(data)
            content = Content(writer.finish(), media)

            def describe() -> NewLink:
                look()
                return NewLink(content, filename, upload_key(content.blob, filename))

            return self.intake.admit(writer.hand_over(), describe, is_quick=is_quick)

    def busy(self) -> "Future[Link]":
        """Have the worker wait with one upload until `go_on`."""
        first = self.admit(b"the first")
        self.wait_for_batches(1)
        return first

    def wait_for_batches(self, count: int) -> None:
        """Return when the worker has begun so many times."""
        deadline = time.monotonic() + SECONDS
        while len(self.batches) < count and time.monotonic() < deadline:
            time.sleep(0.001)

    def go_on(self) -> None:
        """Let the worker work."""
        self._may_go_on.set()

    def leftovers(self) -> list[Path]:
        """Return the files of writers that are neither kept nor forgotten."""
        return list((self.service.files / "tmp").iterdir())


@pytest.fixture(params=["sqlite", "mariadb", "mysql"])
def admitting(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Admitting]:
    """Give an intake on each kind of database in turn; MySQL is MariaDB without what MySQL does not know."""
    service = request.getfixturevalue(f"{request.param.replace('mysql', 'mariadb')}_service")
    service.empty()
    if request.param == "mysql":
        monkeypatch.setattr(service.registry.services.engine.dialect, "insert_returning", False)
    admitting = Admitting(service)
    yield admitting
    admitting.go_on()


@pytest.fixture
def commits(admitting: Admitting) -> Iterator[list[object]]:
    """Give the list of what is committed from now on."""
    seen: list[object] = []
    engine = admitting.service.registry.services.engine
    note = seen.append
    event.listen(engine, "commit", note)
    yield seen
    event.remove(engine, "commit", note)


def contents(count: int) -> list[bytes]:
    """Return different contents."""
    return [b"content %d" % number for number in range(count)]


def test_an_upload_alone_is_admitted_at_once(admitting: Admitting) -> None:
    admitting.go_on()
    link = admitting.admit(b"content", "a.bin").result(SECONDS)
    assert link.created
    assert (link.file.filename, link.file.size) == ("a.bin", 7)
    assert admitting.service.contents() == [link.file.sha256]
    assert admitting.leftovers() == []


def test_what_comes_while_the_worker_works_is_admitted_together(
    admitting: Admitting, commits: list[object]
) -> None:
    first = admitting.busy()
    others = [admitting.admit(data, f"{n}.bin") for n, data in enumerate(contents(20))]
    assert not any(link.done() for link in [first, *others])
    admitting.go_on()
    links = [link.result(SECONDS) for link in [first, *others]]
    assert admitting.batches == [1, 20]
    assert len(commits) == 2
    assert all(link.created for link in links)
    assert [link.file.filename for link in links[1:]] == [f"{n}.bin" for n in range(20)]
    rows = {row.id: row.filehash for row in admitting.service.rows()}
    assert rows == {link.file.id: link.file.filehash for link in links}
    assert len(admitting.service.contents()) == 21
    assert admitting.leftovers() == []


def test_a_crowd_is_admitted_in_parts(admitting: Admitting) -> None:
    admitting.busy()
    links = [admitting.admit(data) for data in contents(intake.MOST + 1)]
    admitting.go_on()
    assert all(link.result(SECONDS).created for link in links)
    assert admitting.batches == [1, intake.MOST, 1]


def test_the_same_upload_several_times_is_one_link(admitting: Admitting) -> None:
    admitting.busy()
    same = [admitting.admit(b"same", "a.bin") for _ in range(3)]
    other_name, other = admitting.admit(b"same", "b.bin"), admitting.admit(b"other")
    admitting.go_on()
    links = [link.result(SECONDS) for link in same]
    assert sorted(link.created for link in links) == [False, False, True]
    assert len({link.file for link in links}) == 1
    assert other_name.result(SECONDS).created
    assert other.result(SECONDS).created
    assert len(admitting.service.rows()) == 4
    assert len(admitting.service.contents()) == 3
    assert admitting.leftovers() == []


def test_a_content_that_cannot_be_kept_fails_alone(admitting: Admitting) -> None:
    admitting.busy()
    failing = admitting.admit(b"failing")
    fine = admitting.admit(b"fine")
    for leftover in admitting.leftovers():
        if leftover.read_bytes() == b"failing":
            leftover.unlink()
    admitting.go_on()
    with pytest.raises(Unavailable):
        failing.result(SECONDS)
    assert fine.result(SECONDS).created
    assert admitting.leftovers() == []


def test_a_database_that_fails_fails_all_who_waited(
    admitting: Admitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = admitting.busy()
    links = [admitting.admit(data) for data in contents(3)]

    def refuse(_connection: object) -> None:
        raise admitting.service.registry.services.engine.dialect.dbapi.OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(admitting.service.registry.services.engine.dialect, "do_commit", refuse)
        admitting.go_on()
        for link in [first, *links]:
            with pytest.raises(OperationalError):
                link.result(SECONDS)
    assert admitting.service.rows() == []
    assert all(admitting.admit(data).result(SECONDS).created for data in contents(3))


def test_one_row_that_is_refused_fails_alone(admitting: Admitting) -> None:
    admitting.busy()
    refused = admitting.admit(b"refused", media=REFUSED)
    fine = [admitting.admit(data) for data in contents(3)]
    admitting.go_on()
    assert all(link.result(SECONDS).created for link in fine)
    with pytest.raises(SQLAlchemyError, match=r"not supported|too long"):
        refused.result(SECONDS)


@pytest.mark.parametrize("size", [7, 2**20 + 1])
@pytest.mark.parametrize(
    ("part", "method", "wrong", "error"),
    [
        ("_store", "keep", lambda _writers: 1 // 0, ZeroDivisionError),
        ("_store", "keep", lambda _writers: [], ValueError),
        ("_links", "give_all", lambda _wanted: 1 // 0, ZeroDivisionError),
        ("_links", "give_all", lambda _wanted: [], ValueError),
    ],
    ids=["keeping fails", "keeping tells too little", "linking fails", "linking tells too little"],
)
def test_whatever_happens_nobody_waits_for_ever(
    admitting: Admitting,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    part: str,
    method: str,
    wrong: Callable[[Any], Any],
    error: type[Exception],
) -> None:
    admitting.go_on()
    with monkeypatch.context() as patch:
        patch.setattr(getattr(admitting.intake, part), method, wrong)
        with pytest.raises(error):
            admitting.admit(os.urandom(size)).result(SECONDS)
    assert admitting.admit(os.urandom(size)).result(SECONDS).created


def test_the_next_files_are_synced_while_a_database_elsewhere_works(admitting: Admitting) -> None:
    links, may_go_on = admitting.links, threading.Event()

    class Elsewhere:
        is_remote = True

        def give_all(self, wanted: Any) -> Any:
            may_go_on.wait(SECONDS)
            return links.give_all(wanted)

    admitting.intake._links = Elsewhere()
    admitting.go_on()
    first = admitting.admit(b"first")
    admitting.wait_for_batches(1)
    others = [admitting.admit(data) for data in contents(3)]
    deadline = time.monotonic() + SECONDS
    while len(admitting.service.contents()) < 4 and time.monotonic() < deadline:
        time.sleep(0.001)
    assert len(admitting.service.contents()) == 4
    assert admitting.service.rows() == []
    may_go_on.set()
    assert all(link.result(SECONDS).created for link in [first, *others])


def test_a_large_content_keeps_nobody_waiting(admitting: Admitting) -> None:
    busy = admitting.busy()
    large: list[Link] = []
    thread = threading.Thread(target=lambda: large.append(admitting.admit(os.urandom(2**20 + 1)).result()))
    thread.start()
    admitting.wait_for_batches(2)
    assert not busy.done()
    admitting.go_on()
    thread.join(SECONDS)
    assert large[0].created
    assert busy.result(SECONDS).created


@pytest.mark.parametrize("is_quick", [False, True])
def test_what_is_quick_is_looked_at_by_one_thread_for_all(admitting: Admitting, is_quick: bool) -> None:
    admitting.go_on()
    lookers: list[threading.Thread] = []
    links = [
        admitting.admit(data, is_quick=is_quick, look=lambda: lookers.append(threading.current_thread()))
        for data in contents(5)
    ]
    assert all(link.result(SECONDS).created for link in links)
    assert len(lookers) == 5
    assert (set(lookers) == {threading.current_thread()}) is not is_quick
    assert len(set(lookers)) == 1


@pytest.mark.parametrize("is_quick", [False, True])
def test_a_content_that_cannot_be_looked_at_fails_alone(admitting: Admitting, is_quick: bool) -> None:
    def fail() -> None:
        raise Unavailable("gone")

    admitting.go_on()
    with pytest.raises(Unavailable):
        admitting.admit(b"failing", is_quick=is_quick, look=fail).result(SECONDS)
    fine = [admitting.admit(data, is_quick=is_quick) for data in contents(3)]
    assert all(link.result(SECONDS).created for link in fine)
    assert len(admitting.service.contents()) == 3
    assert admitting.leftovers() == []


@pytest.mark.parametrize("size", [10, 2**20 + 1])
def test_a_full_disk_is_told(admitting: Admitting, size: int) -> None:
    class Full:
        def keep(self, writers: Any) -> list[StorageFull]:
            return [StorageFull("full") for _ in writers]

    admitting.intake._store = Full()
    with pytest.raises(StorageFull):
        admitting.admit(bytes(size)).result(SECONDS)
