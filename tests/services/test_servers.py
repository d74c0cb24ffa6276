"""The same service by each WSGI server: Granian, waitress, gunicorn, and with a filter around it."""

import itertools
import os
import socket
import sys
from pathlib import Path

import pytest
import requests

from tests.servers import AppServer
from tests.servers.app import GRANIAN, GUNICORN, PSERVE, ROOT
from tests.services.client import (
    MEBIBYTE,
    LargeContent,
    assert_nothing_left,
    assert_still_serving,
    at,
    chunked,
    exchange,
    parse_answer,
    receive_all,
    request_head,
    upload,
)
from tests.services.conftest import StartApp

SERVERS = {"granian": GRANIAN, "waitress": PSERVE, "gunicorn": GUNICORN}
CLOSE = "Connection: close"

# What docs/deployment.md says of a filter, and one that breaks as an extension in Rust does.
PIPELINE = """
[pipeline:main]
pipeline = panic prefix app

[filter:prefix]
use = egg:PasteDeploy#prefix

[filter:panic]
paste.filter_app_factory = panics:make_filter

[app:app]
"""

PANICS = """
import pathlib


class PanicException(BaseException):
    pass


def make_filter(app, global_conf):
    from pastebin.services.health import HealthService

    answer = HealthService.state

    def panic(self):
        if pathlib.Path(__file__).with_name("armed").exists():
            raise PanicException("in the extension")
        return answer(self)

    HealthService.state = panic
    return app
"""


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest, start_shared_app: StartApp) -> AppServer:
    """Give the service by each server in turn, started as an operator does; it takes 8 MiB."""
    return start_shared_app({"max_upload_size": "8 MiB"}, serve=SERVERS[request.param], forked=False)


def served_by(server: AppServer) -> str:
    """Return the name of the server."""
    return next(name for name, command in SERVERS.items() if command == server.serve)


@pytest.mark.parametrize("way", ["length", "chunked"])
def test_a_body_arrives_whole(server: AppServer, way: str) -> None:
    large = LargeContent(5, f"{way} {served_by(server)}".encode())
    answer = parse_answer(exchange(server, [head(large, way), *body(large, way)]))
    assert answer.status == 201, answer
    assert large.sha256() in server.contents()


def head(large: LargeContent, way: str, path: str = "/", *more: str) -> bytes:
    """Return the head of an upload with a length or in chunks."""
    framing = f"Content-Length: {large.form_size()}" if way == "length" else "Transfer-Encoding: chunked"
    return request_head(framing, CLOSE, *more, path=path)


def body(large: LargeContent, way: str) -> itertools.chain[bytes]:
    """Return the body that belongs to `head`."""
    return itertools.chain(large.form() if way == "length" else chunked(large.form()))


@pytest.mark.parametrize(("path", "status"), [("/", 413), ("/j", 413), ("/nowhere", 404), ("/health", 405)])
@pytest.mark.parametrize("way", ["length", "chunked"])
def test_who_sends_everything_first_hears_why_it_is_refused(
    server: AppServer, way: str, path: str, status: int
) -> None:
    before, large = server.contents(), LargeContent(16)
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(head(large, way, path))
        for piece in body(large, way):
            connection.sendall(piece)  # fails if the server does not read on
        answer = parse_answer(receive_all(connection))
    assert answer.status == status
    assert answer.json()["error"]["message"]
    assert_nothing_left(server, before)
    assert_still_serving(server)


