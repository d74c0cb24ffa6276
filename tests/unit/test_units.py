"""Sizes in words."""

import pytest

from pastebin.units import humanize_bytes


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0.00 bytes"),
        (1, "1 byte"),
        (2, "2.00 bytes"),
        (100, "100.00 bytes"),
        (1023, "1023.00 bytes"),
        (1024, "1.00 kB"),
        (34500, "33.69 kB"),
        (2**20 - 1, "1024.00 kB"),
        (2**20, "1.00 MB"),
        (34500000, "32.90 MB"),
        (2**30, "1.00 GB"),
        (5 * 2**39, "2.50 TB"),
        (2**50, "1.00 PB"),
        (2**63 - 1, "8192.00 PB"),
    ],
)
def test_a_size_is_told_in_powers_of_1024_with_two_decimals(size: int, words: str) -> None:
    assert humanize_bytes(size) == words
