"""File requests: made on the account's page, filled by a guest, with and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import faults
from tests.browser.conftest import Site
from tests.browser.pages import drop
from tests.browser.test_accounts import run, sign_in
from tests.servers import AppServer

LONG = "a_title_without_any_place_to_break_it" * 4


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Give a server where only accounts upload."""
    with AppServer(tmp_path_factory.mktemp("asked") / "app", {"anonymous_uploads": "false"}) as server:
        run(server, "user", "add", "Ada")
        yield Site(server.url)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_an_account_asks_and_a_guest_sends(open_used_page, own, language):
    page, wrong = open_used_page("about:blank"), {}
    sign_in(page, own)
    page.goto(f"{own.url}/account/requests")
    page.locator("#request-title").fill(f"{LONG} {language}")
    page.get_by_label("Note").fill("The pictures\nof our party")
    page.get_by_label("Files at most").fill("3")
    page.get_by_label("Types").fill("text/*, image/*")
    page.get_by_label("Expires").select_option("1w")
    page.get_by_role("button", name="Make the request").click()
    expect(page.get_by_text("The request is made")).to_be_visible()
    link = page.get_by_label("Link for guests").first.input_value()
    page.goto(f"{own.url}/account/requests?lang={language}")
    wrong["account"] = faults(page)

    guest = open_used_page("about:blank")
    guest.goto(f"{link}?lang={language}")
    expect(guest.get_by_role("heading", level=1)).to_contain_text(LONG)
    expect(guest.locator("a[href$='/login']")).to_have_count(0)
    wrong["guest"] = faults(guest)
    drop(guest, ("a.txt", "text/plain", "one"), ("b.txt", "text/plain", "two"))
    guest.locator("#sender").fill("Grace")
    guest.locator("#request button").click()
    expect(guest.get_by_role("status").first).to_contain_text("2")
    wrong["sent"] = faults(guest)
    drop(guest, ("c.bin", "", "\x00\x01"))
    guest.locator("#request button").click()
    expect(guest.get_by_role("alert")).to_contain_text("application/octet-stream")
    wrong["refused"] = faults(guest)

    page.reload()
    page.locator("a[href*='/c/']").first.click()
    expect(page.get_by_text("Grace").first).to_be_visible()
    assert not any(wrong.values()), wrong


def test_a_guest_sends_without_scripts(open_used_page, own, samples):
    page = open_used_page("about:blank")
    sign_in(page, own)
    page.goto(f"{own.url}/account/requests")
    page.locator("#request-title").fill("One file")
    page.get_by_label("Files at most").fill("1")
    page.get_by_role("button", name="Make the request").click()
    link = page.get_by_label("Link for guests").first.input_value()
    guest = open_used_page("about:blank", java_script_enabled=False)
    guest.goto(link)
    guest.locator("#file").set_input_files(samples("a.txt", b"text"))
    guest.get_by_role("button", name="Send").click()
    expect(guest.get_by_text("1 file has arrived. Thank you!")).to_be_visible()
    expect(guest.get_by_text("There is no room for more.")).to_be_visible()
    page.get_by_role("button", name="End the request: One file").click()
    expect(page.get_by_text("The request has ended.")).to_be_visible()
    assert guest.goto(link).status == 404
