"""ID tokens: signed by the provider, for this service, for this sign-in, and not over."""

import base64
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

# Nothing that a public key could be taken for the secret of, and never none at all.
ALGORITHMS = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
]

# By how many seconds clocks may differ.
LEEWAY = 60

SUBJECT_LENGTH = 255
KEY_TYPES = frozenset({"RSA", "EC", "OKP"})
MOST_KEYS = 20


class IdTokenFault(Exception):
    """What is wrong with an ID token, in a word for the log."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say."""

    issuer: str
    client_id: str
    nonce: str


def key_id_of(token: str) -> str | None:
    """Return the id of the key that a token says it is signed by, if it says one."""
    try:
        header = token.split(".", maxsplit=1)[0]
        said = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))
    except (ValueError, RecursionError) as error:
        raise IdTokenFault("malformed") from error
    found = said.get("kid") if isinstance(said, dict) else None
    return found if isinstance(found, str) else None


def verify(token: str, keys: Sequence[dict[str, Any]], expected: Expected) -> dict[str, Any]:
    """Return the claims of an ID token; IdTokenFault unless all of it is as it must be."""
    claims = _signed_claims(token, keys)
    fault = _fault_of(claims, expected, time.time())
    if fault:
        raise IdTokenFault(fault)
    return claims


def _signed_claims(token: str, keys: Sequence[dict[str, Any]]) -> dict[str, Any]:
    wanted = key_id_of(token)
    for key in keys[:MOST_KEYS]:
        is_other = wanted is not None and key.get("kid") not in (wanted, None)
        if is_other or key.get("kty") not in KEY_TYPES or key.get("use", "sig") != "sig":
            continue
        payload = _payload(token, key)
        if payload is not None:
            return payload
    raise IdTokenFault("signature")


def _payload(token: str, key: dict[str, Any]) -> dict[str, Any] | None:
    """Return what a token says if a key has signed it."""
    from joserfc import jwk, jws  # noqa: PLC0415 - large, and for services with a provider only
    from joserfc.errors import JoseError  # noqa: PLC0415

    try:
        found = json.loads(jws.deserialize_compact(token, jwk.import_key(key), algorithms=ALGORITHMS).payload)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _fault_of(claims: dict[str, Any], expected: Expected, now: float) -> str:
    """Return the name of what is wrong (OpenID Connect Core 1.0, 3.1.3.7); nothing if all is right."""
    subject, nonce = claims.get("sub"), claims.get("nonce")
    is_subject = isinstance(subject, str) and 1 <= len(subject) <= SUBJECT_LENGTH and subject.isprintable()
    given = nonce.encode("utf-8", "replace") if isinstance(nonce, str) else b""
    checks = {
        "iss": claims.get("iss") == expected.issuer,
        "aud": _is_for(claims, expected.client_id),
        "exp": _is_time(claims.get("exp")) and claims["exp"] > now - LEEWAY,
        "iat": _is_time(claims.get("iat")) and claims["iat"] < now + LEEWAY,
        "nbf": "nbf" not in claims or (_is_time(claims["nbf"]) and claims["nbf"] < now + LEEWAY),
        "nonce": compare_digest(given, expected.nonce.encode()),
        "sub": is_subject,
    }
    return next((name for name, is_right in checks.items() if not is_right), "")


def _is_for(claims: dict[str, Any], client_id: str) -> bool:
    """Tell whether a token is for a client: among several it must be the one that asked."""
    audience, party = claims.get("aud"), claims.get("azp")
    audiences = audience if isinstance(audience, list) else [audience]
    if client_id not in audiences:
        return False
    return party == client_id if len(audiences) > 1 or party is not None else True


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
