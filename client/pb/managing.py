"""What was shared from here: listed, changed, deleted, by the management addresses of the history."""

from dataclasses import replace
from typing import Any

from .failures import NotThere
from .history import History, Shared
from .links import Link
from .terms import change
from .web import Web, successful


class Holdings:
    """The links that the history holds keys of."""

    def __init__(self, web: Web, history: History) -> None:
        self._web = web
        self._history = history

    def alive(self) -> list[Shared]:
        """Return what is shared and has not expired, in order."""
        return [shared for shared in self._history.shared() if not shared.has_expired]

    def release(self, link: Link) -> None:
        """Let every key go that this history has for a link; the link ends with its last one."""
        are_there = [self._release_one(manage) for manage in self._keys_of(link)]
        if not any(are_there):
            raise NotThere(f"{link.address} was gone already")

    def change(self, link: Link, changes: dict[str, str | None]) -> dict[str, Any]:
        """Change the terms of a link, and return its new state, with its address as `link`."""
        *older, manage = self._keys_of(link)
        while older and not self._is_there(manage):  # let go elsewhere: an older one may hold the link alone
            self._history.note_end(manage)
            manage = older.pop()
        for other in older:  # a link that one key holds changes in place
            self._release_one(other)
        said = change(self._web, manage, changes)
        said["link"] = said.get("url_c") or said["url_s"]
        self._note(manage, said)
        return said

    def _is_there(self, manage: str) -> bool:
        try:
            self._web.get(manage)
        except NotThere:
            return False
        return True

    def _release_one(self, manage: str) -> bool:
        """Let a key go; tell whether it was still there."""
        try:
            self._web.patiently(lambda: successful(self._web.ask("DELETE", manage)))
        except NotThere:
            is_there = False
        else:
            is_there = True
        self._history.note_end(manage)
        return is_there

    def _keys_of(self, link: Link) -> list[str]:
        """Return the management addresses of a link, the newest last; NotThere if none is known."""
        known = [shared.manage for shared in self._history.shared() if shared.is_at(link.address)]
        if not known and link.kind == "m":
            known = [link.address]
        if not known:
            raise NotThere(f"{link.address} is not in the history: give its management address")
        return known

    def _note(self, manage: str, said: dict[str, Any]) -> None:
        """Keep what has changed: the expiry, and the addresses where the key moved to a link of its own."""
        for shared in self._history.shared():
            if shared.manage == manage:
                names = ("url_p", "url_i", "url_d", "url_c", "url_zip")
                links = [said[name] for name in names if isinstance(said.get(name), str)]
                self._history.note(
                    replace(shared, link=said["link"], expires=said.get("expires"), links=links)
                )
