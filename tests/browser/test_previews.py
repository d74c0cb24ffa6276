"""The page of each kind of file."""

import hashlib
import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser import samples as make
from tests.browser.pages import drop

CODE = "".join(f"def step_{n}():\n    return {n}\n" for n in range(1, 61))


@pytest.fixture
def show(open_page, site):
    """Give a function that uploads a file and opens its page."""

    def show(data, filename, fragment="", **options):
        return open_page(site.put(data, filename)["url_p"] + fragment, **options)

    return show


def test_every_page_tells_what_there_is_to_know(show, site):
    data = b"known bytes"
    page = show(data, "facts & figures.txt")
    text = page.get_by_role("article").inner_text()
    assert page.title() == "facts & figures.txt · pastebin"
    for fact in ("11 bytes", "text/plain", hashlib.md5(data).hexdigest(), hashlib.sha256(data).hexdigest()):
        assert fact in text
    said = site.put(data, "facts & figures.txt")
    assert page.get_by_role("textbox", name="Short link").input_value() == said["url_s"]
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "facts & figures.txt"


def test_the_time_is_in_the_readers_own_zone(show):
    page = show(b"what time is it", "time.txt", timezone_id="Asia/Shanghai")
    shown = page.locator(".facts-line time")
    here, utc = shown.inner_text(), shown.get_attribute("title")
    assert utc.endswith("UTC")
    assert here.split()[-2] != utc.split()[-3]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "AVIF", "ICO"])
def test_an_image_is_shown_whatever_its_format(show, kind):
    page = show(make.image(200, 150, kind), f"picture.{kind.lower()}")
    image = page.locator("[data-image]")
    expect(image).to_be_visible()
    expect(image).not_to_have_js_property("naturalWidth", 0)
    expect(page.locator("[data-broken]")).to_be_hidden()


def test_an_animation_plays(show):
    page = show(make.animation(), "moving.gif")
    assert re.search(r"/i/\w+\.gif$", page.locator("[data-image]").get_attribute("src"))


def test_an_image_that_the_browser_cannot_show_leaves_a_word_instead(open_page, site):
    address = site.put(make.png(50, 50), "lost.png")["url_p"]
    page = open_page()
    page.route("**/i/**", lambda route: route.abort())
    page.goto(address)
    expect(page.locator("[data-broken]")).to_be_visible()
    expect(page.locator("[data-image]")).to_be_hidden()
    expect(page.get_by_role("button", name="Crop")).to_be_hidden()


def test_fields_make_the_address_of_any_size(show):
    page = show(make.png(400, 300), "sizes.png")
    address = page.get_by_role("textbox", name="Address of the result")
    size = page.locator("[data-result-size]")
    expect(size).to_have_text("400 × 300")
    page.get_by_label("Width", exact=True).fill("100")
    expect(size).to_have_text("100 × 75")
    page.get_by_label("Height", exact=True).fill("100")
    page.get_by_label("Fit").first.select_option("crop")
    page.get_by_label("Format").select_option("webp")
    expect(size).to_have_text("100 × 100")
    expect(address).to_have_value(re.compile(r"/i/\w+\.png\?w=100&h=100&fit=crop&format=webp$"))
    page.get_by_role("button", name="Open").click()
    page.wait_for_url("**/i/**")
    expect(page.locator("img")).to_have_js_property("naturalWidth", 100)


@pytest.mark.parametrize(
    ("source", "w", "h", "fit"),
    [
        ((333, 777), 100, 99, ""),
        ((1000, 10), 50, 50, ""),
        ((192, 108), 64, 64, "crop"),
        ((401, 300), 0, 77, "contain"),
    ],
)
def test_the_size_the_page_foretells_is_the_size_the_server_makes(show, source, w, h, fit):
    page = show(make.png(*source), "foretold.png")
    page.get_by_label("Width", exact=True).fill(str(w or ""))
    page.get_by_label("Height", exact=True).fill(str(h or ""))
    page.get_by_label("Fit").first.select_option(fit)
    foretold = page.locator("[data-result-size]").inner_text()
    page.goto(page.get_by_role("textbox", name="Address of the result").input_value())
    made = page.locator("img").evaluate("image => `${image.naturalWidth} × ${image.naturalHeight}`")
    assert made == foretold


