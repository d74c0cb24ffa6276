"""Passkeys (WebAuthn): keys of devices that sign in to accounts; the device checks its user itself."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import webauthn
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.cose import COSEAlgorithmIdentifier as Algorithm
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ..errors import BadRequest, NotFound
from ..models import ACCOUNTS, PASSKEYS, WriteTransactions, retry_on_disconnect
from ..models.account import NOTE_LENGTH
from ..names import visible_name
from .account_records import StoredAccount, locked_account, remove_way_in
from .rights import AccountIdentity
from .signed_tokens import SignedTokens

# The kinds of the tokens that challenges are made of, and for how long they hold, in seconds.
NEW, ASKED = "passkey-new", "passkey"
SECONDS = 300

# How many an account may have.
MOST = 20

# Characters of what a browser sends, and of the id and the key in it.
CREDENTIAL_LIMIT = 16 * 2**10
ID_LIMIT = KEY_LIMIT = 1400

ALGORITHMS = [Algorithm.EDDSA, Algorithm.ECDSA_SHA_256, Algorithm.RSASSA_PKCS1_v1_5_SHA_256]

_BY_KEY = select(PASSKEYS).where(PASSKEYS.c.credential_id == bindparam("credential"))
_OF_ACCOUNT = select(PASSKEYS).where(PASSKEYS.c.account_id == bindparam("account")).order_by(PASSKEYS.c.id)
_ACCOUNT = select(ACCOUNTS).where(ACCOUNTS.c.id == bindparam("number"))

# Whatever the library, or what it is built on, makes of bytes that anybody may have sent.
_WRONG = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys are for: the host (`rp_id`), scheme and host (`origin`), and a name for people."""

    rp_id: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class StoredPasskey:
    """A passkey as its account sees it."""

    id: int
    name: str
    created: datetime
    last_used: datetime | None


