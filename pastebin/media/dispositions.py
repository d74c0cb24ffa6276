"""The name in a header `Content-Disposition`."""

import re
from urllib.parse import unquote

from multipart import parse_options_header

_EXTENDED = re.compile(r";\s*filename\*\s*=\s*([\w-]+)'[^']*'([^\s;\"]*)", re.ASCII | re.IGNORECASE)
_CHARSETS = frozenset({"utf-8", "iso-8859-1"})


def disposed_name(header: str) -> str | None:
    """Return the name in a header as it came, in Latin-1; UnicodeError if it is not in what it says it is."""
    extended = _EXTENDED.search(header)
    if extended and extended[1].lower() in _CHARSETS:
        return unquote(extended[2], encoding=extended[1], errors="strict")
    plain: str | None = parse_options_header(header)[1].get("filename")
    return None if plain is None else plain.encode("latin-1").decode()
