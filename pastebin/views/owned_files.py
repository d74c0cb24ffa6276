"""A file, for the account that it belongs to: its terms to change, its end."""

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import OwnedFile
from ..services.rights import Right
from ..web.bodies import read_small_form
from ..web.cookies import require_form_token
from ..web.response_headers import no_store
from ..web.security import require_account
from .links import asked_of, changes_of, personal_of, visibility_of
from .representations import describe, describe_terms


@view_config(context=OwnedFile, request_method="GET", permission=Right.ACCOUNT.value)
def show(context: OwnedFile, request: Request) -> Response:
    """Show the file's addresses and its terms."""
    values = {
        "file": context.file,
        "described": {**describe(request, context.file), **describe_terms(request, context.file, "")},
        "notices": request.notices(),
        "visibility": visibility_of(context.file),
        "url_m": None,
        "personal": personal_of(request, context.file),
        "removed": request.notices("removed"),
    }
    return no_store(render_to_response("manage.mako", values, request))


@view_config(context=OwnedFile, request_method="POST", permission=Right.ACCOUNT.value)
def submit(context: OwnedFile, request: Request) -> Response:
    """Do what the page's form says: change the terms, or delete."""
    fields, account = read_small_form(request), require_account(request)
    require_form_token(request, fields)
    service, names = request.services.account_files, [context.file.filehash]
    if fields.get("action") == "delete":
        ended = service.end(account.id, names)
        request.session.flash(f"deleted:{len(ended)}:1")
        return no_store(HTTPSeeOther(location=request.address("account", "files")))
    if fields.get("action") == "strip":
        return _strip(context, request)
    if fields.get("action") != "change":
        raise BadRequest("The form asks for nothing that can be done here.")
    if context.file.collection_id is not None:
        raise BadRequest("This file has the terms of its collection: change those.")
    asked = asked_of(fields, context.file)
    if asked and not service.change(account.id, names, changes_of(asked, request, is_owned=True)):
        raise HTTPNotFound
    request.session.flash("changed")
    return no_store(HTTPSeeOther(location=request.address("account/files", names[0])))


def _strip(context: OwnedFile, request: Request) -> Response:
    """Exchange the file for one without what the picture says of people."""
    if context.file.collection_id is not None:
        raise BadRequest("This file has the terms of its collection: change those.")
    link = request.services.stripping.exchange_own(context.file)
    if link.removed:
        request.session.flash(",".join(link.removed), "removed")
    return no_store(HTTPSeeOther(location=request.address("account/files", link.file.filehash)))
