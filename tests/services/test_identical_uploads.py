"""Sixty-four uploads of the same bytes at once: one content, no error."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.servers import AppServer
from tests.services.client import MEBIBYTE, assert_nothing_left, download, upload
from tests.services.conftest import StartApp

CLIENTS = 64


def upload_at_once(server: AppServer, content: bytes, names: list[str]) -> list[requests.Response]:
    """Upload `content` under each of `names`, all at the same moment."""
    barrier = threading.Barrier(len(names))

    def one(name: str) -> requests.Response:
        barrier.wait()
        return upload(server.url, content, name)

    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(one, names))


@pytest.fixture(scope="module")
def server(start_shared_app: StartApp, shared_database: dict[str, str]) -> AppServer:
    """Give a server on a database of each kind in turn."""
    return start_shared_app(shared_database)


@pytest.mark.parametrize("size", [10_000, 2 * MEBIBYTE])
def test_the_same_name_is_one_link(server: AppServer, size: int) -> None:
    before = server.contents()
    content = hashlib.shake_128(b"the same").digest(size)
    answers = upload_at_once(server, content, ["same.bin"] * CLIENTS)
    assert sorted(answer.status_code for answer in answers) == [200] * (CLIENTS - 1) + [201]
    assert len({answer.json()["url_p"] for answer in answers}) == 1
    assert download(answers[0].json()["url_d"]).content == content
    assert_nothing_left(server, sorted([*before, hashlib.sha256(content).hexdigest()]))
    assert server.run("check").returncode == 0


def test_other_names_are_links_to_one_content(server: AppServer) -> None:
    before = server.contents()
    content = hashlib.shake_128(b"many names").digest(100_000)
    names = [f"name {number}.bin" for number in range(CLIENTS)]
    answers = upload_at_once(server, content, names)
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.json()["filename"] for answer in answers} == set(names)
    assert len({answer.json()["url_s"] for answer in answers}) == CLIENTS
    assert_nothing_left(server, sorted([*before, hashlib.sha256(content).hexdigest()]))
    assert server.run("check").returncode == 0
