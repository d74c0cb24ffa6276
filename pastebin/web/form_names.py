"""The name of a file as its part of a form says it, in the ways of all clients.

Browsers write it as the HTML standard says: in quotes, in UTF-8. Others send RFC 8187 (`filename*`),
which RFC 7578 forbids in forms, the pieces of RFC 2231 (`filename*0`), encoded words of mail (RFC 2047),
percent signs, Latin-1, or no quotes.
"""

import re
from binascii import Error as NoBase64
from email.errors import HeaderParseError
from email.header import decode_header
from itertools import takewhile
from urllib.parse import quote, unquote, unquote_to_bytes

from multipart import MultipartSegment, content_disposition_unquote

from ..media.charsets import decode_exactly, known_charset

# A parameter: its value in quotes, where a backslash may hide one, else all up to the next semicolon.
_PARAMETER = re.compile(
    r'\s*([\w-]+(?:\*[0-9]{1,2})?\*?)\s*=\s*("(?:[^"\\]|\\.)*"(?=\s*(?:;|\Z))|"[^"]*"|(?!")[^;]*)', re.ASCII
)

# What nearly every client sends: a name of ASCII in quotes with nothing in it that could mean something else.
_USUAL = re.compile(r'form-data; name="\w+"; filename="([ !#$&-<>-\[\]-~]+)"', re.ASCII)

_EXTENDED = re.compile(r"([\w-]+)'[^']*'(.*)", re.ASCII | re.DOTALL)
_WORD = r"=\?[\w*-]+\?[bBqQ]\?[^?\s]*\?="
_WORDS = re.compile(rf"{_WORD}(?:\s*{_WORD})*", re.ASCII)

# RFC 3986's unreserved characters, and bytes.
_ENCODED = re.compile(r"(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+")


def file_name(part: MultipartSegment) -> str | None:
    """Return the file name of a part whose headers were read as Latin-1; None if it has none."""
    header = part.header("Content-Disposition", "")
    usual = _USUAL.fullmatch(header)
    if usual:
        return usual[1]
    given = _parameters(header)
    if "*0" in header:
        given |= _joined(given)
    extended = given.get("filename*")
    if extended:
        name = _extended(extended)
        if name:
            return name
    plain = given.get("filename")
    if plain:
        return _encoded(plain.strip('"')) or text_of(content_disposition_unquote(plain, filename=True))
    return _salvaged(extended) if extended else None


def text_of(header: str) -> str:
    """Return a header's text, read as Latin-1, as the UTF-8 it nearly always is, else as windows-1252."""
    if header.isascii():
        return header
    data = header.encode("latin-1")
    text = decode_exactly(data, "utf-8")
    return data.decode("cp1252", "replace") if text is None else text


def _parameters(header: str) -> dict[str, str]:
    """Return the parameters of Content-Disposition as they stand there; the first of a name counts."""
    found: dict[str, str] = {}
    position = header.find(";")
    while position >= 0:
        match = _PARAMETER.match(header, position + 1)
        if match:
            found.setdefault(match[1].lower(), match[2].strip())
        position = header.find(";", match.end() if match else position + 1)
    return found


def _joined(given: dict[str, str]) -> dict[str, str]:
    """Return a name that comes in pieces as if in one; a star behind its number says a piece is encoded."""
    pieces = ((given.get(f"filename*{number}*"), given.get(f"filename*{number}")) for number in range(100))
    found = list(takewhile(any, pieces))
    if any(encoded for encoded, _ in found):
        return {"filename*": "".join(encoded or quote(_unquoted(plain)) for encoded, plain in found)}
    return {"filename": "".join(_unquoted(plain) for _, plain in found)} if found else {}


def _unquoted(value: str | None) -> str:
    return content_disposition_unquote(value or "")


def _extended(value: str) -> str | None:
    """Return what RFC 8187 calls an extended value, decoded; None if it is broken."""
    match = _EXTENDED.fullmatch(value.strip('"'))
    charset = known_charset(match[1]) if match else None
    if not match or not charset:
        return None
    return decode_exactly(unquote_to_bytes(text_of(match[2])), charset)


def _salvaged(value: str) -> str | None:
    """Return what can be read of a broken extended value; None if it is none at all."""
    match = _EXTENDED.fullmatch(value.strip('"'))
    return unquote(match[2], encoding="utf-8", errors="replace") if match else None


def _encoded(value: str) -> str | None:
    """Return what encoded words, or percent signs for all but ASCII, stand for; None for other values."""
    if _WORDS.fullmatch(value):
        return _decoded_words(value)
    if "%" in value and _ENCODED.fullmatch(value):
        name = decode_exactly(unquote_to_bytes(value), "utf-8")
        return None if name is None or name.isascii() else name
    return None


def _decoded_words(value: str) -> str | None:
    """Return encoded words of RFC 2047 as text; None if one is broken or of an unknown charset."""
    text = ""
    try:
        for data, label in decode_header(value):
            charset = known_charset((label or "").partition("*")[0])
            if charset is None or not isinstance(data, bytes):
                return None
            piece = decode_exactly(data, charset)
            if piece is None:
                return None
            text += piece
    except (HeaderParseError, NoBase64, ValueError):
        return None
    return text
