"""Uploads: one file of 1 GiB, and many of 10 KB."""

import itertools
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import inputs
import ours
from effort import Effort
from load import FORM, exchange, form_around, peak_memory, processor_seconds, request, settle, upload
from peers import Bepasty, Copyparty
from results import OURS, Goal, Limit, Measurement, alternate

from tests.servers import ServerProcess

MIB = 2**20
SMALL = 10_000
CLIENTS = 8

# copyparty that keeps the same bytes only once, by a database of what there is; by default it does not.
DEDUP = "copyparty -e2d --dedup"


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
        figures = alternate(sides, effort.large_rounds)
        memory = {"pastebin": app.pid, "bepasty": bepasty.pid, "copyparty": copyparty.pid}
        peaks = {name: peak_memory(pid) / MIB for name, pid in memory.items()}
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
            Goal("≤ 1.5 × the floor's time", "md5sum + cp + fsync", 1 / 1.5),
        ],
        [Limit("resident memory ≤ 150 MiB", peaks["pastebin"], 150, "MiB")],
        [f"Peak resident memory: {', '.join(f'{k} {v:.0f} MiB' for k, v in peaks.items())}.", checked],
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


def small(effort: Effort) -> Iterator[Measurement]:
    """Many small uploads, on each of our shapes and with relaxed durability."""
    for shape in ours.SHAPES:
        for durability in ("full", "relaxed"):
            yield _small(effort, shape, durability, 1)
    yield _small(effort, "production", "full", 2)


def _small(effort: Effort, shape: str, durability: str, processes: int) -> Measurement:
    # The folder stays until the end of the run: ext4 avoids the inodes of what was removed for up to
    # five minutes and looks for others one by one, which makes every new file slower, whoever writes it.
    folder = effort.subfolder(f"small-{shape}-{durability}-{processes}")
    rounds = itertools.count(1)
    waits: dict[str, list[str]] = {}
    work: dict[str, list[float]] = {}
    with ExitStack() as stack:
        apps = stack.enter_context(ours.services(shape, folder, processes, durability=durability))
        bepasty = stack.enter_context(Bepasty(folder / "bepasty"))
        copyparty = stack.enter_context(Copyparty(folder / "copyparty"))
        dedup = stack.enter_context(Copyparty(folder / "dedup", "-e2d", "--dedup"))

        def run(
            name: str, servers: Sequence[ServerProcess], make: Callable[[bytes, str], bytes], status: int
        ) -> float:
            number = next(rounds)
            settle()
            contents = inputs.different(SMALL, effort.uploads, number)
            sent = [make(data, f"small-{number}-{at}.bin") for at, data in enumerate(contents)]
            pids = [server.pid for server in servers]
            before = processor_seconds(pids)
            load = exchange([server.port for server in servers], sent, clients=CLIENTS, expect=(status,))
            work.setdefault(name, []).append((processor_seconds(pids) - before) / len(sent) * 1e3)
            waits.setdefault(name, []).append(load.slow())
            return load.rate

        form = _post("/", field="f", action="bput")
        sides = {
            OURS: lambda: run(OURS, apps, _post("/"), 201),
            "bepasty": lambda: run("bepasty", [bepasty], _post("/+upload"), 302),
            "copyparty": lambda: run("copyparty", [copyparty], form, 201),
            DEDUP: lambda: run(DEDUP, [dedup], form, 201),
        }
        for side in sides.values():  # threads and connections are made before it counts
            side()
        figures = alternate(sides, effort.rounds)
        checked = ours.check(apps[0])
    full = durability == "full"
    several = ", 2 processes" if processes == 2 else ""
    words, factor = ("no slower than {}", 1) if full else ("well ahead of {} (1.5 ×)", 1.5)
    shape_text = ours.SHAPE_TEXTS[shape] + several
    return Measurement(
        f"upload-small-{shape}-{durability}" + ("-processes" if several else ""),
        f"10 KB uploads by form, 8 clients, {'fsync' if full else 'relaxed'} ({shape_text})",
        "uploads/s",
        figures,
        [Goal(words.format(peer), peer, factor) for peer in ("bepasty", "copyparty")],
        [],
        [
            "Latency of the last round, median / 99 %: "
            + ", ".join(f"{k} {v[-1]}" for k, v in waits.items()),
            "Processor time of the server an upload (without database): "
            + ", ".join(f"{k} {min(v):.2f} ms" for k, v in work.items()),
            "No errors: every answer was checked.",
            checked,
        ],
    )


def _post(path: str, **options: str) -> Callable[[bytes, str], bytes]:
    def make(data: bytes, filename: str) -> bytes:
        head, tail = form_around(filename, **options)
        return request("POST", path, FORM, body=head + data + tail)

    return make
