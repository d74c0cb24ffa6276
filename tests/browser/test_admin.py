"""The pages of operators and administrators: at every width, in both languages, and without scripts."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.accessibility import faults
from tests.browser.conftest import Site
from tests.browser.samples import png
from tests.browser.test_accounts import PASSWORD, run, sign_in
from tests.servers import AppServer

LONG = "a_long_name_without_any_place_to_break_it" * 3


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Give a server with an administrator, somebody else, files, a report, a ban and a webhook."""
    folder = tmp_path_factory.mktemp("admin")
    with AppServer(
        folder / "app", {"signup": "invite", "public_url": "", "public_listing": "true"}
    ) as server:
        site = Site(server.url)
        run(server, "user", "add", "Anna", "--admin")
        run(server, "user", "add", f"Ada {LONG[:50]}", "--email", "ada@example.org")
        pictures = [site.put(png(40 + n, 30), f"{LONG}{n}.png")["url_p"] for n in range(3)]
        for address in pictures * 2:
            requests.get(address.replace("/p/", "/d/"), timeout=30)
            requests.post(address, data={"report": "spam " * 40}, timeout=30)
        run(server, "ban", "ab" * 32, "--reason", "spam " * 20)
        run(server, "invite", "add", "--note", LONG)
        site.file = pictures[0].rpartition("/")[2]
        _add_days(Path(server.environment()["PASTEBIN_DATA"]) / "pastebin.sqlite")
        yield site


def _add_days(path):
    """Write what a service would have counted in three months, and that a file was taken off the list."""
    today, random = datetime.now(UTC).date(), Random(1)
    with closing(sqlite3.connect(path, timeout=20)) as database, database:
        database.execute("UPDATE PasteFile SET is_off_list = 1 WHERE filename LIKE '%2.png'")
        for passed in range(1, 90):
            day = (today - timedelta(days=passed)).isoformat()
            counts = (random.randrange(900), random.randrange(2**33), random.randrange(20_000))
            database.execute("INSERT INTO DayCount VALUES (?, ?, ?, ?)", (day, *counts))
            for number in range(random.randrange(20)):
                database.execute("INSERT INTO ActiveDay VALUES (?, ?)", (day, number))
            for number in range(1, 4):
                database.execute("INSERT INTO FileDay VALUES (?, ?, ?)", (day, number, number * passed))


def click(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()


def test_what_is_done_is_said_without_scripts(open_used_page, own):
    page = open_used_page("about:blank", java_script_enabled=False)
    sign_in(page, own, "Anna")
    page.goto(f"{own.url}/admin/files/{own.file}")
    page.get_by_label("Reason, for the audit").fill("looks bad")
    click(page, "Hide it")
    expect(page.get_by_text("The file is hidden from everybody but operators.")).to_be_visible()
    assert requests.get(f"{own.url}/p/{own.file}", timeout=30).status_code == 404
    click(page, "Show it again")
    expect(page.get_by_text("The file is there again.")).to_be_visible()
    click(page, "Close the reports")
    expect(page.get_by_text("The reports are closed.")).to_be_visible()
    page.goto(f"{own.url}/latest")
    page.get_by_role("button", name=re.compile("^Take off Latest: .*0.png")).click()
    expect(page.get_by_text("The file is not shown on Latest any more.")).to_be_visible()
    page.goto(f"{own.url}/p/{own.file}")
    click(page, "Put back on Latest: " + f"{LONG}0.png")
    expect(page.get_by_text("The file is on Latest again.")).to_be_visible()
    page.goto(f"{own.url}/admin/users?q=ada")
    page.get_by_role("link", name=re.compile("Ada a_long")).click()
    page.get_by_label("Operator: sees reports, removes files, bans contents").check()
    page.locator("section", has_text="Roles").get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("The account has other roles now.")).to_be_visible()
    click(page, "Suspend the account")
    expect(page.get_by_text("The account is suspended:")).to_be_visible()
    click(page, "Resume the account")
    expect(page.get_by_text("The account can go on.")).to_be_visible()
    page.goto(f"{own.url}/admin/flags")
    click(page, "Switch on: No uploads")
    expect(page.get_by_text("That is switched off for everybody now.")).to_be_visible()
    assert requests.put(f"{own.url}/x.txt", data=b"x", timeout=30).status_code == 503
    page.goto(f"{own.url}/")
    expect(page.get_by_text("Nothing can be uploaded here at the moment.")).to_be_visible()
    page.goto(f"{own.url}/admin/flags")
    click(page, "Switch off: No uploads")
    page.goto(f"{own.url}/admin/invites")
    click(page, "Make the invite")
    expect(page.get_by_label("Address", exact=True)).to_have_value(re.compile("/signup/"))
    page.goto(f"{own.url}/admin/webhooks")
    page.get_by_label("Address", exact=True).fill("https://chat.example.org/hook")
    click(page, "Add")
    expect(page.get_by_label("Secret", exact=True)).to_have_value(re.compile("^.{43}$"))
    click(page, "Try: 1")
    page.goto(f"{own.url}/admin/audit")
    expect(page.get_by_role("cell", name="Webhook tried")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_pages_fit_and_are_accessible(open_used_page, own, language):
    page = open_used_page("about:blank")
    sign_in(page, own, "Anna")
    page.context.add_cookies([{"name": "lang", "value": language, "url": own.url}])
    wrong = {}
    names = ["files", "reports", "bans", "audit", "users", "users/1", "users/2", "invites", "flags"]
    names += [
        "webhooks",
        "statistics?days=90",
        f"files/{own.file}",
        "listing",
        "../latest",
        f"../p/{own.file}",
    ]
    for name in ["", *names]:
        page.goto(f"{own.url}/admin/{name}" if name else f"{own.url}/admin")
        wrong[name] = faults(page)
    assert PASSWORD not in page.content()
    for name, field, said in (("invites", "#note", LONG), ("webhooks", "#url", f"https://a.example/{LONG}")):
        page.goto(f"{own.url}/admin/{name}")
        page.locator(field).fill(said)
        page.locator("main form button.primary").first.click()
        expect(page.locator(".key input").first).to_have_value(re.compile("."))
        wrong[f"{name}, just made"] = faults(page)
    assert not any(wrong.values()), wrong
