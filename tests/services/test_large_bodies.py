"""Forms so large that they are read while they come in."""

import hashlib
import socket
import threading
from collections.abc import Iterator

import pytest

from tests.servers import AppServer
from tests.services.client import (
    END_OF_FORM,
    MEBIBYTE,
    LargeContent,
    assert_nothing_left,
    assert_still_serving,
    at,
    download,
    eventually,
    exchange,
    parse_answer,
    receive_all,
    request_head,
    start_of_form,
)
from tests.services.conftest import StartApp

LARGE = 10  # MiB: many times what is read at once
AT_ONCE = 20


@pytest.fixture(scope="module")
def server(start_shared_app: StartApp) -> AppServer:
    """Give a server that takes 100 MiB."""
    return start_shared_app({"max_upload_size": "100 MiB"})


@pytest.fixture(autouse=True)
def in_order(server: AppServer) -> Iterator[None]:
    """Assert that no test leaves a temporary file or a traceback, and that the server goes on."""
    printed = len(server.log_text())
    yield
    assert eventually(lambda: not server.leftovers()), server.leftovers()
    assert "Traceback" not in server.log_text()[printed:]
    assert_still_serving(server)


def form_head(size: int, *headers: str) -> bytes:
    return request_head(f"Content-Length: {size}", *headers)


def answers(raw: bytes) -> list[int]:
    """Return the statuses of the answers that came over one connection."""
    return [int(part[:3]) for part in raw.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize("mebibytes", [LARGE, 70])
def test_a_large_file_comes_back_as_it_went_in(server: AppServer, mebibytes: int) -> None:
    content = LargeContent(mebibytes, b"whole %d" % mebibytes)
    head = form_head(content.form_size(), "Connection: close")
    answer = parse_answer(exchange(server, [head, *content.form()]))
    assert answer.status == 201
    got = download(at(server, answer.json()["url_d"])).content
    assert hashlib.sha256(got).hexdigest() == content.sha256()


def test_head_and_body_in_one_piece_and_a_request_behind_them(server: AppServer) -> None:
    content = LargeContent(LARGE, b"together")
    behind = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    raw = exchange(server, [form_head(content.form_size()) + b"".join(content.form()) + behind])
    assert answers(raw) == [201, 200]


def test_a_small_request_before_it_is_answered_first(server: AppServer) -> None:
    content = LargeContent(LARGE, b"behind")
    before = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n"
    head = form_head(content.form_size(), "Connection: close")
    assert answers(exchange(server, [before + head, *content.form()])) == [200, 201]


def test_who_asks_before_sending_is_told_to_go_on(server: AppServer) -> None:
    content = LargeContent(LARGE, b"asking")
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(form_head(content.form_size(), "Expect: 100-continue", "Connection: close"))
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        for piece in content.form():
            connection.sendall(piece)
        assert parse_answer(receive_all(connection)).status == 201


@pytest.mark.parametrize("path", ["/nowhere", "/p/x", "/health"])
def test_who_is_refused_hears_it_and_may_go_on(server: AppServer, path: str) -> None:
    """Nobody read the body: it is taken from the connection all the same."""
    before, content = server.contents(), LargeContent(20, b"refused")
    head = request_head(f"Content-Length: {content.form_size()}", path=path)
    behind = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    first, second = answers(exchange(server, [head, *content.form(), behind]))
    assert (first in (404, 405), second) == (True, 200)
    assert_nothing_left(server, before)


def test_a_form_that_breaks_in_its_middle_is_refused_in_words(server: AppServer) -> None:
    before = server.contents()
    body = start_of_form("a.bin") + bytes(8 * MEBIBYTE) + END_OF_FORM.replace(b"--\r\n", b"junk")
    answer = parse_answer(exchange(server, [form_head(len(body), "Connection: close"), body]))
    assert (answer.status, answer.json()["error"]["code"]) == (400, "bad_upload")
    assert_nothing_left(server, before)


@pytest.mark.parametrize("mebibytes", [0, 3, 10])
def test_a_client_that_leaves_leaves_nothing(server: AppServer, mebibytes: int) -> None:
    before, content = server.contents(), LargeContent(mebibytes, b"leaving")
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(form_head(50 * MEBIBYTE) + start_of_form())
        for piece in content.pieces():
            connection.sendall(piece)
    assert_nothing_left(server, before)


def test_slow_clients_keep_nobody_waiting(server: AppServer) -> None:
    before, content = server.contents(), LargeContent(LARGE, b"in time")
    slow = []
    for number in range(AT_ONCE + 10):
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        connection.sendall(form_head(50 * MEBIBYTE) + start_of_form(f"slow-{number}"))
        slow.append(connection)
    assert_still_serving(server)
    head = form_head(content.form_size(), "Connection: close")
    assert parse_answer(exchange(server, [head, *content.form()])).status == 201
    for connection in slow:
        connection.close()
    assert eventually(lambda: not server.leftovers())
    assert len(server.contents()) == len(before) + 2


def test_many_at_once_all_arrive(server: AppServer) -> None:
    contents = [LargeContent(LARGE, b"many %d" % number) for number in range(AT_ONCE)]
    statuses: dict[int, int] = {}

    def send(number: int) -> None:
        content, filename = contents[number], f"{number}.bin"
        head = form_head(content.form_size(filename), "Connection: close")
        statuses[number] = parse_answer(exchange(server, [head, *content.form(filename)])).status

    threads = [threading.Thread(target=send, args=(number,)) for number in range(len(contents))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(statuses.values()) == [201] * len(contents)
    assert {content.sha256() for content in contents} <= set(server.contents())


def test_a_type_that_cannot_be_read_is_none(server: AppServer) -> None:
    """Granian hands a header that is not ASCII over as an empty one, and such a body is a file."""
    head = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 10\r\n"
    kind = "Content-Type: multipart/form-data; boundary=\xe9\xff\r\n\r\n"
    answer = parse_answer(exchange(server, [(head + kind).encode("latin-1"), b"some bytes"]))
    assert answer.status == 201
    assert download(at(server, answer.json()["url_d"])).content == b"some bytes"
