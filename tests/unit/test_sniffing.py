"""Media types from real bytes; nothing that could run is ever shown as anything but plain text."""

import gzip
import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pastebin.media import sniffing
from pastebin.media import types as media
from pastebin.media.sniffing import MediaType, sniff
from pastebin.media.text_types import text_type
from pastebin.storage.interface import HEAD_SIZE
from tests.inprocess import contents
from tests.inprocess.languages import TEXTS as TEXTS_OF_LANGUAGES

TYPES: dict[str, tuple[bytes, str, str]] = {
    "jpeg": (contents.image("JPEG"), "image/jpeg", "image"),
    "png": (contents.image("PNG"), "image/png", "image"),
    "gif": (contents.image("GIF"), "image/gif", "image"),
    "webp": (contents.image("WEBP"), "image/webp", "image"),
    "avif": (contents.image("AVIF"), "image/avif", "image"),
    "bmp": (contents.image("BMP"), "image/bmp", "image"),
    "tiff": (contents.image("TIFF"), "image/tiff", "image"),
    "ico": (contents.image("ICO", 32, 32), "image/vnd.microsoft.icon", "image"),
    "animated gif": (contents.animation("GIF"), "image/gif", "image"),
    "animated webp": (contents.animation("WEBP"), "image/webp", "image"),
    "pdf": (contents.PDF, "application/pdf", "pdf"),
    "mp4": (contents.MP4, "video/mp4", "video"),
    "webm": (contents.WEBM, "video/webm", "video"),
    "wav": (contents.sound(), "audio/x-wav", "audio"),
    "mp3": (contents.MP3, "audio/mpeg", "audio"),
    "ogg": (contents.OGG, "audio/ogg", "audio"),
    "flac": (contents.FLAC, "audio/flac", "audio"),
    "zip": (contents.archive(), "application/zip", "binary"),
    "gzip": (gzip.compress(b"text"), "application/gzip", "binary"),
    "elf": (contents.EXECUTABLE, "application/x-executable", "binary"),
    "text": (b"just some words\n", "text/plain", "binary"),
    "utf-8": ("grüße\n".encode(), "text/plain", "binary"),
    "json": (json.dumps({"a": [1, 2, 3]}).encode(), "application/json", "binary"),
    "html": (contents.HTML, "text/html", "binary"),
    "svg": (contents.SVG, "image/svg+xml", "binary"),
    "xml": (contents.XML, "text/xml", "binary"),
    "noise": (contents.noise(1000), "application/octet-stream", "binary"),
}

ACTIVE: dict[str, bytes] = {
    "html": contents.HTML,
    "xhtml": contents.XHTML,
    "svg": contents.SVG,
    "xml": contents.XML,
    "xsl": contents.XSL,
    "mht": contents.MHT,
    "javascript": contents.JAVASCRIPT,
    "css": contents.CSS,
    "vtt": contents.VTT,
    "script": contents.SCRIPT.encode(),
    "body": b"<body onload=alert(1)>",
    "php": b"<?php echo '<script>alert(1)</script>'; ?>",
    "python": b"#!/usr/bin/env python3\nimport os\n",
    "shell": b"#!/bin/sh\nrm -rf /\n",
    "batch": b"@echo off\r\nformat c:\r\n",
    "hta": b"<html><hta:application id=x><script>alert(1)</script></html>",
    "flash": contents.SWF,
    "svg in gzip": gzip.compress(contents.SVG),
}

# What may stand before markup without keeping a browser that guesses from seeing it.
DISGUISES: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda data: data,
    "upper case": bytes.upper,
    "after white space": lambda data: b" \t\r\n\f\n" * 50 + data,
    "after a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "as UTF-16": lambda data: data.decode("latin-1").encode("utf-16"),
    "after a comment": lambda data: b"<!-- " + b"x" * 2000 + b" -->" + data,
    "after NUL": lambda data: b"\0" + data,
    "after a high byte": lambda data: b"\xff" + data,
    "twice": lambda data: data + data,
}


def shown_as(data: bytes) -> str | None:
    """Return the type, without its parameters, under which a browser would see the bytes."""
    found = sniff(data)
    inline = media.inline_type(found.mimetype, found.encoding)
    return None if inline is None else inline.partition(";")[0]


@pytest.mark.parametrize("name", TYPES)
def test_real_bytes_have_their_type(name: str) -> None:
    data, mimetype, kind = TYPES[name]
    assert sniff(data[:HEAD_SIZE]).mimetype == mimetype
    assert media.kind(mimetype) == kind


