"""Signing in, the account's page, and My files: in Chromium, with and without scripts."""

import re
from zipfile import ZipFile

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.accessibility import faults, violations
from tests.browser.conftest import Site, filehash_of
from tests.browser.pages import done, drop, overflow
from tests.browser.samples import png
from tests.servers import AppServer

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Give a server with two accounts, and invites."""
    folder = tmp_path_factory.mktemp("accounts")
    with AppServer(folder / "app", {"signup": "invite", "public_listing": "true"}) as server:
        for name in ("Ada", "Grace"):
            run(server, "user", "add", name)
        address = run(server, "invite", "add", "--uses", "9")
        site = Site(server.url)
        site.invite = address.strip().rpartition("/")[2]
        yield site


def run(server, *arguments):
    """Return what a command of the command line prints."""
    done = server.run(*arguments, given=PASSWORD)
    assert done.returncode == 0, done.stderr
    return done.stdout


def sign_in(page, own, name="Ada"):
    page.goto(f"{own.url}/login")
    page.get_by_label("Name or e-mail").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{own.url}/account/files")


def share(page, own, *files):
    """Upload files by dropping them."""
    page.goto(f"{own.url}/")
    drop(page, *files)
    done(page, len(files))


def put(page, own, data, name):
    """Upload a file with the session of a page."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    answer = requests.post(f"{own.url}/", files={"file": (name, data)}, cookies=cookies, timeout=30)
    assert answer.ok, answer.text
    return answer.json()


