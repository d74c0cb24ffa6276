"""What is good of a page, and the table of what was measured."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Found = Mapping[str, Any]

GOOD = {"cls_360": 0.02, "cls_1440": 0.02, "lcp_ms": 2500, "inp_ms": 200}
BYTES = {"upload": 100_000}

HEAD = (
    f"{'page':26}{'CLS 360':>9}{'CLS 1440':>10}{'LCP ms':>9}{'INP ms':>9}{'bytes':>11}"
    "  what is largest, longest answer"
)

PREFACE = """\
# Pages

Written by `PYTHONPATH=. .venv/bin/python bench/pages.py docs/performance`, which starts a server as
`bin/serve` does, puts a file of each kind into it and visits a page of each kind with Chromium; how is said
at its head. The goals are CLS ≤ 0.02, LCP ≤ 2.5 s, INP ≤ 200 ms, and 100 KB for the upload page. The cache is
empty, the line slow 3G (400 kbit/s, 400 ms), the processor has a quarter of its speed; CLS at 1440 pixels is
of a fast one.
Times are medians of three visits, while the machine (2 cores) had as much else to do as its load says.
Photos are noise, for which JPEG takes 2.9 bits a pixel. What misses its goal is bold.

| page | CLS 360 | CLS 1440 | LCP ms | what is largest | INP ms | longest answer | bytes | load | measured |
|---|---|---|---|---|---|---|---|---|---|
"""


def missed(name: str, found: Found) -> Iterator[str]:
    """Yield what of a page is not as good as it should be."""
    if "fault" in found:
        yield f"{name}: {found['fault']}"
        return
    for term, most in {**GOOD, "bytes": BYTES.get(name, float("inf"))}.items():
        if found[term] > most:
            yield f"{name}: {term} {found[term]:.6g} > {most}"
    if not found["lcp_ms"]:
        yield f"{name}: nothing was painted"


def row(name: str, found: Found) -> str:
    """Return a line for who waits."""
    if "fault" in found:
        return f"{name:26}  {found['fault']}"
    return (
        f"{name:26}{found['cls_360']:9.3f}{found['cls_1440']:10.3f}{found['lcp_ms']:9.0f}"
        f"{found['inp_ms']:9.0f}{found['bytes']:11,.0f}  {found['largest']}, {_longest(found)}"
        + "".join(f"  {wrong.partition(': ')[2]}" for wrong in missed(name, found))
        + "".join(f"\n{'':26}  moved {shift}" for shift in found["shifts"] if float(shift.split()[0]) > 0.005)
    )


def _longest(found: Found) -> str:
    answers: dict[str, float] = found["answers"]
    return max(answers, key=answers.get, default="")  # type: ignore[arg-type]


def keep(folder: Path, results: Mapping[str, Found], order: list[str]) -> None:
    """Write what was measured into a folder, beside what was measured of other pages before."""
    path = folder / "pages.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    merged = {**before, **results}
    all_of_them = {name: merged[name] for name in order if name in merged}
    path.write_text(json.dumps(all_of_them, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    lines = (_table_row(name, found) for name, found in all_of_them.items())
    (folder / "pages.md").write_text(PREFACE + "".join(lines), encoding="utf-8")


def _table_row(name: str, found: Found) -> str:
    if "fault" in found:
        return f"| {name} | {found['fault']} |\n"
    cells = (
        name,
        *(_figure(name, found, term, form) for term, form in (("cls_360", ".3f"), ("cls_1440", ".3f"))),
        _figure(name, found, "lcp_ms", ".0f"),
        f"`{found['largest']}`",
        _figure(name, found, "inp_ms", ".0f"),
        f"`{_longest(found)}`" if found["answers"] else "",
        _figure(name, found, "bytes", ",.0f"),
        found["load"],
        found["measured"],
    )
    return f"| {' | '.join(map(str, cells))} |\n"


def _figure(name: str, found: Found, term: str, form: str) -> str:
    """Return a figure, in bold where it misses its goal."""
    most = {**GOOD, "bytes": BYTES.get(name, float("inf"))}[term]
    shown = format(found[term], form)
    return f"**{shown}**" if found[term] > most else shown
