"""Resumable uploads over real connections: killed, cut, at once, from several processes, without room."""

import hashlib
import os
import random
import socket
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import NullPool, create_engine, func, select

from pastebin.models import FILES
from tests.servers import AppServer, Nginx
from tests.servers.app import ROOT
from tests.servers.nginx import behind_nginx
from tests.services.client import MEBIBYTE, at, eventually, parse_answer, receive_all
from tests.services.conftest import StartApp
from tests.services.test_full_disk import SmallDiskServer
from tests.services.tus_client import TUS, TusClient

# How often the service is killed, and how often a line is cut: TEST_KILLS=200 TEST_CUTS=1000 for a night, and
# another TEST_SEED for other moments.
KILLS = int(os.environ.get("TEST_KILLS", "3"))
CUTS = int(os.environ.get("TEST_CUTS", "30"))
SEED = int(os.environ.get("TEST_SEED", "0"))

# Between the steps in which parts become a file: see `dying`.
PLACES = (
    "pastebin.services.resumable.service:join",
    "pastebin.services.resumable.completion:Completion.complete",
    "pastebin.services.resumable.completion:Completion.done",
    "pastebin.services.resumable.service:consume_parts",
)


@pytest.fixture(scope="module")
def server(start_shared_app: StartApp) -> AppServer:
    """Give a server."""
    return start_shared_app()