def test_another_kind_of_body_is_refused_after_it(server: AppServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        size = 8 * MEBIBYTE
        kind = f"Content-Type: application/json\r\nContent-Length: {size}"
        start = f"POST / HTTP/1.1\r\nHost: a\r\n{CLOSE}\r\n{kind}\r\n\r\n"
        connection.sendall(start.encode())
        connection.sendall(bytes(size))
        assert parse_answer(receive_all(connection)).status == 415


def test_granian_does_not_ask_for_a_body_that_is_refused(start_app: StartApp) -> None:
    server = start_app({"max_upload_size": "8 MiB"})
    expecting = head(LargeContent(16), "length", "/", "Expect: 100-continue")
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(expecting)
        assert receive_all(connection).startswith(b"HTTP/1.1 413 ")


BODY = "0\r\n\r\n"
FRAMINGS = [
    "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: 5",
    "Transfer-Encoding: chunked, chunked",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: gzip",
    "Content-Length: 5\r\nContent-Length: 6",
    "Content-Length: -5",
]

# waitress hands over neither the header nor the fact; nginx in front refuses all of these.
HIDDEN_BY_WAITRESS = FRAMINGS[:3]


@pytest.mark.parametrize("framing", FRAMINGS)
def test_a_body_that_may_end_in_two_places_is_refused_or_the_last(server: AppServer, framing: str) -> None:
    request = f"POST /j HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n{BODY}"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(request.encode())
        if served_by(server) == "waitress" and framing in HIDDEN_BY_WAITRESS:
            assert connection.recv(100).startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 201 "))
            return
        raw = receive_all(connection)  # to the end of the connection
    answer = parse_answer(raw)
    is_closed_after_it = framing in FRAMINGS[:2] and answer.status in (200, 201)
    assert answer.status in (400, 501) or is_closed_after_it, answer


@pytest.mark.parametrize(
    "host", ["Host: @evil.example/x?", "Host: a b", "Host:", "Host: a\r\nHost: b", "X: y"]
)
def test_a_request_must_say_for_which_host_it_is(server: AppServer, host: str) -> None:
    raw = exchange(server, [f"GET / HTTP/1.1\r\n{host}\r\n{CLOSE}\r\n\r\n".encode()])
    assert parse_answer(raw).status == 400
    assert b"evil" not in raw
    assert "Traceback" not in server.log_text()


@pytest.mark.parametrize("way", ["form", "raw"])
@pytest.mark.parametrize("written", ["pässword".encode(), "UTF-8''p%C3%A4ssword"], ids=["plain", "encoded"])
def test_what_a_header_asks_for_is_never_lost_in_silence(
    server: AppServer, way: str, written: str | bytes
) -> None:
    wish = {"Pb-Password": written, "Pb-Expires": ""}
    if way == "form":
        form = {"file": ("a.txt", os.urandom(9))}
        answer = requests.post(server.url, files=form, headers=wish, timeout=60)
    else:
        answer = requests.put(f"{server.url}/a.txt", os.urandom(9), headers=wish, timeout=60)
    if answer.status_code == 400:  # Granian does not hand over what is not ASCII
        assert (served_by(server), isinstance(written, bytes)) == ("granian", True)
        assert "UTF-8''%C3%BC" in answer.text
        return
    assert answer.status_code == 201
    page = at(server, answer.headers["Location"])
    assert requests.get(page, timeout=60).status_code == 401
    assert requests.get(page, auth=("x", "pässword".encode()), timeout=60).status_code == 200


def test_a_name_in_a_header_is_never_lost_in_silence(server: AppServer) -> None:
    headers = {"Content-Disposition": 'attachment; filename="ü.txt"'.encode(), "Accept": "application/json"}
    answer = requests.put(server.url, b"name", headers=headers, timeout=60)
    said = answer.json()
    assert said.get("filename") == "ü.txt" or "filename*=UTF-8" in said["error"]["message"]


def test_headers_have_a_bound(server: AppServer) -> None:
    raw = exchange(server, [request_head(CLOSE, "X: " + "y" * 17_000, method="GET")])
    assert parse_answer(raw).status == 431


def test_an_absolute_target_that_is_none_is_400(start_app: StartApp) -> None:
    for command in (GRANIAN, GUNICORN):  # waitress closes the connection
        server = start_app(serve=command)
        raw = exchange(server, [b"GET http://[::/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"])
        assert parse_answer(raw).status == 400
        assert "Traceback" not in server.log_text()


def piped(folder: Path) -> Path:
    """Write an INI file like development.ini with filters around the application; return its path."""
    (folder / "panics.py").write_text(PANICS)
    text = (ROOT / "development.ini").read_text().replace("%(here)s", str(ROOT))
    (folder / "piped.ini").write_text(text.replace("[app:main]\n", PIPELINE))
    return folder / "piped.ini"


@pytest.mark.parametrize("name", SERVERS)
def test_filters_around_the_application(
    start_app: StartApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """And an error that is no Exception, which one of them provokes, ends only its request."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    server = start_app(ini=piped(tmp_path), serve=SERVERS[name])
    assert upload(server.url, b"piped", "piped.txt").status_code == 201
    (tmp_path / "armed").touch()
    for _ in range(3):
        raw = exchange(server, [request_head(CLOSE, method="GET", path="/health")])
        assert parse_answer(raw).status == 500
        assert parse_answer(raw).json()["error"]["code"] == "internal_error"
    lines = [line for line in server.log_text().splitlines() if "PanicException" in line]
    assert len(lines) >= 3
    assert all(" ERROR " in line and "in the extension" not in line for line in lines)
    (tmp_path / "armed").unlink()
    assert_still_serving(server)


def test_gunicorn_takes_the_ini_file_as_well(start_app: StartApp, tmp_path: Path) -> None:
    command = (sys.executable, "-m", "gunicorn", "--paste", "{ini}", "--bind", "127.0.0.1:{port}")
    assert_still_serving(start_app(serve=command))
