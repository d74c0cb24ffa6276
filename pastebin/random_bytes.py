"""Random bytes for names, numbers and keys, fetched from the system for many of them at once.

Each call of the system lets another thread take the interpreter first; an upload needs three of them.
"""

import os
from collections import deque

SIZE = 32
FETCHED = 256

_ready: deque[bytes] = deque()
os.register_at_fork(after_in_child=_ready.clear)  # or a child would draw what its parent does


def random_bytes(size: int = SIZE) -> bytes:
    """Return `size` bytes, at most SIZE, of the system's generator for secrets; nobody gets them again."""
    if size > SIZE:
        raise ValueError(f"at most {SIZE} bytes at a time")
    while True:
        try:
            return _ready.pop()[:size]
        except IndexError:
            fetched = os.urandom(SIZE * FETCHED)
            _ready.extend(fetched[at : at + SIZE] for at in range(0, len(fetched), SIZE))
