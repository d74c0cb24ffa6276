"""What belongs to the parent process is forgotten in a forked child, as with gunicorn --preload."""

import os
import weakref
from typing import Protocol


class Forgetful(Protocol):
    """Holds descriptors, locks or processes that a child must not use."""

    def forget(self) -> None:
        """Close descriptors without ending anything, and start anew."""


_known: "weakref.WeakSet[Forgetful]" = weakref.WeakSet()


def forget_after_fork(owner: Forgetful) -> None:
    """Have `owner.forget()` called in every forked child, as long as the owner lives."""
    _known.add(owner)


def _forget_all() -> None:
    for owner in list(_known):
        owner.forget()


os.register_at_fork(after_in_child=_forget_all)
