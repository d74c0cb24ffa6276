"""How the pages feel: jumps, first look, answers to a touch, bytes on the wire.

    PYTHONPATH=. .venv/bin/python bench/pages.py [FOLDER [PAGE ...]]

Prints a table, and writes it as pages.json into FOLDER. With names of pages, those only.

For every kind of page: the cumulative layout shift (CLS) at 360 and 1440 pixels; then on a phone with a cold
cache, slow 3G (400 kbit/s, 400 ms) and a processor of a quarter of the speed the largest contentful paint
(LCP), the longest answer to a touch (INP), and the bytes that came: the median of some visits, as the machine
does other things too. Definitions: https://web.dev/articles/vitals
"""

import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from PIL import Image
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.browser import samples as make
from tests.servers import AppServer
from tests.servers.process import find_program

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 1,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}

WATCH = """
window.measured = { cls: 0, lcp: 0, inp: 0 };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) measured.cls += entry.value;
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) measured.lcp = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  const answers = list.getEntries().filter((entry) => entry.interactionId);
  measured.inp = Math.max(measured.inp, ...answers.map((entry) => entry.duration));
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""

# What a visitor presses on each page, as far as it is there, and the fields that are typed into.
PRESSED = (
    *("[data-wrap-lines]", "#L3 > a", "#L40 > a", "th button", "[data-crop]", "[data-crop]"),
    *("[data-modes] [value=text] + span", "[value=source] + span", "[value=document] + span"),
    *(".share-panel summary", "[data-menu] > summary"),
)
TYPED = ("#archive-search", "#editor-text")

# Slow visits to each page.
VISITS = 3

# What is measured of them, and how much of it is good.
GOOD = {"cls_360": 0.02, "cls_1440": 0.02, "lcp_ms": 2500, "inp_ms": 200}


def photo(width: int, height: int) -> bytes:
    """Return a JPEG with about as much in it as a photo has."""
    out = io.BytesIO()
    grain = Image.effect_noise((width // 4, height // 4), 90).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    mirrored = grain.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    Image.merge("RGB", (grain, mirrored, grain)).save(out, "JPEG", quality=80)
    return out.getvalue()


def samples() -> Iterator[tuple[str, bytes]]:
    """Yield a file of each kind, larger than most."""
    yield "photo.jpg", photo(4000, 3000)
    yield (
        "notes.md",
        b"# Title\n\nSome *text* with `code`.\n\n- [x] done\n\n```python\ndef f(): pass\n```\n" * 60,
    )
    yield "table.csv", b"name,number,text\n" + b"".join(b"row,%d,some text\n" % n for n in range(1500))
    wide = b",".join(b"column %d" % n for n in range(20)) + b"\n"
    yield (
        "wide.csv",
        wide + b"".join(b",".join(b"%d" % (n * m % 977) for m in range(20)) + b"\n" for n in range(1000)),
    )
    yield "server.log", b"2026-11-25 12:00:00 INFO a line of a log that is as long as most are\n" * 70_000
    yield "data.json", json.dumps([{"key": n, "values": [1, 2, 3]} for n in range(700)]).encode()
    yield "code.py", b"def f(x: int) -> str:\n    return f'{x}'  # comment\n" * 400
    yield "archive.zip", _archive()
    yield "unknown.bin", bytes(range(256)) * 40
    yield "clip.webm", _film()
    yield "tone.wav", make.sound()
    yield "report.pdf", make.pdf()
    yield "page.html", b"<!doctype html><title>Page</title>" + b"<p>Some <b>words</b> of a page.</p>\n" * 1000
    yield (
        "drawing.svg",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><path d="M0 0h9v9z"/></svg>',
    )
    yield "icon.png", make.png(24, 24)
    yield "empty", b""


def _archive() -> bytes:
    from zipfile import ZipFile  # noqa: PLC0415 - for this sample only

    out = io.BytesIO()
    with ZipFile(out, "w") as writer:
        for number in range(60):
            writer.writestr(f"folder/file {number}.txt", "text")
    return out.getvalue()


def _film() -> bytes:
    source = ("-f", "lavfi", "-i", "testsrc=duration=2:size=640x360:rate=10")
    command = [find_program("ffmpeg"), "-v", "error", *source, "-c:v", "libvpx", "-f", "webm", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def main() -> None:
    """Measure every kind of page of a server that is started for it."""
    wanted = sys.argv[2:]
    with (
        tempfile.TemporaryDirectory() as folder,
        AppServer(Path(folder), {"public_listing": "true"}) as server,
    ):
        addresses = addresses_of(server.url)
        with sync_playwright() as driver:
            print(HEAD)
            browser = driver.chromium.launch(executable_path=find_program("chromium"), args=["--no-sandbox"])
            results = {}
            for name, address in addresses.items():
                if not wanted or name in wanted:
                    results[name] = measure(browser, address)
                    print(row(name, results[name]), flush=True)
            browser.close()
    keep(results)


def addresses_of(url: str) -> dict[str, str]:
    """Upload a file of each kind, and return the pages of a server by their names."""
    put = {name: _put(url, ("file", (name, data))) for name, data in samples()}
    pages = {name: said["url_p"] for name, said in put.items()}
    pictures = [("file", (f"{number}.jpg", photo(800, 600 + number))) for number in range(6)]
    collection = _put(url, *pictures, collection="Photos")
    locked = _put(url, ("file", ("locked.txt", b"locked")), password="sesame")
    limited = _put(url, ("file", ("limited.txt", b"limited")), downloads="3")
    return {
        "upload": f"{url}/",
        **pages,
        "comparison": f"{pages['code.py']}?against={pages['notes.md'].rpartition('/')[2]}",
        "collection": collection["url_c"],
        "managed": put["photo.jpg"]["url_m"],
        "locked": locked["url_p"],
        "limited": limited["url_p"],
        "latest": f"{url}/latest",
        "missing": f"{url}/p/missing",
        "login": f"{url}/login",
        "api": f"{url}/api/v1/",
    }


def _put(url: str, *files: tuple[str, tuple[str, bytes]], **fields: str) -> dict[str, str]:
    headers = {"Accept": "application/json"}
    answer = requests.post(url, files=files, data=fields, headers=headers, timeout=60)
    answer.raise_for_status()
    said: dict[str, str] = answer.json()
    return said


def measure(browser: Browser, address: str) -> dict[str, float]:
    """Return what one page takes."""
    wide = _visit(browser, address, DESKTOP)
    narrow = _visit(
        browser, address, PHONE
    )  # the smaller images are made now, as they are for a second visitor
    slow = [_visit(browser, address, PHONE, is_slow=True) for _ in range(VISITS)]
    return {
        "cls_360": max(found["cls"] for found in (narrow, *slow)),
        "cls_1440": wide["cls"],
        "lcp_ms": statistics.median(found["lcp"] for found in slow),
        "inp_ms": statistics.median(found["inp"] for found in slow),
        "bytes": statistics.median(found["bytes"] for found in slow),
    }


def _visit(
    browser: Browser, address: str, options: dict[str, Any], *, is_slow: bool = False
) -> dict[str, float]:
    context = browser.new_context(**options)
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    received = _count_bytes(session)
    if is_slow:
        session.send("Network.emulateNetworkConditions", SLOW_3G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="networkidle", timeout=120_000)
    total = sum(received)
    _press(page)
    found: dict[str, float] = page.evaluate("measured")
    context.close()
    return {**found, "bytes": total}


def _count_bytes(session: CDPSession) -> list[int]:
    received: list[int] = []
    session.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    session.send("Network.enable")
    return received


def _press(page: Page) -> None:
    for place in PRESSED:
        target = page.locator(place).first
        if target.count() and target.is_visible():
            target.click()
            page.wait_for_timeout(600)
    for place in TYPED:
        target = page.locator(place)
        if target.count() and target.is_visible():
            target.press_sequentially("file 1", delay=100)
            page.wait_for_timeout(300)


HEAD = f"{'page':14}{'CLS 360':>9}{'CLS 1440':>10}{'LCP ms':>9}{'INP ms':>9}{'bytes':>11}"


def row(name: str, found: dict[str, float]) -> str:
    """Return what was measured of a page, and what of it is not good."""
    return (
        f"{name:14}{found['cls_360']:9.3f}{found['cls_1440']:10.3f}{found['lcp_ms']:9.0f}"
        f"{found['inp_ms']:9.0f}{found['bytes']:11,.0f}"
        + "".join(f"  {term} > {most}" for term, most in GOOD.items() if found[term] > most)
    )


def keep(results: dict[str, dict[str, float]]) -> None:
    """Write what was measured as JSON where the first argument says."""
    print("load of the machine:", *(f"{load:.1f}" for load in os.getloadavg()))
    if len(sys.argv) > 1:
        Path(sys.argv[1], "pages.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
