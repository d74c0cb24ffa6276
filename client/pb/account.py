"""What the account of a token has, by the server's API: listed, changed, deleted."""

import re
from collections.abc import Iterator
from typing import Any

from .failures import NotThere, Unreachable
from .history import Shared
from .links import Link
from .settings import origin_of
from .terms import change
from .web import Web, successful

_NEXT = re.compile(r'<([^<>]+)>; rel="next"')
_ANY = {"If-Match": "*"}
_MOST_PAGES = 1000
_OF_FILES = ("url_p", "url_i", "url_d")


class Account:
    """The files and collections of an account, on the server at `base`."""

    def __init__(self, web: Web, base: str) -> None:
        self._web = web
        self._base = base

    def shared(self) -> Iterator[Shared]:
        """Give the files, the oldest first, then the collections. Refused if the token may not see them."""
        for said in self._all("files"):
            if said["in_collection"]:
                continue
            links = [said[name] for name in _OF_FILES]
            yield Shared(
                said["url_s"], "", said["filename"], said["size"], said["uploaded"], said["expires"], links
            )
        for said in self._all("collections"):
            name = said["title"] or said["code"]
            yield Shared(said["url_c"], "", name, 0, said["created"], said["expires"])

    def release(self, link: Link) -> None:
        """End what is at a link. NotThere unless the account has it."""
        address = self._address_of(link)
        self._web.patiently(lambda: successful(self._web.ask("DELETE", address, _ANY)))

    def change(self, link: Link, changes: dict[str, str | None]) -> dict[str, Any]:
        """Change the terms of what is at a link, and return its new state. NotThere unless it has that."""
        return change(self._web, self._address_of(link), changes, _ANY)

    def _all(self, noun: str) -> Iterator[dict[str, Any]]:
        address = f"{self._base}api/v1/{noun}?limit=100&sort=oldest"
        for _ in range(_MOST_PAGES):
            answer = self._web.get(address)
            try:
                yield from answer.json()["items"]
            except (KeyError, TypeError) as error:
                raise Unreachable("the answer makes no sense: does this server have the API?") from error
            found = _NEXT.search(answer.headers.get("Link", ""))
            if found is None or origin_of(found[1]) != origin_of(self._base):
                return
            address = found[1]

    def _address_of(self, link: Link) -> str:
        """Return where the API has what a link leads to."""
        if origin_of(link.address) != origin_of(self._base):
            raise NotThere(f"{link.address} is on another server than the token is for")
        if link.kind == "c":
            return f"{self._base}api/v1/collections/{link.name}"
        name = self._name_of_code(link) if link.kind == "s" else link.name
        return f"{self._base}api/v1/files/{name}"

    def _name_of_code(self, link: Link) -> str:
        """Return the public name of the file that a short link leads to."""
        answer = self._web.ask("GET", link.address)
        target = self._web.follow(link.address, answer)
        if target is None:
            raise NotThere(f"there is nothing at {link.address}")
        return target.rpartition("/")[2]
