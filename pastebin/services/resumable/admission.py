"""Whether an upload may become a file at this moment, whoever sends its last byte."""

from ...errors import Forbidden
from ..flags import Flag, FlagService
from ..quotas import Quotas
from ..rate_limits import RateLimits, Uploader
from ..rights import ACCOUNTS_ONLY
from .records import UploadRecord


class Admission:
    """The rules of every upload, asked again at the end: of the account that began it, wherever it ends."""

    def __init__(
        self, flags: FlagService, quotas: Quotas, limits: RateLimits, *, takes_anonymous: bool
    ) -> None:
        self._flags = flags
        self._quotas = quotas
        self._limits = limits
        self._takes_anonymous = takes_anonymous

    def require(self, record: UploadRecord, address: str) -> None:
        """Raise SwitchedOff, Forbidden, TooLarge, QuotaExceeded, TooManyRequests; `address` sends the end."""
        self._flags.require_off(Flag.NO_UPLOADS, Flag.READ_ONLY)
        if record.owner is not None:
            self._quotas.require_room(record.owner, record.length or 0)
        elif not self._takes_anonymous:
            raise Forbidden(ACCOUNTS_ONLY)
        self._limits.uploads.require(_uploader(record, address))

    def count(self, record: UploadRecord, address: str) -> None:
        """Count an upload that has become a file."""
        self._limits.uploads.count(_uploader(record, address), [record.length or 0])


def _uploader(record: UploadRecord, address: str) -> Uploader:
    return Uploader(address, record.owner, record.token)
