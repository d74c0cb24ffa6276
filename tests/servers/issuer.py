"""A small provider of accounts (OpenID Connect) of the tests' own: it says what a test tells it to."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "pastebin client", "a secret: of/ours"


class Issuer:
    """A provider whose tokens a test can make wrong. Its codes are what a browser was sent to it with."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.reset()

    def reset(self) -> None:
        """Be right again."""
        self.published: list[dict[str, Any]] = [self.key.as_dict(private=False)]
        self.document: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.signed_by: Any = self.key
        self.token: str | None = None
        self.answers: dict[str, Any] = {}  # path → bytes instead of what is right
        self.subject = "subject-1"
        self.asked: list[str] = []
        self.forms: list[dict[str, str]] = []

    def arrive(self, address: str, **changes: str) -> dict[str, str]:
        """Let somebody sign in who was sent to an address; return what their browser brings back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self._query = query
        return {"state": query["state"], "code": "a code", **changes}

    def configuration(self) -> dict[str, Any]:
        """Return what discovery says."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            **self.document,
        }

    def tokens(self, form: dict[str, str]) -> dict[str, Any]:
        """Return what a code is worth, if the verifier is that of the challenge."""
        self.forms.append(form)
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if challenge != self._query["code_challenge"] or form["redirect_uri"] != self._query["redirect_uri"]:
            return {"error": "invalid_grant"}
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.token or self.made_token()}

    def made_token(self) -> str:
        """Return an ID token."""
        claims = {
            "iss": self.address,
            "sub": self.subject,
            "aud": CLIENT,
            "nonce": self._query["nonce"],
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "preferred_username": "ada",
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": "one", **self.header}
        header = {name: value for name, value in header.items() if value is not None}
        if header["alg"] == "none":
            return f"{_part(header)}.{_part(claims)}."
        algorithms = [header["alg"]]
        return jws.serialize_compact(header, json.dumps(claims).encode(), self.signed_by, algorithms)

    def __enter__(self) -> "Issuer":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def elliptic_key() -> ECKey:
    """Return a key of another kind."""
    return ECKey.generate_key("P-256", {"kid": "two", "use": "sig"})


def _part(said: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def _handler_of(issuer: Issuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = {
                "/.well-known/openid-configuration": issuer.configuration,
                "/keys": lambda: {"keys": issuer.published},
            }
            self._answer(found[self.path])

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {**dict(parse_qsl(body)), "authorization": self.headers.get("Authorization", "")}
            self._answer(lambda: issuer.tokens(form))

        def _answer(self, make: Any) -> None:
            issuer.asked.append(self.path)
            special = issuer.answers.get(self.path)
            if callable(special):
                special(self)
                return
            data = special if special is not None else json.dumps(make()).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_values: Any) -> None:
            """Be silent."""

    return Handler
