"""Ends of links under load and under fire: no link without content, no acknowledged link lost."""

import hashlib
import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.servers import AppServer
from tests.services.client import at, download, eventually, upload
from tests.services.conftest import StartApp

CLIENTS = 64

# How often the service is killed: TEST_KILLS=200 for a night.
KILLS = int(os.environ.get("TEST_KILLS", "2"))

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


def test_killed_during_deletions_and_sweeps(start_app: StartApp, database: dict[str, str]) -> None:
    server = start_app({**QUICK, **database})
    kept: dict[str, str] = {}
    chance = random.Random(5)
    known = 0
    for _ in range(KILLS):
        stopped = threading.Event()
        with ThreadPoolExecutor(6) as pool:
            clients = [
                pool.submit(_upload_and_delete, server, chance.random(), stopped, kept) for _ in range(6)
            ]
            threading.Event().wait(2 + chance.random() * 2)
            server.kill()
            stopped.set()
        for client in clients:
            client.result()
        assert_sound(server)
        server.restart()
        _assert_kept(dict(list(kept.items())[known:]))
        known = len(kept)
    assert known > KILLS
    _assert_kept(kept)


def _assert_kept(files: dict[str, str]) -> None:
    """Assert that what addresses give has the SHA-256 that it should have."""
    for address, sha256 in files.items():
        assert hashlib.sha256(download(address).content).hexdigest() == sha256


def _upload_and_delete(
    server: AppServer, seed: float, stopped: threading.Event, kept: dict[str, str]
) -> None:
    own = random.Random(seed)
    while not stopped.is_set():
        content = random.Random(own.randrange(4)).randbytes(own.choice([500, 200_000]))
        try:
            answer = upload(server.url, content, f"{own.random()}.bin")
            if answer.status_code != 201:
                continue
            said = answer.json()
            if own.random() < 0.1:
                kept[said["url_d"]] = hashlib.sha256(content).hexdigest()
                continue
            requests.delete(said["url_m"], timeout=60)
        except requests.RequestException:
            return
