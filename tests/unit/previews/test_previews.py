"""Which preview a file gets, and what is in it."""

import io
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pastebin.previews import KINDS, highlighting, plain_preview
from pastebin.previews import text as texts

from .conftest import facts_of

Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", b"hello\n", "text"),
        ("a.html", b"<!doctype html><script>alert(1)</script>", "text"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "text"),
        ("README.md", b"# hi\n", "markdown"),
        ("a.csv", b"a,b\n1,2\n", "table"),
        ("a.tsv", b"a\tb\n1\t2\n", "table"),
        ("one.csv", b"a\nb\n", "text"),
        ("a.bin", bytes(range(256)), "hex"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "pdf"),
        ("a.flac", b"fLaC\0\0\0\x22\x10\0\x10\0" + bytes(26), "audio"),
        ("a.mp4", b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\x08free", "video"),
        ("broken.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "unread"),
        ("broken.tif", b"II*\0" + bytes(50), "hex"),
        ("empty", b"", "none"),
    ],
)
def test_the_kind(preview: Make, name: str, data: bytes, kind: str) -> None:
    assert preview(name, data).kind == kind


def test_lines_are_escaped_and_highlighted(preview: Make) -> None:
    assert preview("a.txt", b"<b>&\r\nx\ry").lines == ["&lt;b&gt;&amp;", "x", "y"]
    shown = preview("a.py", b"import os\n")
    assert shown.language == "Python"
    assert shown.lines == ['<span class="hl-kn">import</span> <span class="hl-nn">os</span>']


def test_json_says_how_many_lines_the_file_has(preview: Make) -> None:
    shown = preview("a.json", b'{"a": [1]}\n')
    assert (shown.is_formatted, shown.own_lines, len(shown.lines)) == (True, 1, 5)
    tidy = preview("a.json", b'{\n  "a": 1\n}\n')
    assert (tidy.is_formatted, len(tidy.lines)) == (False, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings(preview: Make, encoding: str) -> None:
    assert preview("a.txt", "Grüße\nà vous\n".encode(encoding)).lines == ["Grüße", "à vous"]


def test_of_a_large_text_the_beginning_is_shown(preview: Make) -> None:
    data = "äö\n".encode() * 1000
    shown = preview("a.txt", data, limit=99)
    assert (shown.shown, shown.size, shown.is_whole) == (99, 5000, False)
    assert len(shown.lines) == 20


def test_of_a_long_text_the_first_lines_are_shown(preview: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "LINES", 3)
    shown = preview("a.txt", b"1\n2\n3\n4\n5\n")
    assert (shown.lines, shown.shown, shown.is_whole) == (["1", "2", "3"], 6, False)
    assert preview("a.txt", b"1\n2\n3\n").is_whole


def test_time_for_highlighting_is_bounded(preview: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlighting, "TIME_LIMIT", 0.0)
    shown = preview("a.py", b"import os\nx = '<b>'\n")
    assert shown.lines == ['<span class="hl-kn">import</span> os', "x = '&lt;b&gt;'"]
    monkeypatch.undo()
    assert "<span" not in preview("a.py", b"x" * 6000 + b" = 1\n").lines[0]


def test_a_lexer_of_two_languages_stops_in_time(preview: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlighting, "TIME_LIMIT", 0.1)
    started = time.monotonic()
    shown = preview("a.cfc", (b"]]" * 2000 + b"\n") * 60)
    assert time.monotonic() - started < 5
    assert shown.lines[0] == "]]" * 2000


@pytest.mark.parametrize(("name", "data"), [("a.m", b"\n" * 19_000), ("a.mako", b" \n" * 9_000)])
def test_long_gaps_are_not_highlighted(preview: Make, name: str, data: bytes) -> None:
    started = time.monotonic()
    preview(name, data)
    assert time.monotonic() - started < 5


def test_json_is_indented(preview: Make) -> None:
    shown = preview("a.json", b'{"a":[1,2]}')
    assert (len(shown.lines), shown.is_formatted, shown.is_whole, shown.language) == (6, True, True, "JSON")
    assert not preview("a.json", b'{"a":[1,2}').is_formatted
    assert not preview("a.json", b'{"a":[1,2]}' + b" " * 100, limit=50).is_formatted
    assert not preview("a.py", b"[1, 2]").is_formatted


def test_hex(preview: Make) -> None:
    shown = preview("a.bin", bytes(range(256)) * 40)
    assert (len(shown.lines), shown.shown, shown.size, shown.is_whole) == (256, 4096, 10240, False)
    assert shown.lines[3] == (
        "00000030  30 31 32 33 34 35 36 37  38 39 3a 3b 3c 3d 3e 3f  |0123456789:;<=>?|"
    )


def test_a_markdown_file_has_its_source_too(preview: Make) -> None:
    shown = preview("a.md", b"# hi\n")
    assert "hi</h2>" in shown.html
    assert shown.source.language == "Markdown"
    assert shown.is_whole


def test_what_gets_too_long_by_highlighting_is_not_highlighted(
    preview: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    dense = b"1," * 400 + b"\n"
    assert "<span" in preview("a.py", dense).html
    monkeypatch.setattr(highlighting, "ALLOWANCE", 0)
    assert preview("a.py", dense).lines == [dense.decode().rstrip()]


def test_the_excerpt_is_plain_text_in_a_line(preview: Make) -> None:
    assert preview("a.py", b"x = '<b>'  # &amp;\n\n\tpass\n").excerpt == "x = '<b>' # &amp; pass"
    assert preview("a.md", b"# <i>hi</i>\n").excerpt == "# <i>hi</i>"
    assert preview("a.txt", b"a\x1b[31m\n").excerpt == "a"
    long = preview("a.txt", b"word " * 100_000).excerpt
    assert (len(long), long[-1]) == (200, "…")
    assert preview("a.csv", b"a,b\n1,2\n").excerpt == ""


def test_the_plain_preview_needs_no_library() -> None:
    text = "<é>\n".encode() * 100_000
    shown: Any = plain_preview(io.BytesIO(text), facts_of("a.scala", text))
    assert (shown.kind, shown.lines[0], shown.line_count) == ("text", "&lt;é&gt;", texts.LINES)
    assert (shown.is_plain, shown.is_whole, shown.shown) == (True, False, 5 * texts.LINES)
    data = b"PK\3\4" + bytes(9000)
    assert plain_preview(io.BytesIO(data), facts_of("a.zip", data)).kind == "hex"


NAMES = ["a.md", "a.csv", "a.tsv", "a.json", "a.py", "a.html", "a.zip", "a.tar.gz", "a", "Makefile", "a.diff"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(NAMES), st.binary(max_size=2000) | st.text(max_size=1000).map(lambda t: t.encode()))
def test_any_bytes_under_any_name_have_a_preview(preview: Make, name: str, data: bytes) -> None:
    assert type(preview(name, data)) in KINDS
    assert plain_preview(io.BytesIO(data), facts_of(name, data)).kind in ("text", "hex")