def test_an_empty_content_is_text() -> None:
    assert sniff(b"") == MediaType("text/plain", "us-ascii")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"words", "us-ascii"),
        ("grüße".encode(), "utf-8"),
        ("grüße".encode("latin-1"), "iso-8859-1"),
        ("\ufeffwords and more of them".encode("utf-16le"), "utf-16le"),
        ("words and more of them\r\n".encode("utf-16le"), "utf-16le"),
        ("words and more of them\r\n".encode("utf-16be"), "utf-16be"),
        ("日本\n".encode("iso2022_jp"), "iso-2022-jp"),
        (contents.image(), "binary"),
    ],
)
def test_a_text_has_its_encoding(data: bytes, encoding: str) -> None:
    assert sniff(data).encoding == encoding


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("name", ACTIVE)
def test_what_could_run_is_never_shown_but_as_plain_text(name: str, disguise: str) -> None:
    assert shown_as(DISGUISES[disguise](ACTIVE[name])) in (None, "text/plain")


@given(st.sampled_from(sorted(ACTIVE)), st.text(" \t\r\n\f", max_size=300), st.data())
@settings(deadline=None, max_examples=200)
def test_no_case_and_no_white_space_changes_that(name: str, space: str, data: st.DataObject) -> None:
    active = ACTIVE[name]
    upper = data.draw(st.sets(st.integers(0, len(active) - 1)))
    mixed = bytes(
        byte ^ 0x20 if i in upper and chr(byte).isalpha() else byte for i, byte in enumerate(active)
    )
    assert shown_as(space.encode() + mixed) in (None, "text/plain")


@given(st.binary(max_size=400))
@settings(deadline=None, max_examples=200)
def test_any_bytes_have_a_type_that_fits_a_header_and_its_column(data: bytes) -> None:
    found = sniff(data)
    assert len(found.mimetype) <= 128
    assert found.mimetype.isascii()
    assert found.mimetype.isprintable()
    assert found.mimetype.count("/") == 1
    assert len(found.encoding) <= 32


