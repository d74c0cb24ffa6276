"""Entity tags: who changes a thing says which state of it is meant, who reads it may know it already."""

from pyramid.request import Request
from pyramid.response import Response

from ...errors import MatchRequired, Outdated
from ...resources.api.base import ApiItem


def require_match(request: Request, item: ApiItem) -> None:
    """Raise MatchRequired without `If-Match`, Outdated where it names another state of a thing."""
    if not request.headers.get("If-Match", "").strip():
        raise MatchRequired("Say by If-Match which state you mean: the ETag that you read, or * for any.")
    if item.version not in request.if_match:
        raise Outdated("This has been changed since you read it. Read it again.")


def meant_version(request: Request, item: ApiItem) -> str | None:
    """Return the version that a change is meant for, which the transaction looks at again; None for any."""
    return None if request.headers["If-Match"].strip() == "*" else item.version


def answer_if_changed(request: Request, item: ApiItem, response: Response) -> Response:
    """Return an answer with its entity tag, or 304 without a body for who knows it already."""
    if response.status_int != 200:
        return response
    response.etag = item.version
    if item.version not in request.if_none_match:
        return response
    unchanged = Response(status=304)
    unchanged.etag = item.version
    return unchanged
