"""`/u/<code>`: what a guest sees of a file request, and what becomes of the files that one sends."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import (
    BadRequest,
    InvalidField,
    NotFound,
    QuotaExceeded,
    TooLarge,
    TooManyRequests,
    Unavailable,
    UnsupportedBody,
)
from ..names import visible_name
from ..resources import FileRequestContext
from ..services.file_records import Link
from ..services.file_request_records import StoredRequest
from ..services.flags import Flag
from ..services.terms import Terms
from ..units import humanize_bytes
from ..web.negotiation import HTML, preferred
from ..web.raw_uploads import UploadBody
from ..web.response_headers import no_store
from ..web.upload_forms import FORM_OVERHEAD, UploadForm
from ..web.upload_limits import count_uploads, require_uploads, tell_limits
from ..web.upload_wishes import asked_fields
from .mails import send_mail

# The longest name that a guest may give, in characters.
SENDER_LENGTH = 100

_NUMBER = re.compile(r"[0-9]{1,3}", re.ASCII)
_NO_ROOM = "There is no room for this at the moment. Ask who sent you here to make some."


@view_config(context=FileRequestContext, request_method="GET")
def show(context: FileRequestContext, request: Request) -> Response:
    """Show what is asked for, and the form."""
    services, sent = request.services, request.params.get("sent", "")
    values: dict[str, Any] = {
        "asked": context.found,
        "collection": context.collection(),
        "max_size": _limit(request, context.found),
        "takes_uploads": not services.flags.known() & {Flag.NO_UPLOADS, Flag.READ_ONLY},
        "sent": int(sent) if _NUMBER.fullmatch(sent) else 0,
        "sender_length": SENDER_LENGTH,
    }
    return no_store(render_to_response("file_request.mako", values, request))


@view_config(context=FileRequestContext, request_method="POST")
def send(context: FileRequestContext, request: Request) -> Response:
    """Take the files of a guest in for the owner; all or none."""
    services, found, wanted = request.services, context.found, preferred(request)
    body = _body(request, found)
    with _in_words_for_guests(request, found), body.read(services.store) as form:
        sender = _sender(form)
        if services.rate_limits.is_on:
            require_uploads(request, len(form.files))
        expires = Terms.from_fields({}, services.terms_policy, datetime.now(UTC), is_owned=True).expires
        with _of_no_account():
            links = services.uploads.add_requested(form.files, found, sender, expires)
    if services.rate_limits.is_on:
        count_uploads(request, [link.file.size for link in links])
    _notify(request, found, links, sender)
    return _answer(context, request, links, sender, wanted)


def _body(request: Request, found: StoredRequest) -> UploadBody:
    """Return the body to be read, after all that can be said before it is."""
    services, size = request.services, max(0, (request.content_length or 0) - FORM_OVERHEAD)
    services.flags.require_off(Flag.NO_UPLOADS)
    if request.content_type != "multipart/form-data":
        raise UnsupportedBody("Send files as multipart/form-data, for example: curl -F file=@photo.jpg")
    if asked := sorted(asked_fields(request)):
        raise BadRequest(f"Guests choose no terms, and so not {asked[0]}.")
    found.require_room(1, size)
    with _of_no_account():
        services.quotas.require_room(found.owner_id, size)
    if services.rate_limits.is_on:
        tell_limits(request)
        require_uploads(request)
    return UploadBody(request, None, _limit(request, found))


def _limit(request: Request, found: StoredRequest) -> int:
    """Return how many bytes a guest may send at once."""
    most: int = request.services.settings.max_upload_size
    return most if found.bytes_left is None else min(most, found.bytes_left)


@contextmanager
def _in_words_for_guests(request: Request, found: StoredRequest) -> Iterator[None]:
    """Say of what is too large how much the request takes, where that is less than the server does."""
    try:
        yield
    except TooLarge as error:
        limit = _limit(request, found)
        if limit == request.services.settings.max_upload_size:
            raise
        raise TooLarge(f"This request takes {humanize_bytes(limit)} more, and this is larger.") from error


@contextmanager
def _of_no_account() -> Iterator[None]:
    """Keep from guests how much the owner has and may have."""
    try:
        yield
    except QuotaExceeded as error:
        raise QuotaExceeded(_NO_ROOM) from error


def _sender(form: UploadForm) -> str:
    """Return the name that a guest gives, empty for none. BadRequest for a form with other fields."""
    if unknown := sorted(form.fields.keys() - {"sender"}):
        raise BadRequest(f"There is no such field as {unknown[0][:40]!r}; there are file, sender.")
    sender = " ".join(form.fields.get("sender", "").split())
    if len(sender) > SENDER_LENGTH:
        raise InvalidField("sender", f"Your name has at most {SENDER_LENGTH} characters here.")
    return visible_name(sender, SENDER_LENGTH)


def _notify(request: Request, found: StoredRequest, links: Sequence[Link], sender: str) -> None:
    """Tell the owner by mail, where there is mail; the files are here whether that can be done or not.

    Of many uploads in an hour only the first ones are told.
    """
    services, address = request.services, request.client_addr or ""
    with suppress(Unavailable, TooManyRequests, NotFound):  # also if the request has ended meanwhile
        account = services.accounts.by_id(found.owner_id)
        if not account.email or not services.mail.is_possible:
            return
        services.rate_limits.notices.require(address, found.code)
        services.rate_limits.notices.count(address, found.code)
        code = services.file_requests.named(account.id, found.code).collection_code
        values = {
            "asked": found,
            "sender": sender,
            "files": [link.file for link in links],
            "address": request.address("c", code or ""),
        }
        send_mail(request, account.email, "request", values)


def _answer(
    context: FileRequestContext, request: Request, links: Sequence[Link], sender: str, wanted: str
) -> Response:
    if wanted == HTML:
        query = {"sent": len(links)}
        response = HTTPSeeOther(location=request.address("u", context.found.code, query=query))
    else:
        files = [{"filename": link.file.filename, "size": link.file.size} for link in links]
        response = Response(status=201, json_body={"files": files, "sender": sender or None})
    response.vary = ("Accept",)
    return no_store(response)
