"""What clients prefer, file names in headers, and bodies as servers hand them over."""

import errno
import io
import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyramid.request import Request

from pastebin.errors import BadUpload, StorageFull
from pastebin.web import bodies
from pastebin.web.bodies import RequestBody, body_reader
from pastebin.web.negotiation import (
    HTML,
    JSON,
    TEXT,
    preferred,
    preferred_for_error,
    preferred_for_page,
)
from pastebin.web.response_headers import content_disposition

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
CHROMIUM = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
    "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
)
CURL = "curl/8.5.0"


def asked(accept: str | None = None, agent: str | None = None, path: str = "/") -> Request:
    """Return a request with these headers, or without them."""
    request = Request.blank(path)
    if accept is not None:
        request.headers["Accept"] = accept
    if agent is not None:
        request.headers["User-Agent"] = agent
    return request


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, JSON),
        ("*/*", JSON),
        (FIREFOX, HTML),
        (CHROMIUM, HTML),
        ("application/json", JSON),
        ("text/plain", TEXT),
        ("text/*", HTML),
        ("application/*", JSON),
        ("text/plain, application/json;q=0.9", TEXT),
        ("text/html;q=0.1, text/plain;q=0.2", TEXT),
        ("image/png", JSON),
        ("text/html;q=0", JSON),
        ("", JSON),
        ("nonsense", JSON),
    ],
)
def test_an_answer_has_the_form_that_is_asked_for_and_json_without_a_word(
    accept: str | None, form: str
) -> None:
    assert preferred(asked(accept)) == form
    assert preferred(asked(accept, CURL)) == form


@pytest.mark.parametrize(
    ("accept", "agent", "form"),
    [
        (FIREFOX, "Mozilla/5.0", HTML),
        ("*/*", CURL, TEXT),
        (None, CURL, TEXT),
        (None, "Wget/1.21", TEXT),
        ("application/json", CURL, JSON),
        (FIREFOX, CURL, HTML),
        ("*/*", "python-requests/2.32", JSON),
        ("*/*", "not-curl/8", JSON),
        (None, None, JSON),
    ],
)
def test_an_error_is_a_line_of_text_for_curl_and_else_as_preferred(
    accept: str | None, agent: str | None, form: str
) -> None:
    assert preferred_for_error(asked(accept, agent)) == form


def test_an_error_of_the_address_for_programs_is_json_for_curl_too() -> None:
    assert preferred_for_error(asked("*/*", CURL, "/j")) == JSON


@pytest.mark.parametrize(
    ("accept", "agent", "form"),
    [
        (None, None, HTML),
        ("*/*", "Mozilla/5.0", HTML),
        (FIREFOX, "Mozilla/5.0", HTML),
        ("*/*", CURL, TEXT),
        ("application/json", CURL, JSON),
        ("text/plain", "Mozilla/5.0", TEXT),
        ("image/png", "Mozilla/5.0", HTML),
    ],
)
def test_a_page_is_text_for_curl_and_html_without_a_word(
    accept: str | None, agent: str | None, form: str
) -> None:
    assert preferred_for_page(asked(accept, agent)) == form


# File names in headers

anything = st.text(
    st.one_of(st.characters(exclude_categories=()), st.sampled_from("\"\\;'%\r\n\0 *=\u202e\ud800"))
)
DISPOSITION = re.compile(
    r"attachment; filename=\"(?P<plain>[ !#-\[\]-~]*)\"; "  # a quoted string without escapes
    r"filename\*=UTF-8''(?P<extended>(?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})*)"  # RFC 8187, 3.2.1
)


def parsed(header: str) -> re.Match[str]:
    """Return the parts of a Content-Disposition by the grammar of RFC 6266 and RFC 8187."""
    match = DISPOSITION.fullmatch(header)
    assert match is not None, header
    return match


@given(anything)
@example("\r\nSet-Cookie: x=1")
@example('a"; filename="b')
@example("\ud800")
def test_no_file_name_leaves_its_place_in_the_header(filename: str) -> None:
    header = content_disposition("attachment", filename)
    assert header.isascii()
    assert header.isprintable()
    assert "%" not in parsed(header)["plain"]  # some browsers would decode it


