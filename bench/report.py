"""`docs/performance.md` from what was measured: a table of goals, the machine, the commands, the charts."""

import platform
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

import charts
import psutil
from results import ROOT, Measurement

DOCUMENT = ROOT / "docs" / "performance.md"
CHARTS = ROOT / "docs" / "performance"

SECTIONS = {
    "Kernels": "kernel-",
    "One large upload": "upload-large-",
    "Many small uploads": "upload-small-",
    "Resumable uploads": "resumable-",
    "Preview pages": "preview-",
    "Bytes": "bytes-",
    "Bytes sent by nginx": "nginx-",
    "Resizing": ("resize-", "thumbnail"),
    "Look-ups in a large table": "lookup-",
    "Start and memory": "start-",
}

PREFACE = """\
# Performance

Measured by `bin/bench`, which installs what we compare ourselves with, makes its inputs, runs both
sides in turn and writes this page. Figures are medians over several rounds; a ratio is how many times
as fast as the other side we are. `bin/bench NAME` repeats one group, `bin/bench` all of them;
`--quick` tries everything without keeping a figure. Each figure stands in
[performance/results.json](performance/results.json) with all its rounds, the commit and the moment.

Client and server share the machine's cores. The clients cost little: one thread of `wrk` for small
uploads and for what is asked again and again, one thread waiting for all connections for resizing, and
for 1 GiB the kernel, which sends from its cache and drops what it receives. Small uploads are texts and
screenshots, all different. Unless a line says otherwise we run as one process, and so do the peers;
thumbor has as many as we have for images, and for small uploads bepasty has two. The processor time of a
request is that of all the server's processes, and after a + that of its database and cache. Steal is the
processor time that the host of a virtual machine gave to others meanwhile: with more than a few per cent of
it all figures are lower, and ratios differ more from run to run.
"""

EXPLANATION = """\
## What the processor does

Written by hand of the figures of 26 November 2026; `bench/calls.py` counts again.

- **A small upload** takes 1.2 to 1.5 ms of processor time, nearly all under one interpreter's lock, so that
  one process does some 600 to 900 a second. `bench/calls.py upload`, one upload at a time, counts 0.4 ms in
  the thread of the request (form, first look, JSON) and 0.8 ms in the committer (SQLAlchemy, SQLite's pages,
  the sync). With eight clients four uploads share a commit on the average, which then takes 0.35 ms of each;
  the rest is Granian's and the kernel's, handing bodies and the lock from thread to thread. bepasty's two
  processes take a little more of the processor for an upload and have two interpreters; two of ours take a
  quarter more each, as their committers wait for one lock and read pages anew that the other has changed.
- **A large upload** takes about as long as reading, copying and syncing the file: it waits for the disk.
- **`/i/` for one client at a time** waits for threads to wake: Granian's reads the request, another runs
  Python, the first one answers. It takes 0.24 to 0.28 ms of processor time, with eight clients 0.31 to 0.36.
- **A large download** is read and handed over in pieces of 128 KiB, each under the interpreter's lock;
  copyparty has the kernel send the file, as nginx does for us (`pastebin.sendfile`).
- **A cold resize** is libjpeg's decoding for three quarters; thumbor decodes with the same library. A warm
  one looks its address up as `/i/` does, and then whether the derived file is still the same.
- **A start** is imports: some thousand modules, 400 of them ours, then Pyramid's configuration (0.08 s). From
  one minute to the next it took 1.05 to 1.6 s on this machine, all of it the processor's. MariaDB is asked
  without TLS here (`ssl_disabled=true` in its address): otherwise each connection takes 0.03 s more, in which
  the certificates of the machine are read.
"""


def write(measurements: Mapping[str, Measurement]) -> None:
    """Write the page and its charts."""
    if not measurements:
        return
    parts = [PREFACE, _machine(), "## Goals\n", *_goals(measurements), "", EXPLANATION]
    for title, prefix in SECTIONS.items():
        chosen = [one for name, one in sorted(measurements.items()) if name.startswith(prefix)]
        if chosen:
            parts += _section(title, chosen)
    DOCUMENT.write_text("\n".join(parts))


def _machine() -> str:
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"Machine: {model}, {psutil.cpu_count()} cores, {memory:.0f} GiB of memory, "
        f"Linux {platform.release()}, Python {platform.python_version()}; "
        f"{_version('mariadbd')}; {_version('nginx', '-v')}.\n"
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


