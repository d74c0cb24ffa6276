"""Section 6 of what the service promises: parts of a file, and what a client has already."""

from email.utils import format_datetime, parsedate_to_datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.inprocess import Service, contents

CONTENT = contents.noise(1000)
SIZE = len(CONTENT)


@pytest.fixture(params=["i", "d"])
def path(request: pytest.FixtureRequest, service: Service) -> str:
    """Give the path of the content, to look at and to save."""
    return f"/{request.param}/{service.filehash(CONTENT, 'a.bin')}"


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, SIZE),
        ("bytes=0-999", 0, SIZE),
        ("bytes=10-19", 10, 20),
        ("bytes=999-", 999, SIZE),
        ("bytes=500-99999999999999999", 500, SIZE),
        ("bytes=-1", 999, SIZE),
        ("bytes=-1000", 0, SIZE),
        ("bytes=-99999999999999999", 0, SIZE),
        ("bytes = 5 - 9", 5, 10),
        ("BYTES=5-9", 5, 10),
        ("bytes=0005-0009", 5, 10),
    ],
)
def test_a_range_is_206(service: Service, path: str, asked: str, start: int, stop: int) -> None:
    answer = service.ask(path, range=asked)
    assert answer.body == CONTENT[start:stop]
    assert answer.headers["Content-Length"] == str(stop - start)
    if stop - start < SIZE:
        assert answer.status_int == 206
        assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    else:
        assert answer.status_int in (200, 206)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=99999999999999999-"])
def test_a_range_that_is_not_there_is_416(service: Service, path: str, asked: str) -> None:
    answer = service.ask(path, range=asked)
    assert answer.status_int == 416
    assert answer.headers["Content-Range"] == f"bytes */{SIZE}"
    assert CONTENT not in answer.body


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=5-1",
        "bytes=a-b",
        "bytes=",
        "bytes",
        "",
        "bytes=--5",
        "bytes=5",
        "lines=0-1",
        "bytes=0-1,5-6",
        "bytes=0x1-0x2",
        "bytes=1" + "0" * 5000 + "-",
        "bytes=\xb2-\xb3",
    ],
)
def test_what_is_no_single_range_is_ignored(service: Service, path: str, asked: str) -> None:
    answer = service.ask(path, range=asked)
    assert (answer.status_int, answer.body) == (200, CONTENT)


def expected(spec: str, size: int) -> slice | None:
    """Return what RFC 9110, 14.1.2 says of a well-formed range; None if it is not there."""
    first, last = spec.split("-")
    if not first:
        return slice(max(0, size - int(last)), size) if int(last) else None
    start, stop = int(first), min(int(last) + 1 if last else size, size)
    return slice(start, stop) if start < size else None


numbers = st.integers(0, SIZE + 50) | st.integers(0, 10**12)
ranges = st.one_of(
    numbers.map(lambda n: f"{n}-"),
    numbers.map(lambda n: f"-{n}"),
    st.tuples(numbers, numbers).map(sorted).map(lambda pair: f"{pair[0]}-{pair[1]}"),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spec=ranges)
def test_any_range_is_what_the_standard_says(service: Service, spec: str) -> None:
    path = f"/i/{service.filehash(CONTENT, 'a.bin')}"
    answer, part = service.ask(path, range=f"bytes={spec}"), expected(spec, SIZE)
    if part is None:
        assert answer.status_int == 416
    else:
        assert answer.status_int in (200, 206)
        assert answer.body == CONTENT[part]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=30))
def test_no_range_header_breaks_the_answer(service: Service, asked: str) -> None:
    path = f"/i/{service.filehash(CONTENT, 'a.bin')}"
    assert service.ask(path, range=asked).status_int in (200, 206, 416)
    assert service.ask(path, range=f"bytes={asked}").status_int in (200, 206, 416)


def test_an_empty_file_has_no_ranges_and_no_416(service: Service) -> None:
    path = f"/i/{service.filehash(b'', 'empty.txt')}"
    for asked in ("bytes=0-", "bytes=-5", "bytes=0-0"):
        answer = service.ask(path, range=asked)
        assert answer.status_int in (200, 416)
        assert answer.body == b""


def test_the_whole_file_tells_what_can_be_asked(service: Service, path: str) -> None:
    answer = service.ask(path)
    [row] = service.rows()
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["ETag"] == f'"{row.sha256}"'
    assert parsedate_to_datetime(answer.headers["Last-Modified"]) == row.uploadtime.replace(microsecond=0)


def test_the_tag_is_that_of_the_bytes(service: Service) -> None:
    first, second = (service.filehash(CONTENT, name) for name in ("a.bin", "b.bin"))
    assert service.ask(f"/i/{first}").headers["ETag"] == service.ask(f"/d/{second}").headers["ETag"]


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({"if_none_match": "{tag}"}, 304),
        ({"if_none_match": "W/{tag}"}, 304),
        ({"if_none_match": '"other", {tag}'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"other"'}, 200),
        ({"if_none_match": "garbage"}, 200),
        ({"if_modified_since": "{time}"}, 304),
        ({"if_modified_since": "{later}"}, 304),
        ({"if_modified_since": "Mon, 01 Jan 2001 00:00:00 GMT"}, 200),
        ({"if_modified_since": "garbage"}, 200),
        ({"if_none_match": '"other"', "if_modified_since": "{time}"}, 200),
        ({"if_none_match": "{tag}", "range": "bytes=0-1"}, 304),
    ],
)
def test_what_a_client_has_is_not_sent_again(
    service: Service, path: str, header: dict[str, str], status: int
) -> None:
    tag, time = (service.ask(path).headers[name] for name in ("ETag", "Last-Modified"))
    later = format_datetime(parsedate_to_datetime(time).replace(year=2099), usegmt=True)
    given_headers = {name: text.format(tag=tag, time=time, later=later) for name, text in header.items()}
    answer = service.ask(path, **given_headers)
    assert answer.status_int == status
    assert answer.headers["ETag"] == tag
    if status == 304:
        assert answer.body == b""
        assert "Content-Type" not in answer.headers


@pytest.mark.parametrize(
    ("if_range", "status"),
    [
        ("{tag}", 206),
        ("{time}", 206),
        ('"other"', 200),
        ("W/{tag}", 200),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 200),
        ("garbage", 200),
    ],
)
def test_if_range(service: Service, path: str, if_range: str, status: int) -> None:
    headers = service.ask(path).headers
    condition = if_range.format(tag=headers["ETag"], time=headers["Last-Modified"])
    answer = service.ask(path, range="bytes=10-19", if_range=condition)
    assert (answer.status_int, answer.body) == (status, CONTENT[10:20] if status == 206 else CONTENT)


def test_head_ignores_ranges(service: Service, path: str) -> None:
    answer = service.ask(path, "HEAD", range="bytes=0-1")
    assert (answer.status_int, answer.headers["Content-Length"]) == (200, str(SIZE))