@given(st.text())
@example("日本語 😀.txt")
@example("100%.txt")
def test_a_file_name_comes_back_whole_by_rfc_8187(filename: str) -> None:
    extended = parsed(content_disposition("attachment", filename))["extended"]
    assert unquote(extended, encoding="utf-8", errors="strict") == filename


@given(st.text("abcXYZ0189 .-_()[]'!#$&+,;=@^`{}~"))
def test_a_simple_file_name_comes_back_whole_for_old_clients(filename: str) -> None:
    assert parsed(content_disposition("attachment", filename))["plain"] == filename


# Bodies

Read = Callable[[int], bytes]


class Stream(io.BytesIO):
    """A server's stream that notes how much is asked of it."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.asked = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size > 0, "this would wait for the end of the connection"
        self.asked += size
        return super().read(size)


def reader_of(stream: io.BytesIO, length: int | None, **environ: object) -> Read:
    """Return the reader of a request's body on this stream."""
    request = Request.blank("/", environ={"wsgi.input": stream, **environ})
    request.content_length = length
    return body_reader(request)


def all_of(read: Read, size: int) -> bytes:
    """Return everything, `size` bytes at a time."""
    return b"".join(iter(lambda: read(size), b""))


@given(st.binary(max_size=60), st.integers(0, 60), st.integers(1, 70))
def test_a_body_ends_where_its_length_says_and_no_more_is_asked_for(
    data: bytes, length: int, size: int
) -> None:
    stream = Stream(data)
    if length > len(data):
        with pytest.raises(BadUpload, match="before the whole file"):
            all_of(reader_of(stream, length), size)
    else:
        assert all_of(reader_of(stream, length), size) == data[:length]
        assert stream.asked == length


def test_a_body_without_length_is_read_only_where_the_server_ends_it() -> None:
    assert all_of(reader_of(Stream(b"text"), None, **{"wsgi.input_terminated": True}), 3) == b"text"
    assert all_of(reader_of(Stream(b"the next request"), None), 3) == b""


@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.ENOSPC, StorageFull), (errno.EDQUOT, StorageFull), (errno.ECONNRESET, BadUpload)],
)
def test_a_body_that_cannot_be_read_is_the_disks_or_the_clients_fault(
    number: int, error: type[Exception]
) -> None:
    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise OSError(number, "broken")

    with pytest.raises(error):
        reader_of(Broken(), 10)(5)


def rest_of(stream: io.BytesIO, **environ: object) -> bytes:
    """Return what is left of a body of which one byte was read before the rest was thrown away."""
    body = RequestBody({"wsgi.input": stream, "wsgi.input_terminated": True, **environ})
    body.read(1)
    body.discard_rest()
    return stream.read()


def test_a_body_that_nobody_read_is_read_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "DISCARD_BYTES", 10)
    monkeypatch.setattr(bodies, "PIECE", 5)
    assert rest_of(io.BytesIO(b"x" * 8)) == b""
    assert rest_of(io.BytesIO(b"x" * 30)) == b"x" * 19, "10 bytes and the one before them"
    assert rest_of(io.BytesIO(b"x" * 8 + b"next"), CONTENT_LENGTH="8") == b"next"
    assert rest_of(io.BytesIO(b"x" * 30), CONTENT_LENGTH="30") == b"x" * 29, "too much to bother"


def test_a_body_is_not_read_where_nobody_has_sent_it() -> None:
    stream = io.BytesIO(b"text")
    waiting = {"HTTP_EXPECT": "100-Continue", "CONTENT_LENGTH": "4"}
    RequestBody({"wsgi.input": stream, "wsgi.input_terminated": True, **waiting}).discard_rest()
    RequestBody({"wsgi.input": stream, "CONTENT_LENGTH": "4"}).discard_rest()
    assert stream.read() == b"text"
