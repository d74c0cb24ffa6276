"""A cookie only for who was told something; a notice once."""

import pytest
from webtest import TestResponse

from pastebin.web.sessions import COOKIE
from tests.inprocess import Service, contents
from tests.inprocess.fixtures import StartService

BROWSER = "text/html"
CREATED = "Uploaded."
FOUND = "Already uploaded, same link."


def upload_as_browser(service: Service) -> TestResponse:
    """Upload without JavaScript and return the answer, which leads to the preview page."""
    answer = service.upload(b"text", "a.txt", accept=BROWSER)
    assert answer.status_int == 303
    return answer


def cookie_of(answer: TestResponse) -> str:
    """Return the session's cookie as an answer sets it."""
    [cookie] = [value for value in answer.headers.getall("Set-Cookie") if value.startswith(f"{COOKIE}=")]
    return cookie


@pytest.mark.parametrize("accept", [BROWSER, "text/plain", "*/*", "application/json"])
def test_who_only_looks_gets_no_cookie(service: Service, accept: str) -> None:
    filehash = service.filehash(contents.image(), "a.png")
    code = service.upload(contents.image(), "a.png").json["url_s"].rpartition("/")[2]
    paths = ["/", f"/p/{filehash}", f"/i/{filehash}", f"/i/{filehash}?w=10", f"/d/{filehash}"]
    for path in [*paths, f"/r/{filehash}?w=10", f"/s/{code}", "/health", "/p/missing", "/nothing"]:
        assert "Set-Cookie" not in service.ask(path, accept=accept).headers, path
    assert not service.client.cookies


@pytest.mark.parametrize("to", ["/", "/j"])
def test_a_program_that_uploads_gets_no_cookie(service: Service, to: str) -> None:
    for accept in ("application/json", "text/plain", "*/*"):
        assert "Set-Cookie" not in service.upload(b"text", "a.txt", to, accept=accept).headers


def test_a_browser_is_told_once_what_became_of_its_upload(service: Service) -> None:
    for notice in (CREATED, FOUND):
        page = upload_as_browser(service).location
        assert notice in service.ask(page, accept=BROWSER).text
        assert notice not in service.ask(page, accept=BROWSER).text


def test_a_notice_is_for_the_one_who_uploaded(service: Service) -> None:
    page = upload_as_browser(service).location
    service.client.reset()
    assert CREATED not in service.ask(page, accept=BROWSER).text


def test_the_cookie_is_for_this_site_and_not_for_scripts(service: Service) -> None:
    cookie = cookie_of(upload_as_browser(service))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(
    ("url", "secure"), [("https://files.example", True), ("http://files.example", False)]
)
def test_the_cookie_of_an_https_site_is_sent_over_https_only(
    start: StartService, url: str, secure: bool
) -> None:
    assert ("secure" in cookie_of(upload_as_browser(start(public_url=url))).lower()) == secure


@pytest.mark.parametrize("value", ["", "x", "AAAA" * 40, '"', "\xff", "a" * 4000])
def test_a_forged_cookie_is_no_session(service: Service, value: str) -> None:
    page = upload_as_browser(service).location
    service.client.reset()
    answer = service.ask(page, accept=BROWSER, cookie=f"{COOKIE}={value}")
    assert answer.status_int == 200
    assert CREATED not in answer.text


def test_the_cookie_of_another_secret_is_no_session(start: StartService) -> None:
    first, second = start(), start(secret="another-secret-of-some-length")
    answer = upload_as_browser(first)
    cookie = cookie_of(answer).partition(";")[0]
    assert CREATED in first.ask(answer.location, accept=BROWSER).text
    assert CREATED not in second.ask(answer.location, accept=BROWSER, cookie=cookie).text
