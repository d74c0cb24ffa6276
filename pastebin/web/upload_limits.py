"""How much one address may upload: asked before its body is read, counted afterwards, and told."""

from pyramid.request import Request
from pyramid.response import Response

from ..services.rate_limits import LimitState


def require_uploads(request: Request) -> None:
    """Raise TooManyRequests for an address that may not upload now; have the answer say how much is left."""
    limits, address = request.services.rate_limits, request.client_addr or ""
    request.add_response_callback(_tell)
    limits.uploads.require(address)
    # A body may be larger than what is allowed in an hour where that is less than one upload may have.
    limits.upload_bytes.require(address)


def count_upload(request: Request, size: int) -> None:
    """Count an upload of `size` bytes that was taken in."""
    limits, address = request.services.rate_limits, request.client_addr or ""
    limits.uploads.count(address)
    limits.upload_bytes.count(address, size)


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
