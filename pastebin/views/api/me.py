"""Who asks: the account, its token, and what it has of what it may have."""

from typing import Any

from pyramid.request import Request

from ...resources.api.me import ApiMe
from ...services.rights import NAMED_ROLES, Right, TokenGrant, has_role
from ...web.api.operations import Answer, operation
from ...web.api.schemas import choice, listed, nullable, number, record, text
from ...web.cookies import form_token
from ...web.translations import N_

SCOPE = choice("upload", "read", "delete", "admin")
ROLE = choice(*NAMED_ROLES)
QUOTA = record(
    {
        "files": number("How many files the account has."),
        "bytes": number("How many bytes they have together."),
        "most_files": nullable(number("How many files it may have.")),
        "most_bytes": nullable(number("How many bytes it may have.")),
    },
    title="Quota",
)
GRANT = record(
    {
        "scopes": listed(SCOPE),
        "max_size": nullable(number("The largest upload in bytes.")),
        "terms": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    title="Grant",
)
ME = record(
    {
        "name": text("The name of the account."),
        "roles": listed(ROLE),
        "quota": QUOTA,
        "token": nullable(GRANT),
        "csrf_token": text("What `X-CSRF-Token` says, where a session asks."),
    },
    required=("name", "roles", "quota", "token"),
    title="Me",
)


@operation(
    ApiMe,
    "GET",
    N_("Who you are, and what you have and may have"),
    {200: Answer("You.", ME, ("ETag",))},
    rights=(Right.SELF,),
    example="-H 'Authorization: Bearer pb_…' BASE/me",
)
def show(context: ApiMe, request: Request) -> dict[str, Any]:
    """Tell who asks."""
    account = context.account
    quota = context.services.quotas.of(account.id)
    said: dict[str, Any] = {
        "name": account.name,
        "roles": [name for name, role in NAMED_ROLES.items() if has_role(account.roles, role)],
        "quota": {
            "files": quota.files,
            "bytes": quota.bytes,
            "most_files": quota.most_files,
            "most_bytes": quota.most_bytes,
        },
        "token": None if account.token is None else _grant(account.token),
    }
    return said if account.token else {**said, "csrf_token": form_token(request)}


def _grant(token: TokenGrant) -> dict[str, Any]:
    return {"scopes": sorted(token.scopes), "max_size": token.max_size, "terms": dict(token.terms)}
