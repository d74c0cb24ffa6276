"""Errors as answers: the one place where an error gets its HTTP status.

A browser gets a page, an API caller JSON, curl a line of text. What a client sent is never
part of an answer unless escaped, and what went wrong inside never is.
"""

import logging
from typing import Any

from pyramid.httpexceptions import HTTPException
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config, notfound_view_config, view_config
from sqlalchemy.exc import SQLAlchemyError

from .. import errors
from ..models import fault_of, summary_of
from ..resources import Noun
from ..services.rate_limits import LimitState
from ..web.negotiation import HTML, TEXT, is_for_api, is_for_programs, is_open_to_all, preferred_for_error
from ..web.response_headers import CROSS_ORIGIN, PUT_CROSS_ORIGIN
from ..web.upload_limits import limit_headers

log = logging.getLogger(__name__)

# A subclass has the status of its base, unless it has one of its own; a test finds what has none.
# The table in docs/api.md has a row for each; the sentence in it is the class's docstring.
STATUS: dict[type[errors.PastebinError], int] = {
    errors.BadRequest: 400,
    errors.Unauthorized: 401,
    errors.Forbidden: 403,
    errors.RequestFull: 403,
    errors.NotFound: 404,
    errors.NotAcceptable: 406,
    errors.Incomplete: 409,
    errors.NameTaken: 409,
    errors.OfCollection: 409,
    errors.WrongOffset: 409,
    errors.Gone: 410,
    errors.BadProtocol: 412,
    errors.Outdated: 412,
    errors.TooLarge: 413,
    errors.NotAnImage: 415,
    errors.UnsupportedBody: 415,
    errors.ImageTooLarge: 422,
    errors.NotExtractable: 422,
    errors.TaskKilled: 422,
    errors.Locked: 423,
    errors.MatchRequired: 428,
    errors.TooManyRequests: 429,
    errors.HeadersTooLarge: 431,
    errors.Banned: 451,
    errors.WrongChecksum: 460,
    errors.InternalError: 500,
    errors.RemoteFailed: 502,
    errors.Unavailable: 503,
    errors.RemoteTimeout: 504,
    errors.StorageFull: 507,
    errors.QuotaExceeded: 507,
}

# What has another status under /api, where a body that cannot be read is told from one that says nonsense.
API_STATUS: dict[type[errors.PastebinError], int] = {errors.BadTerm: 422, errors.InvalidField: 422}

# The same request may well succeed later: the page offers to try again.
MAY_RETRY = frozenset({423, 429, 460, 500, 502, 503, 504, 507})

# Of those, the ones that pass by themselves: programs are told when to try again.
PASSING = frozenset({429, 502, 503, 504, 507})
RETRY_SECONDS = 5

_FILE_NOUNS = frozenset("cdimpqrs")

# What is said of the name in an address, whatever became of what it named.
_MISSING = {"s": "There is no such short link.", **dict.fromkeys("dipqrt", "There is no such file.")}


