"""What was shared: listed, changed, deleted, by the management addresses of the history or by a token."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from .account import Account
from .failures import NotThere
from .history import History, Shared, same_place
from .links import Link
from .terms import change
from .web import Web, successful


class Holdings:
    """The links that the history holds keys of, and those that the account of the token has."""

    def __init__(self, web: Web, history: History, account: Account | None) -> None:
        self._web = web
        self._history = history
        self._account = account

    def alive(self) -> Iterator[Shared]:
        """Give what is shared and has not expired: of the history, in order, then of the account."""
        known = [shared for shared in self._history.shared() if not shared.has_expired]
        yield from known
        if self._account is None:
            return
        places = {same_place(address) for shared in known for address in (shared.link, *shared.links)}
        for shared in self._account.shared():
            if same_place(shared.link) not in places:
                yield shared

    def release(self, link: Link) -> None:
        """Let every key go that this history has for a link; the link ends with its last one."""
        if self._account is not None and not self._is_known(link):
            self._account.release(link)
            return
        are_there = [self._release_one(manage) for manage in self._keys_of(link)]
        if not any(are_there):
            raise NotThere(f"{link.address} was gone already")

    def change(self, link: Link, changes: dict[str, str | None]) -> dict[str, Any]:
        """Change the terms of a link, and return its new state, with its address as `link`."""
        if self._account is not None and not self._is_known(link):
            said = self._account.change(link, changes)
            return {**said, "link": said.get("url_c") or said["url_s"]}
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

    def _is_known(self, link: Link) -> bool:
        """Tell whether this program has a key to a link."""
        return link.kind == "m" or any(shared.is_at(link.address) for shared in self._history.shared())

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
