"""What the listings of all kinds of archives are made of."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """Something in an archive, as the archive says: name as text, bytes, time (UTC) where it has one.

    `number` is its place in the listing.
    """

    name: str
    size: int
    is_folder: bool
    modified: datetime | None
    number: int = 0
