"""The page of each kind of file."""

import hashlib
import io
import json
import re
import subprocess
from functools import cache

import pytest
from PIL import Image, ImageFont
from playwright.sync_api import expect

from tests.browser import samples as make
from tests.browser.pages import drop, wait_until
from tests.inprocess import documents
from tests.servers.process import find_program

CODE = "".join(f"def step_{n}():\n    return {n}\n" for n in range(1, 61))


@pytest.fixture
def show(open_used_page, site):
    """Give a function that uploads a file and opens its page."""

    def show(data, filename, fragment="", **options):
        return open_used_page(site.put(data, filename)["url_p"] + fragment, **options)

    return show


def test_every_page_tells_what_there_is_to_know(show, site):
    data = b"known bytes"
    page = show(data, "facts & figures.txt")
    text = page.get_by_role("article").inner_text()
    assert page.title() == "facts & figures.txt · pastebin"
    for fact in ("11 bytes", "text/plain", hashlib.md5(data).hexdigest(), hashlib.sha256(data).hexdigest()):
        assert fact in text
    said = site.put(data, "facts & figures.txt")
    assert page.get_by_role("link", name="Short link").get_attribute("href") == said["url_s"]
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "facts & figures.txt"


def test_the_time_is_in_the_readers_own_zone(show):
    page = show(b"what time is it", "time.txt", timezone_id="Asia/Shanghai")
    shown = page.locator(".facts-line time")
    here, utc = shown.inner_text(), shown.get_attribute("title")
    assert utc.endswith("UTC")
    assert here.split()[-2] != utc.split()[-3]
    assert not re.search(r"\d:\d\d:\d\d", here)  # seconds would wrap the line on a phone


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


def test_an_image_that_the_browser_cannot_show_leaves_a_word_instead(open_used_page, site):
    address = site.put(make.png(50, 50), "lost.png")["url_p"]
    page = open_used_page()
    page.route("**/i/**", lambda route: route.abort())
    page.goto(address)
    expect(page.locator("[data-broken]")).to_be_visible()
    expect(page.locator("[data-image]")).to_be_hidden()
    expect(page.get_by_role("button", name="Crop")).to_be_hidden()


def test_fields_make_the_address_of_any_size(show):
    page = show(make.png(400, 300), "sizes.png", permissions=["clipboard-read", "clipboard-write"])
    address = page.get_by_role("textbox", name="Link to the result")
    size = page.locator("[data-result-size]")
    expect(size).to_have_text("400 × 300")
    page.locator("#w").fill("100")
    expect(size).to_have_text("100 × 75")
    page.locator("#h").fill("100")
    page.locator("#fit").select_option("crop")
    page.get_by_label("Format").select_option("webp")
    expect(size).to_have_text("100 × 100")
    expect(address).to_have_value(re.compile(r"/i/\w+\.png\?w=100&h=100&fit=crop&format=webp$"))
    page.get_by_role("button", name="Copy: Link to the result").click()
    expect(page.locator("[data-toast]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == address.input_value()
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
    expect(page.locator("[data-result-size]")).to_have_text("{} × {}".format(*source))  # its script is there
    page.locator("#w").fill(str(w or ""))
    page.locator("#h").fill(str(h or ""))
    page.locator("#fit").select_option(fit)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(() => setTimeout(done))))")
    foretold = page.locator("[data-result-size]").inner_text()
    page.goto(page.get_by_role("textbox", name="Link to the result").input_value())
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
    address = page.get_by_role("textbox", name="Link to the result").input_value()
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
    assert re.search(r"/i/\w+\.png$", page.get_by_role("textbox", name="Link to the result").input_value())


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
    page.locator("#w").fill("80")
    page.get_by_role("button", name="Open").click()
    assert "w=80" in page.url
    expect(page.locator("img")).to_be_visible()


def test_a_pdf_is_shown_inline(show):
    page = show(make.pdf(), "pages.pdf")
    frame = page.locator("iframe.pdf")
    expect(frame).to_be_visible()
    assert frame.get_attribute("src").endswith("#navpanes=0&view=FitH")  # pages in the width of the frame
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


