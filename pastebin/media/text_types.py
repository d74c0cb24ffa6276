"""The media type of a text, by its name and its first lines.

It chooses how a page shows the text (highlighted, as a table, rendered); how the bytes are
served never depends on it, as each of these types is a text to `media.types.is_text`.
"""

import re

PLAIN = "text/plain"

# How much of a text is looked at, in bytes: enough for a doctype after a licence's comment.
FIRST_LINES = 4096

# libmagic's name of a type, where it has one: so rows from before and after agree.
_SUFFIXES = {
    "text/css": "css",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv tab",
    "text/html": "html htm",
    "application/xhtml+xml": "xhtml",
    "text/xml": "xml xsd xsl xslt plist rss atom",
    "image/svg+xml": "svg",
    "text/markdown": "md markdown mdown mkd",
    "text/x-rst": "rst",
    "text/rtf": "rtf",
    "text/vtt": "vtt",
    "text/calendar": "ics",
    "text/vcard": "vcf vcard",
    "text/troff": "roff troff",
    "text/x-tex": "tex sty cls ltx",
    "text/x-diff": "diff patch",
    "message/rfc822": "eml mht mhtml",
    "application/json": "json geojson webmanifest",
    "application/x-ndjson": "ndjson jsonl",
    "application/toml": "toml",
    "application/x-yaml": "yaml yml",
    "application/sql": "sql",
    "application/x-subrip": "srt",
    "application/javascript": "js mjs cjs",
    "text/x-typescript": "ts tsx mts cts",
    "text/x-python": "py pyi pyw",
    "text/x-cython": "pyx pxd pxi",
    "text/x-c": "c h",
    "text/x-c++": "cc cpp cxx hh hpp hxx",
    "text/x-csharp": "cs",
    "text/x-objective-c": "m mm",
    "text/x-java": "java",
    "text/x-kotlin": "kt kts",
    "text/x-scala": "scala",
    "text/x-swift": "swift",
    "text/x-go": "go",
    "text/x-rust": "rs",
    "text/x-zig": "zig",
    "text/x-haskell": "hs",
    "text/x-lisp": "lisp lsp el clj scm",
    "text/x-lua": "lua",
    "text/x-perl": "pl pm",
    "text/x-php": "php",
    "text/x-ruby": "rb",
    "text/x-r": "r",
    "text/x-asm": "asm s",
    "text/x-makefile": "mk mak",
    "text/x-shellscript": "sh bash zsh ksh fish",
    "text/x-tcl": "tcl",
    "text/x-msdos-batch": "bat cmd",
    "text/x-powershell": "ps1 psm1",
}
_BY_SUFFIX = {suffix: name for name, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
_BY_NAME = {"makefile": "text/x-makefile", "gnumakefile": "text/x-makefile"}

_INTERPRETER = re.compile(
    rb"#! ?[^\n]{0,80}?\b"
    rb"(?:(?P<shell>(?:ba|da|z|k|a|fi)?sh)|(?P<python>python|pypy)|(?P<javascript>node|deno|bun)|(?P<perl>perl)"
    rb"|(?P<ruby>ruby)|(?P<php>php)|(?P<lua>lua)|(?P<tcl>tclsh|wish)|(?P<makefile>make)|(?P<r>Rscript))"
    rb"[0-9.]{0,8}(?:\s|$)"
)
_INTERPRETED = {"shell": "text/x-shellscript", "javascript": "application/javascript"}

_BEGINNINGS = (
    (b"<?php", "text/x-php"),
    (b"{\\rtf", "text/rtf"),
    (b"WEBVTT", "text/vtt"),
    (b"BEGIN:VCARD", "text/vcard"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"diff --git ", "text/x-diff"),
)
_STARTS = tuple(start for start, _name in _BEGINNINGS)
_MARKUP = (
    (b"<svg", "image/svg+xml"),
    (b"<?xml", "text/xml"),
    (b"<!doctype html", "text/html"),
    (b"<html", "text/html"),
)
# An object begins with a key, an array with something that no other language has there.
_JSON = re.compile(
    rb'\{\s{0,99}(?:\}|"(?:[^"\\]|\\.){0,200}"\s{0,99}:)|\[\s{0,99}(?:[\[{"\]]|-?\d[\d.eE+-]{0,30}\s{0,99},)'
)


def text_type(head: bytes, filename: str = "") -> str:
    """Return the media type of the text that begins with `head` (ASCII or UTF-8)."""
    return _type_of_name(filename) or _type_of_first_lines(head[:FIRST_LINES]) or PLAIN


def _type_of_name(filename: str) -> str | None:
    stem, _, suffix = filename.lower().rpartition(".")
    return _BY_SUFFIX.get(suffix) if stem else _BY_NAME.get(suffix)


def _type_of_first_lines(lines: bytes) -> str | None:
    lines = lines.removeprefix(b"\xef\xbb\xbf").lstrip()
    if lines.startswith(b"#!"):
        return _interpreted_by(lines)
    if lines.startswith(_STARTS):
        return next(name for start, name in _BEGINNINGS if lines.startswith(start))
    if lines.startswith(b"<"):
        lower = lines.lower()
        return next((name for mark, name in _MARKUP if mark in lower), None)
    return "application/json" if _JSON.match(lines) else None


def _interpreted_by(lines: bytes) -> str | None:
    match = _INTERPRETER.match(lines)
    language = match.lastgroup if match else None
    return _INTERPRETED.get(language, f"text/x-{language}") if language else None
