"""The security policy: who a request comes from.

A file's or a collection's tickets are signed cookies, each for one realm and one purpose; a realm is `f12` or
`c3`. An account is known by a session (a random cookie) or by a token (a header), never by both: what a
token may not do, nobody does who sends one.
"""

import base64
import hashlib
import hmac
import re
import time
from dataclasses import replace
from typing import Any

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPForbidden
from pyramid.request import Request
from pyramid.security import Allowed, Denied

from ..errors import Unauthorized
from ..services import Services
from ..services.api_tokens import PREFIX
from ..services.gate import NOBODY, Guarded, Identity
from ..services.rights import AccountIdentity, Right
from .cookies import session_secret, set_cookie
from .origins import SAFE, is_bare_without_origin, require_own_page

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
    """Knows accounts, and the files that were unlocked or claimed; everybody else is nobody."""

    def __init__(self, secret: str) -> None:
        self._tickets = Tickets(secret)

    def identity(self, request: Request) -> Identity:
        """Return what a request shows; without a cookie of ours or a token nothing is looked up.

        `request.identity` keeps it. Raises Unauthorized for a wrong token, and Forbidden for a session that
        another site makes use of.
        """
        environ = request.environ
        has_cookie = COOKIE_PREFIX in environ.get("HTTP_COOKIE", "")
        if not has_cookie and "HTTP_AUTHORIZATION" not in environ:
            return NOBODY
        shown = self._tickets.identity(request.cookies) if has_cookie else NOBODY
        return replace(shown, account=_account_of(request))

    def authenticated_userid(self, request: Request) -> str | None:
        """Return the id of the account, as a text."""
        account = account_of(request)
        return None if account is None else str(account.id)

    def permits(self, request: Request, _context: Any, permission: str) -> Any:
        """Tell whether the account of a request has a right (`services.rights`)."""
        account = account_of(request)
        if account is not None and account.may(Right(permission)):
            return Allowed("the account has the right")
        return Denied("no account with this right")

    def remember(self, _request: Request, _userid: Any, **_options: Any) -> list[tuple[str, str]]:
        """Return no headers: `begin_session` does more than this could."""
        return []

    def forget(self, _request: Request, **_options: Any) -> list[tuple[str, str]]:
        """Return no headers: `end_session` does more than this could."""
        return []


def identity_of(request: Request) -> Identity:
    """Return what a request shows."""
    found: Identity = request.identity
    return found


def account_of(request: Request) -> AccountIdentity | None:
    """Return the account that a request comes from, if there is one."""
    return identity_of(request).account


def require_account(request: Request) -> AccountIdentity:
    """Return the account that a request comes from; HTTPForbidden without one."""
    account = account_of(request)
    if account is None:
        raise HTTPForbidden
    return account


def _account_of(request: Request) -> AccountIdentity | None:
    token = _token_of(request)
    if token is not None:
        return _require_token(request, token)
    secret = session_secret(request)
    if secret is None:
        return None
    if request.method not in SAFE:
        require_own_page(request)
        if is_bare_without_origin(request):
            return None
    services: Services = request.registry.services
    return services.account_sessions.find(secret)


def _token_of(request: Request) -> str | None:
    """Return the token that a request sends, right or wrong; None if it sends none."""
    kind, _, credentials = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind.lower() == "bearer":
        return str(credentials.strip())
    password = basic_password(request)
    return password if password is not None and password.startswith(PREFIX) else None


def _require_token(request: Request, token: str) -> AccountIdentity:
    services: Services = request.registry.services
    limit, address = services.rate_limits.wrong_keys, request.client_addr or ""
    limit.require(address)
    account = services.tokens.find(token)
    if account is None:
        limit.count(address)
        raise Unauthorized("This token is wrong, over or revoked.")
    return account


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
    set_cookie(request, response, name, value, TICKET_SECONDS)


def includeme(config: Configurator) -> None:
    """Set the policy."""
    config.set_security_policy(SecurityPolicy(config.registry.services.settings.secret))