@cache
def upright_film() -> bytes:
    """Return a video that is higher than wide."""
    source = ("-f", "lavfi", "-i", "testsrc=duration=0.2:size=90x160:rate=10")
    command = [find_program("ffmpeg"), "-v", "error", *source, "-c:v", "libvpx", "-f", "webm", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def test_an_upright_video_has_no_slabs_beside_it(show):
    page = show(upright_film(), "upright.webm", width=1024)
    box = page.locator("video").bounding_box()
    assert abs(box["width"] / box["height"] - 90 / 160) < 0.02


def test_a_video_plays(open_used_page, site):
    recorder = open_used_page("/")
    video = bytes(recorder.evaluate(make.VIDEO))
    page = open_used_page(site.put(video, "colours.webm")["url_p"])
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
    expect(page.locator(".tools")).to_contain_text(re.compile(r"First [\d.]+ kB of [\d.]+ kB · [\d,]+ lines"))
    link = page.get_by_role("link", name="Open the whole text").first
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


@pytest.mark.parametrize("script", [True, False])
def test_json_is_indented_and_says_so(show, script):
    page = show(json.dumps({"a": {"b": [1, 2]}}).encode(), "data.json", java_script_enabled=script)
    assert page.locator(".line").count() > 4
    expect(page.locator(".tools")).to_contain_text("JSON · 1 line, shown formatted")
    page.get_by_role("link", name="Show the source").click()
    expect(page.locator(".line")).to_have_count(1)
    expect(page.locator(".tools")).to_contain_text("JSON · 1 line ·")
    page.get_by_role("link", name="Show it formatted").click()
    assert page.locator(".line").count() > 4


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (3, "3 rows"),
        (1500, "First 1,000 of 1,500 rows"),
        (40_000, re.compile(r"First [\d.]+ kB of [\d.]+ kB · 1,000 rows")),
    ],
)
def test_a_table_says_how_many_rows_it_has(show, rows, words):
    page = show(b"name,number\n" + b"".join(b"row,%d\n" % n for n in range(rows)), "rows.csv")
    expect(page.locator(".tools")).to_contain_text(words)
    whole = page.get_by_role("link", name="Open the whole table as text")
    expect(whole).to_have_count(int(rows > 1000))
    if rows > 1000:
        whole.click()
        expect(page.locator("pre")).to_contain_text(f"row,{rows - 1}")


def test_a_table_is_sorted_by_its_heads(show):
    page = show(b"name,height\nb,10\na,9\nc,\nd,-2\n", "sort.csv")
    names = page.locator("tbody td:first-child")
    height = page.get_by_role("button", name="height")
    height.click()
    expect(names).to_have_text(["d", "a", "b", "c"])
    expect(page.get_by_role("columnheader", name="height")).to_have_attribute("aria-sort", "ascending")
    height.click()
    expect(names).to_have_text(["b", "a", "d", "c"])
    height.click()
    expect(names).to_have_text(["b", "a", "c", "d"])
    page.get_by_role("button", name="name").click()
    expect(names).to_have_text(["a", "b", "c", "d"])


def test_the_head_of_a_table_stays(show):
    page = show(b"name,number\n" + b"".join(b"row,%d\n" % n for n in range(300)), "long.csv", height=500)
    box = page.locator(".scroll")
    box.evaluate("box => box.scrollTo(0, 4000)")
    head = page.get_by_role("columnheader", name="name").bounding_box()
    assert abs(head["y"] - box.bounding_box()["y"]) <= 2


FULL = """() => [...document.querySelectorAll(".code, .scroll")]
  .every((box) => box.scrollHeight <= box.clientHeight + 1)"""


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"a,b\n" + b"".join(b"row,%d\n" % n for n in range(900)), "print.csv"),
        (make.archive(*(f"file {n}.txt" for n in range(60))), "print.zip"),
        (("x" * 400 + "\n").encode() * 300, "print.log"),
    ],
)
def test_print_has_all_of_it(show, data, name):
    page = show(data, name)
    page.emulate_media(media="print")
    assert page.evaluate(FULL)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for unwanted in (".bar", ".share-panel", ".tools button", ".foot"):
        assert not any(part.is_visible() for part in page.locator(unwanted).all())


@cache
def photo() -> bytes:
    """Return a JPEG of 12 million pixels with as much in it as a photo has."""
    out = io.BytesIO()
    noise = Image.effect_noise((800, 600), 90).resize((4000, 3000), Image.Resampling.BICUBIC)
    Image.merge("RGB", (noise, noise.transpose(Image.Transpose.FLIP_LEFT_RIGHT), noise)).save(
        out, "JPEG", quality=70
    )
    return out.getvalue()


def test_a_phone_gets_a_photo_in_the_size_that_it_shows(show):
    page = show(photo(), "photo.jpg", width=360, height=740)
    image = page.locator("[data-image]")
    expect(image).to_have_js_property("complete", True)
    answer = page.request.get(image.evaluate("image => image.currentSrc"))
    assert answer.headers["content-type"] == "image/avif"
    assert len(answer.body()) < 60_000
    expect(image).to_have_js_property("naturalWidth", 328)  # as the page shows it
    page.get_by_role("button", name="Zoom").click()
    expect(page.locator(".zoomed-view img")).to_have_js_property("naturalWidth", 4000)