@pytest.fixture(scope="module")
def nginx(server: AppServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    """Give nginx in front of it, as docs/nginx.conf has it."""
    with behind_nginx(tmp_path_factory.mktemp("nginx"), server) as nginx:
        yield nginx


def send_half(client: TusClient, offset: int, sent: int, told: int) -> socket.socket:
    """Send the beginning of a chunk and return the connection, which stays open."""
    connection = socket.create_connection(("127.0.0.1", client.server.port), timeout=30)
    connection.sendall(client.half_a_chunk(offset, told) + client.content[offset : offset + sent])
    return connection


def test_half_a_chunk_through_nginx_counts(nginx: Nginx) -> None:
    client = TusClient(nginx, random.Random(1).randbytes(4 * MEBIBYTE))
    client.create()
    connection = send_half(client, 0, 2 * MEBIBYTE, 4 * MEBIBYTE)
    time.sleep(0.5)
    connection.close()
    assert eventually(lambda: client.offset() > MEBIBYTE)
    client.assert_whole(client.finish(random.Random(2)))


def test_terms_of_any_script_come_through_nginx(nginx: Nginx) -> None:
    wish = {"Pb-Password": "UTF-8''ges%C3%A4me"}
    answer = requests.put(f"{nginx.url}/a.txt", data=os.urandom(9), headers=wish, timeout=30)
    assert answer.status_code == 201
    page = at(nginx, answer.headers["Location"])
    statuses = [
        requests.get(page, auth=auth, timeout=30).status_code for auth in (None, ("", "gesäme".encode()))
    ]
    assert statuses == [401, 200]


def test_random_chunks_and_cuts(server: AppServer) -> None:
    """Over a real connection; many more of them run in the process of the tests."""
    dice = random.Random(3 + SEED)
    cuts = 0
    while cuts < CUTS:
        client = TusClient(server, dice.randbytes(dice.choice([300_000, 3 * MEBIBYTE])), f"{cuts}.bin")
        client.create()
        while cuts < CUTS and len(client.content) - (offset := client.offset()) >= 10_000:
            told = dice.randint(2, (len(client.content) - offset) // 2)
            with send_half(client, offset, dice.randrange(told // 4 + 1), told) as connection:
                if dice.random() < 0.5:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            cuts += 1
        client.assert_whole(client.finish(dice))


def test_who_is_silent_gives_way_to_who_comes_again(server: AppServer) -> None:
    client = TusClient(server, random.Random(4).randbytes(MEBIBYTE))
    client.create()
    with send_half(client, 0, 300_000, MEBIBYTE):
        time.sleep(0.2)
        begun = time.monotonic()
        offset = client.offset()
        assert time.monotonic() - begun < 5
        assert 0 < offset <= 300_000
        client.assert_whole(client.finish(random.Random(5)))


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_whatever_comes_next_takes_over_from_who_is_silent(server: AppServer, method: str) -> None:
    """Also in the middle of a chunk with a checksum, of which nothing counts then."""
    client = TusClient(server, random.Random(14).randbytes(MEBIBYTE))
    client.create()
    head = client.half_a_chunk(0, MEBIBYTE).replace(
        b"Content-Type", b"Upload-Checksum: md5 AAAAAAAAAAAAAAAAAAAAAA==\r\nContent-Type"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(head + client.content[:300_000])
        time.sleep(0.2)
        if method == "PATCH":
            answer = client.patch(0, MEBIBYTE)
            assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(MEBIBYTE))
            client.assert_whole(answer)
        else:
            assert requests.delete(client.url, headers=TUS, timeout=30).status_code == 204
            assert client.head().status_code == 404
        connection.sendall(client.content[300_000:])
        refused = parse_answer(receive_all(connection))
    assert refused.status in (404, 423)
    assert refused.headers["connection"] == "close"
    assert not list(server.files.glob(f"unfinished/*/{client.path[5:]}"))


@pytest.mark.parametrize(("size", "piece", "pause"), [(20_000, 500, 0.2), (85, 1, 0.1)])
def test_who_is_slow_is_not_disturbed(server: AppServer, size: int, piece: int, pause: float) -> None:
    client = TusClient(server, random.Random(6).randbytes(size))
    client.create()
    answers: list[requests.Response] = []

    def body() -> Iterator[bytes]:
        for start in range(0, size, piece):
            yield client.content[start : start + piece]
            time.sleep(pause)

    def send() -> None:
        headers = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        answers.append(requests.patch(client.url, data=body(), headers=headers, timeout=60))

    sender = threading.Thread(target=send)
    sender.start()
    time.sleep(1.5)
    asked = client.head()
    assert (asked.status_code, asked.headers["Retry-After"]) == (423, "1")
    assert requests.get(client.url, timeout=10).json()["complete"] is False
    sender.join()
    assert answers[0].status_code == 204
    client.assert_whole(answers[0])


def test_of_eight_at_once_one_wins(server: AppServer) -> None:
    client = TusClient(server, random.Random(7).randbytes(2 * MEBIBYTE))
    client.create()
    barrier = threading.Barrier(8)

    def send(_number: int) -> int:
        barrier.wait()
        return client.patch(0, MEBIBYTE).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(send, range(8)))
    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 409, 423}
    assert client.offset() == MEBIBYTE
    client.assert_whole(client.finish(random.Random(8)))


def test_of_eight_that_complete_one_makes_the_file(server: AppServer) -> None:
    client = TusClient(server, random.Random(9).randbytes(200_000))
    client.create()
    client.patch(0, 199_999)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.patch(199_999, 1), range(8)))
    assert [answer.status_code for answer in answers].count(204) == 1
    links = {answer.headers["Link"] for answer in answers if "Link" in answer.headers}
    assert len(links) == 1


