"""The provider: where its addresses and keys are, by discovery, and what a code of it is worth."""

import base64
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from ...errors import ProviderFailed
from ...setting_types import is_secure_address
from .fetching import FAILED, fetch_object

# How long what the provider says of itself holds, and how soon after a failure it is asked again, in seconds.
KEPT_SECONDS = 3600.0
PAUSE_SECONDS = 10.0

# How soon keys are asked for again because a token names one that is not among them.
KEYS_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Configuration:
    """What discovery tells. `names_itself` is whether answers say who they are from (RFC 9207)."""

    authorization: str
    token: str
    keys: str
    auth_methods: tuple[str, ...]
    names_itself: bool


class OidcProvider:
    """The one provider of this service, and this service as its client."""

    def __init__(self, issuer: str, client_id: str, client_secret: str) -> None:
        self.issuer = issuer
        self.client_id = client_id
        self._client_secret = client_secret
        self._lock = threading.Lock()
        self._configuration: Configuration | None = None
        self._keys: list[dict[str, Any]] = []
        self._read_at = self._keys_read_at = self._failed_at = float("-inf")

    def configuration(self) -> Configuration:
        """Return where the provider's addresses are. ProviderFailed while it does not say."""
        with self._lock:
            now = time.monotonic()
            if self._configuration is None or now > self._read_at + KEPT_SECONDS:
                if now < self._failed_at + PAUSE_SECONDS:
                    raise ProviderFailed(FAILED)
                with ExitStack() as undo:
                    undo.callback(self._note_failure)
                    self._configuration = self._discover()
                    undo.pop_all()
                self._read_at = now
            return self._configuration

    def keys(self, key_id: str | None) -> list[dict[str, Any]]:
        """Return the provider's public keys, read anew if none of those it had has this id."""
        address = self.configuration().keys
        with self._lock:
            now = time.monotonic()
            is_known = key_id is None or any(key.get("kid") == key_id for key in self._keys)
            is_old = now > self._keys_read_at + (KEPT_SECONDS if self._keys and is_known else KEYS_SECONDS)
            if is_old:
                if now < self._failed_at + PAUSE_SECONDS:
                    raise ProviderFailed(FAILED)
                with ExitStack() as undo:
                    undo.callback(self._note_failure)
                    found = fetch_object(address).get("keys")
                    undo.pop_all()
                self._keys = (
                    [key for key in found if isinstance(key, dict)] if isinstance(found, list) else []
                )
                self._keys_read_at = now
            return self._keys

    def _note_failure(self) -> None:
        """Keep those who wait for the lock from asking again, one after the other."""
        self._failed_at = time.monotonic()

    def sign_in_address(self, state: str, nonce: str, challenge: str, redirect: str) -> str:
        """Return where a browser goes to sign in there."""
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect,
            "scope": "openid profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        address = self.configuration().authorization
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    def id_token(self, code: str, verifier: str, redirect: str) -> str:
        """Return the ID token for a code. ProviderFailed if the provider gives none."""
        configuration = self.configuration()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": verifier,
        }
        headers = {}
        if not self._client_secret:
            form["client_id"] = self.client_id
        elif "client_secret_basic" in configuration.auth_methods:
            headers["Authorization"] = self._basic()
        else:
            form |= {"client_id": self.client_id, "client_secret": self._client_secret}
        token = fetch_object(configuration.token, form, headers).get("id_token")
        if not isinstance(token, str):
            raise ProviderFailed(FAILED)
        return token

    def _basic(self) -> str:
        """Return id and secret as RFC 6749, 2.3.1 has them: quoted, then joined, then in Base64."""
        said = f"{quote(self.client_id, safe='')}:{quote(self._client_secret, safe='')}"
        return f"Basic {base64.b64encode(said.encode()).decode()}"

    def _discover(self) -> Configuration:
        found = fetch_object(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            raise ProviderFailed(FAILED)
        methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return Configuration(
            _address(found, "authorization_endpoint"),
            _address(found, "token_endpoint"),
            _address(found, "jwks_uri"),
            tuple(methods) if isinstance(methods, list) else (),
            found.get("authorization_response_iss_parameter_supported") is True,
        )


def _address(found: dict[str, Any], name: str) -> str:
    address = found.get(name)
    if not isinstance(address, str) or not is_secure_address(address):
        raise ProviderFailed(FAILED)
    return address
