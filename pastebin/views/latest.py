"""The newest public uploads."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from ..resources import Latest
from ..services.file_kinds import KINDS


@view_config(context=Latest, request_method="GET", renderer="latest.mako")
def latest(request: Request) -> dict[str, Any]:
    """Show a page of the list: the newest, or those `before` or `after` a cursor."""
    given = request.GET
    kind = given.get("type", "")
    page = request.services.listing.page(given.get("before"), given.get("after"), kind)
    of_kind = {"type": kind} if kind else {}
    return {
        "files": page.files,
        "kind": kind,
        "place": {name: given[name] for name in ("before", "after", "type") if given.get(name)},
        "notices": request.notices,
        "kinds": tuple(KINDS),
        "newer": page.newer and request.address("", "latest", {**of_kind, "after": page.newer}),
        "older": page.older and request.address("", "latest", {**of_kind, "before": page.older}),
    }
