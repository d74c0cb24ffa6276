"""How much one address may upload: asked before its body is read, counted afterwards, and told."""

from collections.abc import Sequence

from pyramid.request import Request
from pyramid.response import Response

from ..services.rate_limits import LimitState


def tell_limits(request: Request) -> None:
    """Have the answer say how much is left."""
    request.add_response_callback(_tell)


def require_uploads(request: Request, files: int = 1) -> None:
    """Raise TooManyRequests for an address that may not upload so many files now."""
    request.services.rate_limits.require_uploads(request.client_addr or "", files)


def count_uploads(request: Request, sizes: Sequence[int]) -> None:
    """Count files of so many bytes that were taken in."""
    request.services.rate_limits.count_uploads(request.client_addr or "", sizes)


def _tell(request: Request, response: Response) -> None:
    """Say of the limit in uploads, or of that in bytes if it is reached, what is left of it."""
    limits, address = request.services.rate_limits, request.client_addr or ""
    state, in_bytes = limits.uploads.state(address), limits.upload_bytes.state(address)
    response.headers.update(_headers(state if in_bytes.remaining or not state.remaining else in_bytes))


def _headers(state: LimitState) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(state.limit),
        "RateLimit-Remaining": str(state.remaining),
        "RateLimit-Reset": str(state.seconds),
    }
