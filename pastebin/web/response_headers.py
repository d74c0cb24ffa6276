"""Headers: what every answer tells the browser it may do, and under which name it saves a file."""

import re
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from pyramid.config import Configurator
from pyramid.events import NewResponse
from pyramid.response import Response

# Our own pages: scripts, styles and everything else from this server only, nothing inline.
PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "frame-src 'self'",
        "object-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

# Somebody's upload: nothing in it runs, and it has no origin to act for.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self' data:",
        "media-src 'self'",
        "style-src 'unsafe-inline'",
        "frame-ancestors 'self'",
        "sandbox",
    )
)

# Chromium's PDF viewer does not start in a sandboxed document; scripts in a PDF never reach the page.
PDF_POLICY = CONTENT_POLICY.removesuffix("; sandbox") + "; script-src 'none'; object-src 'self'"

# An HTML page in a frame of its preview page: it looks as it would, and cannot ask anybody for anything.
FRAMED_POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src data:",
        "font-src data:",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox",
    )
)

# Every answer, unless it says something else itself.
ALWAYS = (
    ("Content-Security-Policy", PAGE_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
)

# For addresses that are open to pages of other origins; nothing they do depends on who asks.
CROSS_ORIGIN = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Content-Type"}

# The same for `PUT`, which terms may go along with as headers.
PUT_CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Disposition, Content-Type, Max-Days, "
    "Max-Downloads, Pb-Downloads, Pb-Expires, Pb-Password, Pb-Title, Pb-Visibility",
    "Access-Control-Expose-Headers": "Link, Location, X-Url-Delete",
}

# What a quoted string in a header cannot hold, or what clients read differently there.
_NOT_PLAIN = re.compile(r'[^ -~]|["\\%]')


def content_policy(content_type: str) -> str:
    """Return the policy for bytes that somebody uploaded."""
    if content_type.startswith("text/html"):
        return FRAMED_POLICY
    return PDF_POLICY if content_type == "application/pdf" else CONTENT_POLICY


@lru_cache(512)
def content_disposition(kind: str, filename: str) -> str:
    """Return a Content-Disposition for any file name (RFC 6266): ASCII first, then UTF-8.

    The same few files are asked for again and again.
    """
    plain = _NOT_PLAIN.sub("_", filename)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='', errors='replace')}"


def no_store(response: Response) -> Response:
    """Keep an answer out of every cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


def includeme(config: Configurator) -> None:
    """Put the headers on every answer."""
    always = list(ALWAYS)
    if not config.registry.services.settings.robots_index:
        always.append(("X-Robots-Tag", "noindex"))

    def harden(event: Any) -> None:
        headers = event.response.headerlist
        present = dict(headers)
        headers += [header for header in always if header[0] not in present]

    config.add_subscriber(harden, NewResponse)
