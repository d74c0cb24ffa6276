"""The editor for texts, and the list of what this browser shared."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations
from tests.browser.pages import done, drop, overflow, wait_until

PYTHON = "import os\n\n\ndef run(name: str) -> None:\n    print(os.environ[name])\n"


def opened(page):
    """Return the upload page with the editor open."""
    page.get_by_role("radio", name="Text").check(force=True)
    return page


@pytest.fixture
def editor(open_used_page):
    """Give the upload page with the editor open."""
    return opened(open_used_page())


@pytest.fixture
def new_editor(open_page):
    """Give the upload page with the editor open, in a window to set routes and listeners in."""
    return opened(open_page())


@pytest.fixture(scope="module")
def window(chromium, site):
    """Give a page that several tests share."""
    context = chromium.new_context(base_url=site.url, locale="en-US")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def shared_editor(window):
    """Give the upload page with the editor open and empty."""
    window.goto("/health")
    window.evaluate("sessionStorage.clear()")
    window.goto("/")
    window.get_by_role("radio", name="Text").check(force=True)
    return window


def test_a_text_becomes_a_file_of_its_title_and_guessed_language(editor):
    editor.get_by_role("textbox", name="Title").fill("runner")
    editor.get_by_label("Text", exact=True).last.fill(PYTHON)
    expect(editor.locator("#editor-language option").first).to_have_text("Guessed: Python")
    expect(editor.locator("[data-count]")).to_have_text("5 lines, 68 bytes")
    editor.get_by_role("button", name="Share text").click()
    expect(editor.get_by_role("heading", level=1)).to_have_text("runner.py")
    address = editor.get_by_role("link", name="Download").get_attribute("href")
    assert editor.request.get(address).text() == PYTHON
    assert editor.evaluate("sessionStorage.length") == 0
    editor.go_back()
    expect(editor.locator("#editor-text")).to_have_value("")


def write(page, text="first line\nsecond line\n", title="kept.md", language="Markdown"):
    """Write a text with its title and language, and wait until the browser has a draft of it."""
    page.get_by_role("textbox", name="Title").fill(title)
    page.get_by_label("Language", exact=True).select_option(label=language)
    page.locator("#editor-text").fill(text)
    wait_until(page, "sessionStorage['pastebin.draft']?.includes('second line')")


def is_kept(page):
    """Look whether the text that `write` wrote is where it was."""
    expect(page.locator("#editor-text")).to_have_value("first line\nsecond line\n")
    expect(page.locator("#editor-text")).to_be_visible()
    expect(page.locator("#editor-title")).to_have_value("kept.md")
    expect(page.locator("#editor-language")).to_have_value("md")


def test_a_text_being_written_survives_reload_language_and_back(editor):
    write(editor)
    editor.reload()
    is_kept(editor)
    editor.locator("summary[aria-label='Language: English']").click()
    editor.get_by_role("link", name="简体中文").click()
    expect(editor.get_by_role("heading", level=1)).to_have_text("分享文件")
    is_kept(editor)
    editor.goto("/latest")
    editor.go_back()
    is_kept(editor)


def test_a_draft_is_there_before_what_is_done_with_it(new_editor):
    write(new_editor)
    new_editor.route("**/upload.js", lambda route: route.abort())
    new_editor.reload()
    expect(new_editor.locator("#editor-text")).to_have_value("first line\nsecond line\n")
    expect(new_editor.locator("#editor-title")).to_have_value("kept.md")
    expect(new_editor.locator("#files")).to_be_hidden()
    expect(new_editor.get_by_role("radio", name="Text")).to_be_checked()
    new_editor.locator("#editor-text").press("Control+End")
    new_editor.locator("#editor-text").press_sequentially("and ")
    new_editor.get_by_role("button", name="Share text").click()
    expect(new_editor.locator("#editor-text")).to_have_value("first line\nsecond line\nand ")
    assert new_editor.url.endswith("/")


def test_a_draft_is_of_its_tab_and_ends_when_it_is_cleared(editor):
    write(editor)
    other = editor.context.new_page()
    other.goto("/")
    expect(other.locator("#editor-text")).to_have_value("")
    expect(other.locator("#files")).to_be_visible()
    editor.get_by_role("button", name="Clear", exact=True).click()
    expect(editor.locator("#editor-text")).to_have_value("")
    editor.locator("#editor-text").press("Control+z")
    expect(editor.locator("#editor-text")).to_have_value("first line\nsecond line\n")
    editor.get_by_role("button", name="Clear", exact=True).click()
    editor.reload()
    expect(editor.locator("#files")).to_be_visible()
    assert editor.evaluate("sessionStorage.length") == 0


def test_a_text_that_the_browser_does_not_keep_is_asked_about(new_editor):
    new_editor.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('no room'); }; }")
    new_editor.locator("#editor-text").press_sequentially("would be lost")
    asked = []
    new_editor.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    new_editor.reload()
    assert asked == ["beforeunload"]


def test_a_text_that_failed_to_upload_stays(new_editor):
    new_editor.route(
        "**/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    write(new_editor)
    new_editor.get_by_role("button", name="Share text").click()
    expect(new_editor.locator(".card[data-state=failed]")).to_be_visible()
    is_kept(new_editor)
    new_editor.unroute("**/")
    new_editor.get_by_role("button", name="Retry").click()
    expect(new_editor.get_by_role("heading", level=1)).to_have_text("kept.md")


def test_a_text_with_a_password_keeps_its_links_on_the_upload_page(editor):
    editor.locator("[data-options] summary").click()
    editor.get_by_label("Password", exact=True).fill("secret")
    write(editor)
    editor.get_by_role("button", name="Share text").click()
    done(editor)
    expect(editor.get_by_role("link", name="Short link")).to_be_in_viewport()


def test_a_copy_of_a_text_is_edited_and_compared(open_used_page, site):
    original = site.put(b"one\ntwo\nthree\n", "numbers.txt")["url_p"]
    page = open_used_page(original)
    page.get_by_role("link", name="Edit a copy").click()
    expect(page.locator("#editor-text")).to_have_value("one\ntwo\nthree\n")
    expect(page.locator("#editor-title")).to_have_value("numbers.txt")
    page.locator("#editor-text").fill("one\n2\nthree\n")
    page.get_by_role("button", name="Share text").click()
    page.wait_for_url("**/p/**")
    page.get_by_text("Compare with another text").click()
    page.get_by_label("Link to the other text").fill(original)
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.locator(".hl-gd")).to_contain_text(["-2"])
    expect(page.locator(".hl-gi")).to_contain_text(["+two"])
    page.get_by_role("link", name="Swap the texts").click()
    expect(page.locator(".hl-gi")).to_contain_text(["+2"])


@pytest.mark.parametrize(
    ("title", "language", "name"),
    [
        ("", "", "untitled.txt"),
        ("a/b", "", "a-b.txt"),
        ("setup.cfg", "", "setup.cfg"),
        ("query", "SQL", "query.sql"),
        ("query.sql", "SQL", "query.sql"),
        ("v1.2", "Plain text", "v1.2.txt"),
    ],
)
def test_title_and_language_make_the_name(shared_editor, title, language, name):
    editor = shared_editor
    editor.get_by_role("textbox", name="Title").fill(title)
    editor.locator("#editor-text").fill("nothing to guess from")
    if language:
        editor.get_by_label("Language", exact=True).select_option(label=language)
    editor.locator("#editor-text").press("Control+Enter")
    expect(editor.get_by_role("heading", level=1)).to_have_text(name)


GUESSES = (
    ("#!/bin/bash\necho hi\n", "Bash"),
    ('{"a": [1, 2]}', "JSON"),
    ("#include <stdio.h>\nint main(void) { return 0; }\n", "C"),
    ("#include <vector>\nstd::vector<int> v;\n", "C++"),
    ("<!doctype html>\n<title>x</title>\n", "HTML"),
    ('<?xml version="1.0"?>\n<a/>\n', "XML"),
    ("SELECT name\nFROM users\nWHERE id = 1;\n", "SQL"),
    ("# Title\n\nSome [link](x).\n", "Markdown"),
    ("const f = (x) => {\n  return x;\n};\n", "JavaScript"),
    ("interface A {\n  name: string;\n}\n", "TypeScript"),
    ("fn main() {\n    let mut x = 1;\n}\n", "Rust"),
    ("package main\n\nfunc main() {\n}\n", "Go"),
    ("name: x\nitems:\n  - a\n  - b\n", "YAML"),
    ('[package]\nname = "x"\n', "TOML"),
    ("body {\n  color: red;\n}\n", "CSS"),
    ("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n", "Diff"),
    ("a,b,c\n1,2,3\n4,5,6\n", "CSV"),
    ("FROM debian:12\nRUN apt-get update\n", "Dockerfile"),
    ("Dear Anna,\n\nthank you for the letter.\n", None),
)


def test_the_language_is_guessed(editor):
    for text, language in GUESSES:
        editor.locator("#editor-text").fill(text)
        expected = f"Guessed: {language}" if language else "Guessed from the text"
        expect(editor.locator("#editor-language option").first, text).to_have_text(expected)


def test_tab_indents_and_escape_leaves(editor):
    area = editor.locator("#editor-text")
    area.fill("one")
    area.press("Home")
    area.press("Tab")
    expect(area).to_have_value("    one")
    area.press("Shift+Tab")
    expect(area).to_have_value("one")
    area.press("Tab")
    area.press("Control+z")
    expect(area).to_have_value("one")
    area.press("Escape")
    area.press("Tab")
    expect(area).not_to_be_focused()


def test_long_lines_wrap_or_not(editor):
    expect(editor.locator("#editor-text")).not_to_have_attribute("wrap", "off")
    editor.get_by_label("Wrap long lines").uncheck()
    expect(editor.locator("#editor-text")).to_have_attribute("wrap", "off")


def test_a_dropped_text_file_fills_the_editor_and_another_is_uploaded(editor):
    drop(editor, ("script.py", "text/x-python", PYTHON), on="#editor-text")
    expect(editor.locator("#editor-text")).to_have_value(PYTHON)
    expect(editor.get_by_role("textbox", name="Title")).to_have_value("script.py")
    drop(editor, ("data.bin", "", "\0\1\2"), on="#editor-text")
    done(editor)
    expect(editor.locator(".card-name")).to_have_text("data.bin")
    expect(editor.locator("#editor-text")).to_have_value(PYTHON)


def test_an_empty_text_is_not_shared(editor):
    editor.get_by_role("button", name="Share text").click()
    expect(editor.locator("[data-toast]")).to_have_text("There is no text yet.")
    expect(editor.locator("#editor-text")).to_be_focused()


def test_a_text_pasted_anywhere_opens_the_editor(open_used_page):
    page = open_used_page()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "pasted anywhere");
          const options = { clipboardData: data, bubbles: true, cancelable: true };
          document.body.dispatchEvent(new ClipboardEvent("paste", options));
        }"""
    )
    expect(page.locator("#editor-text")).to_have_value("pasted anywhere")
    expect(page.get_by_role("radio", name="Text")).to_be_checked()


