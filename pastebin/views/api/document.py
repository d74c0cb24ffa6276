"""What the API does: for programs, for people, and for browsers before they ask."""

from typing import Any

from pyramid.httpexceptions import HTTPMovedPermanently
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ...errors import NotAcceptable
from ...resources import ApiDocument, ApiPage, ApiPreflight
from ...web.api.document import BASE, document, may_ask, operations, statuses
from ...web.api.open_answers import PREFLIGHT
from ...web.negotiation import HTML


@view_config(context=ApiPreflight, request_method="OPTIONS")
def preflight(context: ApiPreflight, _request: Request) -> Response:
    """Say what an address takes, and that pages of other origins may ask, without this browser's session."""
    methods = ("OPTIONS", *context.allowed)
    response = Response(status=204, allow=methods)
    response.headers.update(PREFLIGHT)
    response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
    return response


@view_config(context=ApiDocument, request_method="GET", renderer="api")
def describe(_context: ApiDocument, request: Request) -> Any:
    """Describe the API in OpenAPI 3.1."""
    return document(request.registry, request.root_address)


@view_config(context=ApiPage, request_method="GET")
def show(_context: ApiPage, request: Request) -> Any:
    """Show what the API does, with examples for `curl`."""
    if not request.path_info.endswith("/"):
        return HTTPMovedPermanently(location=f"{request.root_address}{BASE}/")
    if not request.accept.acceptable_offers([HTML]):
        raise NotAcceptable("This is a page; programs read openapi.json below it.")
    nouns: dict[str, list[Any]] = {}
    for one in operations(request.registry):
        nouns.setdefault(one.noun.address.partition("/")[0], []).append(one)
    values = {
        "nouns": nouns,
        "base": f"{request.root_address}{BASE}",
        "may_ask": may_ask,
        "statuses": statuses,
    }
    return Response(render("api.mako", values, request))
