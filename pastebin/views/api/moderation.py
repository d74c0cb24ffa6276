"""Reports, bans and the audit: what operators do."""

from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from ...resources.api.administration import ApiAct, ApiAudit, ApiBan, ApiBans, ApiReport, ApiReports
from ...services.administration_lists import AUDIT_SORTS, BAN_SORTS, REPORT_SORTS
from ...services.audit import AuditedAct, actor_of
from ...services.moderation import REASON_LENGTH, BannedContent, OpenReport
from ...services.rights import Right
from ...web.api.document import BASE
from ...web.api.operations import Answer, operation
from ...web.api.paging import tell_page
from ...web.api.schemas import nullable, number, record, text
from ...web.translations import N_
from .lists import iso, list_query, several, single, wanted_page
from .records import AUTHORIZED, MOMENT

_DIGEST = text("64 lower-case hex digits.", minLength=64, maxLength=64)
REPORT = record(
    {"id": number(), "moment": MOMENT, "reason": text(), "file": text("The public name of the file.")},
    title="Report",
)
BAN = record({"sha256": _DIGEST, "moment": MOMENT, "reason": text()}, title="Ban")
ACT = record(
    {
        "id": number(),
        "moment": MOMENT,
        "act": text(),
        "actor": text("`account <number>` for somebody."),
        "file": nullable(number("The number of the file, as long as it was there.")),
        "sha256": nullable(text()),
        "reason": text(),
    },
    title="Act",
)


@operation(
    ApiReports,
    "GET",
    N_("List the reports that nobody has closed"),
    several(REPORT),
    rights=(Right.OPERATE,),
    query=list_query(REPORT_SORTS, "Words that the reason has."),
)
def reports(context: ApiReports, request: Request) -> dict[str, Any]:
    """List reports, as far as the gate lets who asks see their files."""
    page = context.services.administration_lists.reports(wanted_page(request, REPORT_SORTS))
    tell_page(request, page)
    return {"items": [_report(one) for one in page.items if context.shows(one)]}


@operation(ApiReport, "GET", N_("Read a report"), single(REPORT), rights=(Right.OPERATE,))
def report(context: ApiReport, _request: Request) -> dict[str, Any]:
    """Tell what somebody said."""
    return _report(context.report)


@operation(ApiReport, "DELETE", N_("Close a report"), {204: Answer("It is closed.")}, rights=(Right.OPERATE,))
def close_report(context: ApiReport, _request: Request) -> Response:
    """Close a report; its file stays."""
    actor = actor_of(context.require(Right.OPERATE).id)
    context.services.moderation.close_report(context.report.id, actor)
    return Response(status=204)


@operation(
    ApiBans,
    "GET",
    N_("List the banned contents"),
    several(BAN),
    rights=(Right.OPERATE,),
    query=list_query(BAN_SORTS, "Words that the reason or the SHA-256 has."),
)
def bans(context: ApiBans, request: Request) -> dict[str, Any]:
    """List banned contents."""
    page = context.services.administration_lists.bans(wanted_page(request, BAN_SORTS))
    tell_page(request, page)
    return {"items": [_ban(one) for one in page.items]}


@operation(
    ApiBans,
    "POST",
    N_("Ban a content: nobody may upload it any more"),
    {201: Answer("The ban.", BAN, ("Location",))},
    rights=(Right.OPERATE,),
    body=record({"sha256": _DIGEST, "reason": text(maxLength=REASON_LENGTH)}, required=("sha256",)),
    errors=(400,),
    example=f"""{AUTHORIZED} --json '{{"sha256": "e3b0…", "reason": "spam"}}' BASE/bans""",
)
def ban(context: ApiBans, request: Request) -> dict[str, Any]:
    """Ban a content. Links that have it stay."""
    actor, asked = actor_of(context.require(Right.OPERATE).id), request.asked
    moderation = context.services.moderation
    moderation.ban(asked["sha256"], asked.get("reason", ""), actor)
    request.response.status_int = 201
    request.response.location = f"{request.root_address}{BASE}/bans/{asked['sha256']}"
    return _ban(moderation.banned(asked["sha256"]))


@operation(ApiBan, "GET", N_("Read a ban"), single(BAN), rights=(Right.OPERATE,))
def show_ban(context: ApiBan, _request: Request) -> dict[str, Any]:
    """Tell since when a content is banned, and why."""
    return _ban(context.ban)


@operation(ApiBan, "DELETE", N_("Lift a ban"), {204: Answer("It is lifted.")}, rights=(Right.OPERATE,))
def unban(context: ApiBan, _request: Request) -> Response:
    """Take a content again."""
    actor = actor_of(context.require(Right.OPERATE).id)
    context.services.moderation.unban(context.ban.sha256, actor)
    return Response(status=204)


@operation(
    ApiAudit,
    "GET",
    N_("List who did what"),
    several(ACT),
    rights=(Right.OPERATE,),
    query=list_query(AUDIT_SORTS, "Words that the act, the actor or the reason has."),
)
def audit(context: ApiAudit, request: Request) -> dict[str, Any]:
    """List acts."""
    page = context.services.administration_lists.acts(wanted_page(request, AUDIT_SORTS))
    tell_page(request, page)
    return {"items": [_act(one) for one in page.items]}


@operation(ApiAct, "GET", N_("Read an act"), single(ACT), rights=(Right.OPERATE,))
def act(context: ApiAct, _request: Request) -> dict[str, Any]:
    """Tell who did what."""
    return _act(context.act)


def _report(said: OpenReport) -> dict[str, Any]:
    return {"id": said.id, "moment": iso(said.moment), "reason": said.reason, "file": said.file.filehash}


def _ban(one: BannedContent) -> dict[str, Any]:
    return {"sha256": one.sha256, "moment": iso(one.moment), "reason": one.reason}


def _act(one: AuditedAct) -> dict[str, Any]:
    return {
        "id": one.id,
        "moment": iso(one.moment),
        "act": one.act,
        "actor": one.actor,
        "file": one.file_id,
        "sha256": one.sha256,
        "reason": one.reason,
    }
