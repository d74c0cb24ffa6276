"""What administrators see and do besides: accounts, invites, flags."""

from datetime import timedelta
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import AdminFlags, AdminInvites, AdminUser, AdminUsers
from ..services.audit import actor_of
from ..services.flags import flag_named
from ..services.rights import ADMINISTER, EDITOR, LOGIN, OPERATOR, Right
from ..setting_types import parse_duration, parse_size
from ..web.security import require_account
from .admin_files import back, page, read_form, wanted_page

ADMINISTRATORS = Right.ADMINISTRATOR_PAGES.value

# What the form of roles offers; an account may have another sum, from the shell.
ROLES = {"login": LOGIN, "editor": EDITOR, "operator": OPERATOR}

MOST_FILES = 2**31 - 1


@view_config(context=AdminUsers, request_method="GET", permission=ADMINISTRATORS)
def users(_context: AdminUsers, request: Request) -> Response:
    """Find accounts by words of their names and addresses."""
    wanted = wanted_page(request, "name")
    return page(
        request,
        "admin_users.mako",
        words=wanted.words,
        users=request.services.administration_lists.accounts(wanted),
    )


@view_config(context=AdminUser, request_method="GET", permission=ADMINISTRATORS)
def user(context: AdminUser, request: Request) -> Response:
    """Show an account: roles, quota, whether it is suspended."""
    return _user_page(context, request)


@view_config(context=AdminUser, request_method="POST", permission=ADMINISTRATORS)
def change_user(context: AdminUser, request: Request) -> Response:
    """Change an account. Nobody shuts themselves out."""
    fields, me = read_form(request), require_account(request)
    accounts, account, actor = request.services.accounts, context.account, actor_of(me.id)
    action = fields.get("action")
    if action == "quota":
        accounts.set_quota(account, _bytes(fields), _files(fields), actor)
    elif account.id == me.id:
        raise BadRequest("Another administrator has to do that: you would shut yourself out.")
    elif action in ("suspend", "resume"):
        accounts.suspend(account, actor, is_suspended=action == "suspend")
    elif action == "roles":
        accounts.set_roles(account, _roles(fields), actor)
    else:
        raise BadRequest("The form asks for nothing that can be done here.")
    return back(request, f"user-{action}", "admin/users", str(account.id))


def _user_page(context: AdminUser, request: Request) -> Response:
    services, account = request.services, context.account
    return page(
        request,
        "admin_user.mako",
        account=account,
        quota=services.quotas.had(account.id),
        sessions=len(services.account_sessions.of_account(account.id)),
        tokens=len(services.tokens.of_account(account.id)),
        is_me=account.id == require_account(request).id,
        is_administrator=account.roles & ADMINISTER == ADMINISTER,
        roles=ROLES,
    )


def _roles(fields: dict[str, str]) -> int:
    if fields.get("role_administrator"):
        return ADMINISTER
    return sum(bit for name, bit in ROLES.items() if fields.get(f"role_{name}"))


def _bytes(fields: dict[str, str]) -> int | None:
    text = fields.get("quota_bytes", "").strip()
    try:
        return parse_size(text) if text else None
    except (ValueError, OverflowError) as error:
        raise BadRequest("The quota is a size such as 10 GiB, or nothing.") from error


def _files(fields: dict[str, str]) -> int | None:
    text = fields.get("quota_files", "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 10 or int(text) > MOST_FILES:
        raise BadRequest("The quota is a number of files, or nothing.")
    return int(text)


@view_config(context=AdminInvites, request_method="GET", permission=ADMINISTRATORS)
def invites(_context: AdminInvites, request: Request) -> Response:
    """Show the invites that can be used."""
    return _invites_page(request)


@view_config(context=AdminInvites, request_method="POST", permission=ADMINISTRATORS)
def change_invites(_context: AdminInvites, request: Request) -> Response:
    """Make an invite, whose address this answer alone tells, or end one."""
    fields, actor = read_form(request), actor_of(require_account(request).id)
    service = request.services.invites
    if fields.get("action") == "end":
        service.end(whole(fields.get("invite", "")), actor)
        return back(request, "invite-ended", "admin", "invites")
    if fields.get("action") != "create":
        raise BadRequest("The form asks for nothing that can be done here.")
    try:
        lifetime = timedelta(seconds=parse_duration(fields.get("lifetime", "")))
    except (ValueError, OverflowError) as error:
        raise BadRequest("An invite lasts for a time such as 7d.") from error
    code = service.create(whole(fields.get("uses", "")), lifetime, fields.get("note", ""), actor)
    return _invites_page(request, request.address("signup", code))


def _invites_page(request: Request, address: str | None = None) -> Response:
    services = request.services
    values: dict[str, Any] = {"invites": services.invites.open(), "address": address}
    return page(request, "admin_invites.mako", **values, is_open=services.settings.signup != "closed")


def whole(text: str) -> int:
    """Return the number that a field has. BadRequest if it has none."""
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise BadRequest("The form needs a whole number here.")
    return int(text)


@view_config(context=AdminFlags, request_method="GET", permission=ADMINISTRATORS)
def flags(_context: AdminFlags, request: Request) -> Response:
    """Show what is switched off."""
    return page(request, "admin_flags.mako", on=request.services.flags.on())


@view_config(context=AdminFlags, request_method="POST", permission=ADMINISTRATORS)
def switch_flag(_context: AdminFlags, request: Request) -> Response:
    """Switch a flag."""
    fields, actor = read_form(request), actor_of(require_account(request).id)
    if fields.get("action") not in ("on", "off"):
        raise BadRequest("The form asks for nothing that can be done here.")
    flag = flag_named(fields.get("flag", ""))
    request.services.flags.switch(flag, actor, is_on=fields["action"] == "on")
    return back(request, f"flag-{fields['action']}", "admin", "flags")
