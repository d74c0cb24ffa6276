"""Section 2 of what the service promises: what uploads and errors answer, and in which form."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from PIL import Image
from webtest import TestResponse

from tests.inprocess import Service, contents, without_key
from tests.inprocess.fixtures import StartService

TERMS = {"url_m", "expires", "downloads_left"}
KEYS = {"url_p", "url_i", "url_d", "url_s", "filename", "size", "time", "type", "quoteurl"} | TERMS
MACHINE_KEYS = {"url", "short_url", "origin_filename", "hash", "width", "height"} | TERMS
Cause = Callable[..., TestResponse]

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def test_post_answers_these_keys(each_service: Service) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    answer = each_service.upload(contents.image("JPEG"), "photo.jpg")
    said = answer.json
    assert (answer.status_int, answer.content_type) == (201, "application/json")
    assert set(said) == KEYS
    filehash = said["url_p"].rpartition("/")[2]
    for noun in "pid":
        assert said[f"url_{noun}"] == f"http://localhost/{noun}/{filehash}"
    assert re.fullmatch(r"http://localhost/s/[a-z0-9]{5,}", said["url_s"])
    assert said["filename"] == "photo.jpg"
    assert said["type"] == "image"
    assert said["quoteurl"] == f"http%3A//localhost/i/{filehash}"
    time = datetime.strptime(said["time"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    assert before <= time <= datetime.now(UTC)


def test_post_j_answers_these_keys(each_service: Service) -> None:
    answer = each_service.upload(contents.image("PNG", 60, 40), "photo.png", to="/j")
    said = answer.json
    assert (answer.status_int, answer.content_type) == (201, "application/json")
    assert set(said) == MACHINE_KEYS
    assert said["url"] == f"http://localhost/i/{said['hash']}"
    assert said["short_url"].startswith("http://localhost/s/")
    assert (said["origin_filename"], said["width"], said["height"]) == ("photo.png", 60, 40)


def test_what_is_no_image_has_no_sides(service: Service) -> None:
    said = service.upload(b"text", "a.txt", to="/j").json
    assert (said["width"], said["height"]) == (0, 0)


def test_a_turned_photo_has_the_sides_people_see(service: Service) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    said = service.upload(contents.image("JPEG", 60, 40, exif=exif), "a.jpg", to="/j").json
    assert (said["width"], said["height"]) == (40, 60)


@pytest.mark.parametrize("to", ["/", "/j"])
def test_a_new_link_is_201_and_a_known_one_200(each_service: Service, to: str) -> None:
    first = each_service.upload(b"text", "a.txt", to)
    again = each_service.upload(b"text", "a.txt", to)
    assert (first.status_int, again.status_int) == (201, 200)
    assert first.location == again.location
    assert first.location.startswith("http://localhost/p/")
    assert without_key(again.json) == without_key(first.json)


def test_a_browser_without_javascript_is_led_to_the_page(each_service: Service) -> None:
    answer = each_service.upload(b"text", "a.txt", accept=BROWSER)
    assert answer.status_int == 303
    page = each_service.ask(answer.location, accept=BROWSER)
    assert (page.status_int, page.content_type) == (200, "text/html")
    assert each_service.upload(b"text", "a.txt", accept=BROWSER).location == answer.location


def test_plain_text_is_the_short_link_and_a_newline(each_service: Service) -> None:
    link = each_service.upload(b"text", "a.txt").json["url_s"]
    answer = each_service.upload(b"text", "a.txt", accept="text/plain")
    assert (answer.status_int, answer.content_type) == (200, "text/plain")
    assert answer.text == link + "\n"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/plain;q=0.5, application/json", "application/json"),
        ("text/plain, application/json;q=0.5", "text/plain"),
        ("image/png", "application/json"),
        ("no sense at all;;;", "application/json"),
        ("text/html;q=0, text/plain", "text/plain"),
    ],
)
def test_the_client_chooses_the_form_of_the_answer(service: Service, accept: str, expected: str) -> None:
    assert service.upload(b"text", "a.txt", accept=accept).content_type == expected


def test_the_machine_address_answers_json_to_everybody(service: Service) -> None:
    for accept in ("text/html", "text/plain", BROWSER):
        assert service.upload(b"text", "a.txt", "/j", accept=accept).content_type == "application/json"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (contents.image("PNG"), "image"),
        (contents.image("JPEG"), "image"),
        (contents.image("WEBP"), "image"),
        (contents.image("AVIF"), "image"),
        (contents.animation("GIF"), "image"),
        (contents.PDF, "pdf"),
        (contents.MP4, "video"),
        (contents.WEBM, "video"),
        (contents.MP3, "audio"),
        (contents.OGG, "audio"),
        (contents.FLAC, "audio"),
        (contents.sound(), "audio"),
        (b"just words\n", "binary"),
        (contents.HTML, "binary"),
        (contents.SVG, "binary"),
        (contents.archive(), "binary"),
        (contents.tar_gz(), "binary"),
        (contents.EXECUTABLE, "binary"),
        (contents.noise(500), "binary"),
        (b"", "binary"),
    ],
)
def test_the_type_follows_from_the_bytes(service: Service, content: bytes, kind: str) -> None:
    assert service.upload(content, "misleading.jpg").json["type"] == kind


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0.00 bytes"), (1, "1 byte"), (100, "100.00 bytes"), (34500, "33.69 kB"), (34500000, "32.90 MB")],
)
def test_sizes_are_in_words(service: Service, size: int, words: str) -> None:
    assert service.upload(bytes(size), "zeros.bin").json["size"] == words


# Other origins


def test_the_preflight_lets_other_origins_upload(service: Service) -> None:
    answer = service.ask(
        "/j",
        "OPTIONS",
        origin="https://other.example",
        access_control_request_method="POST",
        access_control_request_headers="content-type",
    )
    assert answer.status_int in (200, 204)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def test_an_answer_of_j_is_open_to_other_origins_errors_included(service: Service) -> None:
    good = service.upload(b"text", "a.txt", "/j", origin="https://other.example")
    bad = service.send([], "/j", origin="https://other.example")
    wrong = service.ask("/j", origin="https://other.example")
    assert [good.status_int, bad.status_int, wrong.status_int] == [201, 400, 405]
    for answer in (good, bad, wrong):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type"


def test_nothing_else_is_open_to_other_origins(service: Service) -> None:
    filehash = service.filehash(b"text", "a.txt")
    for path in ("/", f"/p/{filehash}", f"/i/{filehash}", f"/d/{filehash}", "/health"):
        answer = service.ask(path, origin="https://other.example")
        assert "Access-Control-Allow-Origin" not in answer.headers, path


# Errors


def small(start: StartService) -> Service:
    return start(max_upload_size="1 KiB", max_image_pixels="1000", inline_size="0")


def missing_field(service: Service, **headers: str) -> TestResponse:
    return service.send([], **headers)


def wrong_body(service: Service, **headers: str) -> TestResponse:
    return service.send_raw(b"{}", content_type="application/json", **headers)


def too_large(service: Service, **headers: str) -> TestResponse:
    return service.upload(bytes(1025), "zeros.bin", **headers)


def unknown(service: Service, **headers: str) -> TestResponse:
    return service.ask("/p/nothing", **headers)


def wrong_method(service: Service, **headers: str) -> TestResponse:
    return service.ask("/", "DELETE", **headers)


def bad_size(service: Service, **headers: str) -> TestResponse:
    return service.ask(f"/i/{service.filehash(contents.image(), 'a.png')}?w=no", **headers)


def no_image(service: Service, **headers: str) -> TestResponse:
    return service.ask(f"/i/{service.filehash(b'text', 'a.txt')}?w=10", **headers)


def large_image(service: Service, **headers: str) -> TestResponse:
    return service.ask(f"/i/{service.filehash(contents.image(), 'a.png')}?w=10", **headers)


def lost_content(service: Service, **headers: str) -> TestResponse:
    filehash = service.filehash(b"text", "a.txt")
    service.empty_store()
    return service.ask(f"/i/{filehash}", **headers)


ERRORS = [
    (missing_field, 400, "bad_upload"),
    (wrong_body, 415, "unsupported_body"),
    (too_large, 413, "too_large"),
    (unknown, 404, "not_found"),
    (wrong_method, 405, "method_not_allowed"),
    (bad_size, 400, "bad_transform"),
    (no_image, 415, "not_an_image"),
    (large_image, 422, "image_too_large"),
    (lost_content, 503, "content_missing"),
]


@pytest.mark.parametrize(("cause", "status", "code"), ERRORS)
def test_an_error_is_a_status_and_what_to_do_in_each_form(
    emptied: StartService, cause: Cause, status: int, code: str
) -> None:
    service = small(emptied)
    program = cause(service, accept="application/json")
    assert (program.status_int, program.content_type) == (status, "application/json")
    assert set(program.json) == {"error"}
    assert program.json["error"].keys() - {"retry"} == {"code", "message"}
    assert program.json["error"].get("retry", False) == (status in (500, 503, 507))
    assert program.json["error"]["code"] == code
    message = program.json["error"]["message"]
    assert len(message) > 10
    browser = cause(service, accept=BROWSER)
    assert (browser.status_int, browser.content_type) == (status, "text/html")
    assert "<h1" in browser.text
    curl = cause(service, accept="*/*", user_agent="curl/8.5.0")
    assert (curl.status_int, curl.content_type) == (status, "text/plain")
    assert curl.text.endswith("\n")
    assert curl.text.count("\n") == 1
    for answer in (program, browser, curl):
        assert "Traceback" not in answer.text
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]


def test_a_bug_is_500_without_its_traceback(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: object) -> None:
        raise KeyError("a secret detail")

    monkeypatch.setattr("pastebin.services.files.FileService.by_hash", broken)
    monkeypatch.setattr("pastebin.services.uploads.UploadService.add", broken)
    for answer in (service.upload(b"text"), service.upload(b"text", accept=BROWSER)):
        assert answer.status_int == 500
        assert "secret detail" not in answer.text
        assert "Traceback" not in answer.text
    assert "a secret detail" in caplog.text
    assert service.leftovers() == []


REFLECTED = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    "path",
    [
        "/{}",
        "/p/{}",
        "/i/{}",
        "/s/{}",
        "/p/x?w={}",
        "/i/{{hash}}?w={}",
        "/i/{{hash}}?fit={}",
        "/i/{{hash}}?format={}",
        "/i/{{hash}}?x=1&y={}&cw=1&ch=1",
        "/r/{{hash}}?w={}",
        "/?lang={}&theme={}",
        "/p/{{hash}}?{}",
    ],
)
@pytest.mark.parametrize("accept", [BROWSER, "text/plain", "application/json"])
def test_no_answer_echoes_markup(service: Service, path: str, accept: str) -> None:
    filehash = service.filehash(contents.image(), "a.png")
    address = path.replace("{}", quote(REFLECTED, safe="")).replace("{{hash}}", filehash)
    answer = service.ask(address, accept=accept)
    assert answer.status_int in (200, 400, 404)
    if answer.content_type == "text/html":
        assert "<script>alert" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_host_a_client_claims_becomes_no_markup(service: Service) -> None:
    filehash = service.filehash(b"text", "a.txt")
    for path in ("/", f"/p/{filehash}"):
        answer = service.ask(path, accept=BROWSER, host='x"><script>alert(1)</script>')
        assert "<script>alert" not in answer.text
