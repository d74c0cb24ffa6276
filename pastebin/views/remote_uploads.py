"""Uploads that are the address of a file: the service fetches it while the client waits, or looks in."""

from collections.abc import Mapping
from functools import partial

from pyramid.request import Request
from pyramid.response import Response

from ..services import terms
from ..services.remote_files import name_of, receive
from ..services.resumable import NewUpload, UploadState
from ..services.upload_options import SWITCHES
from ..services.uploads import Incoming
from ..web.delivery import confirmed
from ..web.negotiation import JSON
from ..web.security import account_of
from ..web.upload_forms import UploadForm
from ..web.upload_rights import read_options, token_id, upload_limit, with_defaults
from ..web.upload_wishes import SIZES
from .tus import UploadAt, expiry, standing

# What of a form is kept until the bytes are here.
KEPT = frozenset({*terms.NAMES, *SWITCHES, *SIZES, "unlisted"})


def fetch(request: Request, form: UploadForm, fields: Mapping[str, str]) -> None:
    """Fetch what a form names, as a file of that form. Raises what keeps it from being fetched."""
    _admit(request, form.url, fields)
    services, limit = request.services, upload_limit(request, account_of(request))
    files = services.remote_files
    with (
        files.slots.taken(request.client_addr or ""),
        files.opened(form.url, limit, files.deadline()) as file,
    ):
        writer = form.writer_for(services.store)
        receive(file, writer, limit)
        name = name_of(file, fields.get("title", ""))
    form.files.append(Incoming(writer, name, name))


def begin(request: Request, form: UploadForm, fields: Mapping[str, str]) -> UploadState:
    """Begin to fetch what a form names."""
    _admit(request, form.url, fields)
    account, address = account_of(request), request.client_addr or ""
    wanted = NewUpload(
        None,
        terms={name: text for name, text in with_defaults(account, fields).items() if name in KEPT},
        max_size=upload_limit(request, account),
        token=token_id(account),
    )
    services = request.services
    state: UploadState = services.remote_uploads.begin(
        form.url, wanted, address, request.authenticated_userid
    )
    return state


def _admit(request: Request, url: str, fields: Mapping[str, str]) -> None:
    """Count and note a fetch; RemoteOff, TooManyRequests, and what is wrong with the other fields."""
    read_options(request, fields)
    is_owned = account_of(request) is not None
    request.services.remote_files.admit(url, request.client_addr or "", is_owned=is_owned)


def may_come_later(request: Request) -> bool:
    """Tell whether a client would rather not wait: `Prefer: respond-async` (RFC 7240)."""
    wishes = request.headers.get("Prefer", "").split(",")
    return any(wish.partition(";")[0].strip().lower() == "respond-async" for wish in wishes)


def accepted(request: Request, state: UploadState) -> Response:
    """Say where to look how far a fetch is."""
    response = UploadAt(request, state, 202)
    response.headers["Preference-Applied"] = "respond-async"
    response.headers.update(expiry(state))
    response.headers["Cache-Control"] = "no-store"
    response.content_type = JSON
    response.json_body = standing(request, state)
    return confirmed(request, response, partial(request.services.resumable.forget, state.name))
