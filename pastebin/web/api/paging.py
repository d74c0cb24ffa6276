"""Pages of a list: how many, from where, and the addresses of the pages beside it."""

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

from pyramid.request import Request

from ...errors import BadRequest
from .schemas import Schema, number, text

LIMIT = 50
MOST = 100

# The parameters of every list.
PAGED: Mapping[str, Schema] = {
    "limit": number(f"How many, {MOST} at most.", minimum=1, default=LIMIT),
    "after": text("Where the page begins, as `Link` has it."),
    "before": text("Where the page ends, as `Link` has it."),
}

HEADERS = ("Link", "X-Total-Count")


class Page(Protocol):
    """Some of many things: how many there are in all, and the cursors of the pages on both sides."""

    @property
    def total(self) -> int:
        """Return how many there are."""

    @property
    def before(self) -> str | None:
        """Return where the page before this one ends, None for the first."""

    @property
    def after(self) -> str | None:
        """Return where the page after this one begins, None for the last."""


def limit_of(request: Request) -> int:
    """Return how many things a page shall have. BadRequest unless it is a number from 1."""
    given = request.GET.get("limit", str(LIMIT))
    if not (given.isascii() and given.isdecimal()) or not given.strip("0"):
        raise BadRequest("limit must be a whole number from 1 on.")
    return MOST if len(given.lstrip("0")) > 3 else min(int(given), MOST)


def tell_page(request: Request, page: Page) -> None:
    """Say in the answer's headers how many there are, and where the pages beside this one are."""
    headers: Any = request.response.headers
    headers["X-Total-Count"] = str(page.total)
    places = {"first": {}, "prev": {"before": page.before}, "next": {"after": page.after}}
    asked = {name: value for name, value in request.GET.items() if name not in ("after", "before")}
    links = [
        f'<{request.root_address}{request.path_info}{_query({**asked, **place})}>; rel="{name}"'
        for name, place in places.items()
        if None not in place.values()
    ]
    headers["Link"] = ", ".join(links)


def _query(asked: Mapping[str, str | None]) -> str:
    return f"?{urlencode(asked)}" if asked else ""
