"""A second factor: codes of an app (TOTP, RFC 6238), and recovery codes for who has lost it."""

import base64
import hashlib
import math
import re
import secrets
import time
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any

import pyotp
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.engine import Connection, Engine

from ..errors import BadRequest, Forbidden, TooManyRequests
from ..models import RECOVERY_CODES, SECOND_FACTORS, SESSIONS, WriteTransactions, retry_on_disconnect
from .account_records import StoredAccount, locked_account, note_act, password_now
from .audit import Act
from .rate_limits import RateLimits

# Seconds for which a code holds, and how many before and after that of now are taken: clocks differ.
STEP = 30
LEEWAY = 1

RECOVERY_CODES_AT_ONCE = 10

# How many wrong codes an account may be told in how long, whatever else is limited.
MOST_WRONG = 10
WRONG_FOR = timedelta(hours=1)

_CODE = re.compile(r"[0-9]{6}", re.ASCII)
_FACTOR = select(SECOND_FACTORS).where(SECOND_FACTORS.c.account_id == bindparam("account"))
_LEFT = select(func.count()).where(RECOVERY_CODES.c.account_id == bindparam("account"))
_ADVANCE = (
    update(SECOND_FACTORS)
    .where(
        SECOND_FACTORS.c.account_id == bindparam("account"), SECOND_FACTORS.c.last_step < bindparam("step")
    )
    .values(last_step=bindparam("step"))
)


class SecondFactors:
    """Second factors of accounts. A code, and a recovery code, is taken once."""

    def __init__(self, engine: Engine, limits: RateLimits) -> None:
        self._engine = engine
        self._transactions = WriteTransactions(engine)
        self._limits = limits.codes

    def is_on(self, account_id: int) -> bool:
        """Tell whether an account has a second factor."""
        return self._factor(account_id) is not None

    def recovery_codes_left(self, account_id: int) -> int:
        """Return how many recovery codes an account has not used."""

        def read() -> int:
            with self._engine.connect() as connection:
                return connection.scalar(_LEFT, {"account": account_id}) or 0

        return retry_on_disconnect(read)

    def turn_on(
        self, account: StoredAccount, secret: str, code: str, kept_session: int | None
    ) -> list[str] | None:
        """Begin to ask for the codes of a secret; one shows that the app has it. None if it is wrong.

        Return the recovery codes, which nothing tells again. Sessions but one end, as they were begun
        without a second factor. Forbidden if the account has one already, or the one that stays has ended.
        """
        step = _step_of(secret, _plain(code))
        if step is None:
            return None
        codes = _new_codes()
        row = {"account_id": account.id, "secret": secret, "last_step": step, "created": datetime.now(UTC)}

        def write(connection: Connection) -> None:
            locked_account(connection, account.id, kept_session)  # who changes a factor takes turns
            if connection.execute(_FACTOR, {"account": account.id}).first() is not None:
                raise Forbidden("This account has a second factor already.")
            connection.execute(insert(SECOND_FACTORS), row)
            _replace_codes(connection, account.id, codes)
            others = (SESSIONS.c.account_id == account.id, SESSIONS.c.id != (kept_session or 0))
            connection.execute(delete(SESSIONS).where(*others))

        self._transactions.run(write)
        return codes

    def turn_off(self, account: StoredAccount, actor: str | None = None) -> bool:
        """End a second factor and its recovery codes; False if there is none.

        `actor` is who does it in another's place, for the audit.
        """
        gone = delete(SECOND_FACTORS).where(SECOND_FACTORS.c.account_id == account.id)

        def write(connection: Connection) -> bool:
            _replace_codes(connection, account.id, [])
            was_on = connection.execute(gone).rowcount > 0
            if was_on and actor is not None:
                note_act(connection, Act.SECOND_FACTOR, actor, account, "off")
            return was_on

        return self._transactions.run(write)

    def renew_codes(self, account_id: int) -> list[str]:
        """Replace the recovery codes and return the new ones. BadRequest without a second factor."""
        codes = _new_codes()

        def write(connection: Connection) -> None:
            password_now(connection, account_id)
            if connection.execute(_FACTOR, {"account": account_id}).first() is None:
                raise BadRequest("This account has no second factor.")
            _replace_codes(connection, account_id, codes)

        self._transactions.run(write)
        return codes

    def check(self, account_id: int, code: str, address: str) -> bool:
        """Use up a code or a recovery code of an account; False for a wrong or a used one.

        Raises TooManyRequests after too many wrong ones: of an account, also where nothing else is limited.
        """
        self._limits.require(address, str(account_id))
        given = _plain(code)
        is_right = self._transactions.run(lambda connection: _try(connection, account_id, given))
        if not is_right:
            self._limits.count(address, str(account_id))
        return is_right

    def _factor(self, account_id: int) -> Any:
        def read() -> Any:
            with self._engine.connect() as connection:
                return connection.execute(_FACTOR, {"account": account_id}).first()

        return retry_on_disconnect(read)


