"""Terms of uploads, passwords, counted downloads, deletion and the page of a link's holder."""

import re

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.accessibility import faults
from tests.browser.pages import done, drop
from tests.browser.samples import png

OPTIONS = "[data-options]"


def put(site, name, data=b"somebody's", **terms):
    """Upload a file with terms and return what the server says of it."""
    headers = {"Accept": "application/json"}
    answer = requests.post(
        f"{site.url}/", files={"file": (name, data)}, data=terms, headers=headers, timeout=30
    )
    assert answer.ok, answer.text
    return answer.json()


def status_of(address):
    """Return the status that an address has for a browser of nobody's."""
    return requests.get(address, headers={"Accept": "text/html"}, timeout=10).status_code


def fetched(address):
    """Return what a program gets at an address."""
    return requests.get(address, headers={"User-Agent": "curl/8"}, timeout=10).content


def entry(page):
    """Return the newest entry of the browser's history."""
    return page.evaluate("JSON.parse(localStorage.getItem('pastebin.history') ?? '[]')[0]")


def share(page, name, text):
    """Upload a text as a file by dropping it, and return the entry that the browser keeps of it."""
    drop(page, (name, "text/plain", text))
    done(page)
    return entry(page)


# Options


def test_options_go_with_an_upload_and_are_remembered_but_for_the_password(open_used_page):
    page = open_used_page()
    options = page.locator(OPTIONS)
    options.locator("summary").click()
    options.get_by_label("Expires").select_option(label="Custom…")
    options.get_by_label("Number").fill("3")
    options.get_by_label("Downloads").fill("5")
    options.get_by_label("Password", exact=True).fill("secret")
    options.get_by_label("Title").fill("For the board")
    share(page, "options.txt", "with options")
    told = page.locator(".card-status")
    expect(told).to_contain_text(re.compile("Ready · expires .* · 5 downloads · password"))
    expect(page.locator(".card").get_by_role("link", name="Download")).to_be_hidden()
    state = page.request.get(entry(page)["keys"][0], headers={"Accept": "application/json"}).json()
    assert (state["downloads_left"], state["title"], state["password"]) == (5, "For the board", True)
    page.goto("/")
    options.locator("summary").click()
    expect(options.locator("[data-options-set]")).to_have_text("expires after 3 days · 5 downloads")
    page.get_by_role("radio", name="Text").check(force=True)
    expect(options.locator("[data-options-set]")).to_have_text("expires after 3 days · 5 downloads")


def test_a_text_takes_the_options_too_and_stays_off_the_list(open_used_page):
    page = open_used_page()
    page.locator(f"{OPTIONS} summary").click()
    page.get_by_label("Don't show on Latest").check()
    page.get_by_role("radio", name="Text").check(force=True)
    page.get_by_role("textbox", name="Title").fill("hidden note")
    page.locator("#editor-text").fill("not for everybody")
    page.get_by_role("button", name="Share text").click()
    page.wait_for_url("**/p/**")
    assert "hidden note" not in page.request.get("/latest").text()


def test_options_that_make_no_sense_hold_an_upload_back(open_used_page):
    page = open_used_page()
    page.locator(f"{OPTIONS} summary").click()
    page.get_by_label("Downloads").fill("0")
    page.locator(f"{OPTIONS} summary").click()
    drop(page, ("held.txt", "text/plain", "held back"))
    expect(page.get_by_label("Downloads")).to_be_focused()
    expect(page.locator(".card")).to_have_count(0)


# Deleting from the page and from the history


def delete(page):
    """Begin to delete the only upload."""
    page.locator(".card").get_by_role("button", name="Delete").click()
    expect(page.locator(".card").get_by_role("button", name="Undo")).to_be_focused()


