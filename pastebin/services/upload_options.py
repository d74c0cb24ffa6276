"""What an uploader asks for beside the bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ..images import ImageLimits, Transform
from .collection_records import Joining
from .terms import NO_POLICY, NO_TERMS, Terms, TermsPolicy

# What an uploader asks for beside terms and sizes.
SWITCHES = ("typed", "strip")


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """What an uploader asks for: a crop or resize before storing, and terms; and whose the files become.

    `management_key` is set where the key is not a new one, `password_hash` where only that is known. What was
    typed is a text. A picture is stored without its metadata where `is_stripping`. `joining` is a collection
    that the file is put into, which has the terms then.
    """

    transform: Transform | None = None
    terms: Terms = NO_TERMS
    owner_id: int | None = None
    management_key: str = ""
    password_hash: str | None = None
    is_typed: bool = False
    is_stripping: bool = False
    joining: Joining | None = None

    @classmethod
    def from_fields(
        cls,
        fields: Mapping[str, str],
        limits: ImageLimits,
        policy: TermsPolicy = NO_POLICY,
        owner_id: int | None = None,
    ) -> "UploadOptions":
        """Read the fields `w` and `h` of a form, and terms; BadTransform or BadTerm if one is wrong.

        The field `unlisted`, which older forms have, is the visibility; `typed` is set where the file is what
        somebody has typed, `strip` to remove what a picture says of people.
        """
        if not fields and policy == NO_POLICY:
            return NO_OPTIONS if owner_id is None else cls(owner_id=owner_id)
        size = {name: text for name, text in fields.items() if name in ("w", "h")}
        given = dict(fields)
        if given.get("unlisted") and not given.get("visibility"):
            given["visibility"] = "unlisted"
        terms = Terms.from_fields(given, policy, datetime.now(UTC), is_owned=owner_id is not None)
        return cls(
            Transform.from_params(size, limits),
            terms,
            owner_id,
            is_typed=is_on(fields, "typed"),
            is_stripping=is_on(fields, "strip"),
        )


# What nearly every upload without an account asks for, made once.
NO_OPTIONS = UploadOptions()


def is_on(fields: Mapping[str, str], name: str) -> bool:
    """Tell whether a field switches something on."""
    return fields.get(name, "") not in ("", "0", "false", "off")
