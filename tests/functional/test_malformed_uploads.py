"""Uploads that are wrong in every way: a clear answer, nothing left behind, and the next one works."""

import io

import pytest
from webtest import TestResponse

from tests.inprocess import BOUNDARY, Part, Service, body_of, contents, file_part, text_part
from tests.inprocess.fixtures import StartService
from tests.inprocess.forms import content_type

GOOD = body_of([file_part(b"text", "a.txt")])
HEADER = b'Content-Disposition: form-data; name="file"; filename="a.txt"'

FORMS = {
    "no parts": (body_of([]), 400),
    "another field only": (body_of([text_part("name", "x")]), 400),
    "a file of another field": (body_of([file_part(b"text", "a.txt", field="upload")]), 400),
    "a text instead of a file": (body_of([text_part("file", "just words")]), 400),
    "a hundred and one files": (body_of([file_part(b"one", "a.txt")] * 101), 400),
    "no name and no bytes": (body_of([file_part(b"", "")]), 400),
    "no disposition": (body_of([Part((b"Content-Type: text/plain",), b"text")]), 400),
    "no headers": (body_of([Part((), b"text")]), 400),
    "no field name": (body_of([Part((b'Content-Disposition: form-data; filename="a"',), b"text")]), 400),
    "a header without colon": (body_of([Part((HEADER, b"nonsense"), b"text")]), 400),
    "a huge header": (body_of([Part((HEADER, b"X-Pad: " + b"x" * 70_000), b"text")]), 400),
    "a thousand headers": (body_of([Part((HEADER, *[b"X-Pad: x"] * 10_000), b"text")]), 400),
    "a huge field": (body_of([text_part("w", "1" * 100_000), file_part(b"text")]), 400),
    "two hundred parts": (body_of([*[text_part("x", "y")] * 200, file_part(b"text")]), 400),
    "no end": (GOOD[: -len(f"--{BOUNDARY}--\r\n")], 400),
    "cut in the bytes": (GOOD[: GOOD.index(b"text") + 2], 400),
    "cut in the header": (GOOD[:60], 400),
    "cut in the first line": (GOOD[:5], 400),
    "nothing at all": (b"", 400),
    "no form": (b"just words that are no form at all", 400),
    "NUL bytes": (bytes(1000), 400),
    "another boundary": (GOOD.replace(BOUNDARY.encode(), b"other"), 400),
    "w is no number": (body_of([text_part("w", "wide"), file_part(contents.image())]), 400),
    "w is far too large": (body_of([text_part("w", "99999"), file_part(contents.image())]), 400),
    "w is negative": (body_of([text_part("w", "-1"), file_part(contents.image())]), 400),
    "w of what is no image": (body_of([text_part("w", "10"), file_part(b"text", "a.png")]), 415),
    "w of half an image": (body_of([text_part("w", "10"), file_part(contents.image()[:60])]), 415),
}

TYPES = {
    "no boundary": ("multipart/form-data", 400),
    "an empty boundary": ("multipart/form-data; boundary=", 400),
    "a boundary with odd characters": ('multipart/form-data; boundary="a\tb"', 400),
    "a boundary of a thousand characters": (f"multipart/form-data; boundary={'x' * 1000}", 400),
    "a JSON body": ("application/json", 415),
    "a simple form": ("application/x-www-form-urlencoded", 400),
    "latin-1 garbage": ("multipart/form-data; boundary=\xe9", 400),
}


def assert_refused(service: Service, answer: TestResponse, status: int) -> None:
    """Assert that an upload was answered with `status` and why, and left nothing."""
    assert (answer.status_int, answer.content_type) == (status, "application/json")
    assert len(answer.json["error"]["message"]) > 10
    service.assert_untouched()
    service.assert_works()


@pytest.mark.parametrize("to", ["/", "/j"])
@pytest.mark.parametrize("form", FORMS)
def test_a_malformed_form_is_refused(service: Service, form: str, to: str) -> None:
    body, status = FORMS[form]
    assert_refused(service, service.send_raw(body, to), status)


