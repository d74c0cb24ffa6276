"""The management address of a link: a page for its holder, JSON for programs."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest, BadTerm, Forbidden
from ..resources import ManagedCollection, ManagedLink
from ..services import terms
from ..services.collection_records import StoredCollection
from ..services.rights import Right
from ..services.stored_file import StoredFile
from ..services.terms import Terms
from ..web.bodies import read_object, read_small_form
from ..web.cookies import require_form_token
from ..web.negotiation import HTML, JSON, preferred
from ..web.response_headers import no_store
from ..web.security import account_of
from .representations import describe, describe_terms


@view_config(context=ManagedLink, request_method="GET")
def look(context: ManagedLink, request: Request) -> Response:
    """Show a link and its terms. Changes nothing."""
    if preferred(request) == HTML:
        return _page(context, request)
    personal = list(personal_of(request, context.file))
    return _state(request, context.file, context.key, **({"personal": personal} if personal else {}))


def personal_of(request: Request, file: StoredFile) -> tuple[str, ...]:
    """Return what a picture says of people that its holder may remove; of a collection's files nothing.

    Those cannot be exchanged: the collection has their places.
    """
    found: tuple[str, ...] = request.services.metadata.find_personal(file)
    return () if file.collection_id is not None else found


@view_config(context=ManagedLink, request_method="PATCH")
def change(context: ManagedLink, request: Request) -> Response:
    """Change terms by JSON; null removes one."""
    asked = read_object(request, terms.NAMES)
    if not asked:  # nothing to change, and so no reason to part from others who hold the link
        return _state(request, context.file, context.key)
    given = {name: None if value is None else text_of(value, name) for name, value in asked.items()}
    changes = changes_of(given, request, is_owned=context.file.owner_id is not None)
    return _state(request, request.services.links.change(context.key, changes), context.key)


@view_config(context=ManagedLink, request_method="DELETE")
def release(context: ManagedLink, request: Request) -> Response:
    """Let the key go; the link ends with its last one."""
    request.services.links.release(context.key)
    return private(Response(status=204))


@view_config(context=ManagedLink, request_method="POST")
def submit(context: ManagedLink, request: Request) -> Response:
    """Do what the page's form says: change the terms, remove a picture's metadata, or delete."""
    fields = read_small_form(request)
    if fields.get("action") == "delete":
        request.services.links.release(context.key)
        if context.file.owner_id is None:
            request.session.flash("deleted")
        return private(HTTPSeeOther(location=request.address()))
    if fields.get("action") == "claim":
        return claim(context, request, fields)
    if fields.get("action") == "strip":
        return _strip(context, request)
    if fields.get("action") != "change":
        raise BadRequest("The form asks for nothing that can be done here.")
    asked = asked_of(fields, context.file)
    if asked:
        changes = changes_of(asked, request, is_owned=context.file.owner_id is not None)
        request.services.links.change(context.key, changes)
    request.session.flash("changed")
    return private(HTTPSeeOther(location=request.address("m", context.key)))


def _strip(context: ManagedLink, request: Request) -> Response:
    """Exchange the link for one to the picture without its metadata."""
    link = request.services.stripping.exchange(context.key)
    if preferred(request) == JSON and "Accept" in request.headers:
        return _state(request, link.file, link.management_key, removed=list(link.removed or ()))
    if link.removed:
        request.session.flash(",".join(link.removed), "removed")
    return private(HTTPSeeOther(location=request.address("m", link.management_key)))


def asked_of(fields: Mapping[str, str], file: StoredFile) -> dict[str, str | None]:
    """Return the changes a form asks for: an empty field removes a term, an unchanged one leaves it."""
    asked: dict[str, str | None] = {}
    title, downloads = (fields.get(name, "").strip() for name in ("title", "downloads"))
    if title != (file.title or ""):
        asked["title"] = title or None
    if downloads != fields.get("shown_downloads", ""):  # some may have been taken since the page was shown
        asked["downloads"] = downloads or None
    if fields.get("expires") == "never":
        asked["expires"] = None
    elif fields.get("expires"):
        asked["expires"] = fields["expires"]
    if fields.get("password"):
        asked["password"] = fields["password"]
    elif fields.get("no_password"):
        asked["password"] = None
    if fields.get("visibility") and fields["visibility"] != visibility_of(file):
        asked["visibility"] = fields["visibility"]
    return asked


def visibility_of(item: StoredFile | StoredCollection) -> str:
    """Return the visibility of a file or a collection, as terms have it."""
    if item.is_private:
        return "private"
    return "listed" if item.is_listed else "unlisted"


def claim(context: ManagedLink | ManagedCollection, request: Request, fields: dict[str, str]) -> Response:
    """Give what a key holds to the account that is signed in. Forbidden without one."""
    account = account_of(request)
    if account is None or not account.may(Right.UPLOAD):
        raise Forbidden("Sign in first: what you claim belongs to your account.")
    if request.headers.get("Origin") == "null":  # as browsers say on this page: see `web.origins`
        require_form_token(request, fields)
    request.services.claims.claim(context.key, account.id)
    if account.token is not None:
        return private(Response(status=204))
    request.session.flash("claimed")
    return private(HTTPSeeOther(location=request.address("m", context.key)))


def changes_of(
    asked: Mapping[str, str | None], request: Request, *, is_owned: bool = False
) -> dict[str, Any]:
    """Return the columns to set for terms, None for one to remove. BadTerm if one is wrong.

    Forbidden for what needs an account, unless it is an account's (`is_owned`).
    """
    services = request.services
    given = {name: text for name, text in asked.items() if text is not None}
    if "" in given.values():
        empty = next(name for name, text in given.items() if not text)
        raise BadTerm("A term is empty; null removes one.", empty)
    wanted = Terms.from_fields(given, services.terms_policy, datetime.now(UTC), is_owned=is_owned)
    changes: dict[str, Any] = {}
    if "expires" in asked:
        changes["expires"] = wanted.expires
    if "downloads" in asked:
        changes["downloads_left"] = wanted.downloads
    if "title" in asked:
        changes["title"] = wanted.title
    if "password" in asked:
        changes["password"] = wanted.password and services.passwords.hash(wanted.password)
    if "visibility" in asked:
        changes["listed"] = wanted.visibility == "listed" and services.settings.public_listing
        changes["is_private"] = wanted.is_private
    return changes


def text_of(value: Any, name: str = "") -> str:
    """Return a JSON value of a term as a form would have it."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadTerm("A term is a text, a whole number or null.", name)
    return str(value)


def _state(request: Request, file: StoredFile, key: str, **more: Any) -> Response:
    said = {**describe(request, file), **describe_terms(request, file, key)}
    terms_now = {"title": file.title, "password": file.password is not None}
    return private(Response(json_body={**said, **terms_now, **more}))


def _page(context: ManagedLink, request: Request) -> Response:
    said = {**describe(request, context.file), **describe_terms(request, context.file, context.key)}
    values = {
        "file": context.file,
        "described": said,
        "notices": request.notices(),
        "visibility": visibility_of(context.file),
        "url_m": said["url_m"],
        "personal": personal_of(request, context.file),
        "removed": request.notices("removed"),
    }
    return private(render_to_response("manage.mako", values, request))


def private(response: Response) -> Response:
    """Keep an answer out of caches, and the address out of what other sites are told."""
    no_store(response)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
