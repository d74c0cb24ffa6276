"""The management address of a collection: a page for its holder, JSON for programs."""

from contextlib import ExitStack
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import ManagedCollection
from ..services import terms
from ..services.collection_contents import Wish
from ..services.collection_records import Item, StoredCollection
from ..services.collections import MAX_FILES
from ..web.bodies import read_object, read_small_form
from ..web.collection_json import read_wishes
from ..web.negotiation import HTML, preferred
from .links import changes_of, claim, private, text_of
from .representations import describe_collection
from .uploads import receive, take_back

# What the page's buttons do with the file at a place: where it goes, None for out.
MOVES = {"up": -1, "down": 1, "remove": None}


@view_config(context=ManagedCollection, request_method="GET")
def look(context: ManagedCollection, request: Request) -> Response:
    """Show a collection, its files and its terms. Changes nothing."""
    if preferred(request) != HTML:
        return _state(context, request, context.collection)
    values = {
        "collection": context.collection,
        "items": context.items(),
        "url_c": request.address("c", context.collection.code),
        "url_m": request.address("m", context.key),
        "notices": request.notices(),
    }
    return private(render_to_response("manage_collection.mako", values, request))


@view_config(context=ManagedCollection, request_method="PATCH")
def change(context: ManagedCollection, request: Request) -> Response:
    """Change title, terms and files by JSON; null removes a term, `files` is the whole new list."""
    asked = read_object(request, {"files", *terms.NAMES})
    wishes = read_wishes(asked.pop("files")) if "files" in asked else None
    given = {name: None if value is None else text_of(value) for name, value in asked.items()}
    changes = changes_of(given, request, is_owned=context.collection.owner_id is not None)
    changed = request.services.collections.change(context.key, changes, wishes)
    return _state(context, request, changed)


@view_config(context=ManagedCollection, request_method="DELETE")
def release(context: ManagedCollection, request: Request) -> Response:
    """End the collection, and its files that nobody else holds."""
    request.services.collections.release(context.key)
    return private(Response(status=204))


@view_config(context=ManagedCollection, request_method="POST")
def submit(context: ManagedCollection, request: Request) -> Response:
    """Do what the page's forms say: add files, change the terms, move or remove a file, or delete."""
    if request.content_type == "multipart/form-data":
        _add(context, request)
        request.session.flash("changed")
        return private(HTTPSeeOther(location=request.address("m", context.key)))
    fields = read_small_form(request)
    if fields.get("action") == "delete":
        request.services.collections.release(context.key)
        request.session.flash("deleted")
        return private(HTTPSeeOther(location=request.address()))
    if fields.get("action") == "claim":
        return claim(context, request, fields)
    if fields.get("action") == "change":
        changes = changes_of(_asked(fields), request, is_owned=context.collection.owner_id is not None)
        request.services.collections.change(context.key, changes)
    else:
        request.services.collections.change(context.key, {}, _moved(context.items(), fields))
    request.session.flash("changed")
    return private(HTTPSeeOther(location=request.address("m", context.key)))


def _add(context: ManagedCollection, request: Request) -> None:
    """Upload the files of a form, and put them at the end of the collection."""
    there = [Wish(item.file.filehash, path=item.path) for item in context.items() if item.file]
    links = receive(request)
    added = [Wish(key=link.management_key, path=link.file.filename) for link in links]
    with ExitStack() as undo:
        undo.callback(take_back, request, *links)  # nobody has been told their keys
        if len(there) + len(added) > MAX_FILES:
            raise BadRequest(f"A collection has at most {MAX_FILES} files.")
        request.services.collections.change(context.key, {}, [*there, *added])
        undo.pop_all()


def _asked(fields: dict[str, str]) -> dict[str, str | None]:
    """Return the changes a form asks for: an emptied field removes a term, an unchanged one leaves it."""
    asked: dict[str, str | None] = {}
    for name in ("title", "downloads"):
        told = fields.get(name, "").strip()
        if told != fields.get(f"shown_{name}", ""):
            asked[name] = told or None
    if fields.get("expires"):
        asked["expires"] = None if fields["expires"] == "never" else fields["expires"]
    if fields.get("password") or fields.get("no_password"):
        asked["password"] = fields.get("password") or None
    return asked


def _moved(items: list[Item], fields: dict[str, str]) -> list[Wish]:
    """Return the files after what a button asks for: `up`, `down` or `remove` with `<place>.<file>`."""
    move = next((name for name in MOVES if name in fields), None)
    if move is None:
        raise BadRequest("The form asks for nothing that can be done here.")
    wishes = [Wish(item.file.filehash, path=item.path) for item in items if item.file]
    place, _, filehash = fields[move].partition(".")
    number = int(place) if place.isdecimal() and len(place) < 6 else len(wishes)
    if number >= len(wishes) or wishes[number].filehash != filehash:
        raise BadRequest("The collection has changed meanwhile. Load its page again.")
    step, moved = MOVES[move], wishes.pop(number)
    if step is not None:
        wishes.insert(max(0, number + step), moved)
    elif not wishes:
        raise BadRequest("This is the last file. Delete the collection instead.")
    return wishes


def _state(context: ManagedCollection, request: Request, collection: StoredCollection) -> Response:
    said: dict[str, Any] = describe_collection(request, collection, context.items(), context.key)
    return private(Response(json_body={**said, "password": collection.password is not None}))