@pytest.mark.parametrize("kind", TYPES)
def test_a_wrong_content_type_is_refused(service: Service, kind: str) -> None:
    content_type, status = TYPES[kind]
    assert_refused(service, service.send_raw(GOOD, content_type=content_type), status)


def test_a_body_shorter_than_it_says_is_refused(service: Service) -> None:
    """A server hands over what came before the client went away."""
    request = service.client.RequestClass.blank("/", method="POST")
    request.headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
    request.body_file_raw = io.BytesIO(GOOD[:-20])
    request.content_length = len(GOOD)
    assert_refused(service, service.client.do_request(request, expect_errors=True), 400)


def test_a_connection_that_breaks_is_refused(service: Service) -> None:
    class Broken(io.BytesIO):
        def read(self, *_size: int) -> bytes:
            raise ConnectionResetError(104, "reset by peer")

    request = service.client.RequestClass.blank("/", method="POST")
    request.headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
    request.body_file_raw = Broken()
    request.content_length = len(GOOD)
    assert_refused(service, service.client.do_request(request, expect_errors=True), 400)


@pytest.mark.parametrize("size", [1000, 1001, 100_000, 3_000_000])
def test_the_limit_is_that_of_the_file(emptied: StartService, size: int) -> None:
    service = emptied(max_upload_size="1000")
    answer = service.upload(bytes(size), "zeros.bin")
    if size <= 1000:
        assert answer.status_int == 201
    else:
        assert answer.json["error"]["code"] == "too_large"
        assert_refused(service, answer, 413)


def test_what_comes_around_the_form_is_ignored(service: Service) -> None:
    answer = service.send_raw(b"\r\n" + GOOD + b"and an epilogue")
    assert answer.status_int == 201
    assert service.ask(answer.json["url_i"]).body == b"text"


def test_other_fields_are_ignored(service: Service) -> None:
    parts = [text_part("csrf_token", "x"), file_part(b"text", "a.txt"), text_part("submit", "Upload")]
    assert service.send(parts).status_int == 201


def test_empty_sizes_are_no_sizes(service: Service) -> None:
    """A form in a browser sends its empty fields too."""
    parts = [text_part("w", ""), text_part("h", ""), file_part(b"text", "a.txt")]
    assert service.send(parts).status_int == 201


@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_sizes_may_come_before_or_after_the_file(service: Service, first: bool) -> None:
    sizes, file = [text_part("w", "30"), text_part("h", "20")], [file_part(contents.image(), "a.png")]
    answer = service.send(sizes + file if first else file + sizes)
    assert answer.status_int == 201
    assert contents.opened(service.ask(answer.json["url_i"]).body).size == (30, 20)
    assert len(service.contents()) == 1
    assert service.leftovers() == []


# File names

NAMES = {
    b"../../etc/passwd": "passwd",
    b"C:\\Documents\\plan.doc": "plan.doc",
    b"/absolute": "absolute",
    b"..": "file",
    b".": "file",
    b"a/": "file",
    b"   ": "file",
    b" a.txt ": "a.txt",
    b"caf\xc3\xa9.txt": "café.txt",
    b"caf\xe9.txt": "café.txt",
    b"\xff\xfe": "ÿþ",
    b"\xed\xa0\x80.txt": "í\xa0€.txt",
    "\u202egpj.exe".encode(): "gpj.exe",
    "a\u2028b\u2029c".encode(): "abc",
    "\u2066x\u2069.txt".encode(): "x.txt",
    b"a\x01b\x7f.txt": "ab.txt",
    b"a\0b.txt": "ab.txt",
    b"a\nb.txt": "ab.txt",
    b"a\rb.txt": "ab.txt",
    b"a%0D%0ASet-Cookie: x=1.txt": "aSet-Cookie: x=1.txt",
    b"a;b='c'.txt": "a;b='c'.txt",
    b"<img src=x onerror=alert(1)>.png": "<img src=x onerror=alert(1)>.png",
    "日本語 😀.txt".encode(): "日本語 😀.txt",
    b"x" * 255: "x" * 255,
    b"x" * 1000: "x" * 1000,
    "é".encode() * 1000: "é" * 1000,
}


