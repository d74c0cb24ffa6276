"""The outermost tween: what every request passes first, and every answer last."""

import random
import re
from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.tweens import EXCVIEW, INGRESS, MAIN

from ..errors import BadFraming, InternalError, Overloaded, PastebinError
from ..logs import current_request, describe, log
from .bodies import body_of, has_body
from .large_answers import LargeAnswers
from .proxies import TrustedProxies
from .request_checks import check_request

Handler = Callable[[Request], Response]

INTERNAL = "Something went wrong on the server. It has been logged."

# The id that a trusted proxy gave a request.
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def ingress_tween(handler: Handler, registry: Any) -> Handler:
    """Return a tween that names each request, checks it, and answers also for what nobody foresaw.

    A panic of an extension in Rust, or SystemExit, ends only its request: it is logged and answered
    with 500. A body that was not read is read to its end, or the client would not hear why.
    """
    services = registry.services
    proxies, large_answers = TrustedProxies(services.settings.trusted_proxies), LargeAnswers()

    def ingress(request: Request) -> Response:
        environ = request.environ
        if not services.sweeper.is_running:
            services.sweeper.start()
            services.deliveries.start()
        given = environ.pop("HTTP_X_REQUEST_ID", "")
        is_proxied = proxies.believe(environ)
        name = given if is_proxied and _ID.fullmatch(given) else f"{random.getrandbits(64):016x}"
        token = current_request.set(name)
        try:
            body = body_of(environ) if has_body(environ) else None
            response = _answer(handler, request)
            try:
                large_answers.hold(response, environ.get("REMOTE_ADDR", ""))
            except Overloaded as error:
                response = _error_answer(request, error)
            if body is not None:
                body.discard_rest()
        finally:
            current_request.reset(token)
        response.headerlist.append(("X-Request-Id", name))
        return response

    return ingress


def _answer(handler: Handler, request: Request) -> Response:
    try:
        check_request(request.environ)
        return handler(request)
    except GeneratorExit:
        raise
    except PastebinError as error:
        return _error_answer(request, error)
    except BaseException as error:  # noqa: BLE001 (also what is no Exception must not end the server)
        failure = InternalError(INTERNAL)
        failure.__cause__ = error
        return _error_answer(request, failure)


def _error_answer(request: Request, error: PastebinError) -> Response:
    """Return the error as the views of errors have it, or without words where they fail themselves."""
    try:
        response = request.invoke_exception_view((type(error), error, error.__traceback__))
    except BaseException as failure:  # noqa: BLE001 (as above)
        log.error("An error could not be answered: %s", describe(failure))
        response = Response(status=500)
    if isinstance(error, BadFraming):
        response.headers["Connection"] = "close"
    return response


def includeme(config: Configurator) -> None:
    """Put the tween outside all others, the debug toolbar's too."""
    toolbar = "pyramid_debugtoolbar.toolbar_tween_factory"
    config.add_tween(f"{__name__}.ingress_tween", under=INGRESS, over=(toolbar, EXCVIEW, MAIN))
