"""What every request passes first: its size, host, framing, dates; and answers when all else breaks."""

import logging
import re
import time

import pytest
from webtest import TestResponse

from pastebin.errors import BadRequest
from pastebin.logs import LineFormatter
from pastebin.web.request_checks import check_request
from tests.inprocess.service import Service

HTTP_1_1 = {"SERVER_PROTOCOL": "HTTP/1.1"}


def ask(service: Service, path: str = "/robots.txt", method: str = "GET", **environ: str) -> TestResponse:
    """Return the answer to a request with these variables; an empty host is none at all."""
    request = service.client.RequestClass.blank(path, method=method, environ=HTTP_1_1)
    request.environ.update(environ)
    if environ.get("HTTP_HOST") == "":
        del request.environ["HTTP_HOST"]
    return service.client.do_request(request, expect_errors=True)


# The host


@pytest.mark.parametrize(
    "host",
    [
        *(
            "@evil.example/x?",
            "a b",
            'a"b<c>',
            "",
            "[",
            "[::1",
            "host:99999",
            "host:0",
            "host:",
            "a,b",
            "a, b",
        ),
        *(
            "a/b",
            "a\\b",
            "a?b",
            "a#b",
            "[::1]x",
            "[1.2.3.4]",
            "[::g]",
            "é",
            "\x00",
            "a\r\nb",
            "h" * 256,
            ":80",
        ),
    ],
)
def test_what_is_no_host_is_400(service: Service, host: str) -> None:
    answer = ask(service, HTTP_HOST=host)
    assert (answer.status_int, answer.json["error"]["code"]) == (400, "bad_host")
    if len(host) > 2:
        assert host not in answer.text
    page = ask(service, HTTP_HOST=host, HTTP_ACCEPT="text/html")
    assert (page.status_int, page.content_type) == (400, "text/html")
    if len(host) > 2:
        assert host not in page.text


@pytest.mark.parametrize(
    "host",
    ["localhost", "a.example:8080", "127.0.0.1:65535", "[::1]", "[2001:db8::1]:443", "xn--bcher-kva.example"],
)
def test_what_is_a_host_is_taken(service: Service, host: str) -> None:
    assert ask(service, HTTP_HOST=host).status_int == 200


def test_http_1_0_needs_no_host(service: Service) -> None:
    for version in ("HTTP/1.0", "HTTP/1"):  # as Granian writes it
        assert ask(service, HTTP_HOST="", SERVER_PROTOCOL=version).status_int == 200


def test_oembed_of_an_odd_host_is_400(service: Service) -> None:
    assert ask(service, "/oembed?url=http://x/p/y", HTTP_HOST="[").status_int == 400


@pytest.mark.parametrize("target", ["*", "443", "evil.example/p/x"])
def test_a_target_that_is_no_path_is_refused(target: str) -> None:
    environ = {"PATH_INFO": target, "HTTP_HOST": "localhost"}
    with pytest.raises(BadRequest):
        check_request(environ)
    assert environ["PATH_INFO"] == "/"


# Where the body ends


@pytest.mark.parametrize(
    ("coding", "length"),
    [
        ("chunked", "5"),
        ("chunked, chunked", ""),
        ("gzip", ""),
        ("gzip, chunked", ""),
        ("identity", "5"),
        ("x", ""),
    ],
)
def test_a_body_that_may_end_in_two_places_is_400(service: Service, coding: str, length: str) -> None:
    answer = ask(service, "/j", "POST", HTTP_TRANSFER_ENCODING=coding, CONTENT_LENGTH=length)
    assert (answer.status_int, answer.json["error"]["code"]) == (400, "bad_framing")
    assert answer.headers["Connection"] == "close"


# Headers


def test_headers_have_a_bound(service: Service) -> None:
    assert ask(service, HTTP_X="y" * 15_000).status_int == 200
    answer = ask(service, HTTP_X="y" * 17_000)
    assert (answer.status_int, answer.json["error"]["code"]) == (431, "headers_too_large")
    assert ask(service, **{f"HTTP_X_{n}": "y" for n in range(3000)}).status_int == 431


