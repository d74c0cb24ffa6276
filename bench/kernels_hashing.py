"""Speed of both digests in one pass, against hashlib: `python bench/kernels_hashing.py [seconds]`.

`seconds`: how long each line may take (default 4). One thread, random bytes made here; small inputs show the
cost of a call, large ones the speed of the loop. Ratios are of medians, over 1 where the compiled twin is the
faster.
"""

import hashlib
import os
import sys

from rounds import Comparison, compare, print_table

from pastebin._speedups import _hashing_c, _hashing_py

SIZES = (0, 64, 1024, 16 * 1024, 256 * 1024, 1024**2, 64 * 1024**2)
PIECE = 256 * 1024
"""Bytes the server takes from a connection at a time."""


def both_digests(size: int, seconds: float) -> Comparison:
    """Compare the twins on one buffer of `size` bytes."""
    data = os.urandom(size)
    return compare(
        "compiled",
        lambda: _hashing_c.hash_bytes(data),
        "md5 + sha256",
        lambda: _hashing_py.hash_bytes(data),
        seconds=seconds,
    )


def md5_alone(size: int, seconds: float) -> Comparison:
    """Compare both digests, compiled, with hashlib's MD5 alone."""
    data = os.urandom(size)
    return compare(
        "compiled",
        lambda: _hashing_c.hash_bytes(data),
        "md5 alone",
        lambda: hashlib.md5(data, usedforsecurity=False).hexdigest(),
        seconds=seconds,
    )


def in_pieces(size: int, seconds: float) -> Comparison:
    """Compare the twins on `size` bytes that come in pieces, as an upload does."""
    data = memoryview(os.urandom(size))
    pieces = [data[start : start + PIECE] for start in range(0, size, PIECE)]

    def run(module: object) -> tuple[str, str]:
        content = module.ContentHash()
        for piece in pieces:
            content.update(piece)
        return content.md5, content.sha256

    return compare(
        "compiled", lambda: run(_hashing_c), "md5 + sha256", lambda: run(_hashing_py), seconds=seconds
    )


def main() -> None:
    """Print the three tables."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 4.0
    print_table(
        "both digests, time a call", [(f"{size:,} bytes", both_digests(size, seconds)) for size in SIZES]
    )
    for title, kernel in (
        ("64 MiB in one buffer", both_digests),
        ("64 MiB in pieces", in_pieces),
        ("64 MiB, against MD5 alone", md5_alone),
    ):
        print_table(title, [("", kernel(SIZES[-1], seconds))], amount=SIZES[-1] / 1e6, unit="MB")


if __name__ == "__main__":
    main()