def test_what_was_shared_stays_listed_and_can_be_forgotten(open_page):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    for name in ("first.txt", "second.txt"):
        drop(page, (name, "text/plain", f"history of {name}"))
    done(page, 2)
    page.goto("/")
    names = page.locator(".history [data-name]")
    expect(names).to_have_count(2)
    page.get_by_role("button", name="Copy: Short link").first.click()
    expect(page.locator("[data-toast]")).to_have_text("Copied")
    assert "/s/" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_label("More for second.txt").click()
    page.get_by_role("button", name="Remove from list").click()
    expect(names).to_have_count(1)
    expect(page.get_by_label("More for first.txt")).to_be_focused()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Clear list").click()
    expect(page.locator("[data-history]")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-history]")).to_be_hidden()
    assert page.evaluate("localStorage.length") == 0


def test_the_history_is_of_this_browser_only(open_used_page):
    one, other = open_used_page(), open_used_page()
    drop(one, ("mine.txt", "text/plain", "only mine"))
    done(one)
    other.reload()
    expect(other.locator("[data-history]")).to_be_hidden()


def test_a_text_is_shared_without_javascript(open_used_page):
    page = open_used_page(java_script_enabled=False)
    page.get_by_role("textbox", name="Title").fill("note.py")
    page.get_by_role("textbox", name="Text").fill("print('hello')")
    form = page.locator("form.editor", has=page.locator("#plain-text"))
    form.get_by_text("Options").click()
    form.get_by_label("Don't show on Latest").check()
    page.get_by_role("button", name="Share text").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("note.py")
    expect(page.locator(".line").first).to_have_text("print('hello')")
    page.goto("/latest")
    expect(page.get_by_text("note.py", exact=True)).to_have_count(0)


