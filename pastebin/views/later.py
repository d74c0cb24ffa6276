"""Responses that say something once it is known, without a thread that waits for it."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from typing import Any, Generic, TypeVar

from pyramid.events import NewResponse
from pyramid.request import Request
from pyramid.response import Response
from pyramid.tweens import excview_tween_factory

from ..pace import Awaiting

Result = TypeVar("Result")


class Later(Response, Generic[Result]):  # type: ignore[misc]
    """A response that `fill` completes when `awaited` has its result.

    Pyramid is done with the request by then: no tween, no callback and no session sees what `fill` does.
    An error is answered by the exception views, as it would be otherwise.
    """

    def __init__(
        self,
        request: Request,
        awaited: "Future[Result]",
        fill: Callable[[Response, Result], None],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._request = request
        self._awaited = awaited
        self._fill = fill

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Awaiting:
        """Return the WSGI answer."""
        return Awaiting(self._awaited, partial(self._answer, environ, start_response))

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answered = excview_tween_factory(self._filled, self._request.registry)(self._request)
        if answered is not self:
            self._request.registry.notify(NewResponse(self._request, answered))
            return answered(environ, start_response)
        return super().__call__(environ, start_response)

    def _filled(self, _request: Request) -> Response:
        self._fill(self, self._awaited.result())
        return self
