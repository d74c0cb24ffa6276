"""Uploads committed many at a time: what they share, and what they do not."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from pastebin.media.sniffing import MediaType
from pastebin.services import committer
from pastebin.services.committer import Committer
from pastebin.services.file_records import Content, Link, NewLink, upload_key
from tests.inprocess import Service

SECONDS = 10
BINARY = MediaType("application/octet-stream", "binary")
REFUSED: Any = MediaType("application/octet-stream", object())  # no database takes that


class Committing:
    """A committer on a service's store and database, whose thread can be held up in a transaction."""

    def __init__(self, service: Service, clients: ThreadPoolExecutor) -> None:
        self.service = service
        services = service.registry.services
        self.store = services.store
        self.committer = Committer(
            services.engine, self, services.generation, services.quotas, services.flags
        )  # it commits the contents first
        self.batches: list[int] = []
        self._clients = clients
        self._may_go_on = threading.Event()
        self._sent = 0

    def commit(self, connection: Any, staged: Any) -> None:
        """Note the batch and wait, then commit contents as the store does."""
        self.batches.append(len(staged))
        self._may_go_on.wait(SECONDS)
        self.store.commit(connection, staged)

    def require(self, staged: Any) -> None:
        """Look for the content as the store does."""
        self.store.require(staged)

    def send(
        self, data: bytes, filename: str = "file.bin", media: MediaType = BINARY, width: int = 0
    ) -> "Future[Link]":
        """Have a client commit a content."""
        with self.store.writer() as writer:
            writer.write(data)
            content = Content(writer.finish(), media, width)
            wanted = NewLink(content, filename, upload_key(content.blob, filename))
            link = self._clients.submit(self.committer.commit, writer.stage(), wanted)
        self._sent += 1
        return link

    def hold_up(self) -> "Future[Link]":
        """Have the thread wait with one upload until `go_on`."""
        first = self.send(b"the first")
        self._wait_until(lambda: bool(self.batches))
        return first

    def go_on(self) -> None:
        """Let the thread work, when all who were sent so far wait for it."""
        self._wait_until(lambda: self.committer._queue.qsize() + sum(self.batches) >= self._sent)
        self._may_go_on.set()

    @staticmethod
    def _wait_until(is_so: Any) -> None:
        deadline = time.monotonic() + SECONDS
        while not is_so() and time.monotonic() < deadline:
            time.sleep(0.001)
        assert is_so()


@pytest.fixture
def committing(each_service: Service) -> Iterator[Committing]:
    """Give a committer on each kind of database in turn."""
    with ThreadPoolExecutor(80) as clients:
        committing = Committing(each_service, clients)
        yield committing
        committing._may_go_on.set()


@pytest.fixture
def commits(committing: Committing) -> Iterator[list[object]]:
    """Give the list of what is committed from now on."""
    seen: list[object] = []
    engine = committing.service.registry.services.engine
    note = seen.append
    event.listen(engine, "commit", note)
    yield seen
    event.remove(engine, "commit", note)


def contents(count: int) -> list[bytes]:
    """Return different contents, a file every third."""
    return [b"content %d" % number * (1 if number % 3 else 10_000) for number in range(count)]


def test_an_upload_alone_is_committed_at_once(committing: Committing) -> None:
    committing.go_on()
    link = committing.send(b"content", "a.bin").result(SECONDS)
    assert link.created
    assert (link.file.filename, link.file.size) == ("a.bin", 7)
    assert committing.service.contents() == [link.file.sha256]


def test_what_comes_during_a_commit_is_committed_together(
    committing: Committing, commits: list[object]
) -> None:
    first = committing.hold_up()
    others = [committing.send(data, f"{n}.bin") for n, data in enumerate(contents(20))]
    assert not any(link.done() for link in [first, *others])
    committing.go_on()
    links = [link.result(SECONDS) for link in [first, *others]]
    assert committing.batches == [1, 20]
    assert len(commits) == 2
    assert all(link.created for link in links)
    assert [link.file.filename for link in links[1:]] == [f"{n}.bin" for n in range(20)]
    rows = {row.id: row.filehash for row in committing.service.rows()}
    assert rows == {link.file.id: link.file.filehash for link in links}
    assert len(committing.service.contents()) == 21
    assert committing.service.leftovers() == []


