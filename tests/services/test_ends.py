"""Ends of links under load and under fire: no link without content, no acknowledged link lost."""

import hashlib
import os
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from sqlalchemy import Connection, NullPool, create_engine, select, update

from pastebin.models import FILES, HOLDERS, LEASES, make_engine, make_session_factory
from pastebin.services.maintenance import MaintenanceService
from pastebin.storage import DatabaseBlobStore, FolderBlobStore, TieredBlobStore
from tests.servers import AppServer
from tests.servers.app import DATABASE
from tests.services.client import at, download, eventually, upload
from tests.services.conftest import StartApp

CLIENTS = 64

# How often the service is killed; a kill takes four seconds: TEST_KILLS=200 for half an hour.
KILLS = int(os.environ.get("TEST_KILLS", "2"))

# A sweep a second, which takes what was last put more than a second ago.
QUICK = {"sweep_every": "3s"}


def assert_sound(server: AppServer) -> None:
    """Assert that `check` is content."""
    checked = server.run("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.fixture(scope="module")
def two(start_shared_app: StartApp, shared_database: dict[str, str]) -> Any:
    """Give two processes on one database and one folder."""
    one = start_shared_app({**QUICK, **shared_database})
    with one.another() as other:
        yield one, other


def test_of_many_claims_for_one_download_one_gets_the_bytes(two: tuple[AppServer, AppServer]) -> None:
    form = {"file": ("once.bin", b"once")}
    said = requests.post(two[0].url + "/", files=form, data={"downloads": "1"}, timeout=60).json()
    barrier = threading.Barrier(CLIENTS)

    def claim(number: int) -> requests.Response:
        barrier.wait()
        return download(at(two[number % 2], said["url_d"]))

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(claim, range(CLIENTS)))
    assert sorted(answer.status_code for answer in answers) == [200] + [404] * (CLIENTS - 1)
    assert [answer.content for answer in answers if answer.status_code == 200] == [b"once"]


@pytest.mark.parametrize("size", [1000, 100_000])
def test_deletions_and_uploads_of_the_same_bytes(two: tuple[AppServer, AppServer], size: int) -> None:
    content = random.Random(size).randbytes(size)
    held: list[dict[str, str]] = []
    lock = threading.Lock()

    def work(number: int) -> None:
        """Upload, and delete what was uploaded, a few times; keep a link at the end of every fourth."""
        own = random.Random(number)
        server = two[number % 2]
        for turn in range(2):
            answer = upload(server.url, content, f"{own.randrange(3)}.bin")
            assert answer.status_code in (200, 201), answer.text
            if turn == 1 and number % 4 == 0:
                with lock:
                    held.append(answer.json())
                return
            gone = requests.delete(at(two[own.randrange(2)], answer.json()["url_m"]), timeout=60)
            assert gone.status_code == 204, gone.text

    with ThreadPoolExecutor(CLIENTS) as pool:
        for done in [pool.submit(work, number) for number in range(CLIENTS)]:
            done.result()
    assert len(held) == CLIENTS // 4
    for said in held:
        for server in two:
            assert download(at(server, said["url_d"])).content == content
            assert requests.get(at(server, said["url_m"]), timeout=60).status_code == 200
    assert_sound(two[0])
    for said in held:
        assert requests.delete(at(two[1], said["url_m"]), timeout=60).status_code == 204
    assert eventually(lambda: two[0].contents() == [], 30)


