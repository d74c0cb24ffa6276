"""Large files from the upload page: in pieces, held, cut off, gone on with."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Site
from tests.browser.pages import choose
from tests.browser.test_accounts import run, sign_in
from tests.servers import AppServer

MIB = 2**20
SIZE = 17 * MIB  # three pieces
PATIENCE = 60_000  # milliseconds, on a machine that has other work too


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give a server that takes large files."""
    with AppServer(tmp_path_factory.mktemp("app"), {"max_upload_size": str(64 * MIB)}) as server:
        run(server, "user", "add", "Ada")
        yield Site(server.url)


@pytest.fixture
def movie(tmp_path: Path) -> str:
    """Give a large file, another one for each test."""
    path = tmp_path / "holiday.mov"
    path.write_bytes(os.urandom(SIZE))
    return str(path)


def slow(page: Page, megabytes: float = 8) -> None:
    """Let a page send so many megabytes a second; 0 is as many as it can."""
    speed = megabytes * MIB if megabytes else -1
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": speed}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)


def watch(page: Page) -> list[Request]:
    """Return a list that the requests to resumable uploads are put into."""
    seen: list[Request] = []
    address = re.compile(r"/tus(/[0-9a-f]{32})?$")
    page.context.on("request", lambda request: address.search(request.url) and seen.append(request))
    return seen


def count(requests_seen: list[Request], method: str) -> int:
    """Return how many requests of a method there were."""
    return sum(request.method == method for request in requests_seen)


def done(page: Page) -> None:
    """Wait until the only upload is ready."""
    expect(page.locator(".card[data-state=done]")).to_have_count(1, timeout=PATIENCE)


def reload(page: Page) -> None:
    """Leave the page in the middle and come back."""
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()


def wait_for_a_piece(page: Page) -> None:
    """Wait until the server has a piece; what is left then takes long enough for anything."""
    page.wait_for_function(
        "() => JSON.parse(localStorage['pastebin.unfinished'] ?? '[]')[0]?.sent > 0", timeout=PATIENCE
    )
    slow(page, 0.2)


def assert_is_stored(page: Page, path: str) -> None:
    """Make sure that what the only card links to is a file of this machine."""
    address = page.get_by_role("link", name="Download").get_attribute("href")
    content = requests.get(address, timeout=60).content
    assert hashlib.sha256(content).hexdigest() == hashlib.sha256(Path(path).read_bytes()).hexdigest()
    assert page.evaluate("localStorage['pastebin.unfinished']") is None


def test_a_large_file_goes_in_pieces_with_checksums(open_page, movie):
    page = open_page()
    seen = watch(page)
    page.locator("[data-options] summary").click()
    page.locator("[data-title-field] input").fill("By the sea")
    choose(page, movie)
    done(page)
    assert [request.method for request in seen] == ["POST", "PATCH", "PATCH", "PATCH"]
    assert all(request.headers.get("upload-checksum") for request in seen[1:])
    assert_is_stored(page, movie)
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("By the sea")


def begun(open_page: Callable[..., Page], movie: str) -> tuple[Page, list[Request]]:
    """Return a page in the middle of a slow upload, and what it has asked for so far."""
    page = open_page()
    slow(page)
    seen = watch(page)
    choose(page, movie)
    wait_for_a_piece(page)
    return page, seen


def test_it_is_held_and_goes_on(open_page, movie):
    page, seen = begun(open_page, movie)
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".card-status")).to_contain_text("paused")
    expect(page.get_by_role("button", name="Go on")).to_be_focused()
    sent = len(seen)
    page.wait_for_timeout(500)
    assert len(seen) == sent
    slow(page, 0)
    page.keyboard.press("Enter")
    done(page)
    assert count(seen, "POST") == 1
    assert_is_stored(page, movie)


def test_it_waits_while_the_browser_is_offline(open_page, movie):
    page, seen = begun(open_page, movie)
    page.context.set_offline(True)
    expect(page.locator(".card-status")).to_contain_text("offline, goes on by itself")
    page.context.set_offline(False)
    slow(page, 0)
    done(page)
    assert count(seen, "POST") == 1
    assert_is_stored(page, movie)


