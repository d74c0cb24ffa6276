"""The state of the service, for whoever watches it."""

from dataclasses import asdict
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from ..resources import Health
from ..version import __version__


@view_config(context=Health, request_method="GET", renderer="json", http_cache=0)
def health(request: Request) -> dict[str, Any]:
    """Tell the state of each part: 503 if files cannot be stored or found, 200 otherwise.

    A cache that is down costs only speed, and so makes the service `degraded`, not `down`.
    """
    service = request.services.health
    parts = {"database": service.database(), "cache": service.cache(), "store": service.store()}
    down = {name for name, part in parts.items() if part.status != "ok"}
    if down - {"cache"}:
        request.response.status_int = 503
    return {
        "status": "ok" if not down else "degraded" if down == {"cache"} else "down",
        "version": __version__,
        **{name: {k: v for k, v in asdict(part).items() if v} for name, part in parts.items()},
        "speedups": service.speedups(),
    }
