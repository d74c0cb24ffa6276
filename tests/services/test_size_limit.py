"""A body over the limit is refused whichever way its length is told, and nothing of it stays."""

import itertools
from collections.abc import Iterator

import pytest

from tests.servers import AppServer
from tests.services.client import (
    END_OF_FORM,
    MEBIBYTE,
    LargeContent,
    assert_nothing_left,
    assert_still_serving,
    chunked,
    exchange,
    parse_answer,
    request_head,
    start_of_form,
    upload,
)
from tests.services.conftest import StartApp

LIMIT = 3 * MEBIBYTE


@pytest.fixture(scope="module")
def server(start_shared_app: StartApp) -> AppServer:
    """Give a server that accepts 3 MiB."""
    return start_shared_app({"max_upload_size": "3 MiB"})


@pytest.fixture(autouse=True)
def nothing_left(server: AppServer) -> Iterator[None]:
    """Assert that what a test's refused uploads left is nothing, and that the server goes on."""
    before = server.contents()
    yield
    assert_nothing_left(server, before)
    assert_still_serving(server)


def test_a_length_far_over_the_limit_is_refused_before_the_body_is_sent(server: AppServer) -> None:
    head = request_head("Content-Length: 1099511627776", "Connection: close")
    answer = parse_answer(exchange(server, [head, start_of_form()], timeout=10))
    assert answer.status == 413


def test_a_length_over_the_limit_is_refused(server: AppServer) -> None:
    large = LargeContent(64)
    head = request_head(f"Content-Length: {large.form_size()}", "Connection: close")
    answer = parse_answer(exchange(server, [head, *large.form()]))
    assert answer.status == 413


def test_a_chunked_body_over_the_limit_is_refused(server: AppServer) -> None:
    head = request_head("Transfer-Encoding: chunked", "Connection: close")
    answer = parse_answer(exchange(server, [head, *chunked(LargeContent(64).form())]))
    assert answer.status == 413


def test_a_chunked_body_that_never_ends_is_refused(server: AppServer) -> None:
    head = request_head("Transfer-Encoding: chunked")
    endless = (b"100000\r\n" + bytes(MEBIBYTE) + b"\r\n" for _ in range(4096))
    answer = parse_answer(exchange(server, itertools.chain([head], endless)))
    assert answer.status == 413


@pytest.mark.parametrize("headers", [{"Content-Length": True}, {"Transfer-Encoding": True}])
def test_one_byte_over_the_limit_is_refused(server: AppServer, headers: dict[str, bool]) -> None:
    form = [start_of_form(), bytes(LIMIT + 1), END_OF_FORM]
    if "Content-Length" in headers:
        pieces = [request_head(f"Content-Length: {sum(map(len, form))}", "Connection: close"), *form]
    else:
        pieces = [request_head("Transfer-Encoding: chunked", "Connection: close"), *chunked(form)]
    answer = parse_answer(exchange(server, pieces))
    assert answer.status == 413
    assert answer.json()["error"]["code"] == "too_large"


def test_a_refusal_is_said_in_the_callers_language(server: AppServer) -> None:
    page = upload(server.url, bytes(LIMIT + 1), headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["Content-Type"].partition(";")[0]) == (413, "text/html")
    line = upload(server.url, bytes(LIMIT + 1), headers={"Accept": "text/plain"})
    assert (line.status_code, line.headers["Content-Type"].partition(";")[0]) == (413, "text/plain")


def test_the_limit_itself_is_accepted(start_app: StartApp) -> None:
    server = start_app({"max_upload_size": "3 MiB"})
    assert upload(server.url, bytes(LIMIT)).status_code == 201
    form = [start_of_form("chunked.bin"), b"x" * LIMIT, END_OF_FORM]
    pieces = [request_head("Transfer-Encoding: chunked", "Connection: close"), *chunked(form)]
    assert parse_answer(exchange(server, pieces)).status == 201
