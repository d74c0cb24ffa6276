"""A sign-in at the provider, from the way there to who came back.

A browser that sets out gets a random text in a cookie. What the provider is asked for, and what the way back
must show, is made of that text, so nothing is stored, and nobody else's way back is taken for one's own.
"""

import base64
import hashlib
import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import Forbidden, NotFound
from ..signed_tokens import SignedTokens
from .id_tokens import Expected, IdTokenFault, key_id_of, verify
from .provider import OidcProvider

log = logging.getLogger(__name__)

STATE = "oidc"
STATE_SECONDS = 600

NOT_BEGUN = "This sign-in was not begun in this browser, or is over. Begin again."


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who came back from the provider, where they wanted to go, and which account wanted to be linked."""

    issuer: str
    subject: str
    name: str
    target: str
    account_id: int | None


class OidcSignIn:
    """Sends browsers to the provider, and receives them."""

    def __init__(self, provider: OidcProvider, tokens: SignedTokens) -> None:
        self._provider = provider
        self._tokens = tokens

    def begin(self, redirect: str, target: str, account_id: int | None = None) -> tuple[str, str]:
        """Return what the browser's cookie holds, and the provider's address to go to."""
        binding = secrets.token_urlsafe(32)
        state = self._tokens.make(STATE, [_made_of(binding, "browser"), target, account_id], STATE_SECONDS)
        challenge = _base64(hashlib.sha256(_made_of(binding, "verifier").encode()).digest())
        nonce = _made_of(binding, "nonce")
        return binding, self._provider.sign_in_address(state, nonce, challenge, redirect)

    def complete(self, binding: str | None, answer: Mapping[str, str], redirect: str) -> Arrival:
        """Return who came back with an answer of the provider.

        Forbidden if it is not this browser's, not the provider's, or comes again; ProviderFailed.
        """
        if not binding:
            raise Forbidden(NOT_BEGUN)
        target, account_id = self._begun(binding, answer)
        if "error" in answer or not answer.get("code"):
            raise Forbidden("The sign-in provider has not signed you in.")
        token = self._provider.id_token(answer["code"], _made_of(binding, "verifier"), redirect)
        claims = self._claims(token, _made_of(binding, "nonce"))
        return Arrival(self._provider.issuer, claims["sub"], _name_in(claims), target, account_id)

    def _begun(self, binding: str, answer: Mapping[str, str]) -> tuple[str, int | None]:
        """Return what the browser set out for, once; Forbidden if it did not."""
        state = answer.get("state", "")
        values = self._tokens.read(STATE, state)
        if values is None or not hmac.compare_digest(values[0], _made_of(binding, "browser")):
            raise Forbidden(NOT_BEGUN)
        try:
            self._tokens.spend_alone(state)
        except NotFound as error:
            raise Forbidden(NOT_BEGUN) from error
        told = answer.get("iss")
        is_silent = told is None and not self._provider.configuration().names_itself
        if not is_silent and told != self._provider.issuer:
            raise Forbidden(NOT_BEGUN)
        return values[1], values[2]

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        expected = Expected(self._provider.issuer, self._provider.client_id, nonce)
        try:
            return verify(token, self._provider.keys(key_id_of(token)), expected)
        except IdTokenFault as error:
            log.warning("An ID token of the sign-in provider was refused: %s", error)
            raise Forbidden("The sign-in could not be verified. Begin again.") from error


def _made_of(binding: str, use: str) -> str:
    """Return a text for one use, which tells nothing of those for others."""
    return _base64(hmac.new(binding.encode("utf-8", "replace"), use.encode(), hashlib.sha256).digest())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _name_in(claims: dict[str, Any]) -> str:
    """Return what the provider calls somebody, to begin with: it proves nothing."""
    names = (claims.get(name) for name in ("preferred_username", "nickname", "name"))
    return next((name for name in names if isinstance(name, str) and 1 <= len(name) <= 64), "")