def _version(program: str, option: str = "--version") -> str:
    ran = subprocess.run([program, option], capture_output=True, text=True, check=False)
    words = (ran.stdout or ran.stderr).split()
    if program == "mariadbd":
        return f"MariaDB {words[2].partition('-')[0]}"
    return f"{program} {words[-1].partition('/')[2]}"


def _goals(measurements: Mapping[str, Measurement]) -> Iterator[str]:
    yield "| what | goal | measured | met |"
    yield "|---|---|---|---|"
    for prefix in SECTIONS.values():
        for name, one in sorted(measurements.items()):
            if name.startswith(prefix):
                yield from _goal_rows(one)


def _goal_rows(one: Measurement) -> Iterator[str]:
    for goal in one.goals:
        side = goal.side or one.ours
        met = "yes" if one.ratio(goal.against, side) >= goal.factor else "**no**"
        figures = " : ".join(charts.figure(one, name) for name in (side, goal.against))
        shown = f"{figures}, {_ratio(one, goal.against, side)}"
        yield f"| {one.title} | {goal.text} | {shown} | {met} |"
    for limit in one.limits:
        met = "yes" if limit.value <= limit.limit else "**no**"
        yield f"| {one.title} | {limit.text} | {limit.value:.3g} {limit.unit} | {met} |"


def _ratio(one: Measurement, against: str, side: str = "") -> str:
    return f"{one.ratio(against, side):.2f} ×"


def _section(title: str, chosen: list[Measurement]) -> list[str]:
    name = title.lower().replace(" ", "-")
    charts.write(CHARTS / f"{name}.svg", chosen)
    parts = [f"## {title}\n", f"![{title}: bars for each side](performance/{name}.svg)\n"]
    for one in chosen:
        parts += [f"**{one.title}.** {'; '.join(_sides(one))}.", *_work(one), *one.notes]
        parts.append(f"(`{one.command}`, commit {one.commit}, {one.measured} UTC)\n")
    return parts


def _sides(one: Measurement) -> Iterator[str]:
    for side, rounds in one.sides.items():
        span = f" ({min(rounds):.4g} to {max(rounds):.4g})" if len(rounds) > 1 else ""
        yield f"{side}: {charts.figure(one, side)}{span}"


def _work(one: Measurement) -> Iterator[str]:
    """Say what a request costs the server, and its database and cache where they are processes."""
    each = (f"{side} {_spent(one, side)} ms" for side in one.work)
    if one.work:
        yield f"Processor time of the server a request: {', '.join(each)}."


def _spent(one: Measurement, side: str) -> str:
    if side not in one.work:
        return ""
    backing = f" + {median(one.backing_work[side]):.2f}" if side in one.backing_work else ""
    return f"{median(one.work[side]):.3g}{backing}"


def lines(one: Measurement, *, has_goals: bool = True) -> str:
    """Return a comparison as lines for the terminal."""
    rows = [f"{one.title}  [{one.name}]", *_table(one)]
    if has_goals:
        reached = ((goal.text, one.ratio(goal.against, goal.side) >= goal.factor) for goal in one.goals)
        rows += [f"  {'met' if is_met else 'MISSED'}: {text}" for text, is_met in reached]
    rows += [
        f"  {'met' if x.value <= x.limit else 'MISSED'}: {x.text}: {x.value:.3g} {x.unit}" for x in one.limits
    ]
    rows += [f"  {note}" for note in one.notes]
    return "\n".join(rows)


def _table(one: Measurement) -> Iterator[str]:
    """Give a row for each side: median, span, processor ms (+ its database's), errors, ratio.

    The ratio is the side's to the baseline where there is one, else ours to the side.
    """
    width = max(22, *map(len, one.sides))
    against = f"to {one.baseline}" if one.baseline else "ratio"
    yield f"  {'':{width}} {one.unit:>18}  {'span':17} {'cpu ms':>11} {'errors':>6}  {against}"
    for side, rounds in one.sides.items():
        shown = charts.figure(one, side).removesuffix(f" {one.unit}")
        span = f"{min(rounds):.4g} … {max(rounds):.4g}"
        errors = str(one.errors.get(side, ""))
        ratio = "" if side == one.ours else _ratio(one, side)
        if one.baseline:
            ratio = _ratio(one, one.baseline, side)
        yield f"  {side:{width}} {shown:>18}  {span:17} {_spent(one, side):>11} {errors:>6}  {ratio}".rstrip()
