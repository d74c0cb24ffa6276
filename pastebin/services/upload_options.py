"""What an uploader asks for beside the bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ..images import ImageLimits, Transform
from .terms import NO_POLICY, NO_TERMS, Terms, TermsPolicy


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """What an uploader asks for: a crop or resize before storing, and terms; and whose the files become.

    `management_key` is set where the key is not a new one, `password_hash` where only that is known.
    """

    transform: Transform | None = None
    terms: Terms = NO_TERMS
    owner_id: int | None = None
    management_key: str = ""
    password_hash: str | None = None

    @classmethod
    def from_fields(
        cls,
        fields: Mapping[str, str],
        limits: ImageLimits,
        policy: TermsPolicy = NO_POLICY,
        owner_id: int | None = None,
    ) -> "UploadOptions":
        """Read the fields `w` and `h` of a form, and terms; BadTransform or BadTerm if one is wrong.

        The field `unlisted`, which older forms have, is the visibility.
        """
        size = {name: text for name, text in fields.items() if name in ("w", "h")}
        given = dict(fields)
        if given.get("unlisted") and not given.get("visibility"):
            given["visibility"] = "unlisted"
        terms = Terms.from_fields(given, policy, datetime.now(UTC), is_owned=owner_id is not None)
        return cls(Transform.from_params(size, limits), terms, owner_id)
