"""What a file and a collection have in common: terms that say who may see it, and until when."""

import hashlib
from datetime import UTC, datetime


class Restricted:
    """Something with terms. `expires_at` is in seconds since 1970, `password` an argon2id hash."""

    expires_at: float | None
    downloads_left: int | None
    password: str | None
    is_private: bool
    is_quarantined: bool

    @property
    def password_version(self) -> str:
        """Return what tells this password from the one before: some of a hash of its hash."""
        return hashlib.sha256((self.password or "").encode()).hexdigest()[:16]

    @property
    def is_restricted(self) -> bool:
        """Tell whether nothing of it may stay in anybody's cache."""
        has_terms = self.password is not None or self.downloads_left is not None
        return has_terms or self.is_private or self.is_quarantined

    @property
    def expires(self) -> datetime | None:
        """Return the moment at which it ends, in UTC."""
        return None if self.expires_at is None else datetime.fromtimestamp(self.expires_at, UTC)
