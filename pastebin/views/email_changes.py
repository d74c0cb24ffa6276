"""Another e-mail address for an account: asked for with the password, confirmed from the new address."""

from contextlib import suppress

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest, Unavailable
from ..resources import AccountEmail, AccountEmails
from ..services.account_names import fold
from ..services.account_records import StoredAccount
from ..services.rights import Right
from ..web.response_headers import no_store
from ..web.security import require_account
from .account_forms import one, read_form
from .accounts import account_page
from .confirming import is_confirmed
from .mails import found_by_token, send_mail


@view_config(context=AccountEmails, request_method="POST", permission=Right.ACCOUNT.value)
def ask(_context: AccountEmails, request: Request) -> Response:
    """Send a message to the new address; the answer is the same whether another account has it or not."""
    fields, account, services = read_form(request), _account(request), request.services
    email, address = one(fields, "email").strip(), request.client_addr or ""
    if not is_confirmed(request, account, {"password": one(fields, "password")}):
        return account_page(
            request, fault="email-password" if account.password else "email-not-new", status=403
        )
    if email == account.email:
        return account_page(request, fault="email-same", status=422)
    services.rate_limits.mails.require(address, fold(email))
    try:
        token = services.email_changes.token_for(account, email)
    except BadRequest:
        return account_page(request, fault="no-email", status=422)
    services.rate_limits.mails.count(address, fold(email))
    is_known = services.email_changes.is_of_another(account, email)
    values = {"account": account, "address": request.address("account/email", token)}
    send_mail(request, email, "email_known" if is_known else "email_new", values)
    return _back(request, "email-sent")


@view_config(context=AccountEmail, request_method="GET", permission=Right.ACCOUNT.value)
def show(context: AccountEmail, request: Request) -> Response:
    """Ask who has followed the address of a message whether to change it: looking changes nothing."""
    account = _account(request)
    email = found_by_token(request, lambda: request.services.email_changes.email_of(account, context.token))
    return no_store(render_to_response("email_change.mako", {"account": account, "email": email}, request))


@view_config(context=AccountEmail, request_method="POST", permission=Right.ACCOUNT.value)
def confirm(context: AccountEmail, request: Request) -> Response:
    """Change the address, and tell the one before."""
    read_form(request)
    account_id = require_account(request).id
    changes = request.services.email_changes
    before = found_by_token(request, lambda: changes.change(account_id, context.token))
    if before.email:
        with suppress(Unavailable):  # it is changed all the same
            now = request.services.accounts.by_id(account_id).email
            send_mail(request, before.email, "email_changed", {"account": before, "email": now})
    return _back(request, "email-changed")


def _account(request: Request) -> StoredAccount:
    found: StoredAccount = request.services.accounts.by_id(require_account(request).id)
    return found


def _back(request: Request, notice: str) -> Response:
    request.session.flash(notice)
    return no_store(HTTPSeeOther(location=request.address("", "account")))