@pytest.mark.parametrize(("width", "density", "kind"), [(360, 2, "image/avif"), (1440, 1, "image/webp")])
def test_a_photo_comes_in_a_size_that_the_screen_can_show(show, width, density, kind):
    page = show(photo(), "photo.jpg", width=width, height=740, device_scale_factor=density)
    image = page.locator("[data-image]")
    expect(image).to_have_js_property("complete", True)
    answer = page.request.get(image.evaluate("image => image.currentSrc"))
    assert answer.headers["content-type"] == kind
    with Image.open(io.BytesIO(answer.body())) as sent:
        shown = image.bounding_box()["width"] * density
        assert shown * 0.95 <= sent.width <= 1920
    assert len(answer.body()) < (200_000 if width == 360 else len(photo()) / 3)


def test_small_and_moving_pictures_stay_as_they_are(show):
    page = show(make.png(600, 400), "small.png")
    expect(page.locator("[data-image]")).not_to_have_attribute("srcset", re.compile("."))
    expect(page.locator("source")).to_have_count(0)


def test_on_a_phone_the_short_link_comes_before_any_tool(show):
    page = show(make.png(800, 600), "tools.png", width=360, height=740)
    link = page.get_by_role("link", name="Short link").bounding_box()
    tools = page.locator(".file-tools").bounding_box()
    assert link["y"] < tools["y"]


def test_an_icon_has_a_frame_and_squares_behind_what_is_clear(show):
    page = show(make.png(24, 24), "icon.png")
    assert page.locator(".picture").bounding_box()["height"] >= 160
    image = page.locator("[data-image]").bounding_box()
    assert (image["width"], image["height"]) == (24, 24)


def test_the_resize_tool_shows_downloads_and_keeps_its_result(show):
    page = show(make.png(400, 200), "tool.png")
    page.locator("#w").fill("100")
    expect(page.locator("#h")).to_have_attribute("placeholder", "50")
    canvas = page.locator("[data-result-picture]")
    expect(canvas).to_have_js_property("width", 100)
    assert canvas.evaluate("c => c.getContext('2d').getImageData(0, 0, 100, 50).data.some((n) => n > 0)")
    with page.expect_download() as download:
        page.locator("[data-result-download]").click()
    assert download.value.suggested_filename == "tool-100x50.png"
    with Image.open(download.value.path()) as image:
        assert image.size == (100, 50)
    page.get_by_role("button", name="Save as a file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("tool-100x50.png")
    expect(page.get_by_role("link", name="Short link")).to_be_visible()


def test_what_the_server_would_not_make_is_said_in_the_form(show):
    page = show(make.png(400, 300), "limits.png")
    page.locator("#w").fill("15000")
    expect(page.get_by_role("alert")).to_contain_text("at most 10,000 pixels a side and 40 million in all")
    expect(page.get_by_role("button", name="Save as a file")).to_be_disabled()
    page.locator("#w").fill("9000")
    expect(page.get_by_role("alert")).to_contain_text("The result is too large")
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(page.locator("[data-result-size]")).to_have_text("400 × 300")


def test_markdown_is_as_people_know_it(show):
    text = """# Contents

See [below](#more-of-it) and a note[^1].

- [x] done
- [ ] to do

| left | middle | right |
|:-----|:------:|------:|
| 1    | 2      | 3     |

```python
def f(): return None
```

## More of it

![far](https://example.org/far.png) ![near](near.png)

[^1]: The note.
"""
    page = show(text.encode(), "known.md")
    boxes = page.locator(".prose input[type=checkbox]")
    expect(boxes).to_have_count(2)
    expect(page.get_by_role("checkbox", name="done")).to_be_checked()
    expect(page.get_by_role("checkbox", name="to do")).to_be_disabled()
    aligned = "cells => cells.map((cell) => getComputedStyle(cell).textAlign)"
    assert page.locator(".prose td").evaluate_all(aligned) == ["start", "center", "end"]
    plain, coloured = (
        page.locator(place).first.evaluate("one => getComputedStyle(one).color")
        for place in (".prose pre code", ".prose pre .hl-k")
    )
    assert plain != coloured
    page.get_by_role("link", name="below").click()
    expect(page.get_by_role("heading", name="More of it")).to_be_in_viewport()
    page.get_by_role("link", name="[1]").click()
    expect(page.locator("#fn1")).to_be_in_viewport()
    assert page.locator(".prose img").count() == 0
    expect(page.get_by_role("link", name="far")).to_have_attribute("href", "https://example.org/far.png")


def test_single_keys_press_what_there_is_and_can_be_turned_off(show):
    page = show(b"key\n", "keys.txt", permissions=["clipboard-read", "clipboard-write"])
    page.keyboard.press("c")
    expect(page.locator("[data-toast]")).to_have_text("Copied")
    with page.expect_download():
        page.keyboard.press("d")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Download")
    dialog.get_by_label("Use single keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.get_by_role("heading", level=1)).to_have_text("keys.txt")


def test_other_programs_of_a_phone_get_the_link(open_page, site):
    address = site.put(b"shared on", "on.txt")
    page = open_page("about:blank")
    page.add_init_script("navigator.share = async (what) => { window.shared = what; }")
    page.goto(address["url_p"])
    page.get_by_role("button", name="Share…").click()
    assert page.evaluate("shared") == {"title": "on.txt", "url": address["url_s"]}


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (json.dumps([{"key": n, "values": [1, 2, 3]} for n in range(700)]), "data.json"),
        ("log line\n" * 20_000, "large.log"),
    ],
)
def test_large_texts_are_light_and_laid_out_when_they_are_near(show, data, name):
    page = show(data.encode(), name)
    lines = page.locator(".line").count()
    assert page.locator("[data-code] *").count() < 3.5 * lines
    blocks = page.locator(".lines")
    assert blocks.count() == lines // 50
    assert blocks.last.evaluate("block => getComputedStyle(block).contentVisibility") == "auto"
    foretold, laid_out = (blocks.nth(n).evaluate("block => block.offsetHeight") for n in (1, 0))
    assert abs(foretold - laid_out) <= 2
    assert not page.locator(f"#L{lines // 100 * 100 - 50}").evaluate(
        "line => line.checkVisibility({ contentVisibilityAuto: true })"
    )


