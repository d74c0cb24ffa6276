"""Which preview a file gets, and how often it is made."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pastebin.previews import text as texts
from pastebin.services.files import StoredFile
from pastebin.services.preview_cache import MEMORY_SIZE, PreviewCache
from pastebin.services.previews import PreviewService

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
        ("broken.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "hex"),
        ("empty", b"", "none"),
    ],
)
def test_the_kind(preview: Make, name: str, data: bytes, kind: str) -> None:
    assert preview(name, data).kind == kind


def test_lines_are_escaped_and_highlighted(preview: Make) -> None:
    assert preview("a.txt", b"<b>&\r\nx\ry").lines == ["&lt;b&gt;&amp;", "x", "y"]
    shown = preview("a.py", b"import os\n")
    assert shown.language == "Python"
    assert shown.lines == [
        '<span class="hl-kn">import</span><span class="hl-w"> </span><span class="hl-nn">os</span>'
    ]


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
    monkeypatch.setattr(texts, "TIME_LIMIT", 0.0)
    shown = preview("a.py", b"import os\nx = '<b>'\n")
    assert shown.lines == ['<span class="hl-kn">import</span> os', "x = '&lt;b&gt;'"]
    monkeypatch.undo()
    assert "<span" not in preview("a.py", b"x" * 6000 + b" = 1\n").lines[0]


def test_a_lexer_of_two_languages_stops_in_time(preview: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "TIME_LIMIT", 0.1)
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
    assert shown.html == "<h2>hi</h2>\n"
    assert shown.source.language == "Markdown"
    assert shown.is_whole


def test_a_preview_is_made_once(contents: Any, describe: Callable[[str, bytes], StoredFile]) -> None:
    store = contents(b"# hi\n")
    service = PreviewService(store, PreviewCache(), 1000)
    first = service.preview(describe("a.md", store.data))
    opened = store.opened
    assert service.preview(describe("a.md", store.data)) is first
    assert store.opened == opened
    assert service.preview(describe("a.txt", store.data)).kind == "text"


def test_previews_are_kept_within_bounds(contents: Any, describe: Callable[[str, bytes], StoredFile]) -> None:
    memory = PreviewCache(size=3000)
    for number in range(50):
        data = b"%d\n" % number * 10
        PreviewService(contents(data), memory, 1000).preview(describe("a.txt", data))
    assert 0 < memory._kept.currsize <= 3000
    large = PreviewService(contents(b"x" * 9000), memory, 9000).preview(describe("a.txt", b"x" * 9000))
    assert large.kind == "text"
    assert large not in memory._kept.values()
    assert MEMORY_SIZE < 2**26


NAMES = ["a.md", "a.csv", "a.tsv", "a.json", "a.py", "a.html", "a.zip", "a.tar.gz", "a", "Makefile", "a.diff"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(NAMES), st.binary(max_size=2000) | st.text(max_size=1000).map(lambda t: t.encode()))
def test_any_bytes_under_any_name_have_a_preview(preview: Make, name: str, data: bytes) -> None:
    shown = preview(name, data)
    assert shown.kind in (
        "text",
        "markdown",
        "table",
        "archive",
        "hex",
        "none",
        "image",
        "pdf",
        "video",
        "audio",
    )
