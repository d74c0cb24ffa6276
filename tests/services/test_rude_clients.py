"""Clients that go away, dawdle or send garbage: nothing stays, and the next request works."""

import itertools
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.servers import AppServer
from tests.services.client import (
    BOUNDARY,
    END_OF_FORM,
    MEBIBYTE,
    Answer,
    LargeContent,
    assert_nothing_left,
    assert_still_serving,
    at,
    chunked,
    download,
    exchange,
    parse_answer,
    receive_all,
    request_head,
    start_of_form,
    upload,
)
from tests.services.conftest import StartApp

CLOSE = "Connection: close"


@pytest.fixture(scope="module")
def server(start_shared_app: StartApp) -> AppServer:
    """Give a server."""
    return start_shared_app()


@pytest.fixture(scope="module")
def image_path(server: AppServer) -> str:
    """Give the path of an image of one pixel."""
    content = bytes.fromhex(
        "474946383961010001008000000000ffffff21f90401000000002c00000000010001000002024401003b"
    )
    path: str = upload(server.url, content, "dot.gif").json()["url_i"].removeprefix(server.url)
    return path


@pytest.fixture(autouse=True)
def nothing_left(server: AppServer) -> Iterator[None]:
    """Assert that the test leaves nothing in the store, no traceback, and a server that goes on."""
    before, printed = server.contents(), len(server.log_text())
    yield
    assert_nothing_left(server, before)
    assert "Traceback" not in server.log_text()[printed:]
    assert_still_serving(server)


def leave_after(server: AppServer, pieces: Iterator[bytes] | list[bytes], *, reset: bool) -> None:
    """Send `pieces` and go away, by FIN or by RST, without reading an answer."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    for piece in pieces:
        connection.sendall(piece)
    if reset:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize("mebibytes", [0, 1, 20])
@pytest.mark.parametrize("way", ["length", "chunked"])
def test_a_client_that_leaves_in_mid_upload(server: AppServer, way: str, mebibytes: int, reset: bool) -> None:
    form = [start_of_form(), *LargeContent(mebibytes).pieces(), b"half of a li"]
    if way == "length":
        pieces = [request_head("Content-Length: 99000000"), *form]
    else:
        pieces = [request_head("Transfer-Encoding: chunked"), *list(chunked(form))[:-1]]
    leave_after(server, pieces, reset=reset)


def test_many_clients_that_leave_at_once(server: AppServer) -> None:
    pieces = [request_head("Content-Length: 99000000"), start_of_form(), bytes(MEBIBYTE)]
    for _ in range(100):
        leave_after(server, pieces, reset=True)


@pytest.mark.alone
def test_clients_that_dawdle_do_not_stop_the_others(start_app: StartApp) -> None:
    server = start_app()
    head = request_head("Content-Length: 1000000") + start_of_form()
    dawdlers = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(50)]
    try:
        for dawdler in dawdlers:
            dawdler.sendall(head)
        started = time.monotonic()
        assert_still_serving(server)
        assert time.monotonic() - started < 5
    finally:
        for dawdler in dawdlers:
            dawdler.close()


def test_clients_that_leave_in_mid_download(start_app: StartApp) -> None:
    server = start_app()
    large = LargeContent(32)
    head = request_head(f"Content-Length: {large.form_size()}", CLOSE)
    path = parse_answer(exchange(server, [head, *large.form()])).json()["url_i"].removeprefix(server.url)
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(request_head(method="GET", path=path))
            assert connection.recv(1000)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert_still_serving(server)
    assert "Traceback" not in server.log_text()


def post(server: AppServer, body: bytes, content_type: str, path: str = "/") -> Answer:
    """Post a body under a content type, both as they are."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: {content_type}\r\n"
    announced = f"Content-Length: {len(body)}\r\n\r\n"
    return parse_answer(exchange(server, [(head + announced).encode("latin-1"), body]))


FORM = f"multipart/form-data; boundary={BOUNDARY}"
PART = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"'.encode()


