"""The page of an account's collections."""

from typing import Any

from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..resources import AccountCollectionsContext
from ..services.account_collections import PAGE_SIZE
from ..services.keyset import Wanted
from ..services.rights import Right
from ..web.response_headers import no_store
from ..web.security import require_account
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
