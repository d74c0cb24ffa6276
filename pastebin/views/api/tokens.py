"""Tokens: making one, which is told once, listing and revoking them. A session alone may."""

from datetime import UTC, datetime
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from ...resources.api.tokens import ApiToken, ApiTokens
from ...services.api_tokens import SCOPE_NAMES, SORTS, NewToken, StoredToken
from ...services.rights import Right
from ...services.terms import Terms, moment_of
from ...web.api.document import BASE
from ...web.api.operations import Answer, operation
from ...web.api.paging import tell_page
from ...web.api.schemas import Schema, choice, listed, nullable, number, record, text
from ...web.translations import N_
from ..accounts import DEFAULTS
from ..links import text_of
from .lists import list_query, several, wanted_page
from .records import MOMENT, TERMS

_SCOPES = listed(choice(*SCOPE_NAMES), minItems=1, maxItems=len(SCOPE_NAMES))
_SIZE = number("The largest upload in bytes.", minimum=1, maximum=2**63 - 1)
_FIELDS: dict[str, Schema] = {
    "id": text("The part of the token that is no secret."),
    "name": text(),
    "scopes": _SCOPES,
    "created": MOMENT,
    "expires": nullable(MOMENT),
    "last_used": nullable(MOMENT),
    "max_size": nullable(_SIZE),
    "terms": {"type": "object", "additionalProperties": {"type": "string"}},
}
TOKEN = record(_FIELDS, title="Token")
NEW_TOKEN = record(
    {
        "name": text("What you call it.", minLength=1, maxLength=199),
        "scopes": _SCOPES,
        "expires": TERMS["expires"],
        "max_size": nullable(_SIZE),
        "terms": record(
            {name: TERMS[name] for name in DEFAULTS},
            required=(),
            description="What its uploads get that say nothing else.",
        ),
    },
    required=("name", "scopes"),
    title="NewToken",
)
_COOKIE = "-H 'Cookie: pb-session=…' -H 'X-CSRF-Token: …'"


@operation(
    ApiTokens,
    "POST",
    N_("Make a token"),
    {201: Answer("The token, told once.", record({**_FIELDS, "token": text()}), ("Location",))},
    rights=(Right.ACCOUNT,),
    body=NEW_TOKEN,
    is_by_page=True,
    example=f"""{_COOKIE} --json '{{"name": "backup", "scopes": ["upload"]}}' BASE/tokens""",
)
def create(context: ApiTokens, request: Request) -> dict[str, Any]:
    """Make a token, which this answer alone tells."""
    account, tokens = context.require(Right.ACCOUNT), context.services.tokens
    told = tokens.create(account.id, _new(request), session_id=account.session_id)
    made = tokens.named(account.id, told.split("_")[1])
    request.response.status_int = 201
    request.response.location = f"{request.root_address}{BASE}/tokens/{made.public_id}"
    return {**_said(made), "token": told}


@operation(
    ApiTokens,
    "GET",
    N_("List your tokens"),
    several(TOKEN),
    rights=(Right.ACCOUNT,),
    query=list_query(SORTS, "Words that the name has."),
)
def index(context: ApiTokens, request: Request) -> dict[str, Any]:
    """List the tokens of the account that asks."""
    account = context.require(Right.ACCOUNT)
    page = context.services.tokens.page(account.id, wanted_page(request, SORTS))
    tell_page(request, page)
    return {"items": [_said(token) for token in page.items]}


@operation(
    ApiToken,
    "GET",
    N_("Read what there is to know about a token"),
    {200: Answer("The token without its secret.", TOKEN, ("ETag",))},
    rights=(Right.ACCOUNT,),
)
def show(context: ApiToken, _request: Request) -> dict[str, Any]:
    """Tell what there is to know about a token."""
    return _said(context.token)


@operation(
    ApiToken,
    "DELETE",
    N_("Revoke a token"),
    {204: Answer("It is over.")},
    rights=(Right.ACCOUNT,),
    is_by_page=True,
)
def revoke(context: ApiToken, _request: Request) -> Response:
    """End a token."""
    context.services.tokens.revoke(context.require(Right.ACCOUNT).id, context.token.public_id)
    return Response(status=204)


def _new(request: Request) -> NewToken:
    """Return the token that is asked for. BadTerm if one of its terms is wrong."""
    asked, now = request.asked, datetime.now(UTC)
    terms = asked.get("terms", {}).items()
    given = {name: text_of(value, name) for name, value in terms if value is not None}
    Terms.from_fields(given, request.services.terms_policy, now, is_owned=True)
    expires = asked.get("expires")
    return NewToken(
        asked["name"],
        asked["scopes"],
        None if expires is None else moment_of(text_of(expires, "expires"), now),
        asked.get("max_size"),
        given,
    )


def _said(token: StoredToken) -> dict[str, Any]:
    return {
        "id": token.public_id,
        "name": token.name,
        "scopes": list(token.scopes),
        "created": _moment(token.created),
        "expires": _moment(token.expires),
        "last_used": _moment(token.last_used),
        "max_size": token.max_size,
        "terms": dict(token.terms),
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
