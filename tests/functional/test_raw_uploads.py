"""`PUT`, and bodies that are no form: what they become, under which name and terms, and what is refused."""

import io
from typing import Any

import pytest
from webtest import TestResponse

from tests.inprocess import Service, contents, without_key
from tests.inprocess.fixtures import StartService

CURL = {"user_agent": "curl/8.5", "accept": "*/*"}
FORM = "application/x-www-form-urlencoded"
PNG = contents.image()


def put(service: Service, path: str, body: bytes = b"text", **headers: str) -> TestResponse:
    return service.ask(path, "PUT", body, **{**CURL, **headers})


def post(service: Service, body: bytes = b"text", to: str = "/", **headers: str) -> TestResponse:
    return service.ask(to, "POST", body, **{**CURL, **headers})


def only_row(service: Service) -> Any:
    (row,) = service.rows()
    return row


def fetched(service: Service, answer: TestResponse) -> bytes:
    """Return the bytes of what a line of text, or its header, leads to."""
    return service.ask(answer.location.replace("/p/", "/d/")).body


# What comes in, and what is answered


def test_a_put_file_is_a_link_and_a_line(each_service: Service) -> None:
    answer = put(each_service, "/notes.txt")
    assert (answer.status_int, answer.content_type) == (201, "text/plain")
    assert answer.text.startswith("http://localhost/s/")
    assert answer.text.endswith("\n")
    assert "/p/" in answer.location
    managed = answer.headers["X-Url-Delete"]
    assert answer.headers["Link"] == f'<{managed}>; rel="edit"'
    assert fetched(each_service, answer) == b"text"
    assert only_row(each_service).filename == "notes.txt"
    assert each_service.ask(managed, "DELETE").status_int == 204
    assert each_service.rows() == []


@pytest.mark.parametrize("accept", ["application/json", "application/json, text/plain;q=0.5"])
def test_who_asks_for_json_gets_what_a_form_gets(service: Service, accept: str) -> None:
    answer = put(service, "/a.txt", accept=accept)
    form = service.upload(b"text", "a.txt")
    assert (answer.status_int, form.status_int) == (201, 200)
    assert without_key(answer.json) == without_key(form.json)


def test_who_prefers_a_page_is_led_to_it(service: Service) -> None:
    answer = put(service, "/a.txt", accept="text/html")
    assert (answer.status_int, "/p/" in answer.location) == (303, True)
    assert answer.headers["Link"] == f'<{answer.headers["X-Url-Delete"]}>; rel="edit"'
    assert service.ask(answer.headers["X-Url-Delete"], "DELETE").status_int == 204
    assert service.ask(answer.location).status_int == 404


def test_the_same_again_is_found_and_another_content_is_another_link(service: Service) -> None:
    first, again, other = (put(service, "/a.txt", body) for body in (b"one", b"one", b"two"))
    assert [first.status_int, again.status_int, other.status_int] == [201, 200, 201]
    assert first.text == again.text != other.text
    assert service.upload(b"one", "a.txt", accept="text/plain").text == first.text
    assert first.headers["X-Url-Delete"] != again.headers["X-Url-Delete"]


@pytest.mark.parametrize("name", ["health", "j", "p", "robots.txt", "@@view", "a b", "x", "tus", "latest"])
def test_every_name_of_one_segment_is_a_file(service: Service, name: str) -> None:
    answer = put(service, f"/{name}")
    assert (answer.status_int, only_row(service).filename) == (201, name)
    assert service.ask("/health").json["status"] == "ok"


@pytest.mark.parametrize("path", ["/a/b", "/p/x", "/a/", "/a/..", "//", "//a", "/c/x.zip", "/m/x", "/a%2fb"])
def test_two_segments_are_no_name(service: Service, path: str) -> None:
    assert put(service, path).status_int in (404, 405)
    service.assert_untouched()


def test_nothing_is_read_back_at_the_name(service: Service) -> None:
    put(service, "/a.txt")
    assert service.ask("/a.txt").status_int == 404


