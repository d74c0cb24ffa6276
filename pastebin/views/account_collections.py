"""The page of an account's collections, and making one of files that were chosen."""

from collections.abc import Mapping, Sequence
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import AccountCollectionsContext
from ..services.account_collections import PAGE_SIZE
from ..services.collection_contents import Wish
from ..services.keyset import Wanted
from ..services.rights import Right
from ..services.stored_file import StoredFile
from ..web.response_headers import no_store
from ..web.security import require_account
from .collections import new_collection
from .links import visibility_of


@view_config(context=AccountCollectionsContext, request_method="GET", permission=Right.ACCOUNT.value)
def show(_context: AccountCollectionsContext, request: Request) -> Response:
    """Show a page of the collections."""
    account_id, services = require_account(request).id, request.services
    page = services.account_collections.page(
        account_id, Wanted(after=request.params.get("after", ""), limit=PAGE_SIZE)
    )
    values: dict[str, Any] = {
        "entries": page.items,
        "after": page.after,
        "total": page.total,
        "quota": services.quotas.of(account_id),
        "visibility_of": visibility_of,
        "notices": request.notices(),
    }
    return no_store(render_to_response("account_collections.mako", values, request))


def collectable(files: Sequence[StoredFile]) -> list[StoredFile]:
    """Return those of an account's files that can share a link as they are.

    A collection gives its files its own terms: what has some stays as it is, and private files are left out
    unless all are.
    """
    free = [file for file in files if not (file.password or file.expires) and file.downloads_left is None]
    return [file for file in free if not file.is_private] or free


def collect(request: Request, fields: Mapping[str, str], files: Sequence[StoredFile]) -> Response:
    """Put files of an account under one link, and lead to its page. BadRequest if none of them can be."""
    account_id, chosen = require_account(request).id, collectable(files)
    if not chosen:
        raise BadRequest("None of these files can be put under one link.")
    given = {name: fields[name].strip() for name in ("title", "visibility") if fields.get(name, "").strip()}
    new = new_collection(request, given, account_id)
    made = request.services.collections.create(
        new, [Wish(filehash=file.filehash) for file in chosen], account_id
    )
    return no_store(HTTPSeeOther(location=request.address("c", made.code)))