def collection(page, own, *names):
    """Upload files under one link with the session of a page; return its code."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    files = [("file", (name, name.encode())) for name in names]
    data = {"collection": "1", "title": "a_collection_whose_title_has_no_place_to_break_it"}
    answer = requests.post(f"{own.url}/", files=files, data=data, cookies=cookies, timeout=30)
    assert answer.ok, answer.text
    return filehash_of(answer.json()["url_c"])


def test_files_are_chosen_and_deleted_with_time_to_take_it_back(open_used_page, own):
    page = open_used_page("about:blank")
    sign_in(page, own)
    share(page, own, *((f"pick{n}.txt", "text/plain", f"number {n}") for n in range(4)))
    page.goto(f"{own.url}/account/files?q=pick&sort=name")
    rows = page.locator("[data-file-row]")
    expect(rows).to_have_count(4)
    page.get_by_role("checkbox", name="Choose: pick0.txt").click()
    page.get_by_role("checkbox", name="Choose: pick2.txt").click(modifiers=["Shift"])
    expect(page.locator("[data-count]")).to_have_text("3 chosen")
    page.get_by_role("button", name="Delete…").click()
    expect(page.get_by_text("3 files are deleted.")).to_be_visible()
    expect(page.locator("[data-file-row]:visible")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-file-row]:visible")).to_have_count(4)
    page.get_by_role("checkbox", name="Choose: pick1.txt").check()
    page.get_by_role("button", name="Delete…").click()
    page.goto(f"{own.url}/account")  # who leaves has thought about it
    for _ in range(50):
        page.goto(f"{own.url}/account/files?q=pick&sort=name")
        if rows.count() == 3:
            break
        page.wait_for_timeout(100)
    expect(rows).to_have_count(3)


def test_files_are_chosen_and_deleted_by_keys(open_used_page, own):
    page = open_used_page("about:blank")
    sign_in(page, own)
    for number in range(4):
        put(page, own, f"key {number}".encode(), f"key{number}.txt")
    for layout in ("list", "grid"):
        page.goto(f"{own.url}/account/files?q=key&sort=name&view={layout}")
        page.get_by_role("checkbox", name="Choose: key0.txt").focus()
        forward = "ArrowDown" if layout == "list" else "ArrowRight"
        page.keyboard.press(forward)
        page.keyboard.press(f"Shift+{forward}")
        expect(page.locator("[data-count]")).to_have_text("2 chosen")
        expect(page.get_by_role("checkbox", name="Choose: key2.txt")).to_be_focused()
        page.keyboard.press("Control+a")
        expect(page.locator("[data-count]")).to_have_text("4 chosen")
    page.keyboard.press("Delete")
    expect(page.get_by_text("4 files are deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-file-row]:visible")).to_have_count(4)


@pytest.mark.parametrize("script", [True, False])
def test_chosen_files_get_one_link(open_used_page, own, script):
    page = open_used_page("about:blank", java_script_enabled=script)
    sign_in(page, own)
    names = [f"joined {script} {number}.txt" for number in range(3)]
    for name in names:
        put(page, own, name.encode(), name)
    page.goto(f"{own.url}/account/files?q=joined+{script}&sort=name&view=list")
    for name in names[:2]:
        page.get_by_role("checkbox", name=f"Choose: {name}").check()
    page.get_by_role("button", name="One link for all").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One link for 2 files?")
    assert overflow(page) == 0
    page.get_by_label("Title").fill(f"Joined {script}")
    page.get_by_role("button", name="One link for 2 files").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Joined {script}")
    for name, is_in in zip(names, (True, True, False), strict=True):
        expect(page.get_by_role("link", name=name)).to_have_count(int(is_in))


def test_collections_are_managed_and_everything_is_taken_along(open_used_page, own):
    page = open_used_page("about:blank")
    sign_in(page, own)
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    files = [("file", (name, name.encode())) for name in ("first.txt", "second.txt")]
    made = requests.post(
        f"{own.url}/", files=files, data={"collection": "Bundle"}, cookies=cookies, timeout=30
    )
    assert made.ok
    page.goto(f"{own.url}/account/files")
    page.get_by_role("navigation", name="My files").get_by_role("link", name="Collections").click()
    page.get_by_role("link", name="Manage Bundle").click()
    page.get_by_role("button", name="Move down: first.txt").click()
    expect(page.locator(".order li").first).to_contain_text("second.txt")
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    expect(page.locator(".order li").first).to_contain_text("second.txt")
    page.goto(f"{own.url}/account")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything").click()
    with ZipFile(download.value.path()) as archive:
        assert {"export.json", "collections/Bundle/first.txt"} <= set(archive.namelist())


def test_a_program_is_set_up_and_the_account_deleted(open_used_page, own):
    page = open_used_page("about:blank", accept_downloads=True)
    page.goto(f"{own.url}/signup/{own.invite}")
    page.get_by_label("Name", exact=True).fill("Barbara")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.goto(f"{own.url}/account")
    with page.expect_download() as download:
        page.get_by_role("button", name="ShareX").click()
    assert "Bearer pb_" in download.value.path().read_text()
    page.get_by_role("button", name="iPhone and iPad").click()
    expect(page.get_by_text("Get Contents of URL")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Back to the account").click()
    link = put(page, own, b"hers", "hers.txt")
    page.get_by_text("Delete the account…").click()
    page.locator("#delete-password").fill("wrong password")
    page.get_by_role("button", name="Delete the account for good").click()
    expect(page.get_by_text("Nothing was deleted.")).to_be_visible()
    assert violations(page) == []
    page.locator("#delete-password").fill(PASSWORD)
    page.get_by_role("button", name="Delete the account for good").click()
    expect(page.get_by_text("Your account is deleted.")).to_be_visible()
    assert requests.get(link["url_p"], timeout=30).status_code == 404


def test_many_are_changed_without_scripts(open_used_page, own):
    page = open_used_page("about:blank", java_script_enabled=False)
    sign_in(page, own, "Grace")
    for name in ("a.txt", "b.txt"):
        page.goto(f"{own.url}/")
        page.get_by_label("Choose a file").set_input_files(
            {"name": name, "mimeType": "text/plain", "buffer": name.encode()}
        )
        page.get_by_role("button", name="Upload").first.click()
    page.goto(f"{own.url}/account/files")
    for name in ("a.txt", "b.txt"):
        page.get_by_role("checkbox", name=f"Choose: {name}").check()
    page.get_by_label("Visibility").select_option(label="Private")
    page.get_by_role("button", name="Change…").click()
    expect(page.get_by_role("heading", name="Change 2 files?")).to_be_visible()
    page.get_by_role("button", name="Change 2 files").click()
    expect(page.get_by_text("2 files are changed.")).to_be_visible()
    expect(page.get_by_text("Private", exact=False).locator("visible=true").first).to_be_visible()
    link = page.get_by_role("link", name="a.txt", exact=True).get_attribute("href")
    other = open_used_page("about:blank")
    assert other.goto(f"{own.url}{link}").status == 404


def test_a_private_file_is_chosen_at_the_upload(open_used_page, own):
    page = open_used_page("about:blank")
    sign_in(page, own)
    page.goto(f"{own.url}/")
    page.locator("[data-options] summary").click()
    page.get_by_label("Private: only you see it").check()
    expect(page.locator("[data-options-set]")).to_have_text("private")
    drop(page, ("secret.txt", "text/plain", "only mine"))
    done(page)
    page.goto(f"{own.url}/account/files?state=private")
    expect(page.get_by_role("link", name="secret.txt", exact=True)).to_be_visible()


def test_a_token_is_made_and_an_invite_used(open_used_page, own):
    page = open_used_page("about:blank")
    page.goto(f"{own.url}/signup/{own.invite}")
    page.get_by_label("Name", exact=True).fill("ADA")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_text("too alike")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Edsger")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.goto(f"{own.url}/account")
    page.get_by_text("New token").click()
    page.locator("#token-name").fill("laptop")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_label("Token", exact=True)).to_have_value(re.compile("pb_[0-9a-f]{16}_.{43}"))
    page.get_by_role("button", name="Sign out everywhere").click()
    page.goto(f"{own.url}/account")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_pages_fit_and_are_accessible(open_used_page, own, language):
    page = open_used_page("about:blank")
    wrong = {}
    for path in ("/login", "/signup", f"/signup/{own.invite}"):
        page.goto(f"{own.url}{path}?lang={language}")
        wrong[path] = faults(page)
    page.goto(f"{own.url}/login?lang=en")
    sign_in(page, own)
    put(page, own, png(400, 300), "picture.png")
    put(page, own, b"x", f"{'a long name without any place to break it' * 3}.txt".replace(" ", "_"))
    page.context.add_cookies([{"name": "lang", "value": language, "url": own.url}])
    picture = put(page, own, png(410, 300), "another.png")
    text = put(page, own, f"{'a_line_without_any_place_to_break_it' * 9}\n".encode(), "text.txt")
    code = collection(page, own, "first.txt", "second.txt")
    small = (
        f"/account/files/{filehash_of(picture['url_p'])}",
        f"/account/collections/{code}",
        f"/uploaded?files={filehash_of(picture['url_s'])}.{filehash_of(text['url_s'])}",
        f"/p/{filehash_of(text['url_p'])}?edit=utf-8",
        f"/c/{code}",
    )
    lists = ("/account/files", "/account/files?view=list", "/account/files?q=nothing", "/account/collections")
    for path in ("/", "/account", *lists, *small):
        page.goto(f"{own.url}{path}")
        wrong[f"{path}, signed in"] = faults(page)
    assert not any(wrong.values()), wrong
