"""Compare this checkout with another one of it, in turn: small uploads without terms, and `/i/` of 10 KB.

    PYTHONPATH=. .venv/bin/python bench/against.py FOLDER [--rounds 7] [--seconds 3]

FOLDER is a checkout of another commit (`git worktree add FOLDER COMMIT`) in which the compiled modules are
built. Both are served by this checkout's environment, on SQLite, one process each. Nothing is kept.
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import contents
import inputs
import ours
import peers
import uploads
from load import settle, wrk
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
        """Return the usual environment, in which that checkout's modules come first."""
        return {**super().environment(), "PYTHONPATH": str(self.root)}

    def _copy_database(self) -> None:
        self.migrate()  # an empty database of its own version


def main() -> None:
    """Print the medians of both and their ratio, for each thing that is asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=3)
    given = parser.parse_args()
    peers.HOME.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="against-", dir=peers.HOME))
    try:
        with ExitStack() as stack:
            here = stack.enter_context(AppServer(folder / "here"))
            other = stack.enter_context(CheckoutServer(folder / "other", given.folder.resolve()))
            for title, asking in _comparisons(folder, given.seconds):
                figures = alternate({"here": asking(here), "other": asking(other)}, given.rounds)
                mine, theirs = median(figures["here"]), median(figures["other"])
                print(f"{title}: {mine:,.0f} : {theirs:,.0f} a second, {mine / theirs:.2f} ×", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


Asking = Callable[[AppServer], Callable[[], float]]


def _comparisons(folder: Path, seconds: float) -> Iterator[tuple[str, Asking]]:
    for kind in contents.USUAL:
        prepared = uploads.prepare(contents.KINDS[kind](), OUR_FORM, folder)
        yield f"10 KB {kind} by form, {CLIENTS} clients", _uploading(prepared, seconds)
    for clients in (1, CLIENTS):
        yield f"/i/ of 10 KB, clients: {clients}", _asking(folder, clients, seconds)


def _uploading(prepared: uploads.Prepared, seconds: float) -> Asking:
    def asking(server: AppServer) -> Callable[[], float]:
        def run() -> float:
            settle()
            return uploads.send(prepared, [server.port], clients=CLIENTS, seconds=seconds).rate

        return run

    return asking


def _asking(folder: Path, clients: int, seconds: float) -> Asking:
    def asking(server: AppServer) -> Callable[[], float]:
        path = f"/i/{ours.put(server, inputs.noise(10_000), 'data.bin')}"
        return lambda: wrk(server.url, folder, clients=clients, seconds=seconds, path=path).rate

    return asking


if __name__ == "__main__":
    main()