class Killing:
    """Clients that upload, delete and claim while the service is killed, and what it has told them.

    Their contents change with time: what was deleted a moment ago is swept while it is uploaded again.
    """

    def __init__(self, server: AppServer) -> None:
        self.server = server
        self.kept: dict[str, str] = {}  # address → SHA-256
        self.gone: list[str] = []
        self.unanswered: set[str] = set()
        self.deleted = self.claimed = 0
        self._chance = random.Random(5)
        self._checked = 0

    def round(self) -> None:
        """Kill the service under load, about when it sweeps, and start it again; assert that all is sound."""
        stopped = threading.Event()
        with ThreadPoolExecutor(6) as pool:
            seeds = [self._chance.random() for _ in range(6)]
            clients = [pool.submit(self._go_on, seed, stopped) for seed in seeds]
            time.sleep(1 + 1.2 * self._chance.random() ** 2)
            self.server.kill()
            stopped.set()
        for client in clients:
            client.result()
        with opened(self.server) as connection:
            assert faults(self.server, connection) == []
            # As two minutes later: a killed sweep holds its lease for so long.
            connection.execute(update(LEASES).values(until=datetime.now(UTC)))
            connection.commit()
        self.server.restart()
        _assert_kept(dict(list(self.kept.items())[self._checked :]))
        for address in self.gone:
            assert download(address).status_code == 404
        self._checked = len(self.kept)
        self.gone.clear()

    def _go_on(self, seed: float, stopped: threading.Event) -> None:
        own = random.Random(seed)
        with requests.Session() as session:
            while not stopped.is_set():
                is_kept = own.random() < 0.05
                content = self._content(own, is_kept=is_kept)
                wish = {} if is_kept else own.choice([{}, {}, {"expires": "1s"}, {"downloads": "1"}])
                try:
                    said = self._uploaded(session, content, f"{own.random()}.bin", wish)
                    if is_kept and said:
                        self.kept[said["url_d"]] = hashlib.sha256(content).hexdigest()
                    elif said and "expires" not in wish:
                        self._end(session, said, is_claim="downloads" in wish)
                except requests.RequestException:
                    self.unanswered.add(hashlib.sha256(content).hexdigest())
                    return

    def _content(self, own: random.Random, *, is_kept: bool) -> bytes:
        """Return bytes that nobody else has, or that others upload now or did a moment ago."""
        moment = int(time.monotonic() * 2) - own.choice([0, 0, 0, 1, 2, 3, 4])
        seed = own.random() if is_kept else moment * 4 + own.randrange(4)
        return random.Random(seed).randbytes(own.choice([500, 100_000]))

    def _uploaded(
        self, session: requests.Session, content: bytes, name: str, wish: dict[str, str]
    ) -> dict[str, Any] | None:
        form = {"file": (name, content)}
        answer = session.post(f"{self.server.url}/", files=form, data=wish, timeout=60)
        assert answer.status_code in (201, 503), answer.text
        return answer.json() if answer.status_code == 201 else None

    def _end(self, session: requests.Session, said: dict[str, Any], *, is_claim: bool) -> None:
        if is_claim:
            assert session.get(said["url_d"], timeout=60).status_code == 200
            self.claimed += 1
        else:
            assert session.delete(said["url_m"], timeout=60).status_code == 204
            self.deleted += 1
        self.gone.append(said["url_p"])


@pytest.mark.timeout(150 + 20 * KILLS)
def test_killed_during_deletions_and_sweeps(start_app: StartApp, database: dict[str, str]) -> None:
    killing = Killing(start_app({**QUICK, **database}))
    for _ in range(KILLS):
        killing.round()
    while min(killing.deleted, killing.claimed, len(killing.kept)) <= KILLS:  # of a machine with much to do
        killing.round()
    print(f"{KILLS} kills, {killing.deleted} deleted, {killing.claimed} claimed, {len(killing.kept)} kept")
    _assert_kept(killing.kept)
    # What is left is what was kept, and what nobody knows of: what was asked when the service was killed.
    server, wanted = killing.server, set(killing.kept.values()) | killing.unanswered
    # Each kill has left some of that to the next sweep.
    assert eventually(lambda: {*server.contents(), *digests_of_links(server)} <= wanted, 30 + KILLS)
    assert_sound(server)


def digests_of_links(server: AppServer) -> set[str]:
    """Return the SHA-256 of each link's content."""
    with opened(server) as connection:
        return set(connection.scalars(select(FILES.c.sha256)))


@contextmanager
def opened(server: AppServer) -> Iterator[Connection]:
    """Give a connection to the database of a server."""
    url = server.settings.get("database_url") or f"sqlite:///{server.data / DATABASE}"
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def faults(server: AppServer, connection: Connection) -> list[str]:
    """Return what `check` finds, without the seconds that a command takes to start, and keys of no file."""
    engine = make_engine(connection.engine.url.render_as_string(hide_password=False))
    store = TieredBlobStore(DatabaseBlobStore(engine), FolderBlobStore(server.files), 64 * 2**10)
    try:
        service = MaintenanceService(make_session_factory(engine), store)
        found = [f"{one.subject}: {one.message}" for one in service.check() if one is not None]
    finally:
        engine.dispose()
    is_there = select(FILES.c.id).where(FILES.c.id == HOLDERS.c.file_id).exists()
    lost = connection.scalars(select(HOLDERS.c.file_id).where(~is_there))
    return [*found, *(f"a key of file {number}, which is gone" for number in lost)]


def _assert_kept(files: dict[str, str]) -> None:
    """Assert that what addresses give has the SHA-256 that it should have."""
    for address, sha256 in files.items():
        assert hashlib.sha256(download(address).content).hexdigest() == sha256