def test_a_known_upload_costs_a_batch_nothing(committing: Committing, commits: list[object]) -> None:
    committing.go_on()
    known = committing.send(b"content 1", "1.bin").result(SECONDS)
    again = Committing(committing.service, committing._clients)
    again.hold_up()
    links = [again.send(data, f"{n}.bin") for n, data in enumerate(contents(30))]
    commits.clear()
    again.go_on()
    found = [link.result(SECONDS) for link in links]
    assert [link.created for link in found] == [n != 1 for n in range(30)]
    assert found[1].file == known.file
    assert len(commits) == 2


def test_a_crowd_is_committed_in_parts(committing: Committing) -> None:
    committing.hold_up()
    links = [committing.send(data) for data in contents(committer.MOST + 1)]
    committing.go_on()
    assert all(link.result(SECONDS).created for link in links)
    assert committing.batches == [1, committer.MOST, 1]


def test_the_same_upload_several_times_is_one_link(committing: Committing) -> None:
    committing.hold_up()
    same = [committing.send(b"same", "a.bin") for _ in range(3)]
    other_name, other = committing.send(b"same", "b.bin"), committing.send(b"other")
    committing.go_on()
    links = [link.result(SECONDS) for link in same]
    assert sorted(link.created for link in links) == [False, False, True]
    assert len({link.file for link in links}) == 1
    assert other_name.result(SECONDS).created
    assert other.result(SECONDS).created
    assert len(committing.service.rows()) == 4
    assert len(committing.service.contents()) == 3


def test_a_database_that_fails_fails_all_who_waited(
    committing: Committing, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = committing.hold_up()
    links = [committing.send(data) for data in contents(3)]
    dialect = committing.service.registry.services.engine.dialect

    def refuse(_connection: object) -> None:
        raise dialect.dbapi.OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(dialect, "do_commit", refuse)
        committing.go_on()
        for link in [first, *links]:
            with pytest.raises(OperationalError):
                link.result(SECONDS)
    assert committing.service.rows() == []
    assert all(committing.send(data).result(SECONDS).created for data in contents(3))


def test_a_row_that_is_refused_fails_alone(committing: Committing) -> None:
    committing.hold_up()
    refused = committing.send(b"refused", media=REFUSED)
    fine = [committing.send(data) for data in contents(3)]
    committing.go_on()
    assert all(link.result(SECONDS).created for link in fine)
    with pytest.raises((SQLAlchemyError, TypeError), match=r"not supported|too long|escape"):
        refused.result(SECONDS)


def test_a_number_that_no_column_holds_fails_alone(committing: Committing) -> None:
    committing.hold_up()
    refused = committing.send(b"refused", width=2**64)
    fine = [committing.send(data) for data in contents(3)]
    committing.go_on()
    assert all(link.result(SECONDS).created for link in fine)
    with pytest.raises((SQLAlchemyError, OverflowError)):
        refused.result(SECONDS)


@pytest.mark.parametrize("error", [ZeroDivisionError, OSError, MemoryError, SystemExit])
def test_whatever_happens_nobody_waits_for_ever(
    committing: Committing, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def fail(*_arguments: object) -> None:
        raise error

    committing.go_on()
    with monkeypatch.context() as patch:
        patch.setattr(committer, "get_or_create", fail)
        with pytest.raises(error):
            committing.send(os.urandom(7)).result(SECONDS)
    assert committing.send(os.urandom(7)).result(SECONDS).created


def test_a_fork_has_a_committer_of_its_own(service: Service) -> None:
    """As under a server that loads the application and then forks."""
    assert service.upload(b"before", "a.bin").status_int == 201
    child = os.fork()
    if not child:
        service.registry.services.engine.dispose(close=False)
        os._exit(service.upload(b"in the child", "b.bin").status_int != 201)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert service.upload(b"after", "c.bin").status_int == 201
    assert len(service.rows()) == 3
