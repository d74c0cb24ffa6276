"""Accounts and flags: what administrators do."""

from typing import Any

from pyramid.request import Request

from ...errors import Forbidden
from ...resources.api.administration import ApiFlag, ApiFlags, ApiUser, ApiUsers
from ...services.account_records import StoredAccount
from ...services.administration_lists import ACCOUNT_SORTS
from ...services.audit import actor_of
from ...services.flags import Flag
from ...services.rights import ADMINISTER, Right
from ...web.api.conditions import meant_version
from ...web.api.operations import Answer, operation
from ...web.api.paging import tell_page
from ...web.api.schemas import choice, flag, listed, nullable, number, record, text
from ...web.translations import N_
from .lists import list_query, several, single, wanted_page
from .records import AUTHORIZED

_ROLES = number("A sum of 1 (signs in), 2 (edits), 4 (operates); 255 administers.", minimum=0, maximum=255)
_MOST = nullable(number("Null for what the roles say.", minimum=0, maximum=2**63 - 1))
_MOST_FILES = nullable(number("Null for what the roles say.", minimum=0, maximum=2**31 - 1))

USER = record(
    {
        "name": text(),
        "email": nullable(text()),
        "roles": _ROLES,
        "suspended": flag(),
        "quota_bytes": _MOST,
        "quota_files": _MOST_FILES,
    },
    title="User",
)
_COLUMNS = {"suspended": "is_suspended"}
FLAG = record({"name": choice(*Flag), "on": flag()}, title="Flag")


@operation(
    ApiUsers,
    "GET",
    N_("List the accounts"),
    several(USER),
    rights=(Right.ADMINISTER,),
    query=list_query(ACCOUNT_SORTS, "Words that the name or the e-mail address has."),
)
def users(context: ApiUsers, request: Request) -> dict[str, Any]:
    """List accounts."""
    page = context.services.administration_lists.accounts(wanted_page(request, ACCOUNT_SORTS))
    tell_page(request, page)
    return {"items": [_user(one) for one in page.items]}


@operation(ApiUser, "GET", N_("Read an account"), single(USER), rights=(Right.ADMINISTER,))
def user(context: ApiUser, _request: Request) -> dict[str, Any]:
    """Tell what there is to know about an account."""
    return _user(context.account)


@operation(
    ApiUser,
    "PATCH",
    N_("Change the roles or the quota of an account, suspend it, or let it go on"),
    {200: Answer("The account as it is now.", USER, ("ETag",))},
    rights=(Right.ADMINISTER,),
    body=record(
        {"suspended": flag(), "roles": _ROLES, "quota_bytes": _MOST, "quota_files": _MOST_FILES},
        required=(),
        minProperties=1,
    ),
    example=f"-X PATCH {AUTHORIZED} -H 'If-Match: *' --json '{{\"suspended\": true}}' BASE/users/eve",
)
def change_user(context: ApiUser, request: Request) -> dict[str, Any]:
    """Change an account; nobody suspends themselves or takes their own roles away."""
    me, asked, before = context.require(Right.ADMINISTER), request.asked, context.account
    if before.id == me.id and (asked.get("suspended") or asked.get("roles", ADMINISTER) != ADMINISTER):
        raise Forbidden("Another administrator has to do that: you would shut yourself out.")
    changes = {_COLUMNS.get(name, name): value for name, value in asked.items()}
    version = meant_version(request, context)
    context.account = context.services.accounts.change(before.id, changes, actor_of(me.id), version)
    request.response.etag = context.version
    return _user(context.account)


@operation(
    ApiFlags,
    "GET",
    N_("List the flags"),
    {200: Answer("All of them.", record({"items": listed(FLAG)}))},
    rights=(Right.ADMINISTER,),
)
def flags(context: ApiFlags, _request: Request) -> dict[str, Any]:
    """List every flag."""
    on = context.services.flags.on()
    return {"items": [{"name": one.value, "on": one in on} for one in Flag]}


@operation(ApiFlag, "GET", N_("Read a flag"), single(FLAG), rights=(Right.ADMINISTER,))
def show_flag(context: ApiFlag, _request: Request) -> dict[str, Any]:
    """Tell whether a flag is on."""
    return {"name": context.flag.value, "on": context.is_on}


@operation(
    ApiFlag,
    "PUT",
    N_("Switch a flag"),
    {200: Answer("The flag as it is now.", FLAG, ("ETag",))},
    rights=(Right.ADMINISTER,),
    body=record({"on": flag()}),
    example=f"-X PUT {AUTHORIZED} -H 'If-Match: *' --json '{{\"on\": true}}' BASE/flags/no-uploads",
)
def switch_flag(context: ApiFlag, request: Request) -> dict[str, Any]:
    """Switch a flag for every process."""
    actor = actor_of(context.require(Right.ADMINISTER).id)
    context.services.flags.switch(context.flag, actor, is_on=request.asked["on"])
    request.response.etag = context.version
    return show_flag(context, request)


def _user(account: StoredAccount) -> dict[str, Any]:
    return {
        "name": account.name,
        "email": account.email,
        "roles": account.roles,
        "suspended": account.is_suspended,
        "quota_bytes": account.quota_bytes,
        "quota_files": account.quota_files,
    }
