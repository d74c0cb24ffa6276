"""File requests: making, listing, reading, changing and ending the addresses under which guests upload."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from ...errors import Forbidden
from ...resources.api.requests import ApiRequest, ApiRequests
from ...services.collection_records import MAX_FILES
from ...services.file_request_records import StoredRequest
from ...services.file_requests import SORTS, columns_of
from ...services.rights import AccountIdentity, Right
from ...services.terms import moment_of
from ...web.api.conditions import meant_version
from ...web.api.document import BASE
from ...web.api.operations import Answer, operation
from ...web.api.paging import tell_page
from ...web.api.schemas import Schema, flag, listed, nullable, number, record, text
from ...web.translations import N_
from ..links import text_of
from .lists import list_query, several, wanted_page
from .records import ADDRESS, AUTHORIZED, MOMENT, TERMS

_TYPES = listed(text(), maxItems=50, description="Media types such as image/*; none for all.")
_ASKED: dict[str, Schema] = {
    "title": text("What you ask for.", minLength=1, maxLength=200),
    "note": text("What guests are told.", maxLength=2000),
    "files": nullable(number("How many it takes in all.", minimum=1, maximum=MAX_FILES)),
    "bytes": nullable(number("How many bytes it takes in all.", minimum=1, maximum=2**63 - 1)),
    "types": _TYPES,
    "expires": TERMS["expires"],
    "blind": flag("Whether guests do not see what others have sent."),
}
_FIELDS: dict[str, Schema] = {
    "code": text("The code, by which the API knows the request."),
    "created": MOMENT,
    "title": text(),
    "note": text(),
    "files": nullable(number("How many it takes in all.")),
    "bytes": nullable(number("How many bytes it takes in all.")),
    "types": _TYPES,
    "expires": nullable(MOMENT),
    "blind": flag(),
    "files_taken": number("How many have come."),
    "bytes_taken": number("How many bytes have come."),
    "collection": nullable(text("The code of the collection that the last of them went into.")),
    "url": ADDRESS,
    "url_u": text("Where guests upload."),
}
REQUEST = record(_FIELDS, title="FileRequest")
_ONE = "BASE/requests/2m8hz6wq4kdx9c7r"


@operation(
    ApiRequests,
    "POST",
    N_("Ask others for files"),
    {201: Answer("The request.", REQUEST, ("Location", "ETag"))},
    rights=(Right.UPLOAD,),
    body=record(_ASKED, required=("title",)),
    example=f"""{AUTHORIZED} --json '{{"title": "Photos", "types": ["image/*"]}}' BASE/requests""",
)
def create(context: ApiRequests, request: Request) -> dict[str, Any]:
    """Make a file request of the account."""
    account = context.require(Right.UPLOAD)
    _require_unlimited(account)
    made = context.services.file_requests.create(account.id, asked_columns(request.asked))
    request.response.status_int = 201
    request.response.location = _address(request, made)
    request.response.etag = made.version
    return _said(request, made)


@operation(
    ApiRequests,
    "GET",
    N_("List your file requests"),
    several(REQUEST, "FileRequests"),
    rights=(Right.READ,),
    query=list_query(SORTS, "Words that the title has."),
    example=f"{AUTHORIZED} BASE/requests",
)
def index(context: ApiRequests, request: Request) -> dict[str, Any]:
    """List the file requests of the account that asks."""
    account = context.require(Right.READ)
    page = context.services.file_requests.page(account.id, wanted_page(request, SORTS))
    tell_page(request, page)
    return {"items": [_said(request, one) for one in page.items]}


@operation(
    ApiRequest,
    "GET",
    N_("Read what there is to know about a file request"),
    {200: Answer("The request.", REQUEST, ("ETag",))},
    rights=(Right.READ,),
    example=f"{AUTHORIZED} {_ONE}",
)
def show(context: ApiRequest, request: Request) -> dict[str, Any]:
    """Tell what there is to know about a file request."""
    return _said(request, context.found)


@operation(
    ApiRequest,
    "PATCH",
    N_("Change a file request"),
    {200: Answer("The request as it is now.", REQUEST, ("ETag",))},
    rights=(Right.DELETE,),
    body=record(_ASKED, required=(), minProperties=1),
    example=f"""-X PATCH {AUTHORIZED} -H 'If-Match: *' --json '{{"expires": "7d"}}' {_ONE}""",
)
def change(context: ApiRequest, request: Request) -> dict[str, Any]:
    """Change limits and words; with `blind` the collection becomes private, or is shown."""
    account, version = context.require(Right.DELETE), meant_version(request, context)
    changes = asked_columns(request.asked)
    found = context.services.file_requests.change(account.id, context.found.code, changes, version)
    request.response.etag = found.version
    return _said(request, found)


@operation(
    ApiRequest,
    "DELETE",
    N_("End a file request"),
    {204: Answer("It is over; what has come stays.")},
    rights=(Right.DELETE,),
    example=f"-X DELETE {AUTHORIZED} -H 'If-Match: *' {_ONE}",
)
def end(context: ApiRequest, request: Request) -> Response:
    """End a file request."""
    account, version = context.require(Right.DELETE), meant_version(request, context)
    context.services.file_requests.end(account.id, context.found.code, version)
    return Response(status=204)


def asked_columns(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns to set for what is asked for. InvalidField or BadTerm for nonsense."""
    given = dict(asked)
    if given.get("expires") is not None:
        given["expires"] = moment_of(text_of(given["expires"], "expires"), datetime.now(UTC))
    return columns_of(given)


def _require_unlimited(account: AccountIdentity) -> None:
    """Raise Forbidden for a token whose uploads are limited: those of guests would not be."""
    if account.token is not None and (account.token.max_size is not None or account.token.terms):
        raise Forbidden("This token limits its uploads, and so it may not ask others for theirs.")


def _said(request: Request, found: StoredRequest) -> dict[str, Any]:
    return {
        "code": found.code,
        "created": found.created.isoformat(timespec="seconds"),
        "title": found.title,
        "note": found.note,
        "files": found.most_files,
        "bytes": found.most_bytes,
        "types": list(found.types),
        "expires": None if found.expires is None else found.expires.isoformat(timespec="seconds"),
        "blind": found.is_blind,
        "files_taken": found.files,
        "bytes_taken": found.bytes,
        "collection": found.collection_code,
        "url": _address(request, found),
        "url_u": request.address("u", found.code),
    }


def _address(request: Request, found: StoredRequest) -> str:
    return f"{request.root_address}{BASE}/requests/{found.code}"