def test_what_passes_is_tried_again(open_page, movie):
    """The first piece fails twice, each other one once; what is not tried again ends the upload."""
    page = open_page()
    failures = iter([423, 429, 0, 460, 0, 507])
    told: list[int] = []

    def answer(route) -> None:
        failed = next(failures, 0) if route.request.method == "PATCH" else 0
        if failed:
            told.append(failed)
            route.fulfill(
                status=failed, json={"error": {"code": "busy", "message": "Not now.", "retry": True}}
            )
        else:
            route.continue_()

    page.route("**/tus/*", answer)
    choose(page, movie)
    expect(page.locator(".card-status")).to_contain_text("trying again")
    done(page)
    assert told == [423, 429, 460, 507]
    assert_is_stored(page, movie)


@pytest.mark.parametrize(
    ("status", "code", "retry", "words"),
    [
        (451, "banned", False, "These bytes were removed"),
        (403, "forbidden", False, "Not so."),
        (507, "quota_exceeded", True, "Not so."),
        (500, "not_to_be_tried", False, "Not so."),
    ],
)
def test_what_does_not_pass_is_told(open_page, movie, status, code, retry, words):
    page = open_page()
    asked: list[str] = []

    def refuse(route) -> None:
        asked.append(route.request.method)
        error = {"code": code, "message": "Not so.", **({"retry": True} if retry else {})}
        route.fulfill(status=status, json={"error": error})

    page.route("**/tus/*", refuse)
    choose(page, movie)
    card = page.locator(".card")
    expect(card).to_have_attribute("data-state", "failed")
    expect(card.locator(".card-status")).to_contain_text(words)
    assert asked == ["PATCH"]
    assert (page.evaluate("localStorage['pastebin.unfinished']") is None) is not retry


def test_what_is_gone_is_begun_anew(open_page, movie):
    """An operator has removed what was unfinished."""
    page, seen = begun(open_page, movie)
    upload = page.evaluate("JSON.parse(localStorage['pastebin.unfinished'])[0].upload")
    page.route(upload, lambda route: route.fulfill(status=410, json={"error": {"code": "gone"}}))
    page.get_by_role("button", name="Pause").click()
    slow(page, 0)
    page.get_by_role("button", name="Go on").click()
    done(page)
    assert count(seen, "POST") == 2
    assert_is_stored(page, movie)


def test_who_is_out_of_step_asks_where_it_stands(open_page, movie):
    """A piece whose answer was lost has counted all the same."""
    page = open_page()
    seen = watch(page)
    lost = iter(["answer"])

    def lose(route) -> None:
        if route.request.method == "PATCH" and next(lost, None):
            headers = {**route.request.headers, "content-length": str(len(route.request.post_data_buffer))}
            requests.patch(
                route.request.url, data=route.request.post_data_buffer, headers=headers, timeout=60
            )
        route.continue_()

    page.route("**/tus/*", lose)
    choose(page, movie)
    done(page)
    assert count(seen, "POST") == 1
    assert_is_stored(page, movie)


@pytest.fixture
def interrupted(open_page: Callable[..., Page], movie: str) -> Page:
    """Give a page that was left in the middle of an upload."""
    page, _seen = begun(open_page, movie)
    reload(page)
    return page


def test_after_a_reload_the_file_is_chosen_again_to_go_on(interrupted, movie):
    page, seen = interrupted, watch(interrupted)
    section = page.get_by_role("region", name="Interrupted uploads")
    expect(section).to_contain_text("holiday.mov")
    expect(section).to_contain_text(
        re.compile(r"\d\d% of [\d.]+ MB is uploaded\. Choose it again to go on\.")
    )
    slow(page, 0)
    choose(page, movie)
    expect(section).to_be_hidden()
    done(page)
    assert count(seen, "POST") == 0
    assert_is_stored(page, movie)