def test_a_deletion_can_be_undone_and_else_happens_after_ten_seconds(open_page):
    page = open_page()
    page.clock.install()
    shared = share(page, "undone.txt", "kept at first")
    delete(page)
    expect(page.locator(".card-status")).to_have_text("Deleting…")
    page.clock.fast_forward(9_000)
    page.keyboard.press("Enter")
    expect(page.locator(".card").get_by_role("button", name="Delete")).to_be_focused()
    page.clock.fast_forward(20_000)
    assert status_of(shared["url_p"]) == 200
    delete(page)
    page.clock.fast_forward(10_100)
    expect(page.locator(".card-status")).to_have_text("Deleted")
    assert status_of(shared["url_p"]) == 404
    assert entry(page) is None


def test_a_deletion_happens_at_once_when_the_page_is_left(open_used_page):
    page = open_used_page()
    shared = share(page, "left.txt", "left behind")
    delete(page)
    page.goto("/latest")
    page.goto("/")
    expect(page.locator("[data-history]")).to_be_hidden()
    page.wait_for_function("localStorage.getItem('pastebin.history') === null")
    assert status_of(shared["url_p"]) == 404


def test_who_shared_a_file_twice_lets_go_of_it_twice(open_page):
    page = open_page()
    page.clock.install()
    share(page, "twice.txt", "shared twice")
    drop(page, ("twice.txt", "text/plain", "shared twice"))
    done(page, 2)
    page.goto("/")
    shared = entry(page)
    assert len(shared["keys"]) == 2
    page.get_by_label("More for twice.txt").click()
    page.get_by_role("button", name="Delete").click()
    page.clock.fast_forward(10_100)
    expect(page.locator("[data-toast]")).to_have_text("Deleted")
    expect(page.locator("[data-history]")).to_be_hidden()
    assert status_of(shared["url_p"]) == 404


def test_what_others_share_too_is_said_to_stay(open_page, site):
    put(site, "common.txt", b"in common")
    page = open_page()
    page.clock.install()
    share(page, "common.txt", "in common")
    delete(page)
    page.clock.fast_forward(10_100)
    expect(page.locator(".card-status")).to_contain_text("its link still works")


def test_a_deletion_that_fails_leaves_everything_as_it_was(open_page):
    page = open_page()
    page.clock.install()
    share(page, "stuck.txt", "stuck here")
    page.route("**/m/*", lambda route: route.abort())
    delete(page)
    page.clock.fast_forward(10_100)
    expect(page.locator("[data-toast]")).to_have_text("It could not be deleted. Try again.")
    expect(page.locator(".card").get_by_role("button", name="Delete")).to_be_visible()
    assert entry(page)["filename"] == "stuck.txt"


# The holder's page


def test_the_holder_changes_the_terms_and_deletes(open_used_page):
    page = open_used_page()
    shared = share(page, "managed.txt", "to be managed")
    page.get_by_role("link", name="Manage").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("managed.txt")
    expect(page.locator("#management")).to_have_value(shared["keys"][0])
    page.get_by_label("Title").fill("Renamed")
    page.get_by_label("Expires").select_option(label="After 1 week")
    page.get_by_label("Downloads left").fill("2")
    page.get_by_label("Password", exact=True).fill("secret")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_have_text("Saved.")
    facts = page.locator(".facts-line")
    expect(facts).to_contain_text(re.compile(r"Expires on .*2 downloads left.*Password", re.S))
    expect(page.get_by_role("heading", level=1)).to_have_text("Renamed")
    assert entry(page)["isRestricted"]
    expect(page.get_by_text("QR code")).to_have_count(0)  # is behind the password, too
    page.get_by_text("Delete…").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("status").first).to_have_text("The file is deleted.")
    assert entry(page) is None
    assert status_of(shared["keys"][0]) == status_of(shared["url_p"]) == 404


def test_saving_leaves_alone_what_was_not_changed(open_used_page, site):
    shared = put(site, "busy.txt", b"fetched meanwhile", downloads="5", expires="1d")
    page = open_used_page(shared["url_m"], java_script_enabled=False)
    assert fetched(shared["url_d"]) == b"fetched meanwhile"
    page.get_by_label("Title").fill("Busy")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".facts-line")).to_contain_text("4 downloads left")
    expect(page.locator(".facts-line")).to_contain_text("Expires on")