# Texts, whatever they begin like.
TEXTS: dict[str, bytes] = {
    "about gif": b"GIF89a is how an animation begins.\n",
    "about pdf": b"%PDF-1.4 is how a document begins, and endobj ends an obj in it.\n",
    "about pdf, in lines": b"%PDF-1.4\nThat line begins a document.\n",
    "about bitmaps": b"BM begins a bitmap, with its size (four bytes)\n",
    "about riff": b"RIFF1234WEBP begins a picture\n",
    "about avif": b"1234ftypavif begins a picture\n",
    "about zip": b"PK begins an archive\n",
    "a portable pixmap, no more": b"P5 320 240 was its size\n",
    "about mp3": b"ID3 begins a tag\n",
    "about bzip2": b"BZh91AY begins it\n",
    "about executables": b"MZ\n\nbegins an executable\n",
    "armour": b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n",
    "a certificate": b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "postscript": b"%!PS-Adobe-3.0\nshowpage\n",
    "a polyglot": b"GIF89a/*\n*/=1;alert(document.domain)\n",
    "a log in colours": b"\x1b[31mfailed\x1b[0m\x07\r\n 10%\b\b\b100%\f\v\n",
    "chinese": "你好,世界\n".encode() * 100,
    "emoji": "😀".encode(),
    "byte order mark": b"\xef\xbb\xbfhello",
    "utf-16": "grüße 😀\r\n".encode("utf-16"),
    "utf-16, big end first": "\ufeffgrüße\n".encode("utf-16be"),
    "utf-32": "hello\n".encode("utf-32"),
    "latin-1": "Käse und Brötchen\n".encode("latin-1"),
    "windows-1252": "“Käse”\n".encode("cp1252"),
    "of MS-DOS": b"words\r\n\x1a",
    **{
        f"utf-16 without a mark, {language}, {encoding}": f"{text}\r\n".encode(encoding)
        for language, text in TEXTS_OF_LANGUAGES.items()
        for encoding in ("utf-16le", "utf-16be")
    },
    "private keys": b"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n=abcd\n-----END PGP MESSAGE-----\n",
    "a signature": b"-----BEGIN PGP SIGNATURE-----\n\niQEz\n=abcd\n-----END PGP SIGNATURE-----\n",
    "a portable bitmap, no more": b"P1 is down, P2 too\n",
    "a patch": b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
    "subtitles": b"1\r\n00:00:01,000 --> 00:00:02,000\r\nhi\r\n",
    "configuration": b"[section]\nkey = value ; comment\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_text_all_through_is_text(name: str) -> None:
    assert shown_as(TEXTS[name]) == "text/plain"
    assert sniff(TEXTS[name]).mimetype == "text/plain"


@pytest.mark.parametrize("name", TEXTS)
def test_one_nul_makes_it_binary(name: str) -> None:
    data = TEXTS[name] * 20 + b"\0\0"
    assert sniff(data, "a.txt").mimetype not in ("text/plain", "text/html", "image/svg+xml") or (
        sniff(data).encoding.startswith("utf-32")
    )


def test_a_document_of_nothing_but_ascii_is_one() -> None:
    assert contents.PDF.isascii()
    assert sniff(contents.PDF, "a.txt") == MediaType("application/pdf", "binary")


@pytest.mark.parametrize("cut", range(1, 4))
def test_a_head_may_end_within_a_character(cut: int) -> None:
    head = ("a" * 100 + "😀").encode()[:-cut]
    assert sniff(head, is_whole=False) == MediaType("text/plain", "utf-8")
    assert sniff(head).encoding != "utf-8"
    wide = "grüße".encode("utf-16")[:-1]
    assert sniff(wide, is_whole=False).encoding == "utf-16le"


@pytest.mark.parametrize("beginning", ["GIF89a ", "%PDF-1.4 ", "BM ", "ID3 ", "PK ", "MZ ", "P5 3 3 255 "])
@pytest.mark.parametrize("codec", ["utf-8", "cp1252", "cp1251"])
def test_a_text_may_begin_like_something_else(beginning: str, codec: str) -> None:
    words = "ist für Bücher" if codec == "cp1252" else "для книг"
    if codec == "utf-8":
        words += " für Bücher"
    assert sniff((beginning + words).encode(codec)).mimetype == "text/plain"


def test_a_document_with_high_bytes_in_its_comment_is_one() -> None:
    for rest in (b"1 0 obj\n<<>>\nendobj\n", b""):
        for end in (b"\n", b"\r\n"):
            data = b"%PDF-1.4" + end + b"%\xe2\xe3\xcf\xd3\n" + rest
            assert sniff(data).mimetype == "application/pdf"


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"))), st.sampled_from(["utf-8", "utf-16"]))
@settings(deadline=None)
def test_any_text_without_controls_is_text(text: str, encoding: str) -> None:
    found = sniff(text.encode(encoding))
    assert media.is_text(found.mimetype)
    assert media.charset(found.encoding) is not None


@pytest.mark.parametrize(
    ("name", "mimetype"),
    [
        ("a.py", "text/x-python"),
        ("A.PY", "text/x-python"),
        ("a.c", "text/x-c"),
        ("a.go", "text/x-go"),
        ("a.rs", "text/x-rust"),
        ("a.sh", "text/x-shellscript"),
        ("a.md", "text/markdown"),
        ("a.csv", "text/csv"),
        ("a.css", "text/css"),
        ("a.js", "application/javascript"),
        ("a.toml", "application/toml"),
        ("a.yml", "application/x-yaml"),
        ("a.json", "application/json"),
        ("a.svg", "image/svg+xml"),
        ("a.png", "text/plain"),
        ("a.exe", "text/plain"),
        ("Makefile", "text/x-makefile"),
        ("a", "text/plain"),
        ("c", "text/plain"),
        (".md", "text/plain"),
        ("md.", "text/plain"),
        ("", "text/plain"),
    ],
)
def test_a_texts_type_comes_from_its_name(name: str, mimetype: str) -> None:
    assert sniff(b"just some words\n", name).mimetype == mimetype


@pytest.mark.parametrize(
    ("text", "mimetype"),
    [
        (b"#!/bin/sh\n", "text/x-shellscript"),
        (b"#! /usr/bin/env bash", "text/x-shellscript"),
        (b"#!/usr/bin/env -S python3.11 -u\n", "text/x-python"),
        (b"#!/usr/bin/perl -w\n", "text/x-perl"),
        (b"#!/usr/bin/env node\n", "application/javascript"),
        (b"#!/opt/other\n", "text/plain"),
        (b"#!\n", "text/plain"),
        (b'\xef\xbb\xbf\n <?xml version="1.0"?>\n<a/>', "text/xml"),
        (b"<?xml version='1.0'?>\n<!-- drawn -->\n<svg/>", "image/svg+xml"),
        (b"<!-- a licence -->\n<SVG>", "image/svg+xml"),
        (b"\n\n<!DocType HTML>", "text/html"),
        (b"<html lang=en>", "text/html"),
        (b"<p>words</p>", "text/plain"),
        (b"<?php echo 1;", "text/x-php"),
        (b'{"a": 1}', "application/json"),
        (b'{\n  "a \\" b" :\n', "application/json"),
        (b"{}", "application/json"),
        (b"[[1, 2], 3]", "application/json"),
        (b"[1, 2]", "application/json"),
        (b"[section]\nkey = 1\n", "text/plain"),
        (b"[1] see there\n", "text/plain"),
        (b"{ int a; }", "text/plain"),
        (b"WEBVTT\n", "text/vtt"),
        (b"{\\rtf1 x}", "text/rtf"),
        (b"diff --git a/a b/a\n", "text/x-diff"),
    ],
)
def test_a_texts_type_comes_from_its_first_lines(text: bytes, mimetype: str) -> None:
    assert sniff(text, "a.txt").mimetype == mimetype


def test_a_name_changes_nothing_about_how_bytes_are_served() -> None:
    from pastebin.media.text_types import _BY_NAME, _BY_SUFFIX

    for mimetype in {*_BY_SUFFIX.values(), *_BY_NAME.values()}:
        assert media.is_text(mimetype), mimetype
        assert media.kind(mimetype) == "binary", mimetype
    names = [f"a.{suffix}" for suffix in _BY_SUFFIX]
    for name in names:
        for data, expected, _ in TYPES.values():
            found = sniff(data, name)
            assert media.is_text(found.mimetype) == media.is_text(expected)
            assert media.kind(found.mimetype) == media.kind(expected)


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.xhtml", "a.png", "a.pdf", "a.mp4"])
def test_no_name_makes_what_could_run_more_than_text(name: str, disguise: str) -> None:
    for active in ACTIVE.values():
        found = sniff(DISGUISES[disguise](active), name)
        inline = media.inline_type(found.mimetype, found.encoding)
        assert inline is None or inline.startswith("text/plain")


@given(st.binary(max_size=300), st.text(max_size=30))
@settings(deadline=None)
def test_any_first_lines_and_any_name_have_a_type_of_text(head: bytes, name: str) -> None:
    assert media.is_text(text_type(head, name))


def test_libmagic_is_not_asked_about_texts_and_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sniffing, "_ask_libmagic", None)
    for name in (
        "jpeg",
        "png",
        "gif",
        "webp",
        "avif",
        "bmp",
        "tiff",
        "ico",
        "pdf",
        "text",
        "utf-8",
        "json",
        "svg",
    ):
        data, mimetype, _ = TYPES[name]
        assert sniff(data).mimetype == mimetype


