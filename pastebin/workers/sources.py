"""The content a task reads, as a descriptor that can be passed to a worker."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

_CHUNK = 64 * 1024


@contextmanager
def descriptor_of(source: BinaryIO) -> Iterator[int]:
    """Give the descriptor of a reader; one without gets a copy in memory (memfd_create(2)).

    The copy begins at the reader's beginning, and is meant for small contents.
    """
    try:
        descriptor = source.fileno()
    except (AttributeError, OSError):
        pass
    else:
        yield descriptor
        return
    with open(os.memfd_create("source"), "wb", buffering=0) as copy:
        source.seek(0)
        while chunk := source.read(_CHUNK):
            copy.write(chunk)
        yield copy.fileno()
