"""What is wrong with the looks of a page: what axe-core finds, and what does not fit."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.pages import overflow

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"

# What is right is not described, and stays in the browser: there is much more of it than of faults.
LOOK = """
async () => {
  const found = await axe.run(document, { iframes: false, resultTypes: ["violations"] });
  return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]);
}
"""


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Return faults at levels A and AA and of good practice: rule, and the elements that break it."""
    page.evaluate(_script())
    return [tuple(fault) for fault in page.evaluate(LOOK)]


# Width, colours, and whether axe-core looks: it sees the narrow and the wide form, on light and dark ground.
LOOKS = ((360, "dark", True), (768, "dark", False), (768, "light", False), (1440, "light", True))


def faults(page: Page, looks: Sequence[tuple[int, str, bool]] = LOOKS) -> list[object]:
    """Return what is wrong with a page at three widths, light and dark, loaded once."""
    found: list[object] = []
    for width, scheme, is_looked_at in looks:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # colours change at once
        found += [(width, scheme, fault) for fault in (violations(page) if is_looked_at else [])]
        found += [(width, scheme, "overflow")] if overflow(page) else []
    return found


@cache
def _script() -> str:
    assert AXE.exists(), "axe-core is not installed; bin/test installs what the tests need"
    return AXE.read_text("utf-8")
