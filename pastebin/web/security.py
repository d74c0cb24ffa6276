"""The security policy: who a request comes from. Cookies are signed, each for one realm and one purpose.

A realm is a file, or a collection with its files: `f12`, `c3`.
"""

import base64
import hashlib
import hmac
import re
import time
from typing import Any

from pyramid.authorization import ACLHelper
from pyramid.config import Configurator
from pyramid.request import Request

from ..services.gate import NOBODY, Guarded, Identity

# How long an unlocked or claimed file stays so, in seconds.
TICKET_SECONDS = 3600

# What the names of our tickets begin with.
COOKIE_PREFIX = "pb-"

_NAME = re.compile(r"pb-(unlock|claim)-([fc][0-9]{1,19})", re.ASCII)
_VALUE = re.compile(r"([0-9a-f]{0,16})\.([0-9]{1,12})\.([0-9a-f]{64})", re.ASCII)


class Tickets:
    """Cookies that say what a visitor may do with one file, or one collection."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def _seal(self, kind: str, realm: str, version: str, until: str) -> str:
        """Return the MAC of a ticket; kind and realm are part of it, so none can be turned into another."""
        said = "\n".join(("ticket", kind, realm, version, until)).encode()
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()

    def cookie(self, kind: str, item: Guarded, version: str = "") -> tuple[str, str]:
        """Return name and value of the cookie for a realm; `kind` is `unlock` or `claim`."""
        until = str(int(time.time()) + TICKET_SECONDS)
        return f"pb-{kind}-{item.realm}", f"{version}.{until}.{self._seal(kind, item.realm, version, until)}"

    def identity(self, cookies: Any) -> Identity:
        """Return what the valid ones of some cookies say."""
        unlocked, claimed = set(), set()
        for name, value in cookies.items():
            named, said = _NAME.fullmatch(name), _VALUE.fullmatch(value)
            if not named or not said or int(said[2]) < time.time():
                continue
            if not hmac.compare_digest(self._seal(named[1], named[2], said[1], said[2]), said[3]):
                continue
            if named[1] == "unlock":
                unlocked.add((named[2], said[1]))
            else:
                claimed.add(named[2])
        return Identity(frozenset(unlocked), frozenset(claimed))


class SecurityPolicy:
    """Everybody is nobody, but for the files that were unlocked or claimed."""

    def __init__(self, secret: str) -> None:
        self._tickets = Tickets(secret)
        self._acl = ACLHelper()

    def identity(self, request: Request) -> Identity:
        """Return what the request's cookies show; without ours none is parsed."""
        if COOKIE_PREFIX not in request.environ.get("HTTP_COOKIE", ""):
            return NOBODY
        return self._tickets.identity(request.cookies)

    def authenticated_userid(self, _request: Request) -> None:
        """Return None: nobody has a name here."""

    def permits(self, _request: Request, context: Any, permission: str) -> Any:
        """Ask the context's access list, if it has one."""
        return self._acl.permits(context, ["system.Everyone"], permission)

    def remember(self, _request: Request, _userid: Any, **_options: Any) -> list[tuple[str, str]]:
        """Return no headers: nobody signs in."""
        return []

    def forget(self, _request: Request, **_options: Any) -> list[tuple[str, str]]:
        """Return no headers: nobody signs out."""
        return []


def basic_password(request: Request) -> str | None:
    """Return the password of an `Authorization: Basic` header, whatever its user is called."""
    kind, _, credentials = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        told = base64.b64decode(credentials.strip(), validate=True).decode()
    except ValueError:
        return None
    return told.partition(":")[2] or None


def set_ticket(request: Request, response: Any, kind: str, item: Guarded) -> None:
    """Give the visitor a ticket for a file or a collection, of the kind `unlock` or `claim`."""
    version = item.password_version if kind == "unlock" else ""
    name, value = Tickets(request.services.settings.secret).cookie(kind, item, version)
    response.set_cookie(
        name,
        value,
        max_age=TICKET_SECONDS,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=request.scheme == "https",
    )


def includeme(config: Configurator) -> None:
    """Set the policy."""
    config.set_security_policy(SecurityPolicy(config.registry.services.settings.secret))
