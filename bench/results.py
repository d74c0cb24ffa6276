"""What was measured: kept as JSON beside the report, one entry a comparison, each with its command."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs" / "performance" / "results.json"
OURS = "pastebin"


@dataclass(frozen=True)
class Goal:
    """`text`, reached when `side` (ours by default) is at least `factor` times as fast as `against`."""

    text: str
    against: str
    factor: float
    side: str = ""


@dataclass(frozen=True)
class Limit:
    """`text`, reached when `value` (in `unit`) is at most `limit`."""

    text: str
    value: float
    limit: float
    unit: str


@dataclass
class Measurement:
    """One comparison: figures of each side by round, ours first.

    `unit` is a unit of time ("s", "ms", …), where less is better, or anything else ("MB/s"),
    where more is. `baseline` is the side that a table compares the others with, where several are ours.
    `work` is the processor time of a request in ms, by side and round: of the server's processes, and
    of those of its database and cache (`backing_work`). `errors` counts failed requests.
    """

    name: str
    title: str
    unit: str
    sides: dict[str, list[float]]
    goals: list[Goal] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    baseline: str = ""
    work: dict[str, list[float]] = field(default_factory=dict)
    backing_work: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    command: str = ""
    commit: str = ""
    measured: str = ""

    @property
    def ours(self) -> str:
        """Return the name of our side."""
        return next(iter(self.sides))

    def figure(self, side: str) -> float:
        """Return the median of a side."""
        return median(self.sides[side])

    def is_ours(self, side: str) -> bool:
        """Tell whether a side is one of ours."""
        return side == self.ours or side.startswith(f"{OURS}, ")

    def ratio(self, against: str, side: str = "") -> float:
        """Return how many times as fast as another side we are, or `side` is."""
        one, other = self.figure(side or self.ours), self.figure(against)
        return other / one if self.is_time else one / other

    @property
    def is_time(self) -> bool:
        """Tell whether the figures are times rather than rates."""
        return self.unit in ("s", "ms", "µs", "ns")


def alternate(sides: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Let every side measure itself once a round, every other round in the opposite order."""
    figures: dict[str, list[float]] = {name: [] for name in sides}
    order = list(sides)
    for number in range(rounds):
        for name in order if number % 2 == 0 else order[::-1]:
            figures[name].append(sides[name]())
    return figures


def load() -> dict[str, Measurement]:
    """Return every comparison kept so far, by name."""
    if not FILE.exists():
        return {}
    return {entry["name"]: _read(entry) for entry in json.loads(FILE.read_text())}


def keep(found: Sequence[Measurement], command: str) -> dict[str, Measurement]:
    """Keep what was measured now, in place of older figures of the same names; return all."""
    commit = _commit()
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    entries = load()
    for one in found:
        one.command, one.commit, one.measured = command, commit, now
        entries[one.name] = one
    _write(entries.values())
    return entries


def forget(command: str, names: Collection[str]) -> None:
    """Forget what a command measured once and, called `names` now, measures no longer."""
    left = [one for name, one in load().items() if one.command != command or name in names]
    _write(left)


def _write(entries: Iterable[Measurement]) -> None:
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps([_written(one) for one in entries], indent=1) + "\n")


def _commit() -> str:
    """Return what was measured: the commit, marked where more than these pages differs from it."""
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs")
    return _git("rev-parse", "--short", "HEAD") + ("-dirty" if changed else "")


def _git(*arguments: str) -> str:
    ran = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return ran.stdout.strip()


def _written(one: Measurement) -> dict:
    entry = asdict(one)
    for kept in ("sides", "work", "backing_work"):
        entry[kept] = {name: [float(f"{x:.5g}") for x in xs] for name, xs in entry[kept].items()}
    return entry


def _read(entry: dict) -> Measurement:
    goals = [Goal(**goal) for goal in entry.pop("goals")]
    limits = [Limit(**limit) for limit in entry.pop("limits")]
    return Measurement(goals=goals, limits=limits, **entry)
