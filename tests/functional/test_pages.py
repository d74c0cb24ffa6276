"""Pages without a browser: compressed, in the reader's language, shared to from phones."""

import gzip
from urllib.parse import urlencode

import pytest
from webob import Request, Response

from tests.inprocess import Service, contents
from tests.inprocess.forms import file_part, text_part

BROWSER = {"accept": "text/html", "user_agent": "Mozilla/5.0"}


def on_the_wire(service: Service, address: str, accepted: str, method: str = "GET") -> Response:
    """Return an answer as it is sent; the client of other tests unpacks it."""
    headers = {"Accept": "text/html", "User-Agent": "Mozilla/5.0", "Accept-Encoding": accepted}
    return Request.blank(address, method=method, headers=headers).get_response(service.app)


def test_a_page_is_compressed_for_who_asks(service: Service) -> None:
    plain, packed = on_the_wire(service, "/", "identity"), on_the_wire(service, "/", "gzip, deflate, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert int(packed.headers["Content-Length"]) == len(packed.body) < len(plain.body) / 2
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", "gzip;q=0.0, br", "x-gzip-like"])
def test_who_does_not_take_gzip_gets_none(service: Service, accepted: str) -> None:
    assert "Content-Encoding" not in on_the_wire(service, "/", accepted).headers


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip", "deflate,gzip;q=0.5", "GZIP;q=1.0"])
def test_who_takes_gzip_gets_it(service: Service, accepted: str) -> None:
    assert on_the_wire(service, "/", accepted).headers["Content-Encoding"] == "gzip"


def test_styles_and_scripts_are_compressed_and_uploads_are_not(service: Service) -> None:
    style = service.ask("/", **BROWSER).text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert on_the_wire(service, style, "gzip").headers["Content-Encoding"] == "gzip"
    assert on_the_wire(service, style, "gzip", "HEAD").body == b""
    said = service.upload(b"<p>somebody's</p>\n" * 500, "page.html").json
    for name in ("url_i", "url_d"):
        answer = on_the_wire(service, said[name], "gzip")
        assert "Content-Encoding" not in answer.headers
        assert len(answer.body) == 18 * 500


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("w=0", "w 必须是 1 到 10000 之间的整数，而不是 &#39;0&#39;。"),
        ("fit=none", "fit 必须是 auto, crop, contain 之一，而不是 &#39;none&#39;。"),
        ("x=1", "裁剪区域需要同时给出 x、y、cw 和 ch，缺少 y, cw, ch。"),
        ("w=9000&h=9000", "结果将为 9000 × 6000 像素"),
    ],
)
def test_errors_speak_the_readers_language(service: Service, query: str, words: str) -> None:
    name = service.filehash(contents.image(), "a.png")
    answer = service.ask(f"/i/{name}?{query}&lang=zh_CN", **BROWSER)
    assert answer.status_int == 400
    assert words in answer.text
    assert 'class="wrap">' in answer.text


def test_a_phone_may_share_files_and_texts(service: Service) -> None:
    manifest = service.ask("/manifest.webmanifest")
    assert manifest.content_type == "application/manifest+json"
    target = manifest.json["share_target"]
    params = target["params"]
    assert (target["action"], target["method"], target["enctype"]) == ("/", "POST", "multipart/form-data")
    text = [text_part(params["text"], "a text from a phone")]
    file = [
        text_part(params["text"], ""),
        file_part(b"a file from a phone", "a.txt", field=params["files"][0]["name"]),
    ]
    for parts, said in ((text, "a text from a phone"), (file, "a file from a phone")):
        answer = service.send(parts, **BROWSER)
        assert answer.status_int == 303
        assert said in service.ask(answer.headers["Location"], **BROWSER).text
    icon = manifest.json["icons"][0]["src"]
    assert service.ask(icon).content_type == "image/svg+xml"


def test_two_texts_are_compared_by_any_address(service: Service) -> None:
    old = service.upload(b"one\ntwo\nthree\n", "old.txt").json
    new = service.upload(b"one\n2\nthree\n", "new.txt").json
    name = new["url_p"].rpartition("/")[2]
    for against in (name, new["url_p"], new["url_s"], new["url_i"] + "?x=1", f" {new['url_d']}#L1 "):
        page = service.ask(f"{old['url_p']}?{urlencode({'against': against})}", **BROWSER)
        assert page.status_int == 200
        assert '<span class="hl-gd">-two</span>' in page.text
        assert '<span class="hl-gi">+2</span>' in page.text
    assert "These texts are the same." in service.ask(f"{new['url_p']}?against={name}", **BROWSER).text


@pytest.mark.parametrize(
    ("against", "status"),
    [("missing.txt", 404), ("http://localhost/s/zzzzzzzz", 404), ("http://localhost/x/y", 400), ("", 404)],
)
def test_what_cannot_be_compared_is_a_clear_error(service: Service, against: str, status: int) -> None:
    said = service.upload(b"text\n", "a.txt").json
    assert service.ask(f"{said['url_p']}?{urlencode({'against': against})}", **BROWSER).status_int == status


def test_only_texts_are_compared(service: Service) -> None:
    text, image = service.filehash(b"text\n", "a.txt"), service.filehash(contents.image(), "a.png")
    assert service.ask(f"/p/{text}?against={image}", **BROWSER).status_int == 400


def test_a_collection_is_extended_by_its_form(service: Service) -> None:
    made = service.send([file_part(b"one", "one.txt"), text_part("collection", "Letters")]).json
    answer = service.send(
        [file_part(b"two", "two.txt"), file_part(b"three", "three.txt")], made["url_m"], **BROWSER
    )
    assert (answer.status_int, answer.headers["Location"]) == (303, made["url_m"])
    files = service.ask(made["url_c"], accept="application/json").json["files"]
    assert [file["filename"] for file in files] == ["one.txt", "two.txt", "three.txt"]
    assert service.send([text_part("nothing", "x")], made["url_m"], **BROWSER).status_int == 400
