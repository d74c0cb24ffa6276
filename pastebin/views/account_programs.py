"""What sets a program up to upload to an account: a file or a description, with a token made for it."""

from collections.abc import Callable

from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import AccountPrograms
from ..services.api_tokens import NewToken
from ..services.rights import SCOPES, Right
from ..web.response_headers import no_store
from ..web.security import require_account
from .account_forms import one, read_form
from .integrations import script_file, sharex_file

# Program → the name of its token.
PROGRAMS = {"sharex": "ShareX", "script": "screenshot.sh", "shortcut": "iOS Shortcuts", "curl": "curl"}

_FILES: dict[str, Callable[[Request, str], Response]] = {"sharex": sharex_file, "script": script_file}


@view_config(context=AccountPrograms, request_method="POST", permission=Right.ACCOUNT.value)
def set_up(_context: AccountPrograms, request: Request) -> Response:
    """Make a token that uploads and does nothing else, and answer with what a program needs to have it."""
    program = one(read_form(request), "program")
    if program not in PROGRAMS:
        raise BadRequest("The form asks for nothing that can be done here.")
    new = NewToken(PROGRAMS[program], [SCOPES[Right.UPLOAD]])
    account = require_account(request)
    token = request.services.tokens.create(account.id, new, session_id=account.session_id)
    if program in _FILES:
        return no_store(_FILES[program](request, token))
    values = {"program": program, "token": token, "address": request.address()}
    return no_store(render_to_response("account_program.mako", values, request))