def test_chunks_reach_different_processes(start_app: StartApp, database: dict[str, str]) -> None:
    one = start_app(database)
    with one.another() as other:
        client = TusClient(one, random.Random(10).randbytes(3 * MEBIBYTE))
        client.create()
        for number in range(6):
            client.server = (one, other)[number % 2]
            assert client.patch(number * MEBIBYTE // 2, MEBIBYTE // 2).status_code == 204
        told = [requests.head(f"{s.url}{client.path}", headers=TUS, timeout=30) for s in (one, other)]
        assert len({TusClient.key_in(answer) for answer in told}) == 1
        client.assert_whole(told[0])


def test_the_service_is_killed_between_and_in_chunks(start_app: StartApp) -> None:
    server, dice = start_app(), random.Random(11 + SEED)
    for number in range(KILLS):
        size = dice.choice([50_000, 400_000, 3 * MEBIBYTE])
        client = TusClient(server, dice.randbytes(size), f"{number}.bin")
        client.create()
        first = dice.randint(1, size // 2)
        assert client.patch(0, first).status_code == 204
        killer = threading.Timer(dice.random() / 20, server.kill) if number % 4 else None
        if killer is None:
            server.kill()
        else:
            killer.start()
            with suppress(requests.RequestException):
                client.patch(first, size)  # the last one, mostly: also killed while it is completed
            killer.join()
        server.restart()
        answer = client.finish(dice) if client.offset() < size else client.head()
        client.assert_whole(answer)
        key = TusClient.key_in(answer)
        assert requests.delete(f"{server.url}/m/{key}", timeout=30).status_code == 204
        assert requests.get(f"{server.url}/m/{key}", timeout=30).status_code == 404
    assert server.run("check").returncode == 0


def test_parts_become_one_file_wherever_the_service_is_killed(
    start_app: StartApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between any two steps: whoever asks again is told of the same file, with terms that are its own."""
    orders = tmp_path / "orders"
    monkeypatch.setenv("TEST_DIES_AT", str(orders))
    monkeypatch.setenv("TEST_DIES_AT_ONE_OF", " ".join(PLACES))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    dying = (sys.executable, "-m", "granian", "tests.services.dying:application")
    server, dice = start_app(serve=dying), random.Random(15)
    for number, place in enumerate(PLACES):
        parts = [TusClient(server, dice.randbytes(size)) for size in (100_000, 1, 70_000)]
        for one in parts:
            one.create(**{"Upload-Concat": "partial"})
            one.patch(0, len(one.content))
        whole = TusClient(server, b"".join(one.content for one in parts), f"{number}.bin")
        named = "final;" + " ".join(one.path for one in parts)
        terms = f"filename {b64encode(whole.filename.encode()).decode()},downloads {b64encode(b'9').decode()}"
        headers = {**TUS, "Upload-Concat": named, "Upload-Metadata": terms}
        orders.write_text(place)
        with pytest.raises(requests.RequestException):
            requests.post(f"{server.url}/tus", headers=headers, timeout=60)
        assert not orders.exists(), f"it did not die at {place}"
        server.kill()
        server.restart()
        again = [requests.post(f"{server.url}/tus", headers=headers, timeout=60) for _ in range(2)]
        assert [answer.status_code for answer in again] == [201, 201]
        assert len({answer.headers["Link"] for answer in again}) == 1
        assert len({answer.headers["Location"] for answer in again}) == 1
        whole.assert_whole(again[0])
        assert [one.head().status_code for one in parts] == [410, 410, 410]
    engine = create_engine(server._sqlite_url(), poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(FILES)) == len(PLACES)
    assert server.run("check").returncode == 0


def test_a_disk_without_room_and_with_room_again(tmp_path: Path) -> None:
    with SmallDiskServer(tmp_path, database_too=False) as server:
        client = TusClient(server, random.Random(12).randbytes(14 * MEBIBYTE))
        client.create()
        assert client.patch(0, 4 * MEBIBYTE).status_code == 204
        filler = server.files / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(MEBIBYTE))
        refused = client.patch(4 * MEBIBYTE, 10 * MEBIBYTE)
        assert refused.status_code == 507
        offset = client.offset()
        assert 4 * MEBIBYTE <= offset < 14 * MEBIBYTE
        told = requests.get(client.url, timeout=30).json()
        assert told["prefix_sha256"] == hashlib.sha256(client.content[: told["offset"]]).hexdigest()
        filler.unlink()
        client.assert_whole(client.finish(random.Random(13)))


def test_a_sweep_of_the_command_line_takes_what_is_over(start_app: StartApp) -> None:
    server = start_app({"resumable_lifetime": "1h"})
    old, new = TusClient(server, b"x" * 100), TusClient(server, b"y" * 100)
    for client in (old, new):
        client.create()
        client.patch(0, 50)
    (data,) = server.files.glob(f"unfinished/*/{old.path[5:]}")
    yesterday = time.time() - 86400
    os.utime(data, (yesterday, yesterday))
    assert "Removed 1 unfinished" in server.run("sweep").stdout
    assert (old.head().status_code, new.offset()) == (404, 50)


def assert_no_id_in(log: str, client: TusClient) -> None:
    """Assert that an upload's address is in no log."""
    assert client.path[5:] not in log


def test_logs_do_not_hold_addresses(server: AppServer) -> Any:
    client = TusClient(server, b"text")
    client.create()
    client.patch(0, 4)
    assert_no_id_in(server.log_text(), client)