@pytest.mark.parametrize(("to", "keys"), [("/", "url_p"), ("/j", "short_url")])
def test_a_body_that_is_no_form_is_a_file(service: Service, to: str, keys: str) -> None:
    answer = post(service, PNG, to, content_type="image/png")
    assert (answer.status_int, answer.content_type) == (201, "application/json")
    assert keys in answer.json
    assert {"Location", "Link", "X-Url-Delete"} <= set(answer.headers)
    assert fetched(service, answer) == PNG


@pytest.mark.parametrize(
    "kind", ["text/html", "application/octet-stream", "image/jpeg", "", ";;;=", "multipart/mixed; boundary=x"]
)
def test_what_a_body_calls_itself_decides_nothing(service: Service, kind: str) -> None:
    assert post(service, PNG, content_type=kind).json["type"] == "image"
    assert only_row(service).filename == "file.png"


@pytest.mark.parametrize("noun", ["s", "p", "i", "d"])
def test_the_line_holds_the_address_that_is_asked_for(service: Service, noun: str) -> None:
    answer = put(service, f"/a.txt?link={noun}")
    assert answer.text.startswith(f"http://localhost/{noun}/")
    assert service.ask(answer.text.strip()).status_int == (302 if noun == "s" else 200)


def test_an_empty_file_is_a_file(service: Service) -> None:
    assert put(service, "/empty", b"").status_int == 201
    assert only_row(service).size == 0


def test_a_large_body_goes_to_the_folder(service: Service) -> None:
    content = contents.noise(5 * 2**20)
    assert fetched(service, put(service, "/large.bin", content)) == content
    assert len(service.contents()) == 1
    assert service.leftovers() == []


def test_an_image_is_resized_before_it_is_kept(service: Service) -> None:
    answer = put(service, "/?w=30&h=20", PNG, accept="application/json")
    assert contents.opened(service.ask(answer.json["url_i"]).body).size == (30, 20)
    assert only_row(service).filename == "file.png"


# Names

NAMES = {
    "the path": ("/a%20b%20%C3%BC.txt?name=other", {}, "a b ü.txt"),
    "the query": ("/?name=%C3%BC.txt", {"content_disposition": 'attachment; filename="x"'}, "ü.txt"),
    "a quoted disposition": ("/", {"content_disposition": 'inline; filename="a;b.txt"'}, "a;b.txt"),
    "an extended one first": (
        "/",
        {"content_disposition": "attachment; filename=\"a.txt\"; filename*=UTF-8''%e2%82%ac.txt"},
        "€.txt",
    ),
    "Latin-1": ("/", {"content_disposition": "attachment; filename*=iso-8859-1''%fc.txt"}, "ü.txt"),
    "none": ("/", {}, "file.txt"),
    "an empty one": ("/?name=", {}, "file"),
    "one dot": ("/.", {}, "file"),
    "two dots": ("/..", {}, "file"),
    "dots in the query": ("/?name=..", {}, "file"),
    "a path in the query": ("/?name=../../etc/passwd", {}, "passwd"),
    "a path of Windows": ("/?name=C%3A%5Cx%5Cy.txt", {}, "y.txt"),
    "controls": ("/a%0d%0aX-Evil%3A%201%00.txt", {}, "aX-Evil: 1.txt"),
    "marks of direction": ("/a%E2%80%AEgpj.exe", {}, "agpj.exe"),
    "a thousand characters": (f"/{'x' * 1000}", {}, "x" * 1000),
}


@pytest.mark.parametrize("case", NAMES)
def test_where_a_name_comes_from(service: Service, case: str) -> None:
    path, headers, name = NAMES[case]
    assert put(service, path, **headers).status_int == 201
    assert only_row(service).filename == name


# Terms

TERMS = {
    "a query": ("/a?downloads=3&expires=7d", {}),
    "headers": ("/a", {"pb_downloads": "3", "pb_expires": "7d"}),
    "headers of others": ("/a", {"max_downloads": "3", "max_days": "7"}),
    "headers of linx": ("/a?downloads=3", {"linx_expiry": "604800", "linx_randomize": "yes"}),
    "both, and the same": ("/a?downloads=3", {"max_downloads": "3", "max_days": "7"}),
    "unknown queries": ("/a?downloads=3&expires=7d&utm=x", {}),
}