def test_a_box_is_dragged_over_the_image(show):
    page = show(make.png(400, 300), "crop me.png")
    page.get_by_role("button", name="Crop").click()
    fields = [page.locator(f"#{name}") for name in ("x", "y", "cw", "ch")]
    assert [field.input_value() for field in fields] == ["40", "30", "320", "240"]
    frame = page.locator("[data-image]").bounding_box()
    scale = frame["width"] / 400
    page.mouse.move(frame["x"] + 360 * scale, frame["y"] + 270 * scale)
    page.mouse.down()
    page.mouse.move(frame["x"] + 240 * scale, frame["y"] + 130 * scale, steps=4)
    page.mouse.up()
    assert [field.input_value() for field in fields] == ["40", "30", "200", "100"]
    page.mouse.move(frame["x"] + 100 * scale, frame["y"] + 80 * scale)
    page.mouse.down()
    page.mouse.move(frame["x"] + 110 * scale, frame["y"] + 100 * scale, steps=4)
    page.mouse.up()
    assert [field.input_value() for field in fields] == ["50", "50", "200", "100"]
    expect(page.locator("[data-result-size]")).to_have_text("200 × 100")
    address = page.get_by_role("textbox", name="Address of the result").input_value()
    assert address.endswith("?x=50&y=50&cw=200&ch=100")
    page.goto(address)
    expect(page.locator("img")).to_have_js_property("naturalWidth", 200)


