"""Run comparisons, print what they found, and write the report: see `bin/bench --help`."""

import argparse
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import contents
import kernels
import lookups
import paths_look
import paths_resize
import paths_resumable
import paths_upload
import paths_upload_small
import peers
import psutil
import report
import results
import starting
from effort import Effort, quick

GROUPS: dict[str, Callable[[Effort], Iterator[results.Measurement]]] = {
    "kernels": kernels.kernels,
    "upload-large": paths_upload.large,
    "upload-small": paths_upload_small.small,
    "resumable": paths_resumable.resumable,
    "preview": paths_look.preview,
    "bytes-small": paths_look.small_contents,
    "bytes-large": paths_look.large_contents,
    "nginx": paths_look.behind_nginx,
    "resize": paths_resize.cold,
    "thumbnail": paths_resize.thumbnail,
    "warm": paths_resize.warm,
    "lookups": lookups.lookups,
    "start": starting.starting,
}

CHOICES = ("rounds", "seconds", "kinds", "servers")


def main() -> None:
    """Run the groups that are named, or all of them."""
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that servers and folders go too
    names = given.names or list(GROUPS)
    peers.HOME.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=peers.HOME))
    chosen = {name: getattr(given, name) for name in CHOICES if getattr(given, name) is not None}
    effort = replace(quick(folder) if given.quick else Effort(folder), **chosen)
    is_kept = not (given.quick or chosen)
    failed = False
    try:
        for name in names:
            failed |= not run(name, effort, is_kept)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if is_kept:
        report.write(results.load())
    sys.exit(failed)


def run(name: str, effort: Effort, is_kept: bool) -> bool:
    """Run one group; what fails is told, and the rest goes on."""
    before = psutil.cpu_times()
    command, found = f"bin/bench {shlex.quote(name)}", []
    try:
        for measured in GROUPS[name](effort):
            after = psutil.cpu_times()
            measured.notes.append(f"Steal: {stolen(before, after):.0%} of the processor time.")
            before = after
            print(report.lines(measured, has_goals=is_kept), flush=True)
            found.append(measured.name)
            if is_kept:
                results.keep([measured], command)
        if is_kept:
            results.forget(command, found)
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
    own = parser.add_argument_group("while developing; with any of these nothing is kept either")
    own.add_argument("--rounds", type=int, metavar="N", help="rounds of each comparison")
    own.add_argument("--seconds", type=int, metavar="S", help="seconds of a round")
    own.add_argument("--kinds", type=_words, help=f"small uploads: {','.join(contents.KINDS)}")
    own.add_argument("--servers", type=_words, help="small uploads: parts of names, as sqlite,bepasty")
    given = parser.parse_args()
    unknown = [*set(given.names) - set(GROUPS), *set(given.kinds or ()) - set(contents.KINDS)]
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return given


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


if __name__ == "__main__":
    main()
