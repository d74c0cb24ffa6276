"""Media types from real bytes; nothing that could run is ever shown as anything but plain text."""

import gzip
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pastebin.media import types as media
from pastebin.media.sniffing import MediaType, sniff
from pastebin.storage.interface import HEAD_SIZE
from tests.inprocess import contents

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
