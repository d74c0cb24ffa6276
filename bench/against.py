"""Compare this checkout with another one of it, in turn: small uploads without terms, and `/i/` of 10 KB.

    PYTHONPATH=. .venv/bin/python bench/against.py FOLDER [--rounds 11] [--seconds 2] [--only WORD]

FOLDER is a checkout of another commit (`git worktree add FOLDER COMMIT`) in which the compiled modules are
built (`FOLDER/bin/test --collect-only` does that). Both are served by this checkout's environment, each with
its own granian.env, on SQLite, one process each. Nothing is kept.

Two ratios are told, each of medians: requests a second, and requests for a second of the server's processor
time, which a busy machine disturbs less. Ends with 1 if the better of both is more than `--within` (5) %
below the other checkout's.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import contents
import inputs
import ours
import peers
import uploads
from load import processor_seconds, settle, wrk
from paths_upload_small import CLIENTS, OUR_FORM
from results import alternate

from tests.servers import AppServer


class CheckoutServer(AppServer):
    """The service as another checkout has it."""

    def __init__(self, folder: Path, root: Path) -> None:
        super().__init__(folder)
        self.root = root
        self.ini = root / "development.ini"

    def environment(self) -> Mapping[str, str]:
        """Return the usual environment, in which that checkout's modules and options come first."""
        lines = (self.root / "granian.env").read_text().splitlines()
        own = dict(line.split("=", 1) for line in lines if line.startswith("GRANIAN_"))
        usual = super().environment()
        return {**usual, **own, "GRANIAN_PORT": usual["GRANIAN_PORT"], "PYTHONPATH": str(self.root)}

    def _copy_database(self) -> None:
        self.migrate()  # an empty database of its own version


@dataclass
class Side:
    """One of both: what asks it for some seconds, and returns how many requests were answered in a second.

    `works` are the microseconds of processor time of a request, by rounds.
    """

    server: AppServer
    ask: Callable[[], tuple[int, float]]
    works: list[float] = field(default_factory=list)

    def rate(self) -> float:
        """Ask for a round."""
        before = processor_seconds([self.server.pid])
        count, seconds = self.ask()
        self.works.append((processor_seconds([self.server.pid]) - before) / count * 1e6)
        return count / seconds


Asking = Callable[[AppServer], Callable[[], tuple[int, float]]]


def main() -> None:
    """Print the medians of both and their ratio, for each thing that is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--within", type=float, default=5)
    parser.add_argument("--only", default="", help="what the title of a comparison has in it")
    given = parser.parse_args()
    peers.HOME.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="against-", dir=peers.HOME))
    try:
        with ExitStack() as stack:
            here = stack.enter_context(AppServer(folder / "here"))
            other = stack.enter_context(CheckoutServer(folder / "other", given.folder.resolve()))
            ratios = [
                compare(title, Side(here, asking(here)), Side(other, asking(other)), given.rounds)
                for title, asking in _comparisons(folder, given.seconds)
                if given.only in title
            ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(min(ratios, default=1.0) < 1 - given.within / 100)


def compare(title: str, here: Side, other: Side, rounds: int) -> float:
    """Print a line, and return the better one of both ratios."""
    for side in (here, other):
        side.rate()  # threads, connections and caches are made before it counts
        side.works.clear()
    figures = alternate({"here": here.rate, "other": other.rate}, rounds)
    mine, theirs = median(figures["here"]), median(figures["other"])
    work, their_work = median(here.works), median(other.works)
    print(
        f"{title}: {mine:,.0f} : {theirs:,.0f} a second, {mine / theirs:.3f} ×; "
        f"processor {work:,.0f} : {their_work:,.0f} µs, {their_work / work:.3f} ×",
        flush=True,
    )
    return max(mine / theirs, their_work / work)


def _comparisons(folder: Path, seconds: float) -> Iterator[tuple[str, Asking]]:
    for clients in (1, CLIENTS):
        yield f"/i/ of 10 KB, clients: {clients}", _asking(folder, clients, seconds)
    for kind in contents.USUAL:
        prepared = uploads.prepare(contents.KINDS[kind](), OUR_FORM, folder)
        yield f"upload of 10 KB {kind} by form, clients: {CLIENTS}", _uploading(prepared, seconds)


def _uploading(prepared: uploads.Prepared, seconds: float) -> Asking:
    def asking(server: AppServer) -> Callable[[], tuple[int, float]]:
        def run() -> tuple[int, float]:
            settle()
            sent = uploads.send(prepared, [server.port], clients=CLIENTS, seconds=seconds)
            if sent.wrong:
                raise SystemExit(f"{server.folder.name}: {sent.first}")
            return sent.accepted, sent.seconds

        return run

    return asking


def _asking(folder: Path, clients: int, seconds: float) -> Asking:
    def asking(server: AppServer) -> Callable[[], tuple[int, float]]:
        path = f"/i/{ours.put(server, inputs.noise(10_000), 'data.bin')}"

        def run() -> tuple[int, float]:
            load = wrk(server.url, folder, clients=clients, seconds=seconds, path=path)
            return load.requests, load.seconds

        return run

    return asking


if __name__ == "__main__":
    main()
