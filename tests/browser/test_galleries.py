"""Pictures of a list one after the other, what pictures say of people, and pages without scripts."""

import io
import re

import pytest
import requests
from PIL import Image
from playwright.sync_api import expect

from tests.browser import samples as make
from tests.browser.accessibility import violations
from tests.browser.pages import done


def photo(colour: str) -> bytes:
    """Return a picture that says where it was taken."""
    block, out = Image.Exif(), io.BytesIO()
    block[0x0110] = "Camera 5"
    block[0x8825] = {1: "N", 2: (48.0, 51.0, 30.24), 3: "E", 4: (2.0, 17.0, 40.0)}
    Image.new("RGB", (64, 48), colour).save(out, "JPEG", exif=block.tobytes())
    return out.getvalue()


@pytest.fixture(scope="module")
def collection(site):
    """Give the address of three pictures and a text under one link, in this order."""
    files = [
        ("file", ("one.png", make.png(2400, 30))),
        ("file", ("note.txt", b"text")),
        ("file", ("two.png", make.png(40, 50))),
        ("file", ("three.png", make.png(41, 50))),
    ]
    headers = {"Accept": "application/json"}
    fields = {"collection": "Pictures"}
    return requests.post(f"{site.url}/", files=files, data=fields, headers=headers, timeout=30).json()[
        "url_c"
    ]


def test_the_pictures_of_a_collection_are_seen_one_after_the_other(open_used_page, collection):
    page = open_used_page(collection, width=360)
    page.get_by_role("button", name="Zoom: two.png").click()
    dialog = page.get_by_role("dialog")
    for key, name in (("ArrowRight", "three.png"), ("ArrowRight", "one.png"), ("ArrowLeft", "three.png")):
        page.keyboard.press(key)
        expect(dialog).to_have_attribute("aria-label", name)
        expect(dialog.locator("img")).to_have_js_property("complete", True)
    assert violations(page) == []
    dialog.get_by_role("button", name="Next").click()
    image = dialog.locator("img")
    expect(image).to_have_attribute("src", re.compile("w=1920"))  # a smaller one, as it is seen in full
    dialog.get_by_role("button", name="100 %").click()
    expect(image).to_have_attribute("src", re.compile(r"/i/[^?]*$"))
    page.keyboard.press("ArrowRight")  # moves what is larger than the window
    expect(dialog).to_have_attribute("aria-label", "one.png")
    page.keyboard.press("PageDown")
    expect(dialog).to_have_attribute("aria-label", "two.png")
    page.mouse.move(100, 300)
    page.mouse.down()
    page.mouse.move(250, 300, steps=5)
    page.mouse.up()
    expect(dialog).to_have_attribute("aria-label", "one.png")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Zoom: one.png")).to_be_focused()


def test_the_latest_are_filtered_and_seen_one_after_the_other(open_used_page, site):
    for number in range(2):
        site.put(make.png(50 + number, 77), f"seen {number}.png")
    page = open_used_page("/latest")
    page.get_by_role("navigation", name="Type").get_by_role("link", name="Images").click()
    expect(page).to_have_url(re.compile(r"type=image"))
    page.get_by_role("button", name="Zoom: seen 1.png").click()
    page.get_by_role("button", name="Next").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_have_attribute("aria-label", "seen 0.png")
    dialog.get_by_role("link", name="Page").click()
    expect(page.get_by_role("heading", name="seen 0.png")).to_be_visible()


def test_who_uploads_a_picture_with_a_position_is_told_and_removes_it(open_used_page, samples):
    page = open_used_page("/")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(samples("place.jpg", photo("teal")))
    done(page)
    warning = page.get_by_text("This picture says where it was taken.")
    expect(warning).to_be_visible()
    assert violations(page) == []
    before = page.locator(".card .copy-link").first.get_attribute("href")
    page.get_by_role("button", name="Remove it").click()
    expect(warning).to_be_hidden()
    link = page.locator(".card .copy-link").first
    expect(link).not_to_have_attribute("href", before)
    assert requests.get(before, timeout=30).status_code == 404
    page.goto(link.get_attribute("href"))
    expect(page.get_by_role("heading", name="place.jpg")).to_be_visible()
    expect(page.get_by_text("Camera 5")).to_have_count(0)


def test_a_picture_without_a_position_comes_without_a_word(open_used_page, samples):
    page = open_used_page("/")
    with page.expect_response(re.compile("/m/")) as asked, page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
        chooser.value.set_files(samples("plain.png", make.png(61, 62)))
    assert "personal" not in asked.value.json()
    expect(page.get_by_text("This picture says where it was taken.")).to_be_hidden()


def test_errors_of_uploads_come_in_the_readers_language(open_used_page, samples):
    page = open_used_page("/?lang=zh_CN")
    page.get_by_text("选项").first.click()
    field = page.locator("input[name=downloads]").first
    field.evaluate("(field) => field.removeAttribute('max')")  # as a page that is out of date
    field.fill("99999999")
    with page.expect_file_chooser() as chooser:
        page.locator("[data-choose]").click()
    chooser.value.set_files(samples("a.txt", b"text"))
    expect(page.locator(".card-status")).to_contain_text("downloads 必须")


def test_tables_archives_and_copies_work_without_scripts(open_used_page, site):
    table = site.put(b"name,size\nb,10\na,9\n", "without.csv")["url_p"]
    page = open_used_page(table, java_script_enabled=False)
    page.get_by_role("link", name="size").click()
    expect(page.locator("tbody td").first).to_have_text("a")
    page.get_by_role("link", name="size").click()
    expect(page.locator("tbody td").first).to_have_text("b")
    names = [f"file {number}.txt" for number in range(30)]
    page.goto(site.put(make.archive(*names), "without.zip")["url_p"])
    page.get_by_label("Search this archive").fill("FILE 29")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.goto(site.put(b"some text\n", "without.txt")["url_p"])
    page.get_by_role("link", name="Edit a copy").click()
    page.get_by_label("Text", exact=True).fill("another text\n")
    page.get_by_role("button", name="Share text").click()
    expect(page.get_by_text("another text", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="without.txt")).to_be_visible()


def test_a_picture_that_the_server_had_no_time_for_is_asked_for_again(open_used_page, collection):
    refused = []

    def refuse_once(route):
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(status=503, headers={"Retry-After": "1", "Cache-Control": "no-store"})

    page = open_used_page("about:blank")
    page.route(re.compile(r"/i/.*w=\d+"), refuse_once)
    page.goto(collection)
    tiles = page.locator("img[srcset]")
    for number in range(3):
        tile = tiles.nth(number)
        tile.scroll_into_view_if_needed()
        expect(tile).not_to_have_js_property("naturalWidth", 0, timeout=15_000)
    assert len(refused) == 1
