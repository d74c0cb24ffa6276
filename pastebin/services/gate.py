"""The one place that decides who may see what of a file."""

from dataclasses import dataclass
from enum import Enum

from .stored_file import StoredFile


class Purpose(Enum):
    """What somebody wants of a file."""

    PAGE = "its page"
    BYTES = "its bytes, whole, in part or in another size"
    COPY = "a resized copy of its own"
    SHORT_LINK = "where its short link leads"
    QR_CODE = "its short link as a picture"
    CARD = "what another site may show of it"
    MANAGEMENT = "its terms and its end, by a key that holds it"


class Decision(Enum):
    """The answer: `NOT_THERE` is told like a file that never was."""

    ALLOWED = "allowed"
    LOCKED = "needs its password"
    LIMITED = "needs a download of its own"
    NOT_THERE = "not there"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a visitor has shown: unlocked files by id and version of the password, files claimed by id."""

    unlocked: frozenset[tuple[int, str]] = frozenset()
    claimed: frozenset[int] = frozenset()

    def having_unlocked(self, file: StoredFile) -> "Identity":
        """Return this visitor after telling the right password of a file."""
        return Identity(self.unlocked | {(file.id, file.password_version)}, self.claimed)


NOBODY = Identity()

# What needs no password: it shows nothing of the file.
_OPEN_THOUGH_LOCKED = frozenset({Purpose.SHORT_LINK})


def decide(identity: Identity, file: StoredFile, purpose: Purpose, moment: float) -> Decision:
    """Return whether a visitor may do something to a file at a moment (seconds since 1970). Pure."""
    if _has_ended(identity, file, purpose, moment):
        return Decision.NOT_THERE
    if purpose is Purpose.MANAGEMENT:
        return Decision.ALLOWED
    if file.password is not None and purpose is Purpose.CARD:  # nobody can show a password there
        return Decision.NOT_THERE
    if file.password is not None and (file.id, file.password_version) not in identity.unlocked:
        return Decision.ALLOWED if purpose in _OPEN_THOUGH_LOCKED else Decision.LOCKED
    if file.downloads_left is not None:
        return _decide_limited(identity, file, purpose)
    return Decision.ALLOWED


def _has_ended(identity: Identity, file: StoredFile, purpose: Purpose, moment: float) -> bool:
    """Tell whether a file is gone for everybody; who took its last download may repeat that for a while."""
    is_expired = file.expires_at is not None and file.expires_at <= moment
    may_repeat = purpose is Purpose.BYTES and file.id in identity.claimed
    is_used_up = file.downloads_left == 0 and not may_repeat
    return is_expired or is_used_up or file.is_quarantined


def _decide_limited(identity: Identity, file: StoredFile, purpose: Purpose) -> Decision:
    """Decide for a file whose downloads are counted: no copy of it, and bytes against a claim."""
    if purpose is Purpose.COPY:
        return Decision.NOT_THERE
    if purpose is Purpose.BYTES and file.id not in identity.claimed:
        return Decision.LIMITED
    return Decision.ALLOWED
