"""A window that another test has had: nothing of it is left."""

import ast
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.windows import Windows

KEEP = """
async () => {
  document.cookie = "kept=yes; path=/";
  for (const storage of [localStorage, sessionStorage]) storage.kept = "yes";
  await new Promise((done) => { indexedDB.open("kept").onsuccess = done; });
}
"""
KEPT = """
async () => [
  document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
  matchMedia("print").matches, matchMedia("(prefers-color-scheme: dark)").matches, innerWidth,
]
"""

# The fixtures that give such a window, and what is not taken back when it is cleared.
USED = {"open_used_page", "show", "editor"}
STAYS = (".on(", ".clock.", "add_init_script", "new_cdp_session")


def test_what_a_test_has_kept_is_not_there_for_the_next(chromium, site):
    windows = Windows()
    window = windows.take(chromium, site.url, {})
    first = window.open("/", 360, 740)
    first.evaluate(KEEP)
    elsewhere = f"{site.url.replace('127.0.0.1', 'localhost')}/"
    first.goto(elsewhere)
    first.evaluate(KEEP)
    first.goto("/")
    first.route("**/*", lambda route: route.abort())
    first.context.set_offline(True)
    first.emulate_media(media="print", color_scheme="dark")
    assert first.evaluate(KEPT) == ["kept=yes", 1, 1, 1, True, True, 360]
    other = first.context.new_page()
    windows.put_back(window)
    assert other.is_closed()
    again = windows.take(chromium, site.url, {})
    assert again is window
    for address in ("/", elsewhere):
        assert again.open(address, 1024, 800).evaluate(KEPT) == ["", 0, 0, 0, False, False, 1024]
    windows.put_back(again)
    windows.close()


def test_a_draft_of_a_test_is_not_there_for_the_next(chromium, site):
    """The page writes it when it is left."""
    windows = Windows()
    window = windows.take(chromium, site.url, {})
    page = window.open("/", 1024, 800)
    page.get_by_role("radio", name="Text").check(force=True)
    page.locator("#editor-text").fill("a draft")
    windows.put_back(window)
    expect(windows.take(chromium, site.url, {}).open("/", 1024, 800).locator("#editor-text")).to_have_value(
        ""
    )
    window.close()


def test_other_options_are_another_window(chromium, site):
    windows = Windows()
    window = windows.take(chromium, site.url, {})
    windows.put_back(window)
    dark = windows.take(chromium, site.url, {"color_scheme": "dark"})
    assert dark is not window
    dark.close()
    windows.close()


def test_who_sets_what_is_not_taken_back_has_a_new_window():
    tests = [
        node
        for path in sorted(Path(__file__).parent.glob("test_*.py"))
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and USED & {argument.arg for argument in node.args.args}
    ]
    assert len(tests) > 100
    assert not [test.name for test in tests if any(word in ast.unparse(test) for word in STAYS)]