@pytest.mark.parametrize("case", TERMS)
def test_terms(service: Service, case: str) -> None:
    path, headers = TERMS[case]
    answer = put(service, path, accept="application/json", **headers)
    assert (answer.status_int, answer.json["downloads_left"]) == (201, 3)
    left = only_row(service).expires - only_row(service).uploadtime
    assert 7 * 86400 - 60 < left.total_seconds() < 7 * 86400 + 60


def test_a_title_is_utf8_and_a_password_is_asked_for(service: Service) -> None:
    title = "Ü €".encode().decode("latin-1")
    answer = put(service, "/a", pb_title=title, pb_password="sesame", pb_visibility="unlisted")
    assert only_row(service).title == "Ü €"
    address = answer.location.replace("/p/", "/i/")
    assert service.ask(address).status_int == 401


@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("UTF-8''%C3%9C%20%e2%82%ac", "Ü €"),
        ("utf-8'de'%C3%BCber 100 %25", "über 100 %"),
        ("UTF-8''plain", "plain"),
        ("100 % UTF-8''%C3", "100 % UTF-8''%C3"),
        ("%C3%9C", "%C3%9C"),
    ],
)
def test_a_title_may_be_percent_encoded(service: Service, header: str, title: str) -> None:
    assert put(service, "/a", pb_title=header).status_int == 201
    assert only_row(service).title == title


@pytest.mark.parametrize("header", ["pb_password", "linx_access_key"])
def test_a_password_may_be_percent_encoded(service: Service, header: str) -> None:
    answer = put(service, "/a", **{header: "UTF-8''%20ges%C3%A4me%20"})
    address = answer.location.replace("/p/", "/i/")
    from base64 import b64encode

    for password, status in ((" gesäme ", 200), ("gesäme", 401)):
        basic = b64encode(f":{password}".encode()).decode()
        assert service.ask(address, authorization=f"Basic {basic}").status_int == status


def test_the_access_key_of_linx_is_a_password_and_0_seconds_are_for_ever(service: Service) -> None:
    answer = put(service, "/a", linx_access_key="sesame", linx_expiry="0")
    assert only_row(service).expires is None
    address = answer.location.replace("/p/", "/i/")
    assert service.ask(address).status_int == 401
    assert service.ask(address, authorization="Basic OnNlc2FtZQ==").status_int == 200


def test_a_form_takes_terms_from_the_query_too(service: Service) -> None:
    assert service.upload(b"x", "a", "/?downloads=2").json["downloads_left"] == 2


# Forms

FORMS = {
    "text": b"text=hello+w%C3%B6rld&title=greeting",
    "text with an empty url": b"text=hello+w%C3%B6rld&title=greeting&url=",
}


@pytest.mark.parametrize("case", FORMS)
def test_a_simple_form_is_a_text(service: Service, case: str) -> None:
    answer = post(service, FORMS[case] + b"&downloads=2", content_type=FORM)
    assert (answer.status_int, answer.json["downloads_left"]) == (201, 2)
    assert only_row(service).filename == "greeting.txt"
    assert fetched(service, answer) == "hello wörld".encode()


@pytest.mark.parametrize("path", ["/?name=a.bin", "/j?name=a.bin"])
@pytest.mark.parametrize("kind", [FORM, "application/json"])
def test_what_has_a_name_is_no_form(service: Service, path: str, kind: str) -> None:
    assert post(service, b"text=1", path, content_type=kind).status_int == 201
    assert only_row(service).filename == "a.bin"
    assert only_row(service).size == 6


def test_what_is_put_under_a_name_is_no_form(service: Service) -> None:
    assert put(service, "/a.bin", b"text=1", content_type=FORM).status_int == 201
    assert put(service, "/a.json", b"{}", content_type="application/json").status_int == 201


def test_json_with_a_disposition_is_a_file(service: Service) -> None:
    disposition = 'attachment; filename="a.json"'
    answer = post(service, b"{}", content_type="application/json", content_disposition=disposition)
    assert answer.status_int == 201


def test_a_multipart_form_is_a_form_when_it_is_put(service: Service) -> None:
    from tests.inprocess import body_of, content_type, file_part

    answer = put(service, "/", body_of([file_part(b"text", "a.txt")]), content_type=content_type())
    assert (answer.status_int, only_row(service).filename) == (201, "a.txt")


