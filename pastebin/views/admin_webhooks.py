"""Who is told what happens, and what became of it."""

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import AdminWebhooks
from ..services.audit import actor_of
from ..services.events import NAMES
from ..services.rights import Right
from ..services.webhook_forms import KINDS
from ..web.bodies import read_small_form_lists
from ..web.cookies import require_form_token
from ..web.security import require_account
from .admin_accounts import whole
from .admin_files import back, page

ADMINISTRATORS = Right.ADMINISTRATOR_PAGES.value


@view_config(context=AdminWebhooks, request_method="GET", permission=ADMINISTRATORS)
def webhooks(_context: AdminWebhooks, request: Request) -> Response:
    """Show the webhooks, and the last that was told."""
    return _webhooks_page(request)


@view_config(context=AdminWebhooks, request_method="POST", permission=ADMINISTRATORS)
def change_webhooks(_context: AdminWebhooks, request: Request) -> Response:
    """Make a webhook, whose secret this answer alone tells; remove one, try one, send something again."""
    lists = read_small_form_lists(request)
    fields = {name: values[-1] for name, values in lists.items()}
    require_form_token(request, fields)
    service, actor = request.services.webhooks, actor_of(require_account(request).id)
    action, number = fields.get("action"), fields.get("number", "")
    if action == "add":
        wanted, kind, events = fields.get("url", ""), fields.get("kind", ""), lists.get("event", [])
        secret = service.add(wanted, kind, events, fields.get("token", ""), actor)
        return _webhooks_page(request, secret if kind == "json" else None)
    if action == "remove":
        service.remove(whole(number), actor)
        return back(request, "webhook-removed", "admin", "webhooks")
    if action == "try":
        service.try_out(whole(number), actor)
        return back(request, "webhook-tried", "admin", "webhooks")
    if action != "again":
        raise BadRequest("The form asks for nothing that can be done here.")
    service.send_again(whole(number), actor)
    return back(request, "job-again", "admin", "webhooks")


def _webhooks_page(request: Request, secret: str | None = None) -> Response:
    service = request.services.webhooks
    return page(
        request,
        "admin_webhooks.mako",
        webhooks=service.all(),
        jobs=service.log(),
        kinds=KINDS,
        events=NAMES,
        secret=secret,
    )