def new_secret() -> str:
    """Return a secret of 160 bits in Base32, as apps take it."""
    return pyotp.random_base32()


def app_address(secret: str, account: str, site: str) -> str:
    """Return the address that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=site)


def _try(connection: Connection, account_id: int, code: str) -> bool:
    """Use a code up, or count a wrong one. The row is locked, so that of many at once each is counted."""
    factor = connection.execute(_FACTOR.with_for_update(), {"account": account_id}).first()
    if factor is None:
        return False
    now = datetime.now(UTC)
    is_counting = factor.wrong_since is not None and factor.wrong_since > now - WRONG_FOR
    wrong, begun = (factor.wrong_codes, factor.wrong_since) if is_counting else (0, now)
    if wrong >= MOST_WRONG:
        seconds = math.ceil((begun + WRONG_FOR - now).total_seconds())
        raise TooManyRequests("Too many wrong codes. Try again later.", max(1, seconds), MOST_WRONG)
    use = _use_code if _CODE.fullmatch(code) else _use_recovery_code
    is_right = use(connection, factor, code)
    counted = {"wrong_codes": 0 if is_right else wrong + 1, "wrong_since": None if is_right else begun}
    mine = SECOND_FACTORS.c.account_id == account_id
    connection.execute(update(SECOND_FACTORS).where(mine).values(counted))
    return is_right


def _use_code(connection: Connection, factor: Any, code: str) -> bool:
    step = _step_of(factor.secret, code)
    if step is None:
        return False
    # The code of a step, and those before it, are over: whoever looked on cannot use it again.
    return connection.execute(_ADVANCE, {"account": factor.account_id, "step": step}).rowcount == 1


def _use_recovery_code(connection: Connection, factor: Any, code: str) -> bool:
    of_account = RECOVERY_CODES.c.account_id == factor.account_id
    kept = RECOVERY_CODES.c.code_hash == _hash(factor.account_id, code)
    return connection.execute(delete(RECOVERY_CODES).where(of_account, kept)).rowcount == 1


def _step_of(secret: str, code: str) -> int | None:
    """Return the step of time that a code belongs to; None if it is none of now."""
    now, maker = int(time.time()) // STEP, pyotp.TOTP(secret)
    steps = range(now - LEEWAY, now + LEEWAY + 1)
    found = [step for step in steps if compare_digest(maker.generate_otp(step).encode(), code.encode())]
    return found[-1] if found else None


def _plain(code: str) -> str:
    """Return a code without what people put between its characters."""
    return "".join(code[:100].split()).replace("-", "").lower()


def _new_codes() -> list[str]:
    """Return recovery codes of 80 bits each, in groups of four characters."""
    made = []
    for _ in range(RECOVERY_CODES_AT_ONCE):
        text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
        made.append("-".join(text[start : start + 4] for start in range(0, 16, 4)))
    return made


def _replace_codes(connection: Connection, account_id: int, codes: list[str]) -> None:
    connection.execute(delete(RECOVERY_CODES).where(RECOVERY_CODES.c.account_id == account_id))
    rows = [{"account_id": account_id, "code_hash": _hash(account_id, _plain(code))} for code in codes]
    if rows:
        connection.execute(insert(RECOVERY_CODES), rows)


def _hash(account_id: int, code: str) -> str:
    """Return what is kept of a recovery code; 80 random bits are too many to be guessed."""
    said = f"recovery\n{account_id}\n{code}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(said).hexdigest()