# What is refused

REFUSED: dict[str, tuple[str, str, bytes, dict[str, str], int, str]] = {
    "a part of a file": ("PUT", "/a", b"x", {"content_range": "bytes 5-19/20"}, 400, "partial_put"),
    "compressed": ("PUT", "/a", b"x", {"content_encoding": "gzip"}, 415, "unsupported_encoding"),
    "a compressed body": ("POST", "/", b"x", {"content_encoding": "br"}, 415, "unsupported_encoding"),
    "a long name": ("PUT", "/" + "x" * 1001, b"x", {}, 400, "bad_upload"),
    "a long name in the query": ("PUT", "/?name=" + "x" * 1001, b"x", {}, 400, "bad_upload"),
    "a path that is no UTF-8": ("PUT", "/%ff", b"x", {}, 400, "bad_address"),
    "a query that is no UTF-8": ("PUT", "/?name=%ff", b"x", {}, 400, "bad_address"),
    "a disposition that is no UTF-8": (
        "POST",
        "/",
        b"x",
        {"content_disposition": "attachment; filename*=UTF-8''%ff"},
        400,
        "bad_upload",
    ),
    "no downloads": ("PUT", "/a", b"x", {"max_downloads": "0"}, 400, "bad_term"),
    "fewer downloads": ("PUT", "/a", b"x", {"max_downloads": "-1"}, 400, "bad_term"),
    "downloads in letters": ("PUT", "/a", b"x", {"max_downloads": "x"}, 400, "bad_term"),
    "no days": ("PUT", "/a", b"x", {"max_days": "0"}, 400, "bad_term"),
    "an expiry of linx with a unit": ("PUT", "/a", b"x", {"linx_expiry": "1w"}, 400, "bad_term"),
    "days with a unit": ("PUT", "/a", b"x", {"max_days": "1w"}, 400, "bad_term"),
    "expiry in letters": ("PUT", "/a?expires=soon", b"x", {}, 400, "bad_term"),
    "a term twice": ("PUT", "/a?downloads=1&downloads=2", b"x", {}, 400, "bad_term"),
    "a term in two places": ("PUT", "/a?downloads=1", b"x", {"pb_downloads": "2"}, 400, "bad_term"),
    "a term in two headers": (
        "PUT",
        "/a",
        b"x",
        {"pb_downloads": "1", "max_downloads": "2"},
        400,
        "bad_term",
    ),
    "an unknown header": ("PUT", "/a", b"x", {"pb_expire": "7d"}, 400, "bad_term"),
    "a title that is no UTF-8": ("PUT", "/a", b"x", {"pb_title": "\xff"}, 400, "bad_term"),
    "an encoded title that is no UTF-8": ("PUT", "/a", b"x", {"pb_title": "UTF-8''%ff"}, 400, "bad_term"),
    "an encoded title that is torn": ("PUT", "/a", b"x", {"pb_title": "UTF-8''%C3%9"}, 400, "bad_term"),
    "an encoded term that is none": ("PUT", "/a", b"x", {"pb_expires": "UTF-8''%C3%9C"}, 400, "bad_term"),
    "private": ("PUT", "/a", b"x", {"pb_visibility": "private"}, 403, "forbidden"),
    "another link": ("PUT", "/a?link=q", b"x", {}, 400, "bad_request"),
    "a size in letters": ("PUT", "/a?w=wide", b"x", {}, 400, "bad_transform"),
    "a size of a text": ("PUT", "/a?w=10", b"x", {}, 415, "not_an_image"),
    "JSON": ("POST", "/", b"{}", {"content_type": "application/json"}, 415, "unsupported_body"),
    "JSON for programs": ("POST", "/j", b"{}", {"content_type": "application/json"}, 415, "unsupported_body"),
    "JSON without a name": ("PUT", "/", b"{}", {"content_type": "application/json"}, 415, "unsupported_body"),
    "what curl --data-binary sends": ("POST", "/", PNG, {"content_type": FORM}, 400, "bad_upload"),
    "a form without text": ("POST", "/", b"title=x", {"content_type": FORM}, 400, "bad_upload"),
    "a form of many fields": ("POST", "/", b"a=1&" * 200, {"content_type": FORM}, 400, "bad_upload"),
    "a large form": ("POST", "/", b"text=" + bytes(2**20), {"content_type": FORM}, 413, "too_large"),
    "two lengths": ("PUT", "/a", b"x", {"transfer_encoding": "chunked"}, 400, "bad_framing"),
    "another coding": ("PUT", "/a", b"", {"transfer_encoding": "gzip"}, 400, "bad_framing"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(service: Service, case: str) -> None:
    method, path, body, headers, status, code = REFUSED[case]
    answer = service.ask(path, method, body, **{"accept": "application/json", **headers})
    assert (answer.status_int, answer.json["error"]["code"]) == (status, code), answer.text
    service.assert_untouched()
    service.assert_works()


def test_a_refusal_names_what_works(service: Service) -> None:
    assert "curl -T" in post(service, b"x", content_type=FORM).text
    assert "/tus" in put(service, "/a", content_range="bytes 5-19/20").text


@pytest.mark.parametrize("size", [1000, 1001, 100_000])
@pytest.mark.parametrize("way", ["length", "chunked"])
def test_the_limit_holds(emptied: StartService, size: int, way: str) -> None:
    service = emptied(max_upload_size="1000")
    request = service.client.RequestClass.blank("/a", method="PUT")
    request.body_file_raw = io.BytesIO(bytes(size))
    if way == "length":
        request.content_length = size
    else:
        request.environ["wsgi.input_terminated"] = True
        request.headers["Transfer-Encoding"] = "chunked"
    answer = service.client.do_request(request, expect_errors=True)
    if size == 1000:
        assert answer.status_int == 201
    else:
        assert answer.status_int == 413
        service.assert_untouched()


class NeverRead(io.BytesIO):
    """A body that nobody may ask for."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.parametrize("query", ["expires=soon", "link=q", "name=" + "x" * 1001, ""])
def test_what_headers_tell_is_refused_before_the_body(emptied: StartService, query: str) -> None:
    service = emptied(max_upload_size="1000")
    request = service.client.RequestClass.blank(f"/?{query}", method="PUT")
    request.body_file_raw = NeverRead()
    request.content_length = 10 if query else 1001
    answer = service.client.do_request(request, expect_errors=True)
    assert answer.status_int == (400 if query else 413)


def test_a_body_that_ends_early_leaves_nothing(service: Service) -> None:
    request = service.client.RequestClass.blank("/a", method="PUT")
    request.body_file_raw = io.BytesIO(b"half")
    request.content_length = 8
    assert service.client.do_request(request, expect_errors=True).status_int == 400
    service.assert_untouched()


def test_what_is_banned_is_refused(service: Service) -> None:
    import hashlib

    service.registry.services.moderation.ban(hashlib.sha256(b"evil").hexdigest(), "test")
    assert put(service, "/a", b"evil").status_int == 451
    assert post(service, b"evil").status_int == 451
    service.assert_untouched()


def test_uploads_are_counted(start: StartService) -> None:
    service = start(limits="on", uploads_per_hour="2")
    statuses = [put(service, f"/{n}", b"%d" % n).status_int for n in range(3)]
    assert statuses == [201, 201, 429]
    assert post(service, b"x").status_int == 429


# Other origins


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", {"GET", "HEAD", "OPTIONS", "POST", "PUT"}),
        ("/a.txt", {"OPTIONS", "PUT"}),
        ("/health", {"GET", "HEAD", "OPTIONS", "PUT"}),
        ("/j", {"OPTIONS", "POST", "PUT"}),
    ],
)
def test_the_preflight(service: Service, path: str, allowed: set[str]) -> None:
    answer = service.ask(path, "OPTIONS", origin="https://other.example", access_control_request_method="PUT")
    assert answer.status_int == 204
    assert set(answer.headers["Allow"].split(", ")) == allowed
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_answers_are_open_to_other_origins_errors_included(service: Service) -> None:
    for path in ("/a.txt", "/a.txt?link=q", "/%ff"):
        answer = put(service, path, origin="https://other.example")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Location" in answer.headers["Access-Control-Expose-Headers"]
