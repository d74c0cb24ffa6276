"""How much a run does: everything is bounded in count and in time."""

from dataclasses import dataclass
from pathlib import Path

from contents import USUAL


@dataclass(frozen=True)
class Effort:
    """Rounds of each comparison, seconds of a round, sizes; `folder` is for this run and removed after.

    `kinds` of contents are uploaded in small uploads, to the servers whose names have one of `servers` in
    them, or to all.
    """

    folder: Path
    rounds: int = 5
    seconds: float = 2.0
    large_rounds: int = 3
    large_size: int = 2**30
    resizes: int = 120
    few_rows: int = 10_000
    many_rows: int = 10_000_000
    kernel_seconds: float = 4.0
    kinds: tuple[str, ...] = USUAL
    servers: tuple[str, ...] = ()

    @property
    def large_text(self) -> str:
        """Return the large size in words."""
        return "1 GiB" if self.large_size == 2**30 else f"{self.large_size // 2**20} MiB"

    def is_chosen(self, server: str) -> bool:
        """Tell whether a server takes part."""
        return not self.servers or any(word.lower() in server.lower() for word in self.servers)

    def subfolder(self, name: str) -> Path:
        """Make a folder for one comparison."""
        made = self.folder / name
        made.mkdir(parents=True)
        return made


def quick(folder: Path) -> Effort:
    """Return the least effort that still exercises every step; its figures are not kept."""
    return Effort(
        folder, rounds=2, seconds=1.0, large_rounds=1, large_size=2**26, resizes=24,
        many_rows=100_000, kernel_seconds=1.0,
    )  # fmt: skip