def test_files_of_the_history_get_one_link(open_used_page, site):
    page = open_used_page(width=360, height=740)
    for name in ("one.txt", "two.txt", "three.txt"):
        drop(page, (name, "text/plain", f"one link for {name}"))
    done(page, 3)
    page.goto("/")
    page.get_by_role("button", name="Choose", exact=True).click()
    make = page.get_by_role("button", name="One link for all")
    boxes = page.get_by_role("checkbox", name="Choose:")
    expect(boxes).to_have_count(3)
    expect(boxes.first).to_be_focused()
    expect(make).to_be_disabled()
    page.get_by_role("checkbox", name="Choose: one.txt").check()
    page.get_by_role("checkbox", name="Choose: three.txt").check()
    expect(page.locator("[data-choosing-status]")).to_have_text("2 chosen")
    assert violations(page) == []
    assert overflow(page) == 0
    make.click()
    link = page.get_by_role("link", name="Link to all")
    expect(link).to_be_visible()
    expect(boxes).to_have_count(0)
    assert violations(page) == []
    page.goto(link.get_attribute("href"))
    expect(page.get_by_role("link", name="one.txt")).to_be_visible()
    expect(page.get_by_role("link", name="two.txt")).to_have_count(0)


def test_choosing_in_the_history_ends_without_a_link(open_used_page):
    page = open_used_page()
    drop(page, ("kept.txt", "text/plain", "kept"), ("locked.txt", "text/plain", "locked"))
    done(page, 2)
    page.evaluate(
        """() => {
          const entries = JSON.parse(localStorage["pastebin.history"]);
          entries[0].isRestricted = true;
          localStorage["pastebin.history"] = JSON.stringify(entries);
        }"""
    )
    page.goto("/")
    page.get_by_role("button", name="Choose", exact=True).click()
    expect(page.locator("[data-pick] input:disabled")).to_have_count(1)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("[data-pick]:visible")).to_have_count(0)
    expect(page.get_by_role("button", name="Choose", exact=True)).to_be_focused()
