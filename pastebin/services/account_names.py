"""Names and passwords of accounts: what they may be, and which names are the same."""

import re
import unicodedata

from ..errors import BadRequest
from ..models.account import EMAIL_LENGTH, FOLDED_LENGTH, NAME_LENGTH
from ..names import visible_name
from .terms import MAX_PASSWORD

MIN_PASSWORD = 8

# An address is proved by a message, not by a pattern: this only finds what is none at all.
# What some programs read as two addresses, or as words in a code, is none either.
_EMAIL = re.compile(r"[^\s@<>()\[\],:;\"\\]{1,64}@[\w-]+(\.[\w-]+)*")


def fold(name: str) -> str:
    """Return what a name is compared by: names that look or read alike have the same."""
    # No account's is longer, and normalising takes time by the square of what somebody typed.
    text = " ".join(name.split())[: FOLDED_LENGTH + 1]
    text = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", text)


def clean_name(given: str) -> str:
    """Return a name without needless spaces; BadRequest if no account can have it."""
    name = " ".join(given.split())
    if not 1 <= len(name) <= NAME_LENGTH or len(fold(name)) > FOLDED_LENGTH:
        raise BadRequest(f"A name has 1 to {NAME_LENGTH} characters.")
    if visible_name(name, NAME_LENGTH) != name or "@" in fold(name) or not fold(name):
        raise BadRequest("A name has no @ and no invisible characters.")
    return name


def clean_email(given: str) -> str:
    """Return an e-mail address; BadRequest if it is none."""
    email = given.strip()
    is_short = len(email) <= EMAIL_LENGTH and len(fold(email)) <= FOLDED_LENGTH
    if not is_short or not _EMAIL.fullmatch(email) or not email.isprintable() or "=?" in email:
        raise BadRequest("This is no e-mail address.")
    return email


def require_password(password: str) -> None:
    """Raise BadRequest for what is too short or too long to be a password."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise BadRequest(f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters.")
