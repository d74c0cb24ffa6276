"""Signing in with an account of an OpenID Connect provider (OpenID Connect Core 1.0, RFC 7636, RFC 9207)."""

from .provider import OidcProvider
from .sign_in import Arrival, OidcSignIn

__all__ = ["Arrival", "OidcProvider", "OidcSignIn"]
