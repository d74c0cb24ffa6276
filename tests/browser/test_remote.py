"""Having an address fetched: progress, words, cancelling, with and without scripts."""

import threading

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import faults
from tests.browser.conftest import Site
from tests.browser.pages import done
from tests.inprocess.elsewhere import Elsewhere, answer
from tests.servers import AppServer


@pytest.fixture(scope="module")
def elsewhere():
    """Give a server to fetch from."""
    with Elsewhere() as server:
        yield server


@pytest.fixture(scope="module")
def fetching(elsewhere, tmp_path_factory):
    """Give a service that may fetch from there."""
    with AppServer(tmp_path_factory.mktemp("fetching"), elsewhere.settings()) as server:
        yield Site(server.url)


def ask_for(page, url: str) -> None:
    page.get_by_text("Address", exact=True).click()
    page.get_by_label("Address of a file").fill(url)
    page.get_by_role("button", name="Fetch").click()


def test_an_address_gets_a_card_with_its_links(open_used_page, fetching, elsewhere):
    elsewhere.answers["/a/hello.txt"] = answer(b"hello from elsewhere")
    page = open_used_page(f"{fetching.url}/")
    ask_for(page, elsewhere.url("/a/hello.txt"))
    done(page)
    expect(page.locator(".card-name")).to_have_text("hello.txt")
    expect(page.locator(".card [data-status]")).to_contain_text("20 bytes")
    expect(page.get_by_label("Address of a file")).to_have_value("")
    page.get_by_role("link", name="Preview").click()
    expect(page.locator("main")).to_contain_text("hello from elsewhere")


def test_a_fetch_shows_how_far_it_is_and_is_cancelled(open_page, fetching, elsewhere):
    over = threading.Event()

    def slow(client):
        client.sendall(answer(b"", content_length="4096") + bytes(1024))
        over.wait(60)

    elsewhere.answers["/slow.bin"] = slow
    page = open_page(f"{fetching.url}/")
    ask_for(page, elsewhere.url("/slow.bin"))
    card = page.locator(".card")
    expect(card.locator("[data-status]")).to_contain_text("1 kB of 4 kB")
    assert card.locator("progress").evaluate("(bar) => bar.value") == 0.25
    with page.expect_request(lambda request: request.method == "DELETE"):
        card.get_by_role("button", name="Cancel").click()
    expect(card).to_have_attribute("data-state", "cancelled")
    over.set()


def test_a_fetch_is_cancelled_while_the_page_asks_how_far_it_is(open_used_page, fetching, elsewhere):
    elsewhere.answers["/long.bin"] = answer(b"", content_length="4096")
    page = open_used_page(f"{fetching.url}/")
    page.route("**/tus/*", lambda route: route.continue_() if route.request.method == "DELETE" else None)
    with page.expect_request("**/tus/*"):
        ask_for(page, elsewhere.url("/long.bin"))
    with page.expect_request(lambda request: request.method == "DELETE"):
        page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".card")).to_have_attribute("data-state", "cancelled")


def test_what_is_refused_is_told(open_used_page, fetching, elsewhere):
    page = open_used_page(f"{fetching.url}/")
    ask_for(page, "http://10.0.0.1/a")
    card = page.locator(".card")
    expect(card.locator("[data-status]")).to_have_text("The server does not fetch from this address.")
    expect(card.get_by_role("button", name="Retry")).to_be_hidden()
    ask_for(page, elsewhere.url("/missing"))
    failed = page.locator(".card", has_text="missing")
    expect(failed.locator("[data-status]")).to_have_text(
        "The other server cannot be reached, or does not send a whole file."
    )
    elsewhere.answers["/missing"] = answer(b"here now")
    failed.get_by_role("button", name="Retry").click()
    done(page)


def test_without_scripts_the_page_waits(open_used_page, fetching, elsewhere):
    elsewhere.answers["/plain.txt"] = answer(b"fetched without a script")
    page = open_used_page(f"{fetching.url}/", java_script_enabled=False)
    page.get_by_role("textbox", name="Address of a file").fill(elsewhere.url("/plain.txt"))
    page.get_by_role("button", name="Fetch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("plain.txt")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_form_fits_and_is_accessible(open_used_page, fetching, language):
    page = open_used_page(f"{fetching.url}/?lang={language}")
    page.locator("[data-modes] label").nth(2).click()
    expect(page.locator("#remote")).to_be_visible()
    assert faults(page) == []


def test_nothing_of_it_is_there_where_nothing_is_fetched(open_used_page):
    page = open_used_page()
    expect(page.locator("[data-modes] label")).to_have_count(2)