def test_other_kinds_of_a_signature_are_left_to_libmagic() -> None:
    raw = b"II*\0\x10\0\0\0CR\x02\0" + bytes(60)
    assert sniff(raw).mimetype == "image/x-canon-cr2"
    assert sniff(b"BM" + bytes(60)).mimetype != "image/bmp"
    assert sniff(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").mimetype == "image/heic"


# A byte that made libmagic take each for text; its expressions then took a second for 8 KiB.
FILLINGS = [
    b"\n",
    b"\r\n",
    b" \n",
    b"\t",
    b" ",
    b"\v",
    b"a ",
    b"a = b\n",
    b'{"a":',
    b"[",
    b"\\",
    b"\0",
    b"\xff",
]
BEGINNINGS = [b"", b"MZ", b"PK", b"<?", b"import ", b"/*", b"P", b"{", b"\xe9 x\n"]
ENDINGS = [b"", b"\a", b"\x85", b"\xe9", b"\0", b"\1"]


def test_no_content_takes_long() -> None:
    longest: float = 0
    for beginning in BEGINNINGS:
        for filling in FILLINGS:
            for ending in ENDINGS:
                data = (beginning + filling * (HEAD_SIZE // len(filling)))[: HEAD_SIZE - 1] + ending
                began = time.thread_time()
                sniff(data)
                longest = max(longest, time.thread_time() - began)
    assert longest < 0.1


def test_one_libmagic_is_all_a_process_has() -> None:
    """A copy takes 5 MiB, and a server may have 512 threads."""
    assert sniffing._libmagic() is sniffing._libmagic()
