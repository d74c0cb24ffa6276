"""The newest public uploads."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from ..resources import Latest


@view_config(context=Latest, request_method="GET", renderer="latest.mako")
def latest(request: Request) -> dict[str, Any]:
    """Show a page of the list: the newest, or those `before` or `after` a cursor."""
    page = request.services.listing.page(request.GET.get("before"), request.GET.get("after"))
    return {
        "files": page.files,
        "newer": page.newer and request.address("", "latest", {"after": page.newer}),
        "older": page.older and request.address("", "latest", {"before": page.older}),
    }