def test_several_are_gone_on_with_at_once(open_page, movie, tmp_path):
    other = tmp_path / "winter.mov"
    other.write_bytes(os.urandom(SIZE))
    page = open_page()
    slow(page)
    choose(page, movie, str(other))
    sent = "JSON.parse(localStorage['pastebin.unfinished'] ?? '[]').map(({ sent }) => sent)"
    page.wait_for_function(f"() => {sent}.filter(Boolean).length === 2", timeout=PATIENCE)
    slow(page, 0.2)
    reload(page)
    seen = watch(page)
    section = page.get_by_role("region", name="Interrupted uploads")
    expect(section.get_by_role("listitem")).to_have_count(2)
    slow(page, 0)
    choose(page, movie, str(other))
    expect(page.locator(".card[data-state=done]")).to_have_count(2, timeout=PATIENCE)
    expect(section).to_be_hidden()
    assert count(seen, "POST") == 0
    links = {link.get_attribute("href") for link in page.locator(".card a[href*='/d/']").all()}
    stored = {hashlib.sha256(requests.get(link, timeout=60).content).digest() for link in links}
    assert stored == {hashlib.sha256(Path(path).read_bytes()).digest() for path in (movie, other)}


def test_who_signs_out_in_the_middle_keeps_the_upload(open_page, site, movie):
    page = open_page("about:blank")
    sign_in(page, site)
    page.goto(f"{site.url}/")
    slow(page)
    seen = watch(page)
    choose(page, movie)
    wait_for_a_piece(page)
    other = page.context.new_page()
    other.goto(f"{site.url}/account")
    other.get_by_role("button", name="Sign out everywhere").click()
    other.goto(f"{site.url}/account/files")
    expect(other).to_have_url(re.compile("/login"))
    slow(page, 0)
    done(page)
    assert count(seen, "POST") == 1
    assert_is_stored(page, movie)
    sign_in(other, site)
    expect(other.locator("[data-file-row]", has_text="holiday.mov")).to_have_count(1)


def test_another_file_of_that_name_begins_anew(interrupted, movie):
    page, seen = interrupted, watch(interrupted)
    slow(page, 0)
    Path(movie).write_bytes(os.urandom(SIZE))
    choose(page, movie)
    done(page)
    assert count(seen, "POST") == 1
    expect(page.get_by_role("region", name="Interrupted uploads")).to_contain_text("holiday.mov")


def test_terms_that_are_wished_for_later_hold(interrupted, movie):
    page = interrupted
    slow(page, 0)
    page.locator("[data-options] summary").click()
    page.get_by_label("Downloads").fill("3")
    choose(page, movie)
    done(page)
    expect(page.locator(".card-status")).to_contain_text("3 downloads")


def test_an_upload_is_given_up(interrupted):
    page = interrupted
    upload = page.evaluate("JSON.parse(localStorage['pastebin.unfinished'])[0].upload")
    with page.expect_response(lambda response: response.request.method == "DELETE") as told:
        page.get_by_role("button", name="Give up: holiday.mov").click()
    assert told.value.status == 204
    expect(page.get_by_role("region", name="Interrupted uploads")).to_be_hidden()
    expect(page.locator("[data-announce]")).to_have_text("holiday.mov is given up")
    assert requests.head(upload, headers={"Tus-Resumable": "1.0.0"}, timeout=30).status_code in (404, 410)
    page.reload()
    expect(page.get_by_role("region", name="Interrupted uploads")).to_be_hidden()


def test_cancelling_gives_it_up_too(open_page, movie):
    page, _seen = begun(open_page, movie)
    with page.expect_request(lambda request: request.method == "DELETE"):
        page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".card-status")).to_have_text("Cancelled")
    assert page.evaluate("localStorage['pastebin.unfinished']") is None


def test_one_tab_sends_and_the_other_shows(open_page, movie):
    page, seen = begun(open_page, movie)
    other = page.context.new_page()
    other.goto("/")
    section = other.get_by_role("region", name="Interrupted uploads")
    expect(section).to_contain_text("being uploaded in another tab")
    choose(other, movie)
    expect(other.locator(".card-status")).to_contain_text("being uploaded in another tab")
    slow(page, 0)
    done(page)
    done(other)
    assert count(seen, "POST") == 1
    assert_is_stored(other, movie)


def test_a_tab_goes_on_when_the_one_that_sends_is_closed(open_page, movie):
    page, seen = begun(open_page, movie)
    other = page.context.new_page()
    other.goto("/")
    choose(other, movie)
    expect(other.locator(".card-status")).to_contain_text("being uploaded in another tab")
    page.close()
    done(other)
    assert count(seen, "POST") == 1
    assert_is_stored(other, movie)
