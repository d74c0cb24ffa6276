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
from ..web.negotiation import HTML, TEXT, is_for_programs, preferred_for_error
from ..web.response_headers import CROSS_ORIGIN

log = logging.getLogger(__name__)

STATUS = {
    errors.BadRequest: 400,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Incomplete: 409,
    errors.TooLarge: 413,
    errors.NotAnImage: 415,
    errors.UnsupportedBody: 415,
    errors.ImageTooLarge: 422,
    errors.TaskKilled: 422,
    errors.TooManyRequests: 429,
    errors.Banned: 451,
    errors.Unavailable: 503,
    errors.StorageFull: 507,
    errors.HeadersTooLarge: 431,
}

RETRY_SECONDS = 5


def status_of(error: errors.PastebinError) -> int:
    """Return the HTTP status of one of the service's own errors."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def answer(request: Request, status: int, code: str, message: str) -> Response:
    """Return an error in the form the client prefers."""
    response = Response(status=status)
    wanted = preferred_for_error(request)
    if wanted == HTML:
        page = {"status": status, "reason": response.status.partition(" ")[2], "message": message}
        response.text = render("error.mako", page, request)
    elif wanted == TEXT:
        response.content_type = TEXT
        response.text = f"{message}\n"
    else:
        response.content_type = "application/json"
        response.json = {"error": {"code": code, "message": message}}
    response.headers["Cache-Control"] = "no-store"
    response.vary = ("Accept", "User-Agent")
    if status in (503, 507):
        response.retry_after = RETRY_SECONDS
    if is_for_programs(request):
        response.headers.update(CROSS_ORIGIN)
    return response


@exception_view_config(errors.PastebinError)
def own_error(error: errors.PastebinError, request: Request) -> Response:
    """Answer one of the service's own errors."""
    status = status_of(error)
    if status >= 500 and not isinstance(error, _LOGGED):
        log.error("%s: %s", error.code, error.message, exc_info=error.__cause__ or error)
    return answer(request, status, error.code, _sentence(error.message))


# What the worker pool has logged once, or not at all: there may be hundreds a second.
_LOGGED = (errors.Overloaded, errors.TaskFailed)


def _sentence(message: str) -> str:
    """Return a message as a sentence: parts of the service word theirs as phrases."""
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "!", "?")) else ".")


@notfound_view_config()
def not_found(request: Request) -> Response:
    """Answer for an address that leads nowhere."""
    return answer(request, 404, "not_found", "There is nothing at this address.")


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
    return answer(request, 400, "bad_address", "The address is not valid UTF-8.")


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
