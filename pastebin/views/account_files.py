"""An account's files: the page, and what its form does with those that are chosen."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import AccountFilesContext
from ..services.account_files import SORTS, STATES, Query
from ..services.file_kinds import KINDS
from ..services.rights import Right
from ..services.stored_file import StoredFile
from ..web.bodies import read_small_form_lists
from ..web.cookies import require_form_token
from ..web.negotiation import HTML, preferred
from ..web.response_headers import no_store
from ..web.security import require_account
from .account_collections import collect, collectable
from .links import changes_of, visibility_of

LAYOUTS = ("grid", "list")

# What the form's buttons ask for.
ACTIONS = ("change", "delete", "collect")

# The query of the page that a form was on, as we write it.
_QUERY = re.compile(r"[A-Za-z0-9%&=+._~-]{1,2000}", re.ASCII)

_FIELDS = {"q": "", "type": "", "state": "", "sort": "newest"}


@view_config(context=AccountFilesContext, request_method="GET", permission=Right.ACCOUNT.value)
def show(_context: AccountFilesContext, request: Request) -> Response:
    """Show a page of the files."""
    given = request.params
    query = Query(*(given.get(name, default) for name, default in _FIELDS.items()))
    layout = given.get("view", LAYOUTS[0])
    if layout not in LAYOUTS:
        raise BadRequest("There is no such view of your files.")
    account_id, services = require_account(request).id, request.services
    page = services.account_files.page(account_id, query, given.get("after", ""), given.get("before", ""))
    said = {name: value for name, value in (*_said(query).items(), ("view", layout)) if value}
    values = {
        "files": page.items,
        "total": page.total,
        "query": query,
        "layout": layout,
        "query_of": lambda **changed: _query({**said, **changed}),
        "after": page.after,
        "before": page.before,
        "quota": services.quotas.of(account_id),
        "visibility_of": visibility_of,
        "kinds": tuple(KINDS),
        "states": tuple(STATES),
        "sorts": tuple(SORTS),
        "notices": [notice.split(":") for notice in request.notices()],
        "here": _query(said),
    }
    return no_store(render_to_response("account_files.mako", values, request))


@view_config(context=AccountFilesContext, request_method="POST", permission=Right.ACCOUNT.value)
def submit(_context: AccountFilesContext, request: Request) -> Response:
    """Change, delete or collect the chosen files once their number is confirmed; else ask for that."""
    lists = read_small_form_lists(request)
    fields = {name: values[-1] for name, values in lists.items()}
    require_form_token(request, fields)
    service, account_id = request.services.account_files, require_account(request).id
    names, action = lists.get("file", []), fields.get("action", "")
    if action not in ACTIONS:
        raise BadRequest("The form asks for nothing that can be done here.")
    files = service.named(account_id, names)
    changes = _changes(fields, request) if action == "change" else {}
    if not files or (action == "change" and not changes):
        return _done(request, fields, "nothing", 0, len(names))
    if fields.get("confirmed") != str(len(names)):
        return _confirm(request, fields, files)
    if action == "collect":
        return collect(request, fields, files)
    if action == "delete":
        return _done(request, fields, "deleted", len(service.end(account_id, names)), len(names))
    return _done(request, fields, "changed", len(service.change(account_id, names, changes)), len(names))


def _said(query: Query) -> dict[str, str]:
    """Return a query as addresses have it, without what goes without saying."""
    return {
        name: value
        for (name, default), value in zip(_FIELDS.items(), asdict(query).values(), strict=True)
        if value != default
    }


def _query(said: Mapping[str, Any]) -> str:
    return urlencode({name: value for name, value in said.items() if value})


def _changes(fields: Mapping[str, str], request: Request) -> dict[str, Any]:
    """Return the columns to set; an empty field leaves what is there."""
    asked: dict[str, str | None] = {
        name: fields[name] for name in ("visibility", "expires") if fields.get(name)
    }
    if asked.get("expires") == "never":
        asked["expires"] = None
    return changes_of(asked, request, is_owned=True)


def _confirm(request: Request, fields: Mapping[str, str], files: list[StoredFile]) -> Response:
    values = {
        "files": files,
        "collectable": collectable(files),
        "fields": {name: fields.get(name, "") for name in ("action", "visibility", "expires", "here")},
    }
    return no_store(render_to_response("account_files_confirm.mako", values, request))


def _done(request: Request, fields: Mapping[str, str], act: str, done: int, asked: int) -> Response:
    """Say what was done to how many: on the page that the form was on, or as JSON."""
    if preferred(request) != HTML:
        return no_store(Response(json_body={act: done, "asked": asked}))
    request.session.flash(f"{act}:{done}:{asked}")
    here = fields.get("here", "")
    query = f"?{here}" if _QUERY.fullmatch(here) else ""
    return no_store(HTTPSeeOther(location=f"{request.address('account', 'files')}{query}"))
