"""What every answer below `/tus` says, errors included."""

from collections.abc import Mapping

from pyramid.request import Request
from pyramid.response import Response

from .tus_headers import VERSION

# What pages of other origins may send and read. No credentials: the address of an upload is the right to it.
_SENT = (
    "Authorization, Content-Type, Upload-Length, Upload-Offset, Tus-Resumable, Upload-Metadata, "
    "Upload-Defer-Length, Upload-Concat, Upload-Checksum, X-HTTP-Method-Override, X-Request-ID"
)
_READ = (
    "Location, Upload-Offset, Upload-Length, Upload-Metadata, Upload-Defer-Length, Upload-Concat, "
    "Upload-Expires, Upload-Checksum, Tus-Version, Tus-Resumable, Tus-Max-Size, Tus-Extension, "
    "Tus-Checksum-Algorithm, Pb-Location, Link, Retry-After"
)
PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST, GET, HEAD, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": _SENT,
    "Access-Control-Max-Age": "86400",
}


def announce(request: Request) -> None:
    """Have the answer say of which protocol it is; a method that overrides `POST` is the method."""
    override = request.headers.get("X-HTTP-Method-Override", "").strip().upper()
    is_sent_as_post = request.method == "POST"
    if is_sent_as_post and override:
        request.method = override
    request.add_response_callback(_announced)
    if is_sent_as_post and override == "HEAD":
        request.add_response_callback(_without_body)


def tell(request: Request, headers: Mapping[str, str]) -> None:
    """Have the answer say more, also if it is an error."""
    request.add_response_callback(lambda _request, response: response.headers.update(headers))


def _announced(_request: Request, response: Response) -> None:
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = _READ
    if response.status_int == 412:
        response.headers["Tus-Version"] = VERSION
    response.headers.setdefault("Cache-Control", "no-store")


def _without_body(request: Request, response: Response) -> None:
    """Take the body away, and its length: the server answers a `POST`."""
    request.method = "POST"
    response.body = b""
