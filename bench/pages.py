"""How the pages feel: jumps, first look, answers to a touch, bytes on the wire.

    PYTHONPATH=. .venv/bin/python bench/pages.py [FOLDER [PAGE ...]]

Prints a table, and writes it as pages.json into FOLDER. With names of pages, those only.

For every kind of page: the cumulative layout shift (CLS) at 360 and 1440 pixels; then on a phone with a cold
cache, slow 3G (400 kbit/s, 400 ms) and a processor of a quarter of the speed the largest contentful paint
(LCP), the longest answer to a touch (INP) with what was touched, and the bytes that came: the median of some
visits, as the machine does other things too. Definitions: https://web.dev/articles/vitals
"""

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, StorageState, sync_playwright

from bench.page_addresses import PASSWORD, Place, places_on
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
    *("[data-wrap-lines]", "#L3 > a", "#L40 > a", "th button", "th button"),
    *("[data-crop]", "[data-preset]", "[data-crop]", "[data-zoom]", "[data-zoom-full]", "[data-zoom-close]"),
    *("[data-modes] [value=text] + span", "[value=source] + span", "[value=document] + span"),
    *(".share-panel summary", ".encoding summary", ".comparing summary", "[data-options] summary"),
    *("[data-history-more]", "[data-more]", "[data-menu] > summary"),
    *("summary:has(+ [data-themes])", "[data-theme-choice=dark]"),
)
TYPED = ("#archive-search", "#editor-text", "#history-search", "#w")

# Slow visits to each page.
VISITS = 3

# What is measured of them, and how much of it is good.
GOOD = {"cls_360": 0.02, "cls_1440": 0.02, "lcp_ms": 2500, "inp_ms": 200}


def main() -> None:
    """Measure every kind of page of a server that is started for it."""
    wanted = sys.argv[2:]
    settings = {"public_listing": "true", "signup": "invite", "uploads_per_hour": "10000"}
    with (
        tempfile.TemporaryDirectory() as folder,
        AppServer(Path(folder), settings) as server,
    ):
        places = places_on(server)
        with sync_playwright() as driver:
            print(HEAD)
            browser = driver.chromium.launch(executable_path=find_program("chromium"), args=["--no-sandbox"])
            state = sign_in(browser, server.url)
            results = {}
            for name, place in places.items():
                if not wanted or name in wanted:
                    results[name] = measure(browser, place, state)
                    print(row(name, results[name]), flush=True)
            browser.close()
    keep(results)


def sign_in(browser: Browser, url: str) -> StorageState:
    """Return the cookies of who is signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}/login")
    page.locator("[name=name]").fill("Ada")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/files")
    state = context.storage_state()
    context.close()
    return state


def measure(browser: Browser, place: Place, state: StorageState) -> dict[str, Any]:
    """Return what one page takes."""
    own: dict[str, Any] = {"storage_state": state} if place.is_signed_in else {}
    wide = _visit(browser, place, {**DESKTOP, **own})
    # The smaller images are made now, as they are for a second visitor.
    narrow = _visit(browser, place, {**PHONE, **own})
    slow = [_visit(browser, place, {**PHONE, **own}, is_slow=True) for _ in range(VISITS)]
    answers = {
        what: statistics.median(found["answers"].get(what, 0) for found in slow)
        for what in slow[0]["answers"]
    }
    return {
        "cls_360": max(found["cls"] for found in (narrow, *slow)),
        "cls_1440": wide["cls"],
        "lcp_ms": statistics.median(found["lcp"] for found in slow),
        "inp_ms": max(answers.values(), default=0),
        "bytes": statistics.median(found["bytes"] for found in slow),
        "answers": answers,
    }


def _visit(
    browser: Browser, place: Place, options: dict[str, Any], *, is_slow: bool = False
) -> dict[str, Any]:
    context = browser.new_context(**options)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.add_init_script(place.script)
    session = context.new_cdp_session(page)
    received = _count_bytes(session)
    if is_slow:
        session.send("Network.emulateNetworkConditions", SLOW_3G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(place.address, wait_until="networkidle", timeout=120_000)
    total = sum(received)
    lcp = page.evaluate("measured.lcp")
    answers = dict(_press(page))
    found = {"cls": page.evaluate("measured.cls"), "lcp": lcp, "bytes": total, "answers": answers}
    context.close()
    return found


def _count_bytes(session: CDPSession) -> list[int]:
    received: list[int] = []
    session.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    session.send("Network.enable")
    return received


def _press(page: Page) -> Iterator[tuple[str, float]]:
    """Yield what was pressed or typed into, and how long the answer took at the longest."""
    for number, place in enumerate(PRESSED):
        target = page.locator(place).first
        if target.count() and target.is_visible() and target.is_enabled():
            page.evaluate("measured.inp = 0")
            target.click()
            page.wait_for_timeout(600)
            again = " again" if place in PRESSED[:number] else ""
            yield place + again, page.evaluate("measured.inp")
    for place in TYPED:
        target = page.locator(place)
        if target.count() and target.is_visible():
            page.evaluate("measured.inp = 0")
            target.press_sequentially("file 1" if place != "#w" else "320", delay=100)
            page.wait_for_timeout(300)
            yield place, page.evaluate("measured.inp")


HEAD = f"{'page':26}{'CLS 360':>9}{'CLS 1440':>10}{'LCP ms':>9}{'INP ms':>9}{'bytes':>11}  longest answer"


def row(name: str, found: dict[str, Any]) -> str:
    """Return what was measured of a page, and what of it is not good."""
    answers = found["answers"]
    return (
        f"{name:26}{found['cls_360']:9.3f}{found['cls_1440']:10.3f}{found['lcp_ms']:9.0f}"
        f"{found['inp_ms']:9.0f}{found['bytes']:11,.0f}  {max(answers, key=answers.get, default='')}"
        + "".join(f"  {term} > {most}" for term, most in GOOD.items() if found[term] > most)
    )


def keep(results: dict[str, dict[str, Any]]) -> None:
    """Write what was measured as JSON where the first argument says."""
    print("load of the machine:", *(f"{load:.1f}" for load in os.getloadavg()))
    if len(sys.argv) > 1:
        Path(sys.argv[1], "pages.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
