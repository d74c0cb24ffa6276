"""Section 6 of what the service promises: what a stored file may do to a browser."""

import json
import re
from urllib.parse import unquote

import pytest
from webtest import TestResponse

from tests.inprocess import Service, contents

INLINE = {
    "png": (contents.image("PNG"), "image/png"),
    "jpeg": (contents.image("JPEG"), "image/jpeg"),
    "gif": (contents.animation("GIF"), "image/gif"),
    "webp": (contents.image("WEBP"), "image/webp"),
    "avif": (contents.image("AVIF"), "image/avif"),
    "bmp": (contents.image("BMP"), "image/bmp"),
    "tiff": (contents.image("TIFF"), "image/tiff"),
    "ico": (contents.image("ICO"), "image/x-icon"),
    "pdf": (contents.PDF, "application/pdf"),
    "mp4": (contents.MP4, "video/mp4"),
    "webm": (contents.WEBM, "video/webm"),
    "mp3": (contents.MP3, "audio/mpeg"),
    "ogg": (contents.OGG, "audio/ogg"),
    "flac": (contents.FLAC, "audio/flac"),
    "wav": (contents.sound(), "audio/x-wav"),
    "txt": (b"just words\n", "text/plain"),
    "empty": (b"", "text/plain"),
}

# What would run or be followed if a browser took it for what it is.
AS_TEXT = {
    "html": contents.HTML,
    "HTML": contents.HTML.upper(),
    "html with a mark": b"\xef\xbb\xbf" + contents.HTML,
    "html after space": b"\n\n  " + contents.HTML,
    "a piece of html": b"<b>x</b><script>alert(1)</script>",
    "svg": contents.SVG,
    "a piece of svg": b"<svg onload=alert(1)>",
    "xhtml": contents.XHTML,
    "xml": contents.XML,
    "xsl": contents.XSL,
    "mathml": b'<math xmlns="http://www.w3.org/1998/Math/MathML" href="javascript:alert(1)">x</math>',
    "mht": contents.MHT,
    "js": contents.JAVASCRIPT,
    "css": contents.CSS,
    "vtt": contents.VTT,
    "json": b'{"a": "<script>alert(1)</script>"}',
    "php": b"<?php echo 1; ?>",
    "postscript": b"%!PS-Adobe-3.0\nshowpage\n",
    "sh": b"#!/bin/sh\nrm -rf /\n",
    "htc": b"<public:component><public:attach event='onclick'/></public:component>",
}

ATTACHED = {
    "zip": contents.archive(),
    "tar.gz": contents.tar_gz(),
    "elf": contents.EXECUTABLE,
    "noise": contents.noise(1000),
    "java": b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(20),
    "jpeg 2000": contents.image("JPEG2000"),
}

ALL = {**{name: content for name, (content, _) in INLINE.items()}, **AS_TEXT, **ATTACHED}
NAMES = ("file.{}", "FILE.{}", "file", "file.png", "file.html.{}", "file.{}.html")


def policy(answer: TestResponse) -> dict[str, str]:
    """Return a Content-Security-Policy by directive."""
    directives = answer.headers["Content-Security-Policy"].split(";")
    return {words[0]: " ".join(words[1:]) for words in map(str.split, directives)}


def assert_inert(answer: TestResponse) -> None:
    """Assert that nothing in an answer with somebody's bytes can run."""
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    rules = policy(answer)
    assert rules["default-src"] == "'none'"
    assert rules.get("script-src", "'none'") == "'none'"
    if answer.content_type != "application/pdf":
        assert rules["sandbox"] == ""
    assert answer.content_type not in ("text/html", "image/svg+xml", "text/xml", "application/xhtml+xml")


@pytest.mark.parametrize("kind", INLINE)
def test_what_is_harmless_is_shown(service: Service, kind: str) -> None:
    content, expected = INLINE[kind]
    for name in ("file", f"file.{kind}", "file.html"):
        answer = service.ask(f"/i/{service.filehash(content, name)}")
        assert (answer.status_int, answer.content_type, answer.body) == (200, expected, content)
        assert answer.headers["Content-Disposition"].startswith("inline;")
        assert_inert(answer)


@pytest.mark.parametrize("kind", AS_TEXT)
def test_what_could_run_is_plain_text(service: Service, kind: str) -> None:
    for name in NAMES:
        answer = service.ask(f"/i/{service.filehash(AS_TEXT[kind], name.format(kind))}")
        assert (answer.content_type, answer.body) == ("text/plain", AS_TEXT[kind])
        assert answer.headers["Content-Type"].startswith("text/plain; charset=")
        assert_inert(answer)


FRAME = {"sec_fetch_dest": "iframe"}


@pytest.mark.parametrize(
    ("name", "content", "headers", "expected"),
    [
        ("a.html", contents.HTML, FRAME, "text/html"),
        ("a.html", contents.HTML, {}, "text/plain"),
        ("a.html", contents.HTML, {"sec_fetch_dest": "document"}, "text/plain"),
        ("a.html", contents.HTML + b" " * 2**20, FRAME, "text/plain"),
        ("a.svg", contents.SVG, FRAME, "text/plain"),
        ("a.xhtml", contents.XHTML, FRAME, "text/plain"),
        ("a.png", contents.image("PNG"), FRAME, "image/png"),
        ("a.bin", contents.noise(1000), FRAME, "application/octet-stream"),
    ],
)
def test_an_html_page_is_one_in_a_frame_only(
    service: Service, name: str, content: bytes, headers: dict[str, str], expected: str
) -> None:
    address = f"/i/{service.filehash(content, name)}?as=page"
    answer = service.ask(address, **headers)
    assert (answer.status_int, answer.content_type, answer.body) == (200, expected, content)
    rules = policy(answer)
    assert (rules["default-src"], rules["sandbox"], rules["frame-ancestors"]) == ("'none'", "", "'self'")
    assert answer.headers["Cache-Control"] == "private, no-store"
    if expected == "text/html":
        assert (rules["img-src"], rules["form-action"], "script-src" in rules) == ("data:", "'none'", False)
        assert answer.headers["Content-Type"].startswith("text/html; charset=")


