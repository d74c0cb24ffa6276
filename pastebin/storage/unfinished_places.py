"""Where unfinished contents lie in a folder of contents."""

import os
import secrets

from .disk import TEMPORARY


class Places:
    """Where unfinished contents lie: `store` is the folder of the finished ones, on the same file system."""

    def __init__(self, store: str, inline_size: int, *, durable: bool) -> None:
        self.store = store
        self.folder = f"{store}/unfinished"
        self.inline_size = inline_size
        self.durable = durable

    def beside(self, place: str) -> str:
        """Return where a second name of the bytes is made, to be moved into its place."""
        return f"{self.store}/{TEMPORARY}/{os.path.basename(place)}.{secrets.token_hex(8)}"

    def group(self, group: str) -> str:
        """Return the folder of one group's bytes."""
        return f"{self.folder}/{group}"

    def data(self, group: str, name: str) -> str:
        """Return the path of a content's bytes."""
        return f"{self.folder}/{group}/{name}"

    def state(self, name: str) -> str:
        """Return the path of what lies beside them."""
        return f"{self.folder}/{name}.state"
