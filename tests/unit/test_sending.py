"""Bytes as answers, against a model of what the RFC says: ranges, validators, nginx in front."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyramid.request import Request
from pyramid.response import Response

from pastebin.errors import Overloaded
from pastebin.services.slots import Slots
from pastebin.web.file_responses import Sendable, leave_to_nginx, send
from pastebin.web.response_headers import CONTENT_POLICY, PDF_POLICY

SHA256 = "ab" * 32
MOMENT = datetime(2026, 11, 21, 2, 53, 19, 123456, UTC)
ETAG = f'"{SHA256}"'
DATE = "Sat, 21 Nov 2026 02:53:19 GMT"
PREFIX = b"header of a derived file"  # what a reader has passed already when it is handed over


def sendable(size: int, content_type: str = "image/png") -> Sendable:
    return Sendable(size, SHA256, MOMENT, content_type, "inline")


@dataclass
class Answer:
    """An answer as a server gets it."""

    status: int
    headers: dict[str, str]
    body: bytes


def deliver(request: Request, response: Response) -> Answer:
    """Return what a server would send, closing the answer as servers do."""
    status, headers, body = request.call_application(response)
    sent = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    assert len(headers) == len({name for name, _ in headers}), "a header came twice"
    return Answer(int(status[:3]), dict(headers), sent)


def ask(content: bytes, method: str = "GET", environ: dict[str, Any] | None = None, **headers: str) -> Answer:
    """Return the answer to a request for `content`, whose reader must have been closed."""
    request = asked(method, environ, **headers)
    reader = io.BytesIO(PREFIX + content)
    reader.seek(len(PREFIX))
    answer = deliver(request, send(request, sendable(len(content)), reader))
    assert reader.closed
    return answer


def asked(method: str = "GET", environ: dict[str, Any] | None = None, **headers: str) -> Request:
    request = Request.blank("/", method=method, environ=environ or {})
    request.services = SimpleNamespace(downloads=Slots(2, 1, "Enough."))
    for name, value in headers.items():
        request.headers[name.replace("_", "-")] = value
    return request


def assert_all(answer: Answer, content: bytes) -> None:
    """Assert that an answer has everything."""
    assert (answer.status, answer.body) == (200, content)
    assert answer.headers["Content-Length"] == str(len(content))
    assert "Content-Range" not in answer.headers


# Ranges

contents = st.binary(max_size=20)
positions = st.one_of(st.integers(0, 25), st.integers(0, 10**18 - 1))


@given(contents.filter(bool), positions, st.one_of(st.none(), positions))
@example(b"abc", 2, 2)
@example(b"abc", 3, None)
@example(b"abc", 3, 0)
def test_a_range_is_what_the_same_slice_is(content: bytes, first: int, last: int | None) -> None:
    answer = ask(content, range=f"bytes={first}-{'' if last is None else last}")
    if last is not None and last < first:
        return assert_all(answer, content)  # malformed, and so ignored
    part = content[first : None if last is None else last + 1]
    return assert_part(answer, content, first, part)


@given(contents.filter(bool), positions)
def test_a_suffix_range_is_the_last_bytes(content: bytes, length: int) -> None:
    part = content[max(0, len(content) - length) :]
    assert_part(ask(content, range=f"bytes=-{length}"), content, len(content) - len(part), part)


def assert_part(answer: Answer, content: bytes, first: int, part: bytes) -> None:
    """Assert that an answer has this part of a content, or says that there is none."""
    assert answer.headers["Content-Length"] == str(len(part))
    assert answer.body == part
    if part:
        assert answer.status == 206
        last = first + len(part) - 1
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(content)}"
    else:
        assert answer.status == 416
        assert answer.headers["Content-Range"] == f"bytes */{len(content)}"


@pytest.mark.parametrize(
    "asked_for",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=0",
        "bytes=0-1,3-4",
        "bytes=+0-1",
        "bytes=0x0-1",
        "bytes=--1",
        "bytes=\u0661-".encode().decode("latin-1"),
        "items=0-1",
        "bytes=0-1;q=1",
        f"bytes={10**18}-",
        f"bytes={'9' * 5000}-",
    ],
)
def test_what_is_no_single_range_is_answered_with_everything(asked_for: str) -> None:
    assert_all(ask(b"content", range=asked_for), b"content")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20))
def test_no_range_is_an_error(text: str) -> None:
    for asked_for in (text, f"bytes={text}"):
        assert ask(b"content", range=asked_for).status in (200, 206, 416)


@pytest.mark.parametrize("asked_for", ["bytes=0-", "bytes=0-0", "bytes=-1", "bytes=5-"])
def test_an_empty_content_has_no_ranges(asked_for: str) -> None:
    assert_all(ask(b"", range=asked_for), b"")


@pytest.mark.parametrize("asked_for", ["BYTES=0-1", "bytes = 0 - 1", " bytes=0-1 "])
def test_a_range_may_be_written_loosely(asked_for: str) -> None:
    assert ask(b"content", range=asked_for).body == b"co"


def test_a_range_counts_for_get_only() -> None:
    answer = ask(b"content", "HEAD", range="bytes=0-1")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["Content-Length"] == "7"


@pytest.mark.parametrize(
    ("validator", "is_ours"),
    [
        (ETAG, True),
        (DATE, True),
        (f"W/{ETAG}", False),
        ('"other"', False),
        (SHA256, False),
        ("Sat, 21 Nov 2026 02:53:18 GMT", False),
        ("Sat, 21 Nov 2026 02:53:20 GMT", False),
        ("*", False),
        ("", False),
    ],
)
def test_if_range_lets_a_range_through_only_for_these_very_bytes(validator: str, is_ours: bool) -> None:
    answer = ask(b"content", range="bytes=0-1", if_range=validator)
    if is_ours:
        assert_part(answer, b"content", 0, b"co")
    else:
        assert_all(answer, b"content")


# Validators


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        (ETAG, 304),
        (f"W/{ETAG}", 304),
        ("*", 304),
        (f'"other", {ETAG}', 304),
        (f'W/"other",W/{ETAG}', 304),
        ('"other"', 200),
        (f'"{SHA256}x"', 200),
        ("", 200),
        (",,", 200),
        ('"', 200),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_if_none_match_is_compared_weakly(tags: str, status: int, method: str) -> None:
    assert ask(b"content", method, if_none_match=tags).status == status


@given(st.timedeltas(timedelta(days=-400), timedelta(days=400)))
@example(timedelta())
@example(timedelta(seconds=-1))
def test_if_modified_since_counts_whole_seconds(difference: timedelta) -> None:
    since = MOMENT.replace(microsecond=0) + difference
    answer = ask(b"content", if_modified_since=format_datetime(since, usegmt=True))
    assert answer.status == (304 if since >= MOMENT.replace(microsecond=0) else 200)


@pytest.mark.parametrize("date", ["", "yesterday", "0", "\xff", "9" * 400])
def test_a_date_nobody_can_read_is_ignored(date: str) -> None:
    assert_all(ask(b"content", if_modified_since=date), b"content")


def test_an_etag_counts_more_than_a_date() -> None:
    assert ask(b"content", if_none_match='"other"', if_modified_since=DATE).status == 200
    assert ask(b"content", if_none_match=ETAG, if_modified_since="yesterday").status == 304


def test_not_modified_counts_more_than_a_range() -> None:
    assert ask(b"content", if_none_match=ETAG, range="bytes=0-1").status == 304


def test_a_304_has_the_validators_and_nothing_of_the_content() -> None:
    answer = ask(b"content", if_none_match=ETAG)
    assert answer.body == b""
    assert answer.headers["ETag"] == ETAG
    assert answer.headers["Cache-Control"] == "public, max-age=2592000, s-maxage=60"
    assert not {"Content-Length", "Content-Type", "Content-Disposition"} & set(answer.headers)


# Headers of every answer

WAYS: dict[str, dict[str, str]] = {
    "whole": {},
    "a part": {"range": "bytes=1-2"},
    "no such part": {"range": "bytes=9-"},
    "not modified": {"if_none_match": ETAG},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_answer_tells_the_validators_and_keeps_the_bytes_from_running(way: str, method: str) -> None:
    headers = ask(b"content", method, **WAYS[way]).headers
    assert headers["ETag"] == ETAG
    assert headers["Last-Modified"] == DATE
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == CONTENT_POLICY


def test_only_a_pdf_is_let_out_of_the_sandbox() -> None:
    for content_type in ("image/png", "text/plain; charset=utf-8", "application/octet-stream", "audio/ogg"):
        assert dict(sendable(1, content_type).validators())["Content-Security-Policy"] == CONTENT_POLICY
    assert "sandbox" in CONTENT_POLICY
    assert dict(sendable(1, "application/pdf").validators())["Content-Security-Policy"] == PDF_POLICY
    assert "script-src 'none'" in PDF_POLICY


# Readers


class Wrapper:
    """What a server gives as `wsgi.file_wrapper`: it sends from where the file stands, and closes it.

    A server stops at Content-Length by itself.
    """

    def __init__(self, file: io.BytesIO, _block: int) -> None:
        self._file = file
        self.close = file.close

    def __iter__(self) -> Iterable[bytes]:
        return iter(lambda: self._file.read(3), b"")


@given(contents, st.integers(0, 20))
def test_a_servers_own_way_of_sending_starts_at_the_right_byte(content: bytes, first: int) -> None:
    answer = ask(content, environ={"wsgi.file_wrapper": Wrapper}, range=f"bytes={first}-")
    assert answer.body == (content[first:] if content else b"")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("environ", [{}, {"wsgi.file_wrapper": Wrapper}], ids=["pieces", "wrapper"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_reader_is_closed_also_if_nobody_reads_it(way: str, environ: dict[str, Any], method: str) -> None:
    reader, request = io.BytesIO(b"content"), asked(method, environ, **WAYS[way])
    _, _, body = request.call_application(send(request, sendable(7), reader))
    if hasattr(body, "close"):
        body.close()  # the client went away before the first byte
    assert reader.closed


def test_a_content_that_got_shorter_ends_early_and_never_spins() -> None:
    request, reader = asked(), io.BytesIO(b"cont")
    assert deliver(request, send(request, sendable(7), reader)).body == b"cont"


def test_what_takes_long_to_read_holds_a_slot_until_it_is_closed_or_thrown_away() -> None:
    request, size = asked(), 2**20

    def sent(**headers: str) -> Response:
        request.headers.update(headers)
        return send(request, sendable(size), io.BytesIO(bytes(size)))

    first = sent()
    with pytest.raises(Overloaded):
        sent()
    assert send(request, sendable(7), io.BytesIO(b"content")).body == b"content"  # in one piece
    first.app_iter.close()
    first.app_iter.close()
    second = sent(Range="bytes=1-")
    assert len(b"".join(second.app_iter)) == size - 1
    del first, second
    assert sent().status_int == 206


# nginx in front


def through_nginx(**headers: str) -> Answer:
    request = asked(**headers)
    return deliver(request, leave_to_nginx(request, sendable(2**20), SHA256))


@pytest.mark.parametrize("headers", [{}, {"range": "bytes=1-2"}, {"if_none_match": '"other"'}])
def test_nginx_is_told_which_file_to_send_and_does_the_ranges(headers: dict[str, str]) -> None:
    answer = through_nginx(**headers)
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["X-Accel-Redirect"] == f"/_store/ab/{SHA256}"
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"] == "inline"
    assert answer.headers["ETag"] == ETAG
    assert "Content-Range" not in answer.headers


@pytest.mark.parametrize("headers", [{"if_none_match": ETAG}, {"if_modified_since": DATE}])
def test_nginx_sends_no_file_to_who_has_it(headers: dict[str, str]) -> None:
    answer = through_nginx(**headers)
    assert answer.status == 304
    assert "X-Accel-Redirect" not in answer.headers


@pytest.mark.parametrize(
    "make",
    [
        lambda request: send(request, sendable(7), io.BytesIO(b"content")),
        lambda request: leave_to_nginx(request, sendable(7), SHA256),
    ],
    ids=["here", "nginx"],
)
def test_here_and_behind_nginx_the_same_headers_are_sent(make: Callable[[Request], Response]) -> None:
    request = asked()
    headers = deliver(request, make(request)).headers
    headers.pop("X-Accel-Redirect", None)
    headers.pop("Content-Length")
    assert headers == dict(sendable(7).described())
