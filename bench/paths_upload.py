"""Uploads of one file of 1 GiB."""

import itertools
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import inputs
import ours
from effort import Effort
from load import FORM, form_around, peaks_of, request, settle, upload
from peers import Bepasty, Copyparty
from results import OURS, Goal, Limit, Measurement, alternate

MIB = 2**20


def large(effort: Effort) -> Iterator[Measurement]:
    """One large upload, on each of our shapes."""
    for shape in ours.SHAPES:
        yield _large(effort, shape)


def _large(effort: Effort, shape: str) -> Measurement:
    folder = effort.subfolder(f"large-{shape}")
    source = inputs.large_file(folder / "source", effort.large_size)
    numbers = itertools.count(1)
    with ExitStack() as stack:
        app = stack.enter_context(ours.service(shape, folder))
        bepasty = stack.enter_context(Bepasty(folder / "bepasty"))
        copyparty = stack.enter_context(Copyparty(folder / "copyparty"))
        sides: dict[str, Callable[[], float]] = {
            OURS: lambda: _form(app.port, "/", source, next(numbers), 201),
            "bepasty": lambda: _emptied(bepasty, _form(bepasty.port, "/+upload", source, next(numbers), 302)),
            "copyparty": lambda: _emptied(copyparty, _put(copyparty.port, source, next(numbers))),
            "md5sum + cp + fsync": lambda: _floor(folder, source, next(numbers)),
        }
        for side in (OURS, "bepasty", "copyparty"):  # each once before it counts
            sides[side]()
        with peaks_of({server.name: server.pid for server in (app, bepasty, copyparty)}) as peaks:
            figures = alternate(sides, effort.large_rounds)
        checked = ours.check(app)
    shutil.rmtree(folder)
    return Measurement(
        f"upload-large-{shape}",
        f"{effort.large_text} upload by form ({ours.SHAPE_TEXTS[shape]})",
        "s",
        figures,
        [
            Goal("≥ 3.5 × bepasty", "bepasty", 3.5),
            Goal("ahead of copyparty (PUT)", "copyparty", 1),
            Goal("≤ 1.6 × the floor's time", "md5sum + cp + fsync", 1 / 1.6),
        ],
        [Limit("all processes ≤ 250 MiB", peaks[OURS] / MIB, 250, "MiB")],
        [
            f"Most memory, all processes: {', '.join(f'{k} {v / MIB:.0f} MiB' for k, v in peaks.items())}.",
            checked,
        ],
    )


def _form(port: int, path: str, source: Path, number: int, status: int) -> float:
    settle()
    head, tail = form_around(f"large-{number}.bin")
    length = len(head) + inputs.renew(source, number).stat().st_size + len(tail)
    begin = request("POST", path, FORM).replace(b"Content-Length: 0", b"Content-Length: %d" % length)
    return upload(port, begin + head, source, tail, expect=(status,))


def _put(port: int, source: Path, number: int) -> float:
    settle()
    length = inputs.renew(source, number).stat().st_size
    begin = request("PUT", f"/large-{number}.bin")
    begin = begin.replace(b"Content-Length: 0", b"Content-Length: %d" % length)
    return upload(port, begin, source, expect=(201,))


def _floor(folder: Path, source: Path, number: int) -> float:
    settle()
    inputs.renew(source, number)
    copy = folder / "copy"
    start = time.perf_counter()
    subprocess.run(["md5sum", str(source)], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cp", str(source), str(copy)], check=True)
    descriptor = os.open(copy, os.O_RDONLY)
    os.fsync(descriptor)
    seconds = time.perf_counter() - start
    os.close(descriptor)
    copy.unlink()
    return seconds


def _emptied(server: Bepasty | Copyparty, seconds: float) -> float:
    """Remove what a peer stored, for room on the disk; `check` needs ours to stay."""
    for path in server.files.rglob("*"):
        if path.is_file() and path.stat().st_size > MIB:
            path.unlink()
    return seconds
