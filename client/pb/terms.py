"""The terms of an upload: how long, how often, for whom."""

import json
from dataclasses import dataclass

from .body import Bytes
from .web import Web, successful


@dataclass(frozen=True)
class Terms:
    """What was asked for on the command line; None is what the server does by itself."""

    expires: str | None = None
    downloads: str | None = None
    password: str | None = None
    visibility: str | None = None
    title: str | None = None

    def public(self) -> dict[str, str]:
        """Return what may be kept in the history: all but the password."""
        return {name: value for name, value in self.fields().items() if name != "password"}

    def fields(self) -> dict[str, str]:
        """Return what is given, by the names of the server's fields."""
        return {name: value for name, value in vars(self).items() if value is not None}

    def set_password(self, web: Web, manage: str) -> None:
        """Make sure that a link has this password."""
        change(web, manage, {"password": self.password})


def change(
    web: Web, manage: str, changes: dict[str, str | None], more: dict[str, str] | None = None
) -> dict[str, object]:
    """Change the terms of what is managed at an address; None removes one. Return the new state."""
    data = json.dumps(changes).encode()
    headers = {"Content-Type": "application/json", **(more or {})}
    return web.patiently(lambda: successful(web.ask("PATCH", manage, headers, Bytes(data)))).json()