def status_of(error: errors.PastebinError) -> int:
    """Return the HTTP status of one of the service's own errors."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def answer(request: Request, status: int, code: str, message: str, field: str = "") -> Response:
    """Return an error in the form the client prefers; JSON names the `field` that it is about."""
    response = Response(status=status)
    wanted = preferred_for_error(request)
    if wanted == HTML:
        page = {
            "status": status,
            "code": code,
            "message": message,
            "is_link": status == 404 and _names_file(request),
        }
        response.text = render("error.mako", page, request)
    elif wanted == TEXT:
        response.content_type = TEXT
        response.text = f"{_translated(request, message)}\n"
    else:
        response.content_type = "application/json"
        response.json = {"error": _as_json(status, code, _translated(request, message), field)}
    response.headers["Cache-Control"] = "no-store"
    response.vary = ("Accept", "User-Agent", "Accept-Language", "Cookie")
    if status in PASSING:
        response.retry_after = RETRY_SECONDS
    if is_open_to_all(request):
        response.headers.update(CROSS_ORIGIN if is_for_programs(request) else PUT_CROSS_ORIGIN)
    return response


def _translated(request: Request, message: str) -> str:
    """Return a message in the language that the client asks for, English where it asks for none."""
    if request.locale_name == "en":
        return message
    return str(render("error#said.mako", {"message": message}, request))


def _as_json(status: int, code: str, message: str, field: str) -> dict[str, Any]:
    error: dict[str, Any] = {"code": code, "message": message, **({"field": field} if field else {})}
    return {**error, "retry": True} if status in MAY_RETRY else error


def _names_file(request: Request) -> bool:
    """Tell whether an address could be that of a file, whatever became of it."""
    noun, _, name = request.path_info.lstrip("/").partition("/")
    return noun in _FILE_NOUNS and bool(name)


@exception_view_config(errors.PastebinError)
def own_error(error: errors.PastebinError, request: Request) -> Response:
    """Answer one of the service's own errors."""
    status = status_of(error)
    if is_for_api(request):
        status = API_STATUS.get(type(error), status)
    if status >= 500 and not isinstance(error, _LOGGED):
        log.error("%s: %s", error.code, error.reason, exc_info=error.__cause__ or error)
    field = error.field if isinstance(error, errors.BadTerm | errors.InvalidField) else ""
    response = answer(request, status, error.code, _sentence(error.message), field)
    if isinstance(error, errors.TooManyRequests | errors.Locked | errors.SwitchedOff):
        response.retry_after = error.seconds
    if isinstance(error, errors.TooManyRequests) and error.limit is not None:
        response.headers.update(limit_headers(LimitState(error.limit, 0, error.seconds)))
    if isinstance(error, errors.Unauthorized):
        is_basic = isinstance(error, errors.PasswordNeeded)
        response.headers["WWW-Authenticate"] = _BASIC if is_basic else "Bearer"
    return response


_BASIC = 'Basic realm="the password of this file", charset="UTF-8"'


# What the worker pool has logged once, or not at all: there may be hundreds a second. A quota or a flag is no
# fault of this server, and neither is another server.
_LOGGED = (
    errors.Overloaded,
    errors.TaskFailed,
    errors.QuotaExceeded,
    errors.RemoteFailed,
    errors.SwitchedOff,
)

# How phrases begin. Anything else may be the name of a parameter, whose case has a meaning.
_OPENINGS = ("a ", "an ", "the ", "there ", "this ")


def _sentence(message: str) -> str:
    """Return a message as a sentence: parts of the service word theirs as phrases."""
    if message.startswith(_OPENINGS):
        message = message[0].upper() + message[1:]
    return message if message.endswith((".", "!", "?", "…")) else f"{message}."


@notfound_view_config()
def not_found(request: Request) -> Response:
    """Answer for an address that leads nowhere."""
    noun, _, name = request.path_info.lstrip("/").partition("/")
    said = _MISSING.get(noun if name else "", "There is nothing at this address.")
    return answer(request, 404, "not_found", said)


@view_config(context=Noun)
def wrong_method(context: Noun, request: Request) -> Response:
    """Answer a method that an address does not have; its own views come before this one."""
    allowed = ", ".join(context.methods)
    response = answer(request, 405, "method_not_allowed", f"This address only takes {allowed}.")
    response.allow = context.methods
    return response


@exception_view_config(UnicodeDecodeError)
def undecodable(_error: UnicodeDecodeError, request: Request) -> Response:
    """Answer an address that is not UTF-8."""
    return own_error(errors.BadAddress("The address is not valid UTF-8."), request)


@exception_view_config(HTTPException)
def http_error(error: HTTPException, request: Request) -> Any:
    """Answer what the framework itself refuses; redirects pass as they are."""
    if error.status_int < 400:
        return error
    return answer(request, error.status_int, "http_error", f"{error.title}.")


@exception_view_config(SQLAlchemyError)
def database_error(error: SQLAlchemyError, request: Request) -> Response:
    """Answer for a database that does not; whatever the request wanted to store is not stored."""
    fault = fault_of(error)
    if fault is None:
        return unexpected(error, request)
    status = status_of(fault)
    if status >= 500:
        log.error("%s: %s", fault.code, summary_of(error))
    return answer(request, status, fault.code, fault.message)


INTERNAL = "Something went wrong on the server. It has been logged."


@exception_view_config(Exception)
def unexpected(error: Exception, request: Request) -> Response:
    """Answer for a bug: its traceback goes to the log, never to the client."""
    log.error("Unexpected error.", exc_info=error)
    return answer(request, 500, "internal_error", INTERNAL)
