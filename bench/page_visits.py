"""Visits to a page in Chromium: what moves, when it is seen, how quickly it answers, what it weighs."""

import os
import statistics
from collections.abc import Iterator
from typing import Any

import pyotp
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, StorageState

from bench.page_addresses import HALF_NAME, NAME, PASSWORD, Place

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 1,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}

WATCH = """
window.measured = { cls: 0, shifts: [], lcp: 0, largest: "", inp: 0, since: 0 };
const called = (node) => {
  const element = node?.nodeType === 3 ? node.parentElement : node;
  return element ? [element.localName, ...element.classList].join(".") : "something gone";
};
new PerformanceObserver((list) => {
  for (const { hadRecentInput, value, startTime, sources } of list.getEntries()) {
    if (hadRecentInput) continue;
    measured.cls += value;
    const moved = [...new Set(sources.map(({ node }) => called(node)))].join(" ");
    measured.shifts.push(`${value.toFixed(3)} at ${Math.round(startTime)} ms: ${moved}`);
  }
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    measured.lcp = entry.startTime;
    measured.largest = called(entry.element);
  }
}).observe({ type: "largest-contentful-paint", buffered: true });
// What is pressed and changes nothing, such as 100 % of a small picture, is told at the next thing that does.
new PerformanceObserver((list) => {
  const entries = list.getEntries().filter(({ startTime }) => startTime >= measured.since);
  const answers = entries.filter(({ interactionId }) => interactionId);
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

FORGET = "Object.assign(measured, { inp: 0, since: performance.now() }); 0"

# Slow visits to each page.
VISITS = 3


def sign_in(browser: Browser, url: str) -> dict[str, StorageState]:
    """Return the cookies of who is signed in, and of who has yet to give a code, by their names."""
    return {"": {}, NAME: _sign_in(browser, url, NAME, "account/files"), HALF_NAME: _half(browser, url)}


def _sign_in(browser: Browser, url: str, name: str, led_to: str) -> StorageState:
    context = browser.new_context()
    _say_password(context, url, name).wait_for_url(f"**/{led_to}")
    state = context.storage_state()
    context.close()
    return state


def _say_password(context: BrowserContext, url: str, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{url}/login")
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    return page


def _half(browser: Browser, url: str) -> StorageState:
    """Turn a second factor on, and sign in again as far as the code."""
    context = browser.new_context()
    page = _say_password(context, url, HALF_NAME)
    page.wait_for_url("**/account/files")
    page.goto(f"{url}/account/second-factor")
    secret = page.locator("main input[readonly]").first.input_value()
    page.locator("#code").fill(pyotp.TOTP(secret).now())
    page.locator("#password-now").fill(PASSWORD)
    page.locator("form.stack button.primary").click()
    page.locator(".codes").wait_for()
    context.close()
    return _sign_in(browser, url, HALF_NAME, "login/code*")


def measure(browser: Browser, place: Place, state: StorageState) -> dict[str, Any]:
    """Return what one page takes."""
    own: dict[str, Any] = {"storage_state": state} if state else {}
    wide = _visit(browser, place, {**DESKTOP, **own})
    # The smaller images are made now, as they are for a second visitor.
    narrow = _visit(browser, place, {**PHONE, **own})
    slow = [_visit(browser, place, {**PHONE, **own}, is_slow=True) for _ in range(VISITS)]
    answers = {
        what: statistics.median(found["answers"].get(what, 0) for found in slow)
        for what in slow[0]["answers"]
    }
    middle = sorted(slow, key=lambda found: found["lcp"])[len(slow) // 2]
    return {
        "cls_360": max(found["cls"] for found in (narrow, *slow)),
        "cls_1440": wide["cls"],
        "lcp_ms": middle["lcp"],
        "inp_ms": max(answers.values(), default=0),
        "bytes": statistics.median(found["bytes"] for found in slow),
        "largest": middle["largest"],
        "answers": answers,
        "shifts": [shift for found in (wide, narrow, *slow) for shift in found["shifts"]],
        "load": round(os.getloadavg()[0], 1),
    }


def _visit(
    browser: Browser, place: Place, options: dict[str, Any], *, is_slow: bool = False
) -> dict[str, Any]:
    context = browser.new_context(**options)
    try:
        context.add_cookies(
            [{"name": name, "value": value, "url": place.address} for name, value in place.cookies.items()]
        )
        return _look(context, place, is_slow)
    finally:
        context.close()


def _look(context: BrowserContext, place: Place, is_slow: bool) -> dict[str, Any]:
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
    seen = page.evaluate("({ lcp: measured.lcp, largest: measured.largest })")
    answers = dict(_press(page)) if is_slow else _scroll(page)
    moved = page.evaluate("({ cls: measured.cls, shifts: measured.shifts })")
    return {**seen, **moved, "bytes": total, "answers": answers}


def _count_bytes(session: CDPSession) -> list[int]:
    received: list[int] = []
    session.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    session.send("Network.enable")
    return received


def _scroll(page: Page) -> dict[str, float]:
    """Go down to the end of a page, or far enough: what comes late may push what is seen."""
    for _ in range(12):
        page.evaluate("scrollBy(0, innerHeight / 2)")
        page.wait_for_timeout(100)
    return {}


def _press(page: Page) -> Iterator[tuple[str, float]]:
    """Yield what was pressed or typed into, and how long the answer took at the longest."""
    for number, place in enumerate(PRESSED):
        target = page.locator(place).first
        if target.count() and target.is_visible() and target.is_enabled():
            page.evaluate(FORGET)
            target.click()
            page.wait_for_timeout(600)
            again = " again" if place in PRESSED[:number] else ""
            yield place + again, page.evaluate("measured.inp")
    for place in TYPED:
        target = page.locator(place)
        if target.count() and target.is_visible():
            page.evaluate(FORGET)
            target.press_sequentially("file 1" if place != "#w" else "320", delay=100)
            page.wait_for_timeout(300)
            yield place, page.evaluate("measured.inp")
