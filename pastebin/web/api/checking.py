"""What is looked at before the view of an operation is asked: who asks, and what for."""

from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request

from ...errors import BadRequest, NotAcceptable, TooLarge, UnsupportedBody
from ...resources.api.base import ApiItem
from ...services.rights import require
from ..bodies import SMALL_BODY, read_json
from ..cookies import require_form_token, require_told_form_token
from ..negotiation import JSON
from ..origins import SAFE
from ..security import account_of
from .conditions import answer_if_changed, require_match
from .operations import Operation
from .schemas import require_valid


def checked_view(view: Any, info: Any) -> Any:
    """Return the view of an operation with the checks before it (a view deriver)."""
    operation: Operation | None = info.options.get("operation")
    if operation is None:
        return view

    def check_and_ask(context: Any, request: Request) -> Any:
        _check(operation, context, request)
        response = view(context, request)
        if operation.method == "GET" and isinstance(context, ApiItem):
            return answer_if_changed(request, context, response)
        return response

    return check_and_ask


checked_view.options = ("operation",)  # type: ignore[attr-defined]


def _check(operation: Operation, context: Any, request: Request) -> None:
    """Raise the error for a request that is not as an operation has it; read its body."""
    if not request.accept.acceptable_offers([JSON]):
        raise NotAcceptable("The answer is application/json, which your Accept does not allow.")
    _require_right(operation, request)
    _require_known_query(operation, request)
    if operation.upload is not None:
        return
    if (request.content_length or 0) > SMALL_BODY:
        raise TooLarge("The body of this request may have at most 64 KiB.")
    if operation.needs_match:
        require_match(request, context)
    if operation.body is not None:
        request.asked = _read_body(operation, request)


def _require_right(operation: Operation, request: Request) -> None:
    account = account_of(request)
    if operation.rights:
        account = require(account, *operation.rights)
    if account is None or account.token is not None or request.method in SAFE:
        return
    given = {"csrf_token": request.headers.get("X-CSRF-Token", "")}
    if operation.is_by_page:
        require_told_form_token(request, given)
    else:
        require_form_token(request, given)


def _require_known_query(operation: Operation, request: Request) -> None:
    if not request.environ.get("QUERY_STRING"):
        return
    names = list(request.GET)
    if unknown := sorted(set(names) - operation.query.keys()):
        known = f"there are {', '.join(operation.query)}" if operation.query else "there are none here"
        raise BadRequest(f"There is no such parameter as {unknown[0][:40]!r}; {known}.")
    if len(names) > len(set(names)):
        raise BadRequest("A parameter is given twice.")


def _read_body(operation: Operation, request: Request) -> Any:
    if request.content_type != JSON:
        raise UnsupportedBody("Send the body as application/json.")
    asked = read_json(request)
    if not isinstance(asked, dict):
        raise BadRequest("The body must be a JSON object.")
    require_valid(asked, operation.body or {})
    return asked


def includeme(config: Configurator) -> None:
    """Have Pyramid check the requests of every view that is an operation."""
    config.add_view_deriver(checked_view, name="checked_view")
