"""Short codes for numbers: the specification of `_shorturl_c`.

The scheme is that of the `short_url` package (Michael Fogleman): the lowest `block_size` bits of a number
are reversed, so that consecutive numbers get codes that look unrelated, and the result is written in
base `len(alphabet)`, most significant digit first, padded on the left with the digit for zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import index

DEFAULT_ALPHABET = "mn6j2c4rv8bpygw95z7hsdaetxuk3fq"
MAX_NUMBER = 2**64 - 1
MAX_BLOCK_SIZE = 63
MAX_LENGTH = 64
"""Characters in the longest code: `MAX_NUMBER` in base 2, or the largest `min_length`."""


class ShortCodec:
    """Turns numbers from 0 to 2**64 - 1 into short codes and back; immutable, so threads may share one.

    `alphabet`: the digits, at least 2 characters, all different. `block_size`: how many bits are
    reversed, 0 to 63. `min_length`: characters a code has at least, 1 to 64. Raises `ValueError` for
    values outside these, `TypeError` for other types.
    """

    __slots__ = ("_digits", "alphabet", "block_size", "min_length")

    def __init__(self, alphabet: str = DEFAULT_ALPHABET, block_size: int = 24, min_length: int = 5) -> None:
        if not isinstance(alphabet, str):
            raise TypeError(f"alphabet must be str, not {type(alphabet).__name__}")
        self.alphabet = alphabet
        self.block_size = index(block_size)
        self.min_length = index(min_length)
        self._digits = {letter: digit for digit, letter in enumerate(alphabet)}
        if len(alphabet) < 2 or len(self._digits) != len(alphabet):
            raise ValueError("alphabet must have at least 2 characters, all different")
        if not 0 <= self.block_size <= MAX_BLOCK_SIZE:
            raise ValueError(f"block_size must be from 0 to {MAX_BLOCK_SIZE}")
        if not 1 <= self.min_length <= MAX_LENGTH:
            raise ValueError(f"min_length must be from 1 to {MAX_LENGTH}")

    def encode(self, number: int, /) -> str:
        """Return the code of `number`, at least `min_length` characters long.

        Raises `ValueError` outside 0 to 2**64 - 1, `TypeError` for what is no integer.
        """
        number = index(number)
        if not 0 <= number <= MAX_NUMBER:
            raise ValueError(f"number must be from 0 to {MAX_NUMBER}")
        rest, base, letters = self._shuffle(number), len(self.alphabet), []
        while rest:
            rest, digit = divmod(rest, base)
            letters.append(self.alphabet[digit])
        return "".join(reversed(letters)).rjust(self.min_length, self.alphabet[0])

    def encode_many(self, numbers: Iterable[int], /) -> list[str]:
        """Return the codes of `numbers`, in order; raises what `encode` raises for the first bad one."""
        return [self.encode(number) for number in numbers]

    def decode(self, code: str, /) -> int:
        """Return the number of `code`; zeros too many or too few on the left make no difference.

        Raises `ValueError` for a code that is empty, longer than 64 characters, has a character
        outside the alphabet, or stands for a number over 2**64 - 1; `TypeError` for what is no `str`.
        """
        if not isinstance(code, str):
            raise TypeError(f"code must be str, not {type(code).__name__}")
        if not 1 <= len(code) <= MAX_LENGTH:
            raise ValueError(f"code must have from 1 to {MAX_LENGTH} characters")
        value = 0
        for letter in code:
            if letter not in self._digits:
                raise ValueError(f"code has a character outside the alphabet: {letter!r}")
            value = value * len(self.alphabet) + self._digits[letter]
        if value > MAX_NUMBER:
            raise ValueError(f"code stands for a number over {MAX_NUMBER}")
        return self._shuffle(value)

    def __reduce__(self) -> tuple[type[ShortCodec], tuple[str, int, int]]:
        return type(self), (self.alphabet, self.block_size, self.min_length)

    def _shuffle(self, value: int) -> int:
        """Return `value` with its lowest `block_size` bits in reverse order; its own inverse."""
        if not self.block_size:
            return value
        mask = (1 << self.block_size) - 1
        reverse = f"{value & mask:0{self.block_size}b}"[::-1]
        return value & ~mask | int(reverse, 2)
