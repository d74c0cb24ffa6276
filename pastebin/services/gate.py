"""The one place that decides who may see what of a file or a collection."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from .rights import AccountIdentity, Right


class Purpose(Enum):
    """What somebody wants of a file."""

    PAGE = "its page"
    BYTES = "its bytes, whole, in part or in another size"
    COPY = "a resized copy of its own"
    SHORT_LINK = "where its short link leads"
    QR_CODE = "its short link as a picture"
    CARD = "what another site may show of it"
    MANAGEMENT = "its terms and its end, by a key that holds it"
    MODERATION = "what an operator does against it"
    CURATION = "whether an editor keeps it off the list"
    RECORD = "what the API says of it"
    CHANGE = "its terms and its end, by the API"


class Guarded(Protocol):
    """What the gate guards: a file or a collection.

    `realm` names whose terms they are, `f<id>` of a file or `c<id>` of a collection; `expires_at` is in
    seconds since 1970.
    """

    @property
    def realm(self) -> str:
        """Return whose terms it has."""

    @property
    def expires_at(self) -> float | None:
        """Return the moment at which it ends."""

    @property
    def downloads_left(self) -> int | None:
        """Return how many downloads are left, None if they are not counted."""

    @property
    def password(self) -> str | None:
        """Return the argon2id hash of its password."""

    @property
    def password_version(self) -> str:
        """Return what tells this password from the one before."""

    @property
    def is_quarantined(self) -> bool:
        """Return whether nobody may see it but operators."""

    @property
    def is_restricted(self) -> bool:
        """Return whether who asks makes a difference."""

    @property
    def owner_id(self) -> int | None:
        """Return the account that it belongs to."""

    @property
    def is_private(self) -> bool:
        """Return whether only its owner and operators may see it."""


class Decision(Enum):
    """The answer: `NOT_THERE` is told like a file that never was."""

    ALLOWED = "allowed"
    LOCKED = "needs its password"
    LIMITED = "needs a download of its own"
    NOT_THERE = "not there"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a visitor has shown: realms unlocked (with the password's version), realms claimed, an account."""

    unlocked: frozenset[tuple[str, str]] = frozenset()
    claimed: frozenset[str] = frozenset()
    account: AccountIdentity | None = None

    @property
    def is_operator(self) -> bool:
        """Tell whether this is an operator."""
        return self.account is not None and self.account.may(Right.OPERATE)

    @property
    def is_editor(self) -> bool:
        """Tell whether this is an editor."""
        return self.account is not None and self.account.may(Right.CURATE)

    def owns(self, item: Guarded) -> bool:
        """Tell whether this visitor's account has an item, and may see it."""
        is_own = self.account is not None and self.account.id == item.owner_id
        return is_own and self.account is not None and self.account.may(Right.READ)

    def may_change(self, item: Guarded) -> bool:
        """Tell whether this visitor's account has an item and may change it, or is an operator's."""
        is_own = self.account is not None and self.account.id == item.owner_id
        return self.is_operator or (is_own and self.account is not None and self.account.may(Right.DELETE))

    def is_in_charge(self, item: Guarded, purpose: Purpose) -> bool:
        """Tell whether neither password nor downloads keep this visitor from an item."""
        if purpose is Purpose.CHANGE:
            return self.may_change(item)
        return purpose is Purpose.RECORD and (self.is_operator or self.owns(item))

    def having_unlocked(self, item: Guarded) -> "Identity":
        """Return this visitor after telling the right password of a file or a collection."""
        return replace(self, unlocked=self.unlocked | {(item.realm, item.password_version)})


NOBODY = Identity()

# What needs no password: it shows nothing of the item.
_OPEN_THOUGH_LOCKED = frozenset({Purpose.SHORT_LINK})


# What is shown to others than who asks: nobody's rights count there.
_FOR_OTHERS = frozenset({Purpose.CARD, Purpose.CURATION, Purpose.MANAGEMENT})

# What neither a password nor a count of downloads stands before.
_WITHOUT_TERMS = frozenset({Purpose.MANAGEMENT, Purpose.MODERATION})


def decide(
    identity: Identity,
    item: Guarded,
    purpose: Purpose,
    moment: float,
    suspended: frozenset[int] = frozenset(),
) -> Decision:
    """Return whether a visitor may do something to an item at a moment (seconds since 1970). Pure.

    `suspended` are the accounts whose items nobody sees.
    """
    is_ended = _has_ended(identity, item, purpose, moment)
    is_shut = item.owner_id in suspended and purpose is not Purpose.MODERATION
    if is_shut or is_ended or _is_hidden(identity, item, purpose):
        return Decision.NOT_THERE
    is_open = item.password is None and item.downloads_left is None
    if is_open or purpose in _WITHOUT_TERMS or identity.is_in_charge(item, purpose):
        return Decision.ALLOWED
    if item.password is not None and purpose is Purpose.CARD:  # nobody can show a password there
        return Decision.NOT_THERE
    if item.password is not None and (item.realm, item.password_version) not in identity.unlocked:
        return Decision.ALLOWED if purpose in _OPEN_THOUGH_LOCKED else Decision.LOCKED
    if item.downloads_left is not None:
        return _decide_limited(identity, item, purpose)
    return Decision.ALLOWED


def _is_hidden(identity: Identity, item: Guarded, purpose: Purpose) -> bool:
    """Tell whether an item is there, but not for this visitor."""
    if purpose is Purpose.MODERATION:
        return not identity.is_operator
    if purpose is Purpose.CURATION and not identity.is_editor:
        return True
    if not item.is_quarantined and not item.is_private:
        return False
    is_operator = identity.is_operator and purpose not in _FOR_OTHERS
    if item.is_quarantined and (purpose is Purpose.COPY or not is_operator):
        return True
    if not item.is_private or purpose is Purpose.MANAGEMENT:
        return False
    is_own = identity.may_change(item) if purpose is Purpose.CHANGE else identity.owns(item)
    return purpose in (Purpose.CARD, Purpose.CURATION) or not (is_operator or is_own)


def _has_ended(identity: Identity, item: Guarded, purpose: Purpose, moment: float) -> bool:
    """Tell whether an item is gone for everybody; who took its last download may repeat that for a while."""
    is_expired = item.expires_at is not None and item.expires_at <= moment
    if is_expired:
        return True
    if item.downloads_left != 0:
        return False
    may_repeat = purpose is Purpose.BYTES and item.realm in identity.claimed
    return not may_repeat


def _decide_limited(identity: Identity, item: Guarded, purpose: Purpose) -> Decision:
    """Decide for a file whose downloads are counted: no copy of it, and bytes against a claim."""
    if purpose is Purpose.COPY:
        return Decision.NOT_THERE
    if purpose is Purpose.BYTES and item.realm not in identity.claimed:
        return Decision.LIMITED
    return Decision.ALLOWED
