"""What is derived from the service's secret, so that it is kept nowhere."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from ..rate_limits import bucket


class UploadKeys:
    """Keys of uploads, and the groups they are counted in."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def management_key(self, name: str) -> str:
        """Return the management key of what an upload becomes: it can be told again, but not guessed."""
        return urlsafe_b64encode(self._mac("upload", name)).decode().rstrip("=")

    def final(self, parts: Sequence[str]) -> str:
        """Return the name of what parts become: the same parts in the same order are the same upload."""
        return self._mac("final", "\n".join(parts)).hex()[:32]

    def group(self, address: str) -> str:
        """Return the group of an address, 16 hex digits, which do not tell the address."""
        return self._mac("address", bucket(address)).hex()[:16]

    def _mac(self, kind: str, text: str) -> bytes:
        return hmac.new(self._secret, f"resumable\n{kind}\n{text}".encode(), hashlib.sha256).digest()