def test_the_box_moves_and_stretches_by_keys_and_keeps_a_ratio(show):
    page = show(make.png(400, 300), "keys.png")
    page.get_by_role("button", name="Crop").click()
    expect(page.locator("[data-cropper]")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert page.locator("#x").input_value() == "44"
    assert page.locator("#ch").input_value() == "244"
    page.get_by_label("Ratio").select_option("1:1")
    side = page.locator("#cw").input_value()
    assert side == page.locator("#ch").input_value()
    page.locator("[data-cropper]").focus()
    page.keyboard.press("Shift+ArrowLeft")
    assert page.locator("#cw").input_value() == page.locator("#ch").input_value() != side


def test_presets_fill_the_form(show):
    page = show(make.png(2000, 1000), "preset.png")
    for name, size in (("Avatar", "256 × 256"), ("Banner", "1500 × 500"), ("Thumbnail", "320 × 240")):
        page.get_by_role("button", name=name).click()
        expect(page.locator("[data-result-size]")).to_have_text(size)
    page.get_by_role("button", name="Original").click()
    assert re.search(r"/i/\w+\.png$", page.get_by_role("textbox", name="Address of the result").input_value())


def test_an_image_zooms_by_mouse_and_keys(show):
    page = show(make.png(1600, 1200), "zoom.png")
    page.locator("[data-image]").click()
    level = page.locator("[data-zoom-level]")
    expect(level).to_have_text("64 %")
    page.keyboard.press("+")
    expect(level).to_have_text("86 %")
    page.mouse.move(500, 400)
    page.mouse.wheel(0, -200)
    expect(level).to_have_text("142 %")
    page.keyboard.press("0")
    expect(level).to_have_text("64 %")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_size_form_works_without_javascript(show):
    page = show(make.png(400, 300), "no script.png", java_script_enabled=False)
    page.get_by_label("Width", exact=True).fill("80")
    page.get_by_role("button", name="Open").click()
    assert "w=80" in page.url
    expect(page.locator("img")).to_be_visible()


def test_a_pdf_is_shown_inline(show):
    page = show(make.pdf(), "pages.pdf")
    frame = page.locator("iframe.pdf")
    expect(frame).to_be_visible()
    answer = page.request.get(frame.get_attribute("src"))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")


def test_a_sound_plays_and_seeks(show):
    page = show(make.sound(), "tone.wav")
    player = page.locator("audio")
    expect(player).to_have_js_property("duration", 3)
    player.evaluate("player => { player.currentTime = 2; }")
    expect(player).to_have_js_property("seeking", False)
    assert player.evaluate("player => player.currentTime") == 2


def test_a_video_plays(open_page, site):
    recorder = open_page("/")
    video = bytes(recorder.evaluate(make.VIDEO))
    page = open_page(site.put(video, "colours.webm")["url_p"])
    player = page.locator("video")
    expect(player).to_have_js_property("videoWidth", 160)
    expect(page.locator("[data-unplayable]")).to_be_hidden()


def test_text_is_highlighted_in_numbered_lines(show):
    page = show(CODE.encode(), "steps.py")
    expect(page.locator(".line")).to_have_count(120)
    expect(page.locator("#L1 .hl-k")).to_have_text("def")
    expect(page.locator(".tools")).to_contain_text("Python · 120 lines")


def test_a_line_and_a_range_of_lines_have_links(show):
    page = show(CODE.encode(), "steps.py", "#L10-L20")
    expect(page.locator(".line.marked")).to_have_count(11)
    expect(page.locator("#L10")).to_be_in_viewport()
    page.locator("#L30 > a").click()
    expect(page).to_have_url(re.compile("#L30$"))
    page.locator("#L33 > a").click(modifiers=["Shift"])
    expect(page).to_have_url(re.compile("#L30-L33$"))
    page.locator("#L28 > a").click(modifiers=["Shift"])
    expect(page).to_have_url(re.compile("#L28-L30$"))
    expect(page.locator(".line.marked")).to_have_count(3)


def test_text_wraps_and_is_copied_whole(show):
    text = "word " * 400 + "\n</script> end\n"
    page = show(text.encode(), "long.txt", permissions=["clipboard-read", "clipboard-write"])
    code = page.locator("[data-code]")
    assert code.evaluate("code => code.scrollWidth > code.clientWidth")
    page.get_by_role("button", name="Wrap").click()
    assert not code.evaluate("code => code.scrollWidth > code.clientWidth")
    page.get_by_role("button", name="Copy text").click()
    expect(page.locator("[data-toast]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == text


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16le", "utf-16"])
def test_a_text_in_another_encoding_is_shown_and_copied_right(show, encoding):
    text = "做汤的时候，先把胡萝卜削皮，再把所有的蔬菜切成小块。\n然后用小火煮两个小时，直到蔬菜变软为止。\n"
    page = show(text.encode(encoding), "soup.txt", permissions=["clipboard-read", "clipboard-write"])
    assert page.locator("[data-code]").inner_text().split("\n")[0].strip() == text.split("\n", maxsplit=1)[0]
    page.get_by_role("button", name="Copy text").click()
    expect(page.locator("[data-toast]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == text


def test_another_encoding_can_be_chosen(show):
    page = show("Ж Я Ю\n".encode("koi8-r"), "short.txt")
    page.locator("summary", has_text="Encoding").click()
    page.get_by_label("Read the text as").select_option("koi8-r")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("[data-code]")).to_contain_text("Ж Я Ю")


def test_selected_text_carries_no_line_numbers(show):
    page = show(b"alpha\nbeta\n", "plain.txt")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('[data-code]'))")
    assert page.evaluate("getSelection().toString()").split() == ["alpha", "beta"]


def test_of_a_large_text_a_part_is_shown_and_the_way_to_the_whole(show):
    page = show(b"line of a large text\n" * 40_000, "large.log")
    link = page.get_by_role("link", name="Open the whole text")
    expect(link).to_be_visible()
    assert "/i/" in link.get_attribute("href")


def test_markdown_is_rendered_and_shown_as_source(show):
    page = show(b"# Heading\n\nSome *text*.\n\n- [ ] task\n", "notes.md")
    expect(page.locator(".prose em")).to_have_text("text")
    expect(page.locator("[data-code]")).to_be_hidden()
    page.get_by_text("Source").click()
    expect(page.locator("[data-code]")).to_contain_text("# Heading")
    expect(page.locator(".prose")).to_be_hidden()


def test_markdown_shows_code_as_code(show):
    page = show(b"Before\n\n```python\nprint('hi')\n```\n", "notes.md")
    expect(page.locator(".prose pre code")).to_have_text("print('hi')\n")
    expect(page.locator(".prose")).not_to_contain_text("<pre")
    page.locator(".prose pre").focus()
    expect(page.locator(".prose pre")).to_be_focused()


def test_markdown_switches_without_javascript(show):
    page = show(b"# Heading\n\nSome *text*.\n", "notes.md", java_script_enabled=False)
    page.get_by_text("Source").click()
    expect(page.locator("[data-code]")).to_be_visible()


def test_a_table_is_a_table(show):
    page = show(b"name,height\nZugspitze,2962\n<b>Brocken</b>,1141\n", "peaks.csv")
    expect(page.get_by_role("columnheader")).to_have_text(["name", "height"])
    expect(page.get_by_role("cell", name="<b>Brocken</b>")).to_be_visible()


def test_json_is_indented(show):
    page = show(json.dumps({"a": {"b": [1, 2]}}).encode(), "data.json")
    assert page.locator(".line").count() > 4


def test_an_archive_lists_what_is_in_it(show):
    page = show(make.archive("docs/read me.txt", "docs/<i>.txt"), "docs.zip")
    expect(page.get_by_role("cell", name="docs/read me.txt")).to_be_visible()
    expect(page.get_by_role("cell", name="docs/<i>.txt")).to_be_visible()


def test_the_rest_is_shown_byte_by_byte(show):
    page = show(bytes(range(256)) * 4, "unknown.bin")
    expect(page.get_by_role("region", name="First bytes")).to_contain_text("00 01 02 03")


def test_an_empty_file_has_a_page(show):
    page = show(b"", "empty.txt")
    expect(page.locator(".stage")).to_contain_text("This file is empty.")


def test_the_qr_code_is_an_image(show):
    page = show(b"to be scanned", "qr.txt")
    page.get_by_text("QR code").click()
    code = page.get_by_role("img", name="QR code of the short link")
    expect(code).not_to_have_js_property("naturalWidth", 0)


def test_other_sites_learn_what_to_show(show):
    page = show(make.png(1600, 900), "card.png")
    content = {
        meta.get_attribute("property") or meta.get_attribute("name"): meta.get_attribute("content")
        for meta in page.locator("meta[property], meta[name]").all()
    }
    assert content["og:title"] == "card.png"
    assert content["twitter:card"] == "summary_large_image"
    assert page.request.get(content["og:image"]).ok
    oembed = page.locator("link[type='application/json+oembed']").get_attribute("href")
    assert page.request.get(oembed).json()["type"] == "photo"


def test_a_page_reached_by_upload_shares_the_same_way(open_page):
    page = open_page()
    drop(page, ("both.txt", "text/plain", "shared in two places"))
    card = page.locator(".card[data-state=done]")
    expect(card).to_be_visible()
    texts = "fields => fields.map((field) => [field.dataset.share, field.value])"
    before = page.locator("[data-share]").evaluate_all(texts)
    card.get_by_role("link", name="Preview").click()
    page.wait_for_url("**/p/**")
    expect(page.locator("[data-share=wget]")).to_have_value(re.compile("wget"))
    assert page.locator("[data-share]").evaluate_all(texts) == before


def test_a_text_that_is_too_intricate_is_shown_plain(show):
    text = '"' + "\\" * 60
    page = show(f"{text}\n".encode(), "hang.scala")
    expect(page.locator(".stage")).to_contain_text(
        "This text is too intricate for more, so it is shown plain."
    )
    expect(page.locator("#L1 code")).to_have_text(text)
    expect(page.get_by_role("button", name="Copy text")).to_be_visible()
