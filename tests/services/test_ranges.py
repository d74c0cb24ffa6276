"""Parts of a file, and answers without a body, over a real socket."""

import re

import pytest

from tests.servers import AppServer
from tests.services.client import exchange, parse_answer, request_head, upload
from tests.services.conftest import StartApp

CONTENT = bytes(range(256)) * 1200  # 307,200 bytes: several of the server's buffers
SIZE = len(CONTENT)


@pytest.fixture(scope="module")
def server(start_shared_app: StartApp) -> AppServer:
    """Give a server."""
    return start_shared_app()


@pytest.fixture(scope="module", params=["url_i", "url_d"])
def path(server: AppServer, request: pytest.FixtureRequest) -> str:
    """Give the path of the content, to look at and to save."""
    address: str = upload(server.url, CONTENT, "bytes.bin").json()[request.param]
    return address.removeprefix(server.url)


def ask(server: AppServer, path: str, *headers: str, method: str = "GET"):
    """Return the answer to a request of its own connection."""
    return parse_answer(
        exchange(server, [request_head("Connection: close", *headers, method=method, path=path)])
    )


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=65530-65545", 65530, 65546),
        ("bytes=-5", SIZE - 5, SIZE),
        (f"bytes=-{SIZE + 10}", 0, SIZE),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
        (f"bytes=100000-{SIZE * 2}", 100000, SIZE),
    ],
)
def test_a_range_is_206(server: AppServer, path: str, asked: str, start: int, end: int) -> None:
    answer = ask(server, path, f"Range: {asked}")
    assert answer.status == 206
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert answer.headers["content-length"] == str(end - start)
    assert answer.body == CONTENT[start:end]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=-0"])
def test_a_range_outside_the_file_is_416(server: AppServer, path: str, asked: str) -> None:
    answer = ask(server, path, f"Range: {asked}")
    assert answer.status == 416
    assert answer.headers["content-range"] == f"bytes */{SIZE}"
    assert CONTENT[:100] not in answer.body


@pytest.mark.parametrize("asked", ["bytes=5-1", "bytes=x-y", "lines=1-2", "bytes", "bytes=", "bytes=--5"])
def test_what_is_no_range_is_ignored(server: AppServer, path: str, asked: str) -> None:
    answer = ask(server, path, f"Range: {asked}")
    assert (answer.status, answer.body) == (200, CONTENT)


def test_the_whole_file_announces_ranges(server: AppServer, path: str) -> None:
    answer = ask(server, path)
    assert (answer.status, answer.body) == (200, CONTENT)
    assert answer.headers["accept-ranges"] == "bytes"
    assert re.fullmatch(r'"[^"]+"', answer.headers["etag"])
    assert "last-modified" in answer.headers


@pytest.mark.parametrize("validator", ["etag", "last-modified"])
def test_if_range(server: AppServer, path: str, validator: str) -> None:
    now = ask(server, path, method="HEAD").headers[validator]
    same = ask(server, path, "Range: bytes=10-19", f"If-Range: {now}")
    assert (same.status, same.body) == (206, CONTENT[10:20])
    other = '"other"' if validator == "etag" else "Mon, 01 Jan 2001 00:00:00 GMT"
    changed = ask(server, path, "Range: bytes=10-19", f"If-Range: {other}")
    assert (changed.status, changed.body) == (200, CONTENT)


@pytest.mark.parametrize(
    ("header", "validator"), [("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")]
)
def test_what_the_client_has_is_304(server: AppServer, path: str, header: str, validator: str) -> None:
    now = ask(server, path, method="HEAD").headers[validator]
    answer = ask(server, path, f"{header}: {now}")
    assert (answer.status, answer.body) == (304, b"")


def test_head_has_no_body(server: AppServer, path: str) -> None:
    answer = ask(server, path, method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == str(SIZE)


def test_many_ranges_cost_no_more_than_the_file(server: AppServer, path: str) -> None:
    asked = ",".join(f"{start}-" for start in range(500))
    answer = ask(server, path, f"Range: bytes={asked}")
    assert answer.status in (200, 206, 416)
    assert len(answer.body) <= SIZE + 1000
