"""How much one may upload: asked before the body is read, counted afterwards, and told."""

from collections.abc import Sequence

from pyramid.request import Request
from pyramid.response import Response

from ..services.rate_limits import LimitState, Uploader
from .security import account_of


def tell_limits(request: Request) -> None:
    """Have the answer say how much is left."""
    request.add_response_callback(_tell)


def require_uploads(request: Request, files: int = 1) -> None:
    """Raise TooManyRequests for an address, an account or a token that may not upload so many files now."""
    request.services.rate_limits.uploads.require(_uploader(request), files)


def count_uploads(request: Request, sizes: Sequence[int]) -> None:
    """Count files of so many bytes that were taken in."""
    request.services.rate_limits.uploads.count(_uploader(request), sizes)


def _uploader(request: Request) -> Uploader:
    account, address = account_of(request), request.client_addr or ""
    if account is None:
        return Uploader(address)
    return Uploader(address, account.id, None if account.token is None else account.token.id)


def _tell(request: Request, response: Response) -> None:
    response.headers.update(limit_headers(request.services.rate_limits.uploads.state(_uploader(request))))


def limit_headers(state: LimitState) -> dict[str, str]:
    """Return the headers that say what is left of a limit."""
    return {
        "RateLimit-Limit": str(state.limit),
        "RateLimit-Remaining": str(state.remaining),
        "RateLimit-Reset": str(state.seconds),
    }
