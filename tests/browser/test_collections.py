"""Collections in a browser: made on the upload page, looked at, downloaded, put into order."""

import io
import time
import zipfile
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser import samples as make
from tests.browser.accessibility import faults
from tests.browser.conftest import Site
from tests.browser.pages import done, drop

FILES = [
    ("holiday/beach.png", make.png(400, 300)),
    ("notes.txt", b"notes"),
    ("a_name_without_any_place_to_break_it" * 4 + ".bin", b"\x00\x01"),
]


# The address of a picture, once all of it is here.
DECODED = "image => image.decode().then(() => image.currentSrc)"


def collection(site: Site, **fields: str) -> dict[str, str]:
    """Make a collection by a form, and return what the server says of it."""
    files = [("file", one) for one in FILES]
    answer = requests.post(
        f"{site.url}/", files=files, data={"collection": "All <of> it", **fields}, timeout=30
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def paths(made: dict[str, str]) -> list[str]:
    return [file["path"] for file in requests.get(made["url_m"], timeout=30).json()["files"]]


def names(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".order bdi").all_inner_texts()]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_pages_fit_and_are_accessible(open_used_page, site: Site, language: str) -> None:
    made, limited, locked = (
        collection(site, **terms) for terms in ({}, {"downloads": "2"}, {"password": "pw"})
    )
    page = open_used_page(f"/?lang={language}")
    addresses = (
        made["url_c"],
        made["url_c"] + "?view=list",
        made["url_m"],
        limited["url_c"],
        locked["url_c"],
    )
    for address in addresses:
        page.goto(address)
        assert ("All <of> it" in page.locator("h1").inner_text()) is (address != locked["url_c"])
        assert faults(page) == []


def test_photos_come_small_and_the_first_of_them_first(open_used_page, site: Site) -> None:
    photos = [("file", (f"{number}.jpg", make.image(900, 600 + number, "JPEG"))) for number in range(4)]
    answer = requests.post(f"{site.url}/", files=photos, data={"collection": "Photos"}, timeout=30)
    page = open_used_page(answer.json()["url_c"], width=360, height=740)
    pictures = page.locator(".collection img")
    chosen = [look.evaluate(DECODED) for look in pictures.all()]
    assert all("w=200&h=150&format=avif" in address for address in chosen)
    assert page.request.get(chosen[0]).headers["content-type"] == "image/avif"
    assert [look.get_attribute("loading") for look in pictures.all()] == [None, None, "lazy", "lazy"]
    assert [look.get_attribute("fetchpriority") for look in pictures.all()] == ["high", "high", None, None]
    page.goto(f"{answer.json()['url_c']}?view=list")
    assert "w=72&h=72&format=avif" in pictures.first.evaluate(DECODED)
    page.goto(answer.json()["url_m"])
    in_order = page.locator(".order img").first
    assert "w=72&h=72" in in_order.evaluate(DECODED)
    expect(in_order).to_have_css("width", "48px")


def test_one_link_for_all(open_used_page) -> None:
    page = open_used_page()
    button = page.get_by_role("button", name="One link for all")
    drop(page, ("one.txt", "text/plain", "together one"))
    done(page)
    expect(button).to_be_hidden()
    drop(page, ("two.txt", "text/plain", "together two"))
    done(page, 2)
    button.click()
    expect(page.get_by_text("All files are under one link.")).to_be_visible()
    assert "/c/" in page.locator("#together-link").get_attribute("href")
    assert "/m/" in page.locator("#together-manage").input_value()
    page.get_by_role("link", name="Show the page").click()
    expect(page.locator("h1")).to_have_text("2 files")
    expect(page.locator(".collection bdi")).to_have_text(["one.txt", "two.txt"])


def test_all_or_some_are_downloaded(open_used_page, site: Site, tmp_path: Path) -> None:
    page = open_used_page(collection(site)["url_c"])
    chosen = page.get_by_role("button", name="Download chosen")
    expect(chosen).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all").click()
    assert download.value.suggested_filename == "All _of_ it.zip"
    download.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [name for name, _data in FILES]
    page.get_by_role("checkbox", name="Choose notes.txt").check()
    with page.expect_download() as download:
        chosen.click()
    download.value.save_as(tmp_path / "some.zip")
    with zipfile.ZipFile(tmp_path / "some.zip") as archive:
        assert archive.namelist() == ["notes.txt"]