# Adds up how far a page jumps by itself, as a part of its window.
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("width", [360, 1440])
def test_pages_do_not_jump_while_they_load(open_page, site, width):
    files = {
        "photo.jpg": photo(),
        "notes.md": b"# Title\n\nText\n" * 50,
        "table.csv": b"a,b\n" + b"1,2\n" * 500,
        "server.log": b"a line of a log that is as long as a line of a log is\n" * 1000,
        "clip.webm": b"\x1a\x45\xdf\xa3" + bytes(200),
    }
    page = open_page("about:blank", width=width, height=740)
    page.context.add_cookies([{"name": "wrap", "value": "on", "url": site.url}])
    page.add_init_script(SHIFTS)
    jumped = {}
    for name, data in files.items():
        page.goto(site.put(data, name)["url_p"])
        page.wait_for_load_state("networkidle")
        jumped[name] = page.evaluate("shifted")
    assert max(jumped.values()) <= 0.02, jumped


# Lines that are longer than a phone is wide, with words that are, and tabs.
WRAPPED = "".join(
    "\t" * (n % 3) + f"12:00:{n % 60:02} INFO {'word ' * (n % 17)}{'x' * (n % 90)} more\n" for n in range(900)
)


def test_a_wrapped_text_does_not_jump_where_it_ends(open_page, site):
    page = open_page("about:blank", width=360, height=740)
    page.add_init_script(SHIFTS)
    page.goto(site.put(WRAPPED.encode(), "wrapped.log")["url_p"])
    foretold = "[...document.querySelectorAll('.lines')].map((block) => block.offsetHeight)"
    page.get_by_role("button", name="Wrap").click()
    wait_until(page, f"{foretold}.at(-1) > 2000")
    page.wait_for_timeout(600)  # what follows a press within half a second is no jump
    guesses = page.evaluate(foretold)
    page.evaluate("shifted = 0")
    page.locator(".encoding").evaluate("element => element.scrollIntoView()")
    page.wait_for_timeout(300)
    assert page.evaluate("shifted") <= 0.02
    page.locator(".lines").evaluate_all(
        "all => all.forEach((one) => { one.style.contentVisibility = 'visible' })"
    )
    laid_out = page.evaluate(foretold)
    assert max(abs(one - other) / other for one, other in zip(guesses, laid_out, strict=True)) < 0.03
    page.get_by_role("button", name="Wrap").click()
    expect(page.locator(".lines").last).to_have_css("contain-intrinsic-block-size", "auto 1120px")


def test_an_archive_lists_what_is_in_it(show):
    page = show(make.archive("docs/read me.txt", "docs/<i>.txt"), "docs.zip")
    expect(page.get_by_role("cell", name="docs/read me.txt")).to_be_visible()
    expect(page.get_by_role("cell", name="docs/<i>.txt")).to_be_visible()