# What visitors see


def test_a_password_opens_a_page_that_tells_nothing_before(open_used_page, site):
    shared = put(site, "secret plans.txt", b"behind a password", password="open sesame", title="Plans")
    page = open_used_page(shared["url_s"])
    expect(page.get_by_role("heading", level=1)).to_have_text("This file has a password")
    assert not re.search(r"secret plans|Plans|17 bytes", page.content())
    page.get_by_label("Password", exact=True).fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Wrong password. Try again.")
    page.get_by_label("Password", exact=True).fill("open sesame")
    page.get_by_role("button", name="Show the password").click()
    expect(page.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plans")
    expect(page.locator(".line")).to_have_text("behind a password")


def test_a_counted_download_is_taken_by_the_button_only(open_used_page, site):
    shared = put(site, "once.png", png(40, 30), downloads="1")
    page = open_used_page(shared["url_d"])
    expect(page.locator("[data-claim]")).to_contain_text("1 download left")
    assert not page.locator("main img:visible").count()
    with page.expect_download() as download:
        page.locator("[data-claim]").get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "once.png"
    expect(page.locator("[data-claim]")).to_contain_text("You can repeat it for an hour.")
    other = open_used_page(shared["url_p"])
    expect(other.get_by_role("heading", level=1)).to_have_text("Nothing is here")
    expect(other.locator(".reasons li")).to_have_count(4)


def test_an_image_with_counted_downloads_costs_none_on_the_upload_page(open_used_page, samples):
    page = open_used_page()
    page.locator(f"{OPTIONS} summary").click()
    page.get_by_label("Downloads").fill("1")
    page.locator("#file").set_input_files(samples("precious.png", png(60, 40)))
    done(page)
    page.goto("/")
    expect(page.locator(".history [data-name]")).to_have_text("precious.png")
    page.wait_for_load_state("networkidle")
    assert fetched(entry(page)["url_i"]) == png(60, 40)


def test_all_of_it_works_without_javascript(open_used_page, samples):
    page = open_used_page(java_script_enabled=False)
    page.locator(f"{OPTIONS} summary").click()
    options = page.locator(OPTIONS)
    options.get_by_label("Expires").select_option(label="After 1 day")
    options.get_by_label("Downloads").fill("3")
    page.get_by_label("Choose a file").set_input_files(samples("plain.txt", b"no script"))
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".facts-line")).to_contain_text("3 downloads left")
    address = page.locator("#management").input_value()
    page.reload()
    expect(page.locator("#management")).to_have_count(0)
    page.goto(address)
    page.get_by_text("Delete…").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("status").first).to_have_text("The file is deleted.")
    assert status_of(address) == 404


# Looks


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_page_of_it_fits_and_is_accessible(open_used_page, site, language):
    name = f"{'a name without any place to break it' * 3}{language}.txt".replace(" ", "_")
    shared = put(site, name, b"looks", downloads="4", password="pw", expires="4w", title="x" * 200)
    page = open_used_page(f"/?lang={language}")
    wrong = {}

    def look(what):
        wrong[what] = faults(page)

    page.locator(f"{OPTIONS} summary").click()
    page.locator(f"{OPTIONS} [name=expires]").select_option(index=5)
    drop(page, (name, "text/plain", f"looks {language}"))
    done(page)
    page.locator("[data-delete]").first.click()
    look("options and a deletion")
    page.locator("[data-undo]").first.click()
    page.goto("/")
    page.locator("[data-more]").click()
    look("history")
    page.goto(shared["url_m"])
    page.locator(".confirm summary").click()
    look("management")
    page.goto(shared["url_p"])
    page.locator("#password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    look("locked")
    page.locator("#password").fill("pw")
    page.keyboard.press("Enter")
    expect(page.locator("[data-claim]")).to_be_visible()
    page.locator(".report summary").click()
    look("limited")
    page.goto("/d/missing")
    look("gone")
    assert not any(wrong.values()), wrong
