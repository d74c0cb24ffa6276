"""Speed of short codes, against the `short_url` package and the Python twin.

`python bench/kernels_shorturl.py [seconds]`, `seconds`: how long each line may take (default 2). One
call handles 1000 numbers, in a Python loop or as one batch; the loop itself is part of the time.
"""

import random
import sys
from collections.abc import Callable

from rounds import Comparison, compare, print_table
from short_url import UrlEncoder

from pastebin._speedups import _shorturl_c, _shorturl_py

COUNT = 1000


def each(function: Callable, values: list) -> Callable[[], None]:
    """Return a callable that calls `function` with each of `values`."""

    def run() -> None:
        for value in values:
            function(value)

    return run


def against(name: str, encode: Callable, decode: Callable, top: int, seconds: float) -> list:
    """Compare the compiled codec with another's two functions on numbers below `top`."""
    codec = _shorturl_c.ShortCodec()
    numbers = random.Random(1).choices(range(top), k=COUNT)
    codes = codec.encode_many(numbers)
    cases: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
        ("encode", each(codec.encode, numbers), each(encode, numbers)),
        ("decode", each(codec.decode, codes), each(decode, codes)),
        ("encode_many", lambda: codec.encode_many(numbers), each(encode, numbers)),
    ]
    return [
        (f"{label}, numbers below 2**{top.bit_length() - 1}", line(mine, name, other, seconds))
        for label, mine, other in cases
    ]


def line(mine: Callable, name: str, other: Callable, seconds: float) -> Comparison:
    """Compare one pair of callables."""
    return compare("compiled", mine, name, other, seconds=seconds)


def main() -> None:
    """Print a table against each of the two."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    package, twin = UrlEncoder(), _shorturl_py.ShortCodec()
    for name, encode, decode in (
        ("short_url", package.encode_url, package.decode_url),
        ("python twin", twin.encode, twin.decode),
    ):
        rows = [row for top in (2**24, 2**62) for row in against(name, encode, decode, top, seconds)]
        print_table("short codes", rows, amount=COUNT / 1e6, unit="M")


if __name__ == "__main__":
    main()
