"""The state of the service, for whoever watches it."""

from dataclasses import asdict
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from ..resources import Health, Live
from ..services.health import State
from ..version import __version__


@view_config(context=Health, request_method="GET", renderer="json", http_cache=0)
def health(request: Request) -> dict[str, Any]:
    """Tell the state of each part: 503 if files cannot be stored or found, 200 otherwise.

    A cache that is down costs only speed, and so makes the service `degraded`, not `down`.
    """
    service = request.services.health
    state = service.state()
    if state.status == "down":
        request.response.status_int = 503
    return {
        "status": state.status,
        "version": __version__,
        **_parts(state),
        "speedups": service.speedups(),
    }


def _parts(state: State) -> dict[str, dict[str, str]]:
    return {name: {k: v for k, v in part.items() if v} for name, part in asdict(state).items()}


@view_config(context=Live, request_method="GET", renderer="json", http_cache=0)
def live(_request: Request) -> dict[str, str]:
    """Tell that this process answers, without asking anybody else."""
    return {"status": "ok"}
