"""The database or the cache goes away and comes back."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.servers import AppServer, MariaDB, Memcached
from tests.services.client import (
    END_OF_FORM,
    MEBIBYTE,
    assert_orphans_are_swept,
    assert_still_serving,
    download,
    eventually,
    exchange,
    parse_answer,
    request_head,
    start_of_form,
    upload,
)
from tests.services.conftest import StartApp


@pytest.fixture
def own_mariadb(tmp_path: Path):
    """Give a MariaDB that the test may end."""
    with MariaDB(tmp_path / "own-mariadb") as server:
        yield server


def health(server: AppServer) -> requests.Response:
    """Ask how the service is."""
    return download(f"{server.url}/health")


def test_the_database_restarts_between_requests(start_app: StartApp, own_mariadb: MariaDB) -> None:
    server = start_app({"database_url": own_mariadb.create_database()})
    kept = upload(server.url, b"kept", "kept.txt").json()
    own_mariadb.restart()
    assert_still_serving(server)
    assert download(kept["url_d"]).content == b"kept"


def test_without_database_it_is_503_and_then_works_again(start_app: StartApp, own_mariadb: MariaDB) -> None:
    server = start_app({"database_url": own_mariadb.create_database()})
    kept = upload(server.url, b"kept", "kept.txt").json()
    own_mariadb.kill()
    refused = upload(server.url, b"refused", "refused.txt")
    assert refused.status_code == 503, refused.text
    assert refused.json()["error"]["code"] == "unavailable"
    assert not server.leftovers()
    unknown = f"{server.url}/p/{'0' * 32}.txt"
    assert download(unknown).status_code == 503
    page = download(unknown, headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["Content-Type"].partition(";")[0]) == (503, "text/html")
    assert eventually(lambda: health(server).status_code == 503, 5)  # told anew after a second
    assert "Traceback" not in refused.text + page.text
    own_mariadb.restart()
    assert eventually(lambda: health(server).status_code == 200, 5)
    assert_still_serving(server)
    assert download(kept["url_d"]).content == b"kept"
    assert_nobody_owns(server, b"refused")


def assert_nobody_owns(server: AppServer, content: bytes) -> None:
    """Assert that `content`, whose row was refused, is at most an orphan: seen by nobody, swept in time.

    The service may not remove it at once: a commit whose confirmation was lost may have happened.
    """
    assert_orphans_are_swept(server)
    assert hashlib.sha256(content).hexdigest() not in server.contents()


def test_the_database_goes_away_in_mid_upload(start_app: StartApp, own_mariadb: MariaDB) -> None:
    server = start_app({"database_url": own_mariadb.create_database()})

    def body():
        yield request_head(f"Content-Length: {len(form)}", "Connection: close") + form[:MEBIBYTE]
        own_mariadb.kill()
        yield form[MEBIBYTE:]

    content = bytes(4 * MEBIBYTE)
    form = start_of_form() + content + END_OF_FORM
    answer = parse_answer(exchange(server, body()))
    assert answer.status == 503
    assert not server.leftovers()
    own_mariadb.restart()
    assert_still_serving(server)
    assert_nobody_owns(server, content)


def test_uploads_while_the_database_restarts(start_app: StartApp, own_mariadb: MariaDB) -> None:
    server = start_app({"database_url": own_mariadb.create_database()})
    stopped, acknowledged, others = threading.Event(), {}, set()

    def upload_on(client: int) -> None:
        number = 0
        while not stopped.wait(0.01):
            number += 1
            content = f"{client} {number}".encode()
            answer = upload(server.url, content, f"{client}-{number}.txt")
            if answer.status_code == 201:
                acknowledged[answer.json()["url_d"]] = content
            else:
                others.add(answer.status_code)

    clients = [threading.Thread(target=upload_on, args=(client,)) for client in range(4)]
    for client in clients:
        client.start()
    try:
        for _ in range(3):
            count = len(acknowledged)
            assert eventually(lambda count=count: len(acknowledged) > count + 5, 30)
            own_mariadb.kill()
            own_mariadb.restart()
    finally:
        stopped.set()
        for client in clients:
            client.join()
    assert others <= {503}
    assert [
        address for address, content in acknowledged.items() if download(address).content != content
    ] == []
    assert server.run("check").returncode == 0


def test_the_cache_goes_away_and_comes_back(start_app: StartApp, tmp_path: Path) -> None:
    with Memcached(tmp_path / "own-memcached") as memcached:
        server = start_app({"cache": "memcached", "memcached_servers": memcached.address})
        content = hashlib.shake_128(b"cached").digest(5000)
        answer = upload(server.url, content, "cached.bin").json()
        assert download(answer["url_i"]).content == content
        memcached.kill()
        for _ in range(5):
            assert download(answer["url_i"]).content == content
            assert download(answer["url_s"]).status_code == 200
            assert_still_serving(server)
        assert health(server).status_code == 200
        memcached.restart()
        for _ in range(5):
            assert download(answer["url_i"]).content == content
            assert_still_serving(server)


def test_a_cache_that_hangs_only_costs_speed(start_app: StartApp, tmp_path: Path) -> None:
    with Memcached(tmp_path / "own-memcached") as memcached:
        server = start_app({"cache": "memcached", "memcached_servers": memcached.address})
        answer = upload(server.url, b"cached", "cached.txt").json()
        memcached.pause()
        try:
            for _ in range(3):
                assert requests.get(answer["url_i"], timeout=10).content == b"cached"
            assert_still_serving(server)
        finally:
            memcached.resume()
        assert download(answer["url_i"]).content == b"cached"


def test_all_caches_killed_for_a_while_are_used_again_within_seconds(
    start_app: StartApp, tmp_path: Path
) -> None:
    with Memcached(tmp_path / "one") as one, Memcached(tmp_path / "two") as two:
        addresses = f"{one.address} {two.address}"
        server = start_app({"cache": "memcached", "memcached_servers": addresses})
        # So many that each server of the cache has some of them, on whichever ports they listen.
        links = [upload(server.url, b"cached", f"{number}.txt").json()["url_d"] for number in range(20)]
        for memcached in (one, two):
            memcached.kill()
        with ThreadPoolExecutor(8) as clients:  # each thread of the server meets the loss
            assert {page.content for page in clients.map(download, links * 3)} == {b"cached"}
        assert eventually(lambda: health(server).json()["status"] == "degraded", 5)
        for memcached in (one, two):
            memcached.restart()
        assert eventually(lambda: health(server).json()["status"] == "ok", 5)
        for memcached in (one, two):
            for words in ("does not answer, going on", "answers again"):
                assert server.log_text().count(f"The look-up cache at {memcached.address} {words}") == 1


def test_a_database_that_hangs_keeps_nobody_from_what_needs_none(
    start_app: StartApp, own_mariadb: MariaDB
) -> None:
    server = start_app({"database_url": own_mariadb.create_database()})
    kept = upload(server.url, b"kept", "kept.txt").json()
    assert download(kept["url_d"]).content == b"kept"
    own_mariadb.pause()
    try:
        with ThreadPoolExecutor(20) as clients:
            refused = [clients.submit(upload, server.url, b"%d" % n, "refused.txt") for n in range(20)]
            for _ in range(5):
                assert requests.get(kept["url_d"], timeout=3).content == b"kept"
                assert requests.get(f"{server.url}/", timeout=3).status_code == 200
                assert requests.get(f"{server.url}/live", timeout=3).status_code == 200
            assert eventually(lambda: health(server).status_code == 503, 12)
            assert {one.result(timeout=30).status_code for one in refused} == {503}
    finally:
        own_mariadb.resume()
    assert eventually(lambda: health(server).status_code == 200, 10)
    assert_still_serving(server)
