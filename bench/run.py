"""Run comparisons, print what they found, and write the report: see `bin/bench --help`."""

import argparse
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import kernels
import lookups
import paths_look
import paths_resize
import paths_upload
import peers
import psutil
import report
import results
import starting
from effort import Effort, quick

GROUPS: dict[str, Callable[[Effort], Iterator[results.Measurement]]] = {
    "kernels": kernels.kernels,
    "upload-large": paths_upload.large,
    "upload-small": paths_upload.small,
    "preview": paths_look.preview,
    "bytes": paths_look.contents,
    "nginx": paths_look.behind_nginx,
    "resize": paths_resize.cold,
    "thumbnail": paths_resize.thumbnail,
    "warm": paths_resize.warm,
    "lookups": lookups.lookups,
    "start": starting.starting,
}


def main() -> None:
    """Run the groups that are named, or all of them."""
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that servers and folders go too
    names = given.names or list(GROUPS)
    peers.HOME.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=peers.HOME))
    effort = quick(folder) if given.quick else Effort(folder)
    failed = False
    try:
        for name in names:
            failed |= not run(name, effort, given.quick)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not given.quick:
        report.write(results.load())
    sys.exit(failed)


def run(name: str, effort: Effort, is_quick: bool) -> bool:
    """Run one group; what fails is told, and the rest goes on."""
    before = psutil.cpu_times()
    try:
        for measured in GROUPS[name](effort):
            after = psutil.cpu_times()
            measured.notes.append(f"Steal: {stolen(before, after):.0%} of the processor time.")
            before = after
            print(report.lines(measured), flush=True)
            if not is_quick:
                results.keep([measured], f"bin/bench {shlex.quote(name)}")
    except Exception as error:  # noqa: BLE001  (one peer that fails must not cost the other figures)
        print(f"{name} failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return False
    return True


def stolen(before: Any, after: Any) -> float:
    """Return the share of the processor time that the machine's host gave to others meanwhile."""
    spent = {name: getattr(after, name) - getattr(before, name) for name in after._fields}
    return spent.get("steal", 0.0) / max(1e-9, sum(spent.values()) - spent.get("guest", 0.0))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(GROUPS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="few and short rounds, nothing is kept")
    given = parser.parse_args()
    unknown = set(given.names) - set(GROUPS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return given


if __name__ == "__main__":
    main()
