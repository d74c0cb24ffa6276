"""production.ini: MariaDB, memcached and nginx, by each server."""

import hashlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import psutil
import pytest
import requests

from tests.servers import AppServer, Memcached, Nginx, ServerError
from tests.servers.app import GUNICORN, PSERVE
from tests.servers.nginx import behind_nginx
from tests.services.client import (
    MEBIBYTE,
    LargeContent,
    assert_nothing_left,
    assert_still_serving,
    chunked,
    download,
    eventually,
    exchange,
    parse_answer,
    receive_all,
    request_head,
    start_of_form,
    upload,
)
from tests.services.conftest import StartApp, StartProduction

ServerOf = Callable[..., AppServer]


def test_the_shipped_secret_stops_the_start(start_app: StartApp) -> None:
    with pytest.raises(ServerError, match="secret is the one this software ships with"):
        start_app({"cache": "memory"}, ini="production.ini")


def test_a_folder_that_cannot_be_made_is_named(start_app: StartApp, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "files"
    with pytest.raises(ServerError, match=f"{folder} cannot be written to: Not a directory"):
        start_app({"files_folder": str(folder)})


def test_wrong_settings_are_named_all_at_once(start_app: StartApp) -> None:
    with pytest.raises(ServerError) as caught:
        start_app({"max_upload_size": "plenty", "cache": "none", "colour": "blue"})
    for name in ("MAX_UPLOAD_SIZE", "CACHE", "COLOUR"):
        assert f"PASTEBIN_{name}" in str(caught.value)


@pytest.fixture(scope="module")
def server_of(start_shared_production: StartProduction) -> ServerOf:
    """Give a function that returns the server of these tests that sends files in such a way."""

    @cache
    def start(sendfile: str, command: tuple[str, ...] | None) -> AppServer:
        return start_shared_production({"sendfile": sendfile}, command)

    return lambda sendfile, command=None: start(sendfile, command)


@pytest.mark.parametrize("command", [None, PSERVE, GUNICORN], ids=["granian", "waitress", "gunicorn"])
@pytest.mark.parametrize("sendfile", ["off", "x-accel"])
def test_behind_nginx(
    server_of: ServerOf, tmp_path: Path, command: tuple[str, ...] | None, sendfile: str
) -> None:
    server = server_of(sendfile, command)
    with behind_nginx(tmp_path, server) as nginx:
        content = hashlib.shake_128(b"nginx").digest(3 * MEBIBYTE)
        answer = upload(nginx.url, content, "front.bin", headers={"X-Forwarded-Host": "evil.example"})
        assert answer.status_code == 201
        for key in ("url_p", "url_i", "url_d", "url_s"):
            assert answer.json()[key].startswith(f"{nginx.url}/")
        for key in ("url_i", "url_d"):
            whole = download(answer.json()[key])
            assert whole.content == content
            assert whole.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in whole.headers["Content-Security-Policy"]
            assert whole.headers["ETag"]
            part = download(answer.json()[key], headers={"Range": "bytes=1000000-1000099"})
            assert (part.status_code, part.content) == (206, content[1000000:1000100])
            over = download(answer.json()[key], headers={"Range": f"bytes={len(content)}-"})
            assert over.status_code == 416
            again = download(answer.json()[key], headers={"If-None-Match": whole.headers["ETag"]})
            assert again.status_code == 304
            resumed = {"Range": "bytes=10-19", "If-Range": whole.headers["ETag"]}
            part = download(answer.json()[key], headers=resumed)
            assert (part.status_code, part.content) in ((206, content[10:20]), (200, content))
        assert download(answer.json()["url_p"], headers={"Accept": "text/html"}).status_code == 200
        stored = server.stored_files()[0]
        assert download(f"{nginx.url}/_store/{stored.parent.name}/{stored.name}").status_code == 404


# The service, but what shared caches may keep for a minute they may keep for two seconds.
SHORT_MINUTE = """
from waitress import serve
from pastebin.web import file_responses
assert "s-maxage=60" in file_responses._OPEN
file_responses._OPEN = file_responses._OPEN.replace("s-maxage=60", "s-maxage=2")
from pastebin.wsgi import application
serve(application, host="127.0.0.1", port={port})
"""


def test_nginx_forgets_what_has_ended_and_never_has_what_needs_a_right(
    start_production: StartProduction, tmp_path: Path
) -> None:
    server = start_production({}, (sys.executable, "-c", SHORT_MINUTE))
    with behind_nginx(tmp_path, server) as nginx:
        plain = upload(nginx.url, b"plain as day", "plain.txt").json()
        short = upload(nginx.url, b"short of life", "short.txt", data={"expires": "5s"}).json()
        asked = datetime.now(UTC)
        for address in (plain["url_i"], plain["url_d"], short["url_i"]):
            assert download(address).status_code == 200
        for secret, term in ((b"counted", {"downloads": "2"}), (b"locked", {"password": "sesame"})):
            said = upload(nginx.url, secret, "secret.txt", data=term).json()
            for _ in range(2):
                assert requests.head(said["url_i"], auth=("x", "sesame"), timeout=30).status_code == 200
                assert download(said["url_i"], auth=("x", "sesame")).content == secret
            assert download(said["url_i"]).status_code == (404 if secret == b"counted" else 401)
        kept = b"".join(path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file())
        assert kept.count(b"plain as day") == 2
        assert (b"short of life" in kept, b"counted" in kept, b"locked" in kept) == (True, False, False)
        assert requests.delete(plain["url_m"], timeout=30).status_code == 204
        for address in (plain["url_i"], plain["url_d"]):
            assert eventually(lambda address=address: download(address).status_code == 404, 20)
        time.sleep(max(0.0, 6 - (datetime.now(UTC) - asked).total_seconds()))
        assert download(short["url_i"]).status_code == 404


# By HTTP/2 a stream has no header that tells that it is one.
VERSIONS = {
    "--http1.1": "listen 127.0.0.1:{port};",
    "--http2-prior-knowledge": "listen 127.0.0.1:{port} http2;",
}


@pytest.mark.parametrize("version", VERSIONS)
def test_of_streams_only_whole_ones_reach_the_service(
    start_app: StartApp, tmp_path: Path, version: str
) -> None:
    server = start_app()
    with behind_nginx(tmp_path, server, **{"listen 443 ssl http2;": VERSIONS[version]}) as nginx:
        stream = ("curl", "-s", version, "-H", "Accept: text/plain", "-T", "-")
        ways = ((*stream, f"{nginx.url}/"), (*stream, "-X", "POST", f"{nginx.url}/?name=stream.bin"))
        for command in ways:
            with subprocess.Popen(command, stdin=subprocess.PIPE) as broken:
                assert broken.stdin is not None
                broken.stdin.write(os.urandom(MEBIBYTE))
                broken.stdin.flush()
                time.sleep(0.5)
                broken.kill()
        contents = [f"all of {number}".encode() for number in range(len(ways))]
        for command, content in zip(ways, contents, strict=True):
            told = subprocess.run(command, input=content, capture_output=True, check=True, timeout=60)
            assert told.stdout.startswith(f"{nginx.url}/s/".encode())
    assert server.contents() == sorted(hashlib.sha256(content).hexdigest() for content in contents)


def test_one_of_two_processes_may_be_away(production: AppServer, tmp_path: Path) -> None:
    with production.another() as another, behind_nginx(tmp_path, production, another) as nginx:
        answers = [upload(nginx.url, f"{n}".encode(), f"{n}.txt") for n in range(10)]
        another.stop()
        answers += [upload(nginx.url, f"{n}".encode(), f"{n}.txt") for n in range(20)]
        assert [answer.status_code for answer in answers] == [201] * 10 + [200] * 10 + [201] * 10
        another.restart()
        production.kill()
        contents = [download(answer.json()["url_d"]).content for answer in answers]
        assert contents == [f"{n}".encode() for n in (*range(10), *range(20))]
        assert upload(nginx.url, b"19", "19.txt").json()["url_p"] == answers[-1].json()["url_p"]


@pytest.mark.parametrize("sendfile", ["off", "x-accel"])
def test_a_page_in_disguise_stays_harmless_behind_nginx(
    server_of: ServerOf, tmp_path: Path, sendfile: str
) -> None:
    server = server_of(sendfile)
    with behind_nginx(tmp_path, server) as nginx:
        for name in ("page.html", "picture.svg", "page", "page.jpg"):
            page = b"<html><body onload=alert(1)><script>alert(document.domain)</script>" + name.encode()
            answer = download(upload(nginx.url, page, name).json()["url_i"])
            assert answer.content == page
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            kind = answer.headers["Content-Type"].partition(";")[0]
            attached = answer.headers.get("Content-Disposition", "").startswith("attachment")
            assert kind == "text/plain" or attached


def test_two_processes_restarted_in_turn_fail_nobody(production: AppServer, tmp_path: Path) -> None:
    """As docs/deployment.md has it: the next only when the one before answers again."""
    answers: list[int] = []
    done = threading.Event()

    def send(number: int) -> None:
        for count in itertools.count():
            if done.wait(0.02):
                return
            content = hashlib.shake_128(f"{number} {count}".encode()).digest(20_000)
            answers.append(upload(nginx.url, content, f"{number}-{count}.bin").status_code)

    with production.another() as another, behind_nginx(tmp_path, production, another) as nginx:
        large = LargeContent(30)
        clients = [threading.Thread(target=send, args=(number,)) for number in range(4)]
        with socket.create_connection(("127.0.0.1", nginx.port), timeout=30) as connection:
            connection.sendall(request_head(f"Content-Length: {large.form_size()}", "Connection: close"))
            for client in clients:
                client.start()
            pieces = large.form()
            try:
                for server in (production, another, production, another):
                    for piece in itertools.islice(pieces, 5):
                        connection.sendall(piece)
                    restart_while_it_serves(server, connection, pieces)
            finally:
                done.set()
                for client in clients:
                    client.join()
            for piece in pieces:
                connection.sendall(piece)
            assert parse_answer(receive_all(connection)).status == 201
    assert len(answers) > 20
    assert set(answers) == {201}


def restart_while_it_serves(server: AppServer, connection: socket.socket, pieces: Iterator[bytes]) -> None:
    """Restart a server; the upload over `connection` goes on meanwhile."""
    stopping = threading.Thread(target=server.stop)
    stopping.start()
    while stopping.is_alive():
        piece = next(pieces, b"")
        connection.sendall(piece)
        stopping.join(0.2)
    server.restart()


def test_https_at_the_proxy_is_https_in_the_addresses(server_of: ServerOf, tmp_path: Path) -> None:
    changes = {"Proto $scheme": "Proto https"}
    with behind_nginx(tmp_path, server_of("off"), **changes) as nginx:
        answer = upload(nginx.url, b"secure", "secure.txt", headers={"Host": "files.example.org"})
        assert answer.json()["url_p"].startswith("https://files.example.org/p/")


def request(large: LargeContent, way: str) -> Iterator[bytes]:
    """Yield an upload with a Content-Length or in chunks."""
    if way == "length":
        head, body = request_head(f"Content-Length: {large.form_size()}", "Connection: close"), large.form()
    else:
        head = request_head("Transfer-Encoding: chunked", "Connection: close")
        body = chunked(large.form())
    return itertools.chain([head], body)


@pytest.fixture(scope="module")
def small(start_shared_production: StartProduction) -> AppServer:
    """Give a server that takes 3 MiB."""
    return start_shared_production({"max_upload_size": "3 MiB"})


@pytest.mark.parametrize(("mebibytes", "known_to_nginx"), [(4, "2049m"), (40, "2049m"), (200, "4m")])
@pytest.mark.parametrize("way", ["length", "chunked"])
def test_too_large_a_file_is_413_through_nginx(
    small: AppServer, tmp_path: Path, way: str, mebibytes: int, known_to_nginx: str
) -> None:
    before = small.contents()
    changes = {"client_max_body_size 2049m": f"client_max_body_size {known_to_nginx}"}
    with behind_nginx(tmp_path, small, **changes) as nginx:
        assert parse_answer(exchange(nginx, request(LargeContent(mebibytes), way))).status == 413
        assert_nothing_left(small, before)
        assert upload(nginx.url, f"{way} {mebibytes}".encode(), "small.txt").status_code == 201


def leave_in_mid_upload(server: AppServer | Nginx) -> None:
    """Send 9 MiB of a larger upload and go away."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        head = request_head("Content-Length: 99000000")
        connection.sendall(head + start_of_form() + bytes(9 * MEBIBYTE))


def test_clients_that_leave_nginx_in_mid_upload(server_of: ServerOf, tmp_path: Path) -> None:
    server = server_of("off")
    before = server.contents()
    with behind_nginx(tmp_path, server) as nginx:
        for _ in range(5):
            leave_in_mid_upload(nginx)
        assert_nothing_left(server, before)
        assert upload(nginx.url, b"next", "next.txt").status_code == 201


@pytest.fixture(scope="module")
def gunicorn(start_shared_production: StartProduction) -> AppServer:
    """Give the service with two gunicorn workers."""
    return start_shared_production({"max_upload_size": "300 MiB"}, GUNICORN)


def test_gunicorn_keeps_the_limit(gunicorn: AppServer) -> None:
    before = gunicorn.contents()
    for way in ("length", "chunked"):
        assert parse_answer(exchange(gunicorn, request(LargeContent(400), way))).status == 413
    assert_nothing_left(gunicorn, before)
    assert_still_serving(gunicorn)


@pytest.mark.parametrize("way", ["length", "chunked"])
def test_gunicorn_takes_a_large_file_in_little_memory(gunicorn: AppServer, way: str) -> None:
    before, large = gunicorn.contents(), LargeContent(256, way.encode())
    assert parse_answer(exchange(gunicorn, request(large, way))).status == 201
    assert gunicorn.contents() == sorted([*before, large.sha256()])
    workers = psutil.Process(gunicorn.pid).children()
    assert max(worker.memory_info().rss for worker in workers) < 150 * MEBIBYTE
    assert_nothing_left(gunicorn, gunicorn.contents())


def test_gunicorn_when_clients_go_away(gunicorn: AppServer) -> None:
    before = gunicorn.contents()
    for _ in range(10):
        leave_in_mid_upload(gunicorn)
    assert_nothing_left(gunicorn, before)
    assert_still_serving(gunicorn)


def test_gunicorn_loses_a_worker_in_mid_upload(gunicorn: AppServer) -> None:
    kept = upload(gunicorn.url, b"kept", "kept.txt").json()
    with socket.create_connection(("127.0.0.1", gunicorn.port), timeout=30) as connection:
        connection.sendall(request_head("Content-Length: 99000000") + start_of_form() + bytes(9 * MEBIBYTE))
        assert eventually(gunicorn.leftovers)
        for worker in psutil.Process(gunicorn.pid).children():
            os.kill(worker.pid, signal.SIGKILL)
    assert eventually(lambda: len(psutil.Process(gunicorn.pid).children()) == 2)
    assert_still_serving(gunicorn)
    assert download(kept["url_d"]).content == b"kept"
    assert gunicorn.run("check").returncode == 0


def test_processes_share_what_they_know(gunicorn: AppServer, memcached: Memcached) -> None:
    for number in range(20):
        content = f"shared {number}".encode()
        address = upload(gunicorn.url, content, f"{number}.txt").json()["url_i"]
        assert {requests.get(address, timeout=30).content for _ in range(6)} == {content}