def test_an_archive_is_searched(show):
    page = show(make.archive(*(f"folder/{n} of many.txt" for n in range(30))), "many.zip")
    page.get_by_label("Search this archive").fill("FOLDER/17")
    expect(page.locator("tbody tr:visible")).to_have_count(1)


def test_the_rest_is_shown_byte_by_byte(show):
    page = show(bytes(range(256)) * 4, "unknown.bin")
    expect(page.get_by_role("region", name="First bytes")).to_contain_text("00 01 02 03")


DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="6"><path d="M0 0h8v6z"/></svg>'


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (DRAWING, "drawing.svg", "<svg"),
        (ImageFont.load_default(10).path.getvalue(), "letters.ttf", "Aileron"),
        (documents.epub("A title", "Somebody", make.image(90, 120, "JPEG")), "book.epub", "A title"),
    ],
    ids=["drawing", "font", "book"],
)
def test_what_has_a_picture_of_itself_shows_it(show, data, name, words):
    page = show(data, name)
    picture = page.locator(".stage img")
    expect(picture).to_be_visible()
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    expect(page.locator(".stage")).to_contain_text(words)


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


def test_a_page_reached_by_upload_shares_the_same_way(open_used_page):
    page = open_used_page()
    drop(page, ("both.txt", "text/plain", "shared in two places"))
    card = page.locator(".card[data-state=done]")
    expect(card).to_be_visible()
    texts = "fields => fields.map((field) => [field.dataset.share, field.value ?? field.href])"
    before = page.locator("[data-share]").evaluate_all(texts)
    card.get_by_role("link", name="Preview").click()
    page.wait_for_url("**/p/**")
    expect(page.locator("[data-share=wget]")).to_have_value(re.compile("wget"))
    assert page.locator("[data-share]").evaluate_all(texts) == before


def test_a_text_that_is_too_intricate_is_shown_plain(show):
    text = '"' + "\\" * 60
    page = show(f"{text}\n".encode(), "hang.scala")
    expect(page.locator(".stage")).to_contain_text(
        "This text is too complex to format, so it is shown plain."
    )
    expect(page.locator("#L1")).to_have_text(text)
    expect(page.get_by_role("button", name="Copy text")).to_be_visible()


def picture_of_text(page):
    """Return the picture that a page makes of its text."""
    page.get_by_role("button", name="As a picture").click()
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "picture.py.png"
    with Image.open(download.value.path()) as image:
        return image.convert("RGB")


def test_a_text_becomes_a_picture(show):
    page = show(CODE.encode(), "picture.py", accept_downloads=True)
    whole = picture_of_text(page)
    assert whole.height == (60 * 22 + 48) * 2
    assert len(whole.getcolors(2**24)) > 50  # letters, in the colours of the page
    page.keyboard.press("Escape")
    page.locator("#L3 > a").click()
    page.locator("#L7 > a").click(modifiers=["Shift"])
    part = picture_of_text(page)
    assert part.height == (5 * 22 + 48) * 2


def test_a_picture_of_a_text_is_copied_and_dark_where_the_page_is(show):
    page = show(
        "كتاب 你好\tx\n".encode() * 3, "words.txt", color_scheme="dark", permissions=["clipboard-write"]
    )
    page.get_by_role("button", name="As a picture").click()
    dialog = page.get_by_role("dialog")
    pixel = dialog.locator("canvas").evaluate(
        "one => [...one.getContext('2d').getImageData(2, 2, 1, 1).data]"
    )
    assert max(pixel[:3]) < 60
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_role("status")).to_have_text("Copied")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("script", [True, False])
def test_an_html_page_is_shown_without_scripts_and_requests(open_page, site, script):
    text = (
        "<!doctype html><style>p { color: rgb(1, 2, 3) }</style><p>A page of words.</p>"
        "<script>document.body.append('ran')</script><img src=/canary>"
    )
    page = open_page(site.put(text.encode(), "page.html")["url_p"], java_script_enabled=script)
    answered = []  # what the policy stops is asked for and never sent
    page.on("response", lambda response: answered.append(response.url))
    expect(page.get_by_text("<!doctype html>")).to_be_visible()
    page.get_by_role("group", name="Text").get_by_text("Page", exact=True).click()
    words = page.frame_locator(".framed iframe").locator("p")
    expect(words).to_have_text("A page of words.")
    expect(words).to_have_css("color", "rgb(1, 2, 3)")
    expect(page.frame_locator(".framed iframe").locator("body")).not_to_contain_text("ran")
    assert not [address for address in answered if "canary" in address]
