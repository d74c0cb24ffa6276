"""Texts in headers that may be in any script."""

import re
from collections.abc import Mapping
from urllib.parse import unquote

# Granian hands over an empty text for a header that is not ASCII. Others hand it over as Latin-1 (PEP 3333).
_BLANKING = "Granian"

# The extended value of RFC 8187, which is ASCII and so reaches the service whatever is in between.
_EXTENDED = re.compile(r"utf-8'[a-z0-9-]*'(.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_ENCODED = re.compile(r"(?:[ -$&-~]|%[0-9a-f]{2})*", re.ASCII | re.IGNORECASE)


def is_blanked(environ: Mapping[str, str], key: str) -> bool:
    """Tell whether a header is empty here that may not have been empty when it was sent."""
    return environ.get(key) == "" and environ.get("SERVER_SOFTWARE") == _BLANKING


def text_of(header: str) -> str:
    """Return what a header says, in UTF-8 as it is or as `UTF-8''%c3%bc`; ValueError if it is neither."""
    extended = _EXTENDED.fullmatch(header.strip())
    if extended is None:
        return header.encode("latin-1").decode().strip()
    if not _ENCODED.fullmatch(extended[1]):
        raise ValueError("no extended value of RFC 8187")
    return unquote(extended[1], errors="strict")