@pytest.mark.parametrize(
    "cookie",
    [
        *("a" * 40_000, "a" * 10_000, "a=" + "b" * 10_000, 'a="' + "b" * 10_000, 'a="' + "\\" * 10_000),
        *(
            "a" * 4000,
            'a="' + "b" * 4000,
            "a " * 5000,
            "a=1;" * 3000,
            "a=" * 5000,
            ";" * 10_000,
            "=" * 10_000,
        ),
    ],
)
def test_no_cookie_takes_long(service: Service, cookie: str) -> None:
    started = time.process_time()
    answer = ask(service, "/", HTTP_COOKIE=cookie)
    assert time.process_time() - started < 0.5
    assert answer.status_int in (200, 431)


def test_odd_cookies_do_not_lose_the_others(service: Service) -> None:
    uploaded = service.upload(b"text", "a.txt", accept="text/html")
    session = re.match(r"pastebin=[^;]+", uploaded.headers["Set-Cookie"])
    assert session
    page = uploaded.headers["Location"].removeprefix("http://localhost")
    answer = ask(
        service, page, HTTP_COOKIE=f'x="{{; a b; {session[0]}; ' + "y" * 5000, HTTP_ACCEPT="text/html"
    )
    assert 'role="status"' in answer.text


ODD_DATES = [
    "Tue, 08 Oct 4446413 00:56:40 GMT",
    "Fri, 01 Jan 10000 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 -1200",
    "Mon, 01 Jan 0001 00:00:00 +1200",
    "Sat, 32 Jan 2026 00:00:00 GMT",
    "Thu, 01 Jan 1970 99:99:99 GMT",
    "Thu, 01 Jan 1970 00:00:00 +99999999999",
    "yesterday",
    "",
    "1" * 5000,
]
CONDITIONS = ["HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_DATE"]


@pytest.mark.parametrize("date", ODD_DATES)
def test_a_date_that_cannot_be_is_ignored_everywhere(service: Service, date: str) -> None:
    filehash = service.filehash(b"text", "a.txt")
    static = re.search(r'"(/static/[^"]+)"', ask(service, "/", HTTP_ACCEPT="text/html").text)
    assert static
    for path in (f"/i/{filehash}", f"/d/{filehash}", f"/p/{filehash}", f"/q/{filehash}", static[1], "/"):
        for name in CONDITIONS:
            answer = ask(
                service, path, **{name: date, "HTTP_RANGE": "bytes=0-1"} if "RANGE" in name else {name: date}
            )
            assert answer.status_int == 200, (path, name)


# When everything breaks


class PanicException(BaseException):
    """What an extension in Rust raises when it panics."""


@pytest.mark.parametrize("error", [PanicException, SystemExit, KeyboardInterrupt, RuntimeError])
def test_whatever_a_view_raises_ends_only_its_request(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: type[BaseException],
) -> None:
    def fail(*_arguments: object) -> None:
        raise error("secret.jpg")

    monkeypatch.setattr(service.registry.services.health, "state", fail)
    answer = ask(service, "/health")
    assert (answer.status_int, answer.json["error"]["code"]) == (500, "internal_error")
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    line = LineFormatter("%(message)s").format(record)
    assert error.__name__ in line
    assert "secret.jpg" not in line
    assert "\n" not in line
    assert ask(service).status_int == 200


def test_an_error_page_that_fails_is_500(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise PanicException

    monkeypatch.setattr("pastebin.views.errors.preferred_for_error", fail)
    assert ask(service, HTTP_HOST="[").status_int == 500


def test_each_answer_has_an_id_of_its_own(service: Service) -> None:
    ids = {ask(service, path).headers["X-Request-Id"] for path in ("/", "/", "/nowhere", "/static/nothing")}
    assert len(ids) == 4
    assert all(re.fullmatch(r"[0-9a-f]{16}", one) for one in ids)
    forged = ask(service, HTTP_X_REQUEST_ID="chosen-by-a-client").headers["X-Request-Id"]
    assert forged != "chosen-by-a-client"