@pytest.mark.parametrize("path", ["/", "/j"])
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", start_of_form() + b"x" + END_OF_FORM),
        ("multipart/form-data; boundary=", start_of_form() + b"x" + END_OF_FORM),
        ("multipart/form-data; boundary=other", start_of_form() + b"x" + END_OF_FORM),
        (f"multipart/form-data; boundary={'b' * 500}", start_of_form() + b"x" + END_OF_FORM),
        (FORM, b""),
        (FORM, b"garbage"),
        (FORM, start_of_form() + b"no end"),
        (FORM, start_of_form() + b"no end" + f"\r\n--{BOUNDARY}".encode()),
        (FORM, PART + b"\r\n\r\nno file name" + END_OF_FORM),
        (FORM, PART.replace(b"file", b"other") + b'; filename="a"\r\n\r\nx' + END_OF_FORM),
        (FORM, PART + b'; filename="a"' + b"x" * 100_000),
        (FORM, PART + b'; filename="a"\r\n' + b"X-Header: y\r\n" * 5000 + b"\r\nx" + END_OF_FORM),
        (FORM, (PART.replace(b"file", b"w") + b"\r\n\r\n1\r\n") * 5000 + END_OF_FORM),
        (FORM, PART.replace(b"file", b"w") + b"\r\n\r\n" + b"9" * 3_000_000 + END_OF_FORM),
        (FORM, (start_of_form() + b"x\r\n") * 101 + END_OF_FORM),
        (FORM, f"--{BOUNDARY}\r\n\r\nno headers".encode() + END_OF_FORM),
    ],
)
def test_a_malformed_form_is_400(server: AppServer, content_type: str, body: bytes, path: str) -> None:
    answer = post(server, body, content_type, path)
    assert answer.status == 400, answer
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("content_type", "status"), [("application/json", 415), ("application/x-www-form-urlencoded", 400)]
)
def test_another_kind_of_body_is_refused(server: AppServer, content_type: str, status: int) -> None:
    answer = post(server, b"file=x", content_type)
    assert answer.status == status
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "path",
    [
        "/%ff",
        "/p/%ff",
        "/i/%c3%28",
        "/s/%00",
        "/d/%",
        "/p/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/i/../../etc/passwd",
    ],
)
def test_an_odd_path_is_400_or_404(server: AppServer, path: str) -> None:
    answer = parse_answer(exchange(server, [request_head(CLOSE, method="GET", path=path)]))
    assert answer.status in (400, 404)
    assert b"root:" not in answer.body


@pytest.mark.parametrize("query", ["w=%ff", "w=1&w=%00", "%ff=%ff", "w=%", "w=1%0d%0aSet-Cookie:%20a=b"])
def test_an_odd_query_is_400(server: AppServer, query: str, image_path: str) -> None:
    answer = parse_answer(exchange(server, [request_head(CLOSE, method="GET", path=f"{image_path}?{query}")]))
    assert answer.status in (200, 400)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "raw",
    [
        b"\r\n\r\n\r\n",
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nBad Header: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"POST /p/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /p/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
    ],
)
def test_what_is_no_proper_request_does_no_harm(server: AppServer, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        with suppress(ConnectionError, OSError):  # it may have been refused and closed before its end
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
        received = receive_all(connection)
    if received:
        assert 200 <= parse_answer(received).status < 502


NAMES = ["a%0d%0aX-Evil: 1", "a\nX-Evil: 1", 'a";X-Evil=1', "\u202egnp.exe", "\x00\x01", "é" * 255]


def test_a_file_name_stays_out_of_the_headers(start_app: StartApp) -> None:
    server = start_app()
    for name in NAMES:
        head = start_of_form().replace(b"file.bin", name.encode().replace(b'"', b"%22"))
        answer = post(server, head + name.encode() + END_OF_FORM, FORM)
        assert answer.status in (201, 400)
        if answer.status == 201:
            got = download(at(server, answer.json()["url_d"]))
            assert got.status_code == 200
            assert "X-Evil" not in got.headers


@pytest.mark.parametrize(
    "host", ["evil.example\r\nX-Evil: 1", "a b", '"><script>alert(1)</script>', "a/b", ""]
)
def test_a_forged_host_does_no_harm(server: AppServer, host: str) -> None:
    answer = parse_answer(exchange(server, [request_head(CLOSE, method="GET", path="/", host=host)]))
    assert answer.status in (200, 400)
    assert "x-evil" not in answer.headers
    assert b"<script>alert" not in answer.body


@pytest.mark.alone
@pytest.mark.parametrize(
    "start",
    [b"5;" + b"x" * 100, b"5\r\nabcde\r\n0\r\nTrailer: "],
    ids=["chunk-line", "trailer"],
)
def test_a_line_between_chunks_that_never_ends(server: AppServer, start: bytes) -> None:
    head = request_head("Transfer-Encoding: chunked", CLOSE)
    endless = itertools.chain([head, start], (b"y" * 65536 for _ in range(160)))
    before = server.peak_memory()
    started = time.monotonic()
    answer = parse_answer(exchange(server, endless, timeout=30))
    assert answer.status in (400, 413)
    assert time.monotonic() - started < 20
    assert server.peak_memory() < before + 50 * MEBIBYTE


@pytest.mark.alone
def test_a_body_of_tiny_chunks_does_not_stop_the_others(server: AppServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(request_head("Transfer-Encoding: chunked") + b"1\r\nx\r\n" * 100_000)
        started = time.monotonic()
        assert download(f"{server.url}/health").status_code == 200
        assert time.monotonic() - started < 2
