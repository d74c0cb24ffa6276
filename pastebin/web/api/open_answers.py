"""Answers of the API, errors too: pages of every origin may read them, and no cache keeps them."""

from typing import Any

from pyramid.config import Configurator
from pyramid.events import NewResponse

from ..negotiation import is_for_api

# Without credentials: what a browser's session may, no other site may have it do.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Location, RateLimit-Limit, RateLimit-Remaining, "
    "RateLimit-Reset, Retry-After, X-Total-Count",
}

# What a browser is told that asks before it asks.
PREFLIGHT = {
    "Access-Control-Allow-Headers": "Authorization, Content-Disposition, Content-Type, If-Match, "
    "If-None-Match, Pb-Downloads, Pb-Expires, Pb-Password, Pb-Title, Pb-Visibility",
    "Access-Control-Max-Age": "86400",
}

# What an answer may depend on besides its address.
VARY = ("Accept", "Authorization", "Cookie")


def _open(event: Any) -> None:
    if not is_for_api(event.request):
        return
    response = event.response
    response.headers.update(OPEN)
    response.vary = VARY
    if "Cache-Control" not in response.headers:
        is_read = event.request.method in ("GET", "HEAD")
        response.headers["Cache-Control"] = "private, no-cache" if is_read else "no-store"


def includeme(config: Configurator) -> None:
    """Put the headers on every answer of the API."""
    config.add_subscriber(_open, NewResponse)
