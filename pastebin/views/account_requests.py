"""The page of an account's file requests: making, listing and ending them."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import AccountRequests
from ..services.file_requests import MOST, columns_of
from ..services.keyset import Wanted
from ..services.rights import Right
from ..setting_types import parse_duration, parse_size
from ..web.response_headers import no_store
from ..web.security import require_account
from .account_forms import one, read_form


@view_config(context=AccountRequests, request_method="GET", permission=Right.ACCOUNT.value)
def show(_context: AccountRequests, request: Request) -> Response:
    """Show the requests, and the form for a new one."""
    account_id, services = require_account(request).id, request.services
    values: dict[str, Any] = {
        "requests": services.file_requests.page(account_id, Wanted(limit=MOST)).items,
        "quota": services.quotas.of(account_id),
        "address": request.address,
        "notices": request.notices(),
    }
    return no_store(render_to_response("account_requests.mako", values, request))


@view_config(context=AccountRequests, request_method="POST", permission=Right.ACCOUNT.value)
def submit(_context: AccountRequests, request: Request) -> Response:
    """Make a request, or end one."""
    fields, account_id = read_form(request), require_account(request).id
    requests, action = request.services.file_requests, one(fields, "action")
    if action == "create":
        requests.create(account_id, columns_of(_asked(fields)))
    elif action == "end":
        requests.end(account_id, one(fields, "code"))
    else:
        raise BadRequest("The form asks for nothing that can be done here.")
    request.session.flash("created" if action == "create" else "ended")
    return no_store(HTTPSeeOther(location=request.address("account", "requests")))


def _asked(fields: dict[str, list[str]]) -> dict[str, Any]:
    """Return what a form asks for. BadRequest if a limit makes no sense."""
    files, size, lifetime = (one(fields, name).strip() for name in ("files", "bytes", "expires"))
    asked: dict[str, Any] = {
        "title": one(fields, "title"),
        "note": one(fields, "note"),
        "types": one(fields, "types").replace(",", " ").split(),
        "blind": not one(fields, "shown"),
    }
    with suppress(ValueError, OverflowError):
        asked["files"] = int(files) if files else None
        asked["bytes"] = parse_size(size) if size else None
        asked["expires"] = (
            datetime.now(UTC) + timedelta(seconds=parse_duration(lifetime)) if lifetime else None
        )
        return asked
    raise BadRequest("The number of files, their size or the time makes no sense.")
