"""Compare two callables on a noisy machine: alternate them, and look at the medians."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

CALIBRATION_SECONDS = 0.005
"""A run at least this long is measured well enough to choose how many calls make one sample."""


@dataclass(frozen=True)
class Comparison:
    """Seconds per call of two callables, and how many times faster the first is."""

    name_a: str
    name_b: str
    median_a: float
    median_b: float

    @property
    def ratio(self) -> float:
        """`median_b / median_a`: above 1, the first one is the faster."""
        return self.median_b / self.median_a


def compare(
    name_a: str,
    fn_a: Callable[[], object],
    name_b: str,
    fn_b: Callable[[], object],
    *,
    rounds: int = 21,
    seconds: float = 4.0,
) -> Comparison:
    """Time `fn_a` and `fn_b` in turn, `rounds` samples each, in about `seconds` altogether.

    Both sides of a round run within a moment of each other, and every other round starts with the
    other side, so that a busy neighbour or a change of clock rate hits both. Times are wall clock.
    """
    slice_seconds = seconds / (2 * rounds)
    sides = ((fn_a, _calls(fn_a, slice_seconds), []), (fn_b, _calls(fn_b, slice_seconds), []))
    for number in range(rounds):
        for fn, calls, samples in sides if number % 2 == 0 else sides[::-1]:
            samples.append(_time(fn, calls) / calls)
    return Comparison(name_a, name_b, median(sides[0][2]), median(sides[1][2]))


def print_table(
    title: str, rows: Iterable[tuple[str, Comparison]], *, amount: float = 0, unit: str = ""
) -> None:
    """Print one line per labelled comparison: both medians and the ratio.

    With `amount` (what one call handles, in `unit`) the medians are rates in `unit`/s, else times.
    """
    rows = list(rows)
    width = max([len(label) for label, _ in rows] + [len(title)])
    name_a, name_b = (rows[0][1].name_a, rows[0][1].name_b) if rows else ("", "")
    columns = max(len(name_a), len(name_b), 14)
    print(f"{title:<{width}}  {name_a:>{columns}}  {name_b:>{columns}}  {'ratio':>7}")
    for label, row in rows:
        a, b = (_shown(value, amount, unit) for value in (row.median_a, row.median_b))
        print(f"{label:<{width}}  {a:>{columns}}  {b:>{columns}}  {row.ratio:>6.2f}x")
    print()


def _calls(fn: Callable[[], object], seconds: float) -> int:
    """Return how many calls of `fn` take about `seconds`; warms it up on the way."""
    calls = 1
    while (spent := _time(fn, calls)) < min(CALIBRATION_SECONDS, seconds):
        calls *= 2
    return max(1, round(calls * seconds / spent))


def _time(fn: Callable[[], object], calls: int) -> float:
    """Return the seconds that `calls` calls of `fn` took."""
    start = time.perf_counter()
    for _ in range(calls):
        fn()
    return time.perf_counter() - start


def _shown(seconds: float, amount: float, unit: str) -> str:
    """Return a rate when `amount` is known, else a time in the unit that suits it."""
    if amount:
        return f"{amount / seconds:,.2f} {unit}/s"
    for scale, name in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= scale:
            return f"{seconds / scale:.2f} {name}"
    return f"{seconds * 1e9:.1f} ns"
