"""What editors see and do: files that they keep off the list of the newest."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest, PastebinError
from ..resources import AdminListing
from ..services.audit import actor_of
from ..services.moderation import one_line
from ..services.rights import Right
from ..web.response_headers import no_store
from ..web.security import require_account
from .admin_files import page, read_form

EDITORS = Right.EDITOR_PAGES.value

# What leads back to the page of the list that a form was on.
_PLACES = ("before", "after", "type")


@view_config(context=AdminListing, request_method="GET", permission=EDITORS)
def show(context: AdminListing, request: Request) -> Response:
    """Show what editors keep off the list."""
    found = request.services.listing.off_list(request.params.get("before") or None)
    return page(request, "admin_listing.mako", files=context.shown(found.files), older=found.older)


@view_config(context=AdminListing, request_method="POST", permission=EDITORS)
def curate(context: AdminListing, request: Request) -> Response:
    """Keep a file off the list, or put it back."""
    fields, actor = read_form(request), actor_of(require_account(request).id)
    file, action = context.file(fields.get("file", "")), fields.get("action")
    if action not in ("off-list", "on-list"):
        raise BadRequest("The form asks for nothing that can be done here.")
    outcomes: dict[str, Any] = request.services.file_changes.curate(
        [file.filehash], actor, is_off=action == "off-list", reason=one_line(fields.get("reason", ""))
    )
    if isinstance(outcome := outcomes[file.filehash], PastebinError):
        raise outcome
    request.session.flash(action)
    return no_store(HTTPSeeOther(location=_way_back(request, fields, file.filehash)))


def _way_back(request: Request, fields: dict[str, str], filehash: str) -> str:
    """Return the address of the page whose form was sent."""
    if fields.get("from") == "file":
        return str(request.address("p", filehash))
    if fields.get("from") == "latest":
        query = {name: fields[name] for name in _PLACES if fields.get(name)}
        return str(request.address("", "latest", query))
    return str(request.address("admin", "listing"))