@pytest.mark.parametrize("kind", ATTACHED)
def test_everything_else_is_an_attachment(service: Service, kind: str) -> None:
    for name in NAMES:
        answer = service.ask(f"/i/{service.filehash(ATTACHED[kind], name.format(kind))}")
        assert (answer.content_type, answer.body) == ("application/octet-stream", ATTACHED[kind])
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert_inert(answer)


@pytest.mark.parametrize("kind", ALL)
def test_a_download_is_always_an_attachment(service: Service, kind: str) -> None:
    answer = service.ask(f"/d/{service.filehash(ALL[kind], f'file.{kind}')}")
    assert (answer.content_type, answer.body) == ("application/octet-stream", ALL[kind])
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Cache-Control"] == "public, max-age=2592000, s-maxage=60"
    assert_inert(answer)


@pytest.mark.parametrize("kind", ALL)
def test_every_kind_has_a_page_without_foreign_markup(service: Service, kind: str) -> None:
    page = service.ask(f"/p/{service.filehash(ALL[kind], f'file.{kind}')}", accept="text/html")
    assert (page.status_int, page.content_type) == (200, "text/html")
    for markup in ("<script>alert", "<svg onload", "<b>", "<c.x"):
        assert markup not in page.text.lower()
    rules = policy(page)
    assert rules["script-src"] == "'self'"
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert rules["base-uri"] == "'none'"


def test_a_pdf_runs_no_script_where_it_is_shown(service: Service) -> None:
    rules = policy(service.ask(f"/i/{service.filehash(contents.PDF, 'a.pdf')}"))
    assert rules["script-src"] == "'none'"


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        ("naïve".encode(), "utf-8"),
        (b"plain ascii", "utf-8"),
        ("words".encode("utf-16"), "utf-16le"),
        (b"caf\xe9 na\xefve words", None),
    ],
)
def test_a_text_says_how_it_is_written(service: Service, content: bytes, charset: str | None) -> None:
    answer = service.ask(f"/i/{service.filehash(content, 'a.txt')}")
    wanted = f"text/plain; charset={charset}" if charset else "text/plain"
    assert answer.headers["Content-Type"] == wanted


# File names

HOSTILE = [
    '"><img src=x onerror=alert(1)>.png',
    "<script>alert(1)</script>.txt",
    "'; alert(1); '.txt",
    "</title><script>alert(1)</script>",
    "${7*7}<%= 7*7 %>{{7*7}}.txt",
    "a\"b'c.txt",
    "a;filename=b.exe",
    "%0d%0aX-Injected: 1",
    "naïve – “quoted” 日本語 😀.txt",
    'a\\"b.txt',
    "x" * 255,
    "x" * 1000,
    "é" * 500,
    "\u202egpj.exe",
    "a\u2028b.txt",
    "javascript:alert(1)",
    "__proto__",
    "&lt;b&gt;.txt",
    " ",
    "=cmd|' /C calc'!A0.csv",
]


@pytest.mark.parametrize("given", HOSTILE)
def test_a_hostile_name_is_encoded_wherever_it_goes(each_service: Service, given: str) -> None:
    answer = each_service.upload(b"text", given)
    assert answer.status_int == 201
    said = answer.json
    name = said["filename"]
    assert json.loads(answer.body)["filename"] == name
    for key in ("url_i", "url_d"):
        got = each_service.ask(said[key])
        disposition = got.headers["Content-Disposition"]
        assert disposition.isascii()
        assert "X-Injected" not in got.headers
        match = re.fullmatch(
            r"(?:inline|attachment); filename=\"[^\"\\%]*\"; filename\*=UTF-8''(\S*)", disposition
        )
        assert match
        assert not set(match[1]) & set("<>\"';,\\ ")
        assert unquote(match[1]) == name
    page = each_service.ask(said["url_p"], accept="text/html").text
    for markup in ("<script>alert", "<img src=x", "</title><script"):
        assert markup not in page


def test_no_name_is_evaluated_as_a_template(service: Service) -> None:
    page = service.ask(service.upload(b"x", "${1234*5}.txt").json["url_p"], accept="text/html").text
    assert "6170" not in page
    assert "${1234*5}.txt" in page


def test_a_name_in_the_log_is_one_line(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_upload: object, form: object) -> None:
        raise ValueError(f"cannot store {form.filename!r}")

    monkeypatch.setattr("pastebin.services.uploads.UploadService.add", broken)
    answer = service.upload(b"text", b"a\nFAKE LOG LINE\x1b[31m.txt")
    assert answer.status_int == 500
    assert "\nFAKE" not in caplog.text
    assert "\x1b" not in caplog.text


# Texts on the preview page


def test_a_text_cannot_leave_its_place_on_the_page(service: Service) -> None:
    text = b"</code></pre></textarea></script><script>alert(1)</script>\n"
    for name in ("a.txt", "a.html", "a.js", "a.md", "a.json", "a.csv", "a.xml", "a.py"):
        page = service.ask(f"/p/{service.filehash(text, name)}", accept="text/html").text
        assert "<script>alert" not in page, name
