"""What operators see and do: files, reports, bans, and the audit of all that."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import AdminAudit, AdminBans, AdminContext, AdminFile, AdminFiles, AdminReports
from ..services.audit import AuditedAct, actor_of
from ..services.keyset import Wanted
from ..services.rights import Right
from ..services.stored_file import StoredFile
from ..web.bodies import read_small_form
from ..web.cookies import require_form_token
from ..web.response_headers import no_store
from ..web.security import require_account
from .links import visibility_of

OPERATORS = Right.OPERATOR_PAGES.value

# How many things a page of a list has.
ROWS = 50


@view_config(context=AdminContext, request_method="GET", permission=OPERATORS)
def overview(_context: AdminContext, request: Request) -> Response:
    """Show what waits for somebody, and the way to everything else."""
    services = request.services
    return page(
        request, "admin.mako", open_reports=services.moderation.count_reports(), on=services.flags.on()
    )


@view_config(context=AdminFiles, request_method="GET", permission=OPERATORS)
def files(context: AdminFiles, request: Request) -> Response:
    """Find files: what the words name exactly, and then those whose names have them."""
    services, words = request.services, request.params.get("q", "").strip()
    owner, before = request.params.get("owner", "").strip(), number_of(request, "before")
    account, search = services.accounts.find(owner) if owner else None, services.moderation.search
    exact, found, older = [], [], None
    if not owner or account is not None:
        owner_id = account.id if account else None
        exact = context.shown(search.exactly(words, owner_id)) if words else []
        seen = search.page(words, owner_id, before)
        found, older = context.shown(seen.files), seen.before
    known = {file.id for file in exact}
    shown = [*(exact if before is None else []), *(file for file in found if file.id not in known)]
    return page(
        request,
        "admin_files.mako",
        words=words,
        owner=owner,
        files=shown,
        older=older,
        names=services.accounts.names({file.owner_id for file in shown if file.owner_id is not None}),
        visibility_of=visibility_of,
    )


@view_config(context=AdminFile, request_method="GET", permission=OPERATORS)
def file(context: AdminFile, request: Request) -> Response:
    """Show a file, what was said against it, and what was done."""
    services, shown = request.services, context.file
    lists = services.administration_lists
    owner = None if shown.owner_id is None else services.accounts.names({shown.owner_id}).get(shown.owner_id)
    acts = lists.acts(Wanted(limit=ROWS), shown).items
    same = services.moderation.search.exactly(shown.sha256)
    return page(
        request,
        "admin_file.mako",
        file=shown,
        owner=owner,
        is_hidden_owner=shown.owner_id in services.suspensions.ids(),
        reports=lists.reports(Wanted(sort="oldest", limit=ROWS), shown).items,
        acts=acts,
        names=names_in(request, acts),
        others=[one for one in context.__parent__.shown(same) if one.id != shown.id],
        is_banned=services.bans.is_banned(shown.sha256),
        visibility=visibility_of(shown),
        short_url=request.address("s", services.files.short_code(shown)),
    )


@view_config(context=AdminFile, request_method="POST", permission=OPERATORS)
def act_on_file(context: AdminFile, request: Request) -> Response:
    """Do what the form says against a file."""
    fields, actor = read_form(request), actor_of(require_account(request).id)
    moderation, action, reason = request.services.moderation, fields.get("action"), fields.get("reason", "")
    if action in ("quarantine", "release"):
        moderation.quarantine(context.file, reason, actor, is_quarantined=action == "quarantine")
    elif action == "close-reports":
        moderation.close_reports(context.file, actor)
    elif action in ("remove", "ban"):
        return _remove(request, context.file, reason, actor, is_banned=action == "ban")
    else:
        raise BadRequest("The form asks for nothing that can be done here.")
    place = (
        ("admin", "reports") if fields.get("from") == "reports" else ("admin/files", context.file.filehash)
    )
    return back(request, f"{action}d" if action != "close-reports" else "reports-closed", *place)


def _remove(request: Request, file: StoredFile, reason: str, actor: str, *, is_banned: bool) -> Response:
    moderation = request.services.moderation
    if is_banned:
        moderation.ban(file.sha256, reason, actor)
    moderation.remove(file, reason, actor)
    return back(request, "banned" if is_banned else "removed", "admin", "files")


@view_config(context=AdminReports, request_method="GET", permission=OPERATORS)
def reports(context: AdminReports, request: Request) -> Response:
    """Show what visitors have said."""
    found = request.services.administration_lists.reports(wanted_page(request, "oldest"))
    shown = set(context.shown([one.file for one in found.items]))
    reports = replace(found, items=[one for one in found.items if one.file in shown])
    return page(request, "admin_reports.mako", reports=reports)


@view_config(context=AdminBans, request_method="GET", permission=OPERATORS)
def bans(_context: AdminBans, request: Request) -> Response:
    """Show what nobody may upload."""
    found = request.services.administration_lists.bans(wanted_page(request, "newest"))
    return page(request, "admin_bans.mako", bans=found)


@view_config(context=AdminBans, request_method="POST", permission=OPERATORS)
def change_bans(_context: AdminBans, request: Request) -> Response:
    """Ban a content, or take it again."""
    fields, actor = read_form(request), actor_of(require_account(request).id)
    moderation, sha256 = request.services.moderation, fields.get("sha256", "").strip().lower()
    if fields.get("action") == "ban":
        moderation.ban(sha256, fields.get("reason", ""), actor)
        return back(request, "banned-content", "admin", "bans")
    if fields.get("action") != "unban":
        raise BadRequest("The form asks for nothing that can be done here.")
    moderation.unban(sha256, actor)
    return back(request, "unbanned", "admin", "bans")


@view_config(context=AdminAudit, request_method="GET", permission=OPERATORS)
def audit(_context: AdminAudit, request: Request) -> Response:
    """Show who did what, the newest first."""
    acts = request.services.administration_lists.acts(wanted_page(request, "newest"))
    return page(request, "admin_audit.mako", acts=acts, names=names_in(request, acts.items))


def names_in(request: Request, acts: Sequence[AuditedAct]) -> dict[int, str]:
    """Return the names of the accounts that some acts are about."""
    numbers = {number for act in acts for number in (act.by, act.of) if number is not None}
    found: dict[int, str] = request.services.accounts.names(numbers)
    return found


def page(request: Request, template: str, **values: Any) -> Response:
    """Return a page below `/admin`."""
    given = {"notices": request.notices(), "identity": require_account(request), **values}
    return no_store(render_to_response(template, given, request))


def wanted_page(request: Request, sort: str) -> Wanted:
    """Return which page of a list the query names."""
    given = request.params
    return Wanted(given.get("q", "").strip(), sort, given.get("after", ""), given.get("before", ""), ROWS)


def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form that this browser was given."""
    fields = read_small_form(request)
    require_form_token(request, fields)
    return fields


def number_of(request: Request, name: str) -> int | None:
    """Return the number of a row that the query names, None if it names none. BadRequest for nonsense."""
    text = request.params.get(name, "")
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise BadRequest("There is no such page of the list.")
    return int(text)


def back(request: Request, notice: str, noun: str, name: str) -> Response:
    """Lead to a page that says what was done."""
    request.session.flash(notice)
    return no_store(HTTPSeeOther(location=request.address(noun, name)))