class Passkeys:
    """Passkeys of accounts. A challenge is answered once."""

    def __init__(self, engine: Engine, tokens: SignedTokens) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._tokens = tokens

    def options_to_make(self, account: StoredAccount, site: Site) -> tuple[str, dict[str, Any]]:
        """Return a state to send back, and what the browser is asked to make for an account."""
        state = self._tokens.make(NEW, [account.id, secrets.token_hex(16)], SECONDS)
        options = webauthn.generate_registration_options(
            rp_id=site.rp_id,
            rp_name=site.name,
            user_id=_user_handle(account.id),
            user_name=account.name,
            user_display_name=account.name,
            challenge=_challenge(state),
            timeout=SECONDS * 1000,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(base64url_to_bytes(row.credential_id))
                for row in self._rows(account.id)
            ],
            supported_pub_key_algs=ALGORITHMS,
        )
        return state, json.loads(webauthn.options_to_json(options))

    def add(self, identity: AccountIdentity, state: str, credential: str, name: str, site: Site) -> None:
        """Keep the passkey that a browser has made for a state. BadRequest if it cannot be verified."""
        account_id = identity.id
        values = self._tokens.read(NEW, state)
        if values is None or values[0] != account_id:
            raise BadRequest(NOT_VERIFIED)
        row = {
            **_verified_new(credential, state, site),
            "account_id": account_id,
            "name": visible_name(" ".join(name.split()), NOTE_LENGTH - 1),
            "created": datetime.now(UTC),
        }

        def write(connection: Connection) -> None:
            locked_account(connection, account_id, identity.session_id)
            if len(connection.execute(_OF_ACCOUNT, {"account": account_id}).all()) >= MOST:
                raise BadRequest(f"An account has at most {MOST} passkeys. Remove one first.")
            self._tokens.spend(connection, state)
            try:
                connection.execute(insert(PASSKEYS), row)
            except IntegrityError as error:
                raise BadRequest("This passkey is here already.") from error

        self._transactions.run(write)

    def options_to_ask(self, site: Site) -> tuple[str, dict[str, Any]]:
        """Return a state to send back, and what the browser is asked to show: any passkey for this site."""
        state = self._tokens.make(ASKED, [secrets.token_hex(16)], SECONDS)
        options = webauthn.generate_authentication_options(
            rp_id=site.rp_id,
            challenge=_challenge(state),
            timeout=SECONDS * 1000,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return state, json.loads(webauthn.options_to_json(options))

    def check(self, state: str, credential: str, site: Site) -> StoredAccount | None:
        """Return the account of the passkey that a browser has shown for a state; None if it is wrong."""
        if self._tokens.read(ASKED, state) is None:
            return None
        try:
            shown = _parsed(credential)
            row = self._row(str(shown["id"])[: ID_LIMIT + 1])
            count = None if row is None else _verified_count(shown, state, site, row)
        except _WRONG:
            return None
        return None if row is None or count is None else self._used(state, row, count)

    def of_account(self, account_id: int) -> list[StoredPasskey]:
        """Return the passkeys of an account, the oldest first."""
        rows = self._rows(account_id)
        return [StoredPasskey(row.id, row.name, row.created, row.last_used) for row in rows]

    def remove(self, account_id: int, number: int) -> None:
        """Forget a passkey of an account.

        NotFound if it has none with this id, BadRequest if nothing else signs in to it.
        """
        if not self._transactions.run(lambda one: remove_way_in(one, account_id, PASSKEYS, number)):
            raise NotFound("There is no such passkey.")

    def _used(self, state: str, row: Any, count: int) -> StoredAccount | None:
        """Note a passkey's use and return its account; None if another use has come first."""
        use = update(PASSKEYS).where(PASSKEYS.c.id == row.id, PASSKEYS.c.sign_count == row.sign_count)

        def write(connection: Connection) -> Any:
            self._tokens.spend(connection, state)
            values = {"sign_count": count, "last_used": datetime.now(UTC)}
            if connection.execute(use.values(values)).rowcount != 1:
                return None
            return connection.execute(_ACCOUNT, {"number": row.account_id}).first()

        try:
            account = self._transactions.run(write)
        except NotFound:  # the challenge has been answered
            return None
        return None if account is None else StoredAccount.of(account)

    def _row(self, credential_id: str) -> Any:
        def read() -> Any:
            with self._engine.connect() as connection:
                return connection.execute(_BY_KEY, {"credential": credential_id}).first()

        return retry_on_disconnect(read)

    def _rows(self, account_id: int) -> list[Any]:
        def read() -> list[Any]:
            with self._engine.connect() as connection:
                return list(connection.execute(_OF_ACCOUNT, {"account": account_id}))

        return retry_on_disconnect(read)


NOT_VERIFIED = "This passkey could not be verified. Try again."


def _parsed(credential: str) -> dict[str, Any]:
    """Return what a browser sent; ValueError if it is no object."""
    found = json.loads(credential) if len(credential) <= CREDENTIAL_LIMIT else None
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def _verified_new(credential: str, state: str, site: Site) -> dict[str, Any]:
    """Return what is kept of a new passkey: its id, its public key and how often it was used."""
    try:
        made = webauthn.verify_registration_response(
            credential=_parsed(credential),
            expected_challenge=_challenge(state),
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
    except _WRONG as error:
        raise BadRequest(NOT_VERIFIED) from error
    number, key = bytes_to_base64url(made.credential_id), bytes_to_base64url(made.credential_public_key)
    if len(number) > ID_LIMIT or len(key) > KEY_LIMIT:
        raise BadRequest(NOT_VERIFIED)
    return {"credential_id": number, "public_key": key, "sign_count": made.sign_count}


def _verified_count(shown: dict[str, Any], state: str, site: Site, row: Any) -> int:
    """Return how often a passkey was used, by its own count; an error of the library if it is wrong."""
    handle = shown["response"].get("userHandle")
    if handle and base64url_to_bytes(handle) != _user_handle(row.account_id):
        raise ValueError("another account's")
    verified = webauthn.verify_authentication_response(
        credential=shown,
        expected_challenge=_challenge(state),
        expected_rp_id=site.rp_id,
        expected_origin=site.origin,
        credential_public_key=base64url_to_bytes(row.public_key),
        credential_current_sign_count=row.sign_count,
        require_user_verification=True,
    )
    return verified.new_sign_count


def _challenge(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()


def _user_handle(account_id: int) -> bytes:
    """Return what devices know an account by; it says nothing of the person."""
    return hashlib.sha256(f"pastebin account {account_id}".encode()).digest()
