"""What answers say of a file: as JSON, and as a few lines of text."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from pyramid.request import Request

from ..services.collection_records import Item, StoredCollection
from ..services.file_records import Link
from ..services.files import StoredFile
from ..units import humanize_bytes


def short_address(request: Request, file: StoredFile) -> str:
    """Return the address of a file's short link."""
    return request.address("s", request.services.files.short_code(file))


def address_of(request: Request, file: StoredFile, noun: str) -> str:
    """Return a file's address under one of the nouns `s`, `p`, `i` and `d`."""
    found: str = short_address(request, file) if noun == "s" else request.address(noun, file.filehash)
    return found


def describe(request: Request, file: StoredFile) -> dict[str, str]:
    """Return what `POST /` says of a file."""
    inline = request.address("i", file.filehash)
    return {
        "url_p": request.address("p", file.filehash),
        "url_i": inline,
        "url_d": request.address("d", file.filehash),
        "url_s": short_address(request, file),
        "filename": file.filename,
        "size": humanize_bytes(file.size),
        "time": file.uploadtime.strftime("%Y-%m-%d %H:%M:%S"),
        "type": file.kind,
        "quoteurl": quote(inline),
    }


def describe_terms(request: Request, file: StoredFile, management_key: str) -> dict[str, Any]:
    """Return what answers to uploads add: the terms that end a link, and the management address.

    The files of a new collection have none of their own.
    """
    return {
        "url_m": request.address("m", management_key) if management_key else None,
        "expires": None if file.expires is None else file.expires.isoformat(timespec="seconds"),
        "downloads_left": file.downloads_left,
    }


def describe_removed(link: Link) -> dict[str, Any]:
    """Return what answers to uploads add where metadata was to be removed: the kinds of what was."""
    return {} if link.removed is None else {"removed": list(link.removed)}


def describe_collection(
    request: Request, collection: StoredCollection, items: Sequence[Item], management_key: str = ""
) -> dict[str, Any]:
    """Return what answers say of a collection; its management address only to who has the key."""
    expires = collection.expires
    said: dict[str, Any] = {
        "url_c": request.address("c", collection.code),
        "url_zip": request.address("c", f"{collection.code}.zip"),
        "title": collection.title,
        "expires": None if expires is None else expires.isoformat(timespec="seconds"),
        "downloads_left": collection.downloads_left,
        "files": [describe_item(request, item) for item in items],
    }
    return {**said, "url_m": request.address("m", management_key)} if management_key else said


def describe_item(request: Request, item: Item) -> dict[str, Any]:
    """Return what answers say of a file in a collection; of one that is gone only that."""
    if item.file is None:
        return {"path": None, "gone": True}
    return {**describe(request, item.file), "file": item.file.filehash, "path": item.path}


def describe_for_machines(request: Request, file: StoredFile) -> dict[str, Any]:
    """Return what `POST /j` says of a file."""
    return {
        "url": request.address("i", file.filehash),
        "short_url": short_address(request, file),
        "origin_filename": file.filename,
        "hash": file.filehash,
        "width": file.width,
        "height": file.height,
    }


def management_headers(request: Request, management_key: str) -> tuple[tuple[str, str], ...]:
    """Return the headers in which every answer to an upload tells its management address."""
    address = request.address("m", management_key)
    return ("Link", f'<{address}>; rel="edit"'), ("X-Url-Delete", address)


def facts(file: StoredFile) -> str:
    """Return size, media type and sides of a file in a line."""
    sides = f", {file.width} × {file.height} pixels" if file.width else ""
    return f"{humanize_bytes(file.size)}, {file.mimetype}{sides}"


def essentials(request: Request, file: StoredFile) -> str:
    """Return what there is to know about a file in a few lines."""
    said = describe(request, file)
    lines = [
        file.filename,
        f"{facts(file)}, {said['time']} UTC",
        f"Page      {said['url_p']}",
        f"File      {said['url_i']}",
        f"Download  {said['url_d']}",
        f"Short     {said['url_s']}",
    ]
    if file.downloads_left is None:  # of a limited file nothing that depends on its bytes is told
        lines.append(f"SHA-256   {file.sha256}")
    return "\n".join(lines) + "\n"
