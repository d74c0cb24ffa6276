"""What is wrong with the looks of a page: what axe-core finds, what does not fit, is small or dead."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

from tests.browser.pages import overflow

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"

# What is right is not described, and stays in the browser: there is much more of it than of faults.
LOOK = """
async (rules) => {
  const options = { iframes: false, resultTypes: ["violations"], preload: { assets: ["media"] } };
  if (rules.length) options.runOnly = { type: "rule", values: rules };
  const found = await axe.run(document, options);
  return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]);
}
"""


# What is pressed and lower than 40 pixels, but for links in sentences. A label is pressed for its field.
SMALL = """
() => [...document.querySelectorAll("button, summary, select, textarea, input, nav a, a:is(.button, .quiet)")]
  .filter((one) => one.checkVisibility() && !one.disabled)
  .map((one) => [one, (one.closest("label") ?? one).getBoundingClientRect()])
  .filter(([, { width, height }]) => width > 1 && height > 1 && height < 39.5)
  .map(([one, { height }]) => `${Math.round(height)}px: ${one.outerHTML.slice(0, 120)}`)
"""

# By how many pixels a page is too wide with letters twice as large.
LARGE = """
() => {
  const page = document.documentElement;
  page.style.fontSize = "32px";
  const over = page.scrollWidth - page.clientWidth;
  page.style.fontSize = "";
  return over;
}
"""

# The rules whose verdict depends on colours or on what there is room for.
OF_LOOKS = ("color-contrast", "link-in-text-block", "scrollable-region-focusable")

# On which ground and by which rules (none: all) axe-core reads either width. The other language takes the
# other grounds, and its looks alone: what a page is made of is the same in both.
Ground = Literal["dark", "light"]
LOOKS: dict[str, dict[int, tuple[Ground, tuple[str, ...]]]] = {
    "en": {360: ("dark", ()), 1440: ("light", OF_LOOKS)},
    "zh-Hans": {360: ("light", OF_LOOKS), 1440: ("dark", OF_LOOKS)},
}

# What can be seen and would do nothing without scripts. Views are switched by the stylesheet.
DEAD = """
() => [...document.querySelectorAll("button, a, input, select, textarea")]
  .filter((one) => one.checkVisibility() && !one.disabled && !one.readOnly && one.name !== "view")
  .filter((one) => (one.matches("a") ? !one.href : !one.form || one.type === "button"))
  .map((one) => one.outerHTML.slice(0, 120))
"""


def violations(page: Page, rules: Sequence[str] = ()) -> list[tuple[str, list[str]]]:
    """Return faults at levels A and AA and of good practice (or by some rules): rule, and its elements."""
    if not page.evaluate("'axe' in window"):  # it is long: the documents that follow have it from the start
        page.add_init_script(_script())
        page.evaluate(_script())
    return [tuple(fault) for fault in page.evaluate(LOOK, list(rules))]


def faults(page: Page) -> list[object]:
    """Return what is wrong with a page at three widths, light and dark, the page loaded once."""
    found: list[object] = []
    page.set_viewport_size({"width": 768, "height": 800})
    found += ["overflow at 768"] if overflow(page) else []
    for width, (scheme, rules) in LOOKS[page.evaluate("document.documentElement.lang")].items():
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # colours change at once
        found += [f"overflow at {width}"] if overflow(page) else []
        if width == 360:
            found += [("small", one) for one in page.evaluate(SMALL)]
            found += ["overflow of letters twice as large"] if page.evaluate(LARGE) else []
        found += [(width, scheme, fault) for fault in violations(page, rules)]
    return found


def dead_parts(page: Page) -> list[str]:
    """Return what a page without scripts shows and cannot use."""
    return list(page.evaluate(DEAD))


@cache
def _script() -> str:
    assert AXE.exists(), "axe-core is not installed; bin/test installs what the tests need"
    return AXE.read_text("utf-8")