def test_a_limited_one_is_downloaded_by_its_button(open_used_page, site: Site, tmp_path: Path) -> None:
    page = open_used_page(collection(site, downloads="1")["url_c"])
    assert page.locator("main img").count() == 0
    expect(page.get_by_text("1 download left.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all").click()
    download.value.save_as(tmp_path / "all.zip")
    assert zipfile.ZipFile(io.BytesIO((tmp_path / "all.zip").read_bytes())).testzip() is None


def test_the_order_is_changed_by_keys_buttons_and_dragging(open_used_page, site: Site) -> None:
    made = collection(site)
    one, two, three = (name for name, _data in FILES)
    page = open_used_page(made["url_m"])
    toast = page.locator("[data-toast]")
    page.locator(".order a").nth(0).focus()
    page.keyboard.press("Alt+ArrowDown")
    assert names(page) == [two, one, three]
    expect(toast).to_have_text("Saved.")
    assert page.evaluate("document.activeElement.textContent").strip() == one  # the focus goes with it
    page.get_by_role("button", name=f"Move up: {three}").click()
    page.get_by_role("button", name=f"Move up: {three}").click()
    assert names(page) == [three, two, one]
    page.locator(".order li").nth(0).scroll_into_view_if_needed()
    start, end = (page.locator(".order-picture").nth(place).bounding_box() for place in (2, 0))
    page.mouse.move(start["x"] + 9, start["y"] + 9)
    page.mouse.down()
    page.mouse.move(end["x"] + 9, end["y"] + 2, steps=12)
    page.mouse.up()
    assert names(page) == [one, three, two]
    deadline = time.monotonic() + 10
    while paths(made) != [one, three, two] and time.monotonic() < deadline:
        time.sleep(0.1)  # it is being saved
    page.reload()
    assert names(page) == paths(made) == [one, three, two]
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("button", name=f"Take out: {three}").click()
    assert paths(made) == [one, two]


def test_files_are_added_by_who_holds_it(open_used_page, site: Site, samples) -> None:
    made = collection(site)
    page = open_used_page(made["url_m"])
    page.get_by_label("Add files").set_input_files(
        [samples("more.txt", b"more"), samples("most.txt", b"most")]
    )
    expect(page.locator(".order li")).to_have_count(5)
    assert paths(made)[3:] == ["more.txt", "most.txt"]


def test_everything_works_without_javascript(open_used_page, site: Site, samples) -> None:
    page = open_used_page(java_script_enabled=False)
    page.get_by_label("Choose a file").set_input_files(
        [samples("a.txt", b"no script a"), samples("b.txt", b"b")]
    )
    page.get_by_label("One link for all").check()
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.locator(".collection bdi")).to_have_text(["a.txt", "b.txt"])
    page.get_by_role("link", name="Manage").click()
    page.get_by_role("button", name="Move down: a.txt").click()
    expect(page.locator(".order bdi")).to_have_text(["b.txt", "a.txt"])
    page.get_by_label("Title").fill("Letters")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("Letters")
    page.get_by_role("button", name="Delete").click()
    page = open_used_page(java_script_enabled=False)
    page.get_by_label("Choose a file").set_input_files([samples("c.txt", b"c"), samples("d.txt", b"d")])
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.locator("main h2")).to_have_text(["c.txt", "d.txt"])
    expect(page.locator("input[id^=manage-]")).to_have_count(2)


def test_the_pages_speak_chinese(open_used_page, site: Site) -> None:
    made = collection(site)
    page = open_used_page(made["url_c"], locale="zh-CN")
    expect(page.get_by_role("button", name="全部下载")).to_be_visible()
    page = open_used_page(made["url_m"], locale="zh-CN")
    expect(page.get_by_role("heading", name="地址")).to_be_visible()