@pytest.mark.parametrize("given", NAMES)
def test_a_name_is_cleaned_and_kept(each_service: Service, given: bytes) -> None:
    answer = each_service.upload(b"text", given)
    assert (answer.status_int, answer.json["filename"]) == (201, NAMES[given])
    assert each_service.rows()[0].filename == NAMES[given]
    assert each_service.upload(b"text", given, "/j").json["origin_filename"] == NAMES[given]
    for key in ("url_p", "url_i", "url_d"):
        assert each_service.ask(answer.json[key], accept="text/html").status_int == 200


def test_a_name_that_breaks_its_header_is_refused(service: Service) -> None:
    answer = service.upload(b"text", b"a\r\nSet-Cookie: x=1")
    assert "Set-Cookie" not in answer.headers
    assert_refused(service, answer, 400)


def test_a_name_of_1001_characters_is_refused(service: Service) -> None:
    assert_refused(service, service.upload(b"text", "x" * 1001), 400)


def test_a_quoted_name_keeps_its_quotes(service: Service) -> None:
    answer = service.upload(b"text", b'say \\"hi\\".txt')
    assert answer.json["filename"] == 'say "hi".txt'


@pytest.mark.parametrize(
    ("parameter", "name"),
    [
        (b"filename*=UTF-8''caf%C3%A9.txt", "café.txt"),
        (b"filename*=UTF-8'en'a%20b.txt", "a b.txt"),
        (b"filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd"),
        (b"filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x.txt", "aSet-Cookie: x.txt"),
        (b"filename*=UTF-8''%FF.txt", "\ufffd.txt"),
        (b"filename=plain.txt; filename*=UTF-8''better.txt", "better.txt"),
    ],
)
def test_a_name_may_come_as_rfc_5987_has_it(service: Service, parameter: bytes, name: str) -> None:
    disposition = b'Content-Disposition: form-data; name="file"; ' + parameter
    answer = service.send([Part((disposition,), b"text")])
    assert (answer.status_int, answer.json["filename"]) == (201, name)


def test_the_media_type_a_client_claims_decides_nothing(service: Service) -> None:
    claimed = service.send([file_part(contents.HTML, "a.png", media="image/png")]).json
    assert claimed["type"] == "binary"
    assert service.ask(claimed["url_i"]).content_type == "text/plain"


LARGE = "x" * 70_000
PLAIN = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("method", "noun", "kind", "body"),
    [
        ("POST", "url_p", PLAIN, f"report={LARGE}"),
        ("POST", "url_p", "", body_of([text_part("report", LARGE)])),
        ("POST", "url_m", PLAIN, f"action=change&title={LARGE}"),
        ("PATCH", "url_m", "application/json", f'{{"title": "{LARGE}"}}'),
        ("POST", "/c", "application/json", f'{{"title": "{LARGE}"}}'),
        ("POST", "/login", PLAIN, f"name={LARGE}"),
        ("POST", "/logout", PLAIN, f"csrf_token={LARGE}"),
    ],
)
def test_a_body_that_is_no_upload_has_a_ceiling(
    service: Service, method: str, noun: str, kind: str, body: str | bytes
) -> None:
    said = service.upload(b"text", "a.txt", accept="application/json").json
    headers = {"content_type": kind or content_type(), "origin": "http://localhost", "accept": "*/*"}
    data = body.encode() if isinstance(body, str) else body
    assert service.ask(said.get(noun, noun), method, data, **headers).status_int == 413
    assert service.ask(said["url_m"]).json["title"] is None


def test_the_page_that_asks_for_a_password_reads_no_large_form(service: Service) -> None:
    parts = [file_part(b"text", "a.txt"), text_part("password", "sesame")]
    said = service.send(parts, accept="application/json").json
    for kind, body in ((PLAIN, f"password={LARGE}".encode()), ("", body_of([text_part("password", LARGE)]))):
        headers = {"content_type": kind or content_type(), "origin": "http://localhost"}
        assert service.ask(said["url_p"], "POST", body, **headers).status_int == 413
