"""What people notice on a closer look: words, prints, phones, frames, what is remembered."""

import io
import json
import re
import struct

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser import samples as make
from tests.browser.accessibility import SMALL
from tests.browser.pages import choose, done, drop, wait_until
from tests.inprocess import documents

PHONE = {"width": 360, "height": 740, "is_mobile": True, "has_touch": True}
HEIGHT = "one => one.getBoundingClientRect().height"
GROUND = "one => getComputedStyle(one).backgroundColor"


def shot() -> bytes:
    """Return a picture that says how it was taken."""
    block, out = Image.Exif(), io.BytesIO()
    block[0x010F], block[0x0110] = "Canon", "EOS R5"
    block.get_ifd(0x8769)[0x9003] = "2026:05:04 13:14:15"
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG", exif=block.tobytes())
    return out.getvalue()


def song() -> bytes:
    """Return a FLAC that says who sings what, with a cover and without a sound."""
    tags = b"".join(
        struct.pack("<L", len(tag)) + tag for tag in (b"TITLE=Song", b"ARTIST=Someone", b"ALBUM=Record")
    )
    cover = make.image(60, 60, "JPEG")
    picture = struct.pack(">LL", 3, 10) + b"image/jpeg" + bytes(20) + struct.pack(">L", len(cover)) + cover
    blocks = ((0, bytes(34)), (4, struct.pack("<LL", 0, 3) + tags), (0x86, picture))
    return b"fLaC" + b"".join(bytes([kind]) + len(data).to_bytes(3, "big") + data for kind, data in blocks)


@pytest.fixture(scope="module")
def pages(site):
    """Give name → address of files that many tests look at."""
    files = {
        "photo.jpg": shot(),
        "song.flac": song(),
        "tone.wav": make.sound(),
        "icon.png": make.png(24, 24),
        "picture.png": make.png(1200, 900),
        "one.txt": b"one line\n",
        "marks.md": b"Text\n\n---\n\n## A heading\n\n| Name | Number of it |\n|---|---|\n| 300,000 | "
        + b"words " * 60
        + b"|\n",
        "code.go": b"package main\n" + b"x" * 3000 + b"\n",
        "query.sql": b"SELECT 1;\n",
        "notes.md": b"# Notes\n\n" + b"word " * 400 + b"\n\n```\n" + b"x" * 900 + b"\n```\n\n|a|b|\n|-|-|\n"
        b"|" + b"y" * 300 + b"|2|\n",
        "words.txt": "سطر عربي من النص\nan English line\n".encode(),
        "rows.csv": b"name,number\n" + b"".join(b"row,%d\n" % n for n in range(1500)),
        "wide.csv": b",".join(b"column%d" % n for n in range(30)) + b"\n" + (b"1234567," * 29 + b"9\n") * 150,
        "many.zip": make.archive(*(f"file {n}.txt" for n in range(60))),
        "letter.docx": documents.docx(*("A paragraph of a letter. " * 20 for _ in range(40))),
        "unknown.bin": bytes(range(256)) * 30,
        "long.log": b"a line of a log, long\n" * 20_000,
        "data.json": json.dumps([{"key": "x" * 500, "n": n} for n in range(40)]).encode(),
        "report.pdf": make.pdf(),
        f"{'name ' * 40}.txt": b"a long name\n",
    }
    return {name: site.put(data, name)["url_p"] for name, data in files.items()}


WORDS = {
    "/": (
        (
            "Get a preview page, a short link and a download. Images come in any size you ask for.",
            "你会得到预览页面、短链接和下载地址。图片可按任意尺寸获取。",
        ),
        ("Up to 3 MB per file.", "单个文件最大 3 MB。"),
        ("Don't show on Latest", "不在“最新”中显示"),
        ("Drop to upload", "松开即可上传"),
        ("Clear list", "全部清除"),
        ("This list is kept in this browser only. Your files stay online.", "清除记录不会删除任何文件。"),
        ("System", "跟随系统"),
        ("Plain text", "纯文本"),
        ("Already uploaded, same link", "文件已存在，链接不变"),
        ("Too large: {size}. The limit is {limit}.", "文件过大：{size}，上限为 {limit}。"),
        ("{ready} of {total} ready", "已完成 {ready}/{total}"),
        ("Copy all links", "复制全部链接"),
        ("Clear finished", "清除已完成"),
        ("Cancel all", "全部取消"),
        ("Show more", "显示更多"),
    ),
    "picture.png": (
        ("Resize and crop", "调整尺寸与裁剪"),
        ("Link to the result", "结果链接"),
        ("Crop to fill", "填满并裁切"),
        ("Fit inside", "完整显示"),
        ("Crop area (pixels)", "裁剪区域（原图像素）"),
        ("X", "起点 X"),
        ("Y", "起点 Y"),
        ("Fit", "适应窗口"),
        ("Download", "下载"),
        ("Save as a file", "另存为新文件"),
        ("Reset", "重置"),
    ),
    "one.txt": (("1 line", "1 行"),),
    "rows.csv": (("First 1,000 of 1,500 rows", "前 1,000 行，共 1,500 行"),),
    "data.json": (("1 line, shown formatted", "1 行，已格式化显示"),),
    "/p/missing": (("There is no such file.", "没有这个文件。"), ("Upload a file", "上传文件")),
    "/s/zzzzzz": (("There is no such short link.", "没有这个短链接。"),),
    "/i/{picture}?w=0": (
        ("w must be a whole number from 1 to 10000, not '0'.", "w 必须是 1 到 10000 之间的整数"),
    ),
    "/i/{text}?w=9": (
        (
            "Only images can be cropped or resized, and this file isn't one.",
            "只有图片可以裁剪或调整尺寸，此文件不是图片。",
        ),
    ),
}


@pytest.mark.parametrize(("language", "place"), [("en", 0), ("zh_CN", 1)])
def test_words_are_natural_in_both_languages(open_used_page, pages, language, place):
    page = open_used_page(f"/?lang={language}")
    names = {"picture": pages["picture.png"], "text": pages["one.txt"]}
    names = {noun: address.rpartition("/")[2] for noun, address in names.items()}
    missing = []
    for name, pairs in WORDS.items():
        page.goto(pages.get(name) or name.format(**names))
        text = page.locator("body").evaluate("body => body.textContent")  # with what is not seen yet
        missing += [(name, pair[place]) for pair in pairs if pair[place] not in text]
    assert not missing


PRINTED = """() => ({
  cut: [...document.querySelectorAll(".code, .scroll, .prose pre, .prose table, .paper")]
    .filter((box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1).length,
  wide: document.documentElement.scrollWidth > innerWidth,
  pale: !getComputedStyle(document.body).color.startsWith("rgb(29,"),
  pressed: [...document.querySelectorAll("button, summary, form, .bar, .foot, .share-panel")]
    .filter((one) => one.checkVisibility() && !one.closest("th")).map((one) => one.outerHTML.slice(0, 90)),
})"""


def test_print_has_all_of_every_kind_and_no_buttons(open_used_page, pages):
    page = open_used_page(width=700)
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": pages["one.txt"]}])
    page.emulate_media(media="print", color_scheme="dark")
    wrong = {}
    kinds = (
        "code.go",
        "notes.md",
        "wide.csv",
        "many.zip",
        "letter.docx",
        "unknown.bin",
        "data.json",
        "picture.png",
    )
    for name in kinds:
        page.goto(pages[name])
        found = page.evaluate(PRINTED)
        wrong[name] = [term for term, value in found.items() if value] and found
    assert not any(wrong.values()), wrong


def test_what_touches_cannot_do_is_not_offered_to_them(open_used_page):
    page = open_used_page(**PHONE)
    for words in ("Drop files anywhere on this page", "or paste a picture from the clipboard"):
        expect(page.get_by_text(words)).to_be_hidden()
    expect(page.get_by_role("button", name="Choose a folder")).to_be_hidden()
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()


def test_a_box_stands_beside_its_words(open_used_page):
    page = open_used_page(**PHONE)
    page.locator("[data-options] summary").click()
    label = page.locator("[data-options] label.check").first
    gaps = label.evaluate(
        """label => {
          const [words, input] = [document.createRange(), label.querySelector("input")];
          words.selectNodeContents(label);
          words.setStartAfter(input);
          const [box, text] = [input.getBoundingClientRect(), words.getBoundingClientRect()];
          return [text.left - box.right, box.left - label.parentElement.getBoundingClientRect().left];
        }"""
    )
    assert 4 <= gaps[0] <= 12
    assert gaps[1] <= 2
    assert label.evaluate("one => getComputedStyle(one).textAlign") == "start"


def test_nothing_shines_through_while_a_file_is_dragged(open_used_page):
    page = open_used_page()
    page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["x"], "dragged.txt"));
          document.body.dispatchEvent(new DragEvent("dragenter", { dataTransfer, bubbles: true }));
        }"""
    )
    overlay = page.locator(".drop-anywhere")
    expect(overlay).to_be_visible()
    assert float(re.search(r"([\d.]+)\)$", overlay.evaluate(GROUND))[1]) >= 0.95


def test_fields_of_a_text_look_alike(open_used_page):
    page = open_used_page()
    page.get_by_role("radio", name="Text").check(force=True)
    title, text = page.locator("#editor-title"), page.locator("#editor-text")
    assert title.evaluate(GROUND) == text.evaluate(GROUND)


def test_a_long_name_has_three_lines_and_is_whole_below(open_used_page, pages):
    name = next(name for name in pages if name.startswith("name name"))
    page = open_used_page(pages[name], **PHONE)
    heading = page.get_by_role("heading", level=1)
    line = heading.evaluate("one => parseFloat(getComputedStyle(one).lineHeight)")
    assert heading.evaluate(HEIGHT) <= 3.5 * line
    expect(page.locator(".about")).to_contain_text(name)


def test_an_arabic_line_begins_at_the_right(open_used_page, pages):
    page = open_used_page(pages["words.txt"])
    left = """line => {
      const range = document.createRange();
      range.selectNodeContents(line);
      range.setStartAfter(line.querySelector("a"));
      return range.getBoundingClientRect().left - line.getBoundingClientRect().left;
    }"""
    arabic, english = (page.locator(place).evaluate(left) for place in ("#L1", "#L2"))
    assert arabic > 200 > english


def test_markdown_keeps_its_edge_and_its_words_on_a_phone(open_used_page, pages):
    page = open_used_page(pages["marks.md"], width=360)
    left = "one => one.getBoundingClientRect().left"
    text, rule = (page.locator(f".prose > {tag}").first.evaluate(left) for tag in ("p", "hr"))
    assert text == rule
    head = page.get_by_role("columnheader", name="Number of it")
    lines = """one => {
      const words = document.createRange();
      words.selectNodeContents(one);
      return words.getClientRects().length;
    }"""
    assert head.evaluate(lines) <= 3  # breaks between words at most
    assert page.get_by_role("columnheader", name="Name").evaluate(lines) == 1
    assert page.get_by_role("cell", name="300,000").evaluate(lines) == 1
    anchor = page.get_by_role("heading", name="A heading").locator("a")
    assert anchor.get_attribute("href") == "#h-a-heading"


def test_fields_of_a_crop_fill_their_rows(open_used_page, pages):
    page = open_used_page(pages["picture.png"], **PHONE)
    page.get_by_role("button", name="Crop").click()
    region = page.locator("[data-region]")
    expect(region).to_be_visible()
    rows = region.locator(".field").evaluate_all(
        "fields => fields.map((one) => Math.round(one.getBoundingClientRect().top))"
    )
    assert [rows.count(row) for row in dict.fromkeys(rows)] == [1, 2, 2]
    legend, label = (region.locator(tag).first.bounding_box() for tag in ("legend", "label"))
    assert label["y"] - legend["y"] - legend["height"] >= 6


def test_what_opens_beside_a_picture_leaves_it_in_its_place(open_used_page, pages):
    page = open_used_page(pages["icon.png"], width=1440)
    parts = page.locator(".picture, .file-tools")
    places = "parts => parts.map((one) => [one.offsetTop, one.offsetHeight])"
    before = parts.evaluate_all(places)
    page.get_by_text("More ways to share").click()
    page.get_by_text("QR code").click()
    expect(page.locator("[data-share=wget]")).to_be_visible()
    assert parts.evaluate_all(places) == before


def test_a_picture_without_clear_parts_has_no_squares(open_used_page, pages):
    page = open_used_page(pages["photo.jpg"])
    expect(page.locator("[data-image]")).to_have_css("background-image", "none")


def test_kinds_have_the_names_that_people_use(open_used_page, pages):
    page = open_used_page()
    for name, word, mimetype in (
        ("code.go", "Go", "text/x-c"),
        ("query.sql", "SQL", "text/plain"),
        ("notes.md", "Markdown", "text/html"),
    ):
        page.goto(pages[name])
        facts = page.locator(".facts-line")
        expect(facts.get_by_text(word, exact=True)).to_be_visible()
        expect(facts).not_to_contain_text(mimetype)


def test_how_a_picture_was_taken_is_told(open_used_page, pages):
    page = open_used_page(pages["photo.jpg"])
    expect(page.locator(".about")).to_contain_text("Canon EOS R5")
    expect(page.locator(".about")).to_contain_text("May 4, 2026")


def test_a_sound_says_what_it_is(open_used_page, pages):
    page = open_used_page(pages["song.flac"])
    expect(page.locator(".sound-cover")).not_to_have_js_property("naturalWidth", 0)
    expect(page.locator(".sound")).to_contain_text("Song")
    assert page.locator("audio").evaluate(HEIGHT) >= 40
    expect(page.locator(".sound")).to_contain_text(re.compile("Someone.*Record", re.DOTALL))
    page.goto(pages["tone.wav"])
    expect(page.locator(".facts-line")).to_contain_text("0:03")


def test_a_file_comes_out_of_an_archive(open_used_page, pages):
    page = open_used_page(pages["many.zip"])
    expect(page.get_by_role("link", name="Open", exact=True)).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="file 7.txt").click()
    assert download.value.path().read_text() == "content of file 7.txt"


@pytest.mark.parametrize("name", ["report.pdf", "long.log", "rows.csv"])
def test_on_a_phone_the_links_come_before_what_is_long(open_used_page, pages, name):
    page = open_used_page(pages[name], **PHONE)
    link = page.get_by_role("link", name="Short link").bounding_box()
    assert link["y"] + link["height"] < 740
    assert link["y"] < page.locator(".stage").bounding_box()["y"]


def test_wrapping_is_remembered(open_used_page, pages):
    page = open_used_page(pages["code.go"])
    wrap = page.get_by_role("button", name="Wrap")
    wrap.click()
    page.goto(pages["one.txt"])
    expect(wrap).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-code]")).to_have_class(re.compile("wrapped"))
    wrap.click()
    page.goto(pages["code.go"])
    expect(wrap).to_have_attribute("aria-pressed", "false")


def test_a_page_comes_wrapped_and_does_not_jump_later(open_used_page, pages):
    page = open_used_page(pages["code.go"])
    page.get_by_role("button", name="Wrap").click()
    page.route("**/lines.js", lambda route: route.abort())
    page.goto(pages["one.txt"])
    expect(page.locator("[data-code]")).to_have_class("code wrapped")
    expect(page.get_by_role("button", name="Wrap")).to_have_attribute("aria-pressed", "true")


def test_the_first_column_of_a_wide_table_stays(open_used_page, pages):
    page = open_used_page(pages["wide.csv"], width=360)
    apart = """(() => {
      const box = document.querySelector(".scroll");
      box.scrollTo(900, 300);
      const first = box.querySelector("tbody tr:nth-child(20) > :first-child");
      return Math.abs(first.getBoundingClientRect().x - box.getBoundingClientRect().x);
    })()"""
    assert page.evaluate("document.querySelector('.scroll').scrollWidth") > 1500
    wait_until(page, f"{apart} <= 2")
    assert page.evaluate("document.querySelector('.scroll').scrollLeft") == 900


def test_lines_that_differ_have_grounds_of_their_own(open_used_page, site):
    old, new = (site.put(text, name)["url_p"] for text, name in ((b"a\nb\n", "a.txt"), (b"a\nc\n", "b.txt")))
    page = open_used_page(f"{new}?against={old.rpartition('/')[2]}")
    lines = page.locator(".line")
    grounds = {
        lines.filter(has_text=re.compile(text)).last.evaluate(GROUND) for text in ("^ a", "^-c", "^[+]b")
    }
    assert len(grounds) == 3


def test_a_clear_picture_has_squares_that_show_black_and_white(open_used_page, site):
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    page = open_used_page(site.put(out.getvalue(), "clear.png")["url_p"], color_scheme="dark")
    tones = page.locator(".file").evaluate(
        """one => ["--square", "--other-square"].map((name) => {
          const probe = Object.assign(document.createElement("i"));
          one.append(probe);
          probe.style.color = `var(${name})`;
          return Number(/\\d+/.exec(getComputedStyle(probe).color)[0]);
        })"""
    )
    assert all(60 < tone < 200 for tone in tones)
    page.get_by_role("button", name="Zoom").click()
    expect(page.locator(".zoomed-view img")).to_have_css("background-image", re.compile("conic-gradient"))
    for _ in range(6):
        page.keyboard.press("+")
    expect(page.locator(".zoomed-view img")).to_have_css("image-rendering", "pixelated")


def test_a_second_tap_on_cancel_leaves_the_card_with_its_retry(open_page, samples):
    page = open_page(**PHONE)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 50_000}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    choose(page, samples("slow.bin", bytes(2**20)))
    cancel = page.get_by_role("button", name="Cancel").bounding_box()
    place = (cancel["x"] + cancel["width"] / 2, cancel["y"] + cancel["height"] / 2)
    page.mouse.dblclick(*place)
    expect(page.get_by_role("button", name="Retry")).to_be_visible()


# A line on which 800 kB pass in two seconds, and then nothing.
STALLING = """
XMLHttpRequest.prototype.send = function () {
  let sent = 0;
  const timer = setInterval(() => {
    sent += 100_000;
    this.upload.onprogress({ loaded: sent, total: 2 ** 21 });
    if (sent === 800_000) clearInterval(timer);
  }, 250);
};
"""


def test_an_upload_that_stalls_promises_nothing(open_page, samples):
    page = open_page("about:blank")
    page.clock.install()
    page.add_init_script(STALLING)
    page.goto("/")
    choose(page, samples("stalled.bin", bytes(2**21)))
    expect(page.locator(".card-status")).to_contain_text("2 MB")
    page.clock.run_for(3000)
    expect(page.locator(".card-status")).to_contain_text("sec left")
    page.clock.run_for(8000)
    expect(page.locator(".card-status")).to_have_text("781.3 kB of 2 MB")


def test_sizes_are_the_same_on_cards_and_pages(open_used_page):
    page = open_used_page()
    drop(page, ("size.txt", "text/plain", "x" * 762_240))
    done(page)
    expect(page.locator(".card-status")).to_contain_text("744.4 kB")
    page.get_by_role("link", name="Preview").click()
    expect(page.locator(".facts-line")).to_contain_text("744.4 kB")


def test_latest_shows_what_files_are(open_used_page, site):
    icon = site.put(make.png(24, 24), "an icon on the wall.png")["filename"]
    name = f"{'a name of many words ' * 6}.pdf"
    site.put(make.pdf(), name)
    site.put(b"def f():\n    return 1\n" * 30, "shown on the wall.py")
    page = open_used_page("/latest", width=360)
    tile = page.locator(".wall > li", has_text="a name of many words").first
    for one in (tile, page.locator(".wall > li", has_text="shown on the wall.py")):
        expect(one.locator("img")).not_to_have_js_property("naturalWidth", 0)
        expect(one.locator(".hint")).to_contain_text(re.compile(r"\d{4}"))
    box = page.locator(".wall > li", has_text=icon).locator("img").bounding_box()
    assert (box["width"], box["height"]) == (24, 24)
    assert tile.locator("bdi").evaluate("one => getComputedStyle(one).webkitLineClamp") == "2"
    assert tile.locator("bdi").evaluate(HEIGHT) < 50
    page.get_by_role("navigation", name="Type").get_by_role("link", name="PDF").click()
    expect(page.locator(".wall > li", has_text="shown on the wall.py")).to_have_count(0)
    expect(page.locator(".wall > li", has_text="a name of many words").first).to_be_visible()


SHARED = """
async ([kind, value]) => {
  const answer = await fetch(document.querySelector("link[rel=manifest]").href);
  const { share_target: target } = await answer.json();
  const form = Object.assign(document.createElement("form"), target);
  form.setAttribute("action", target.action);
  const field = document.createElement("input");
  if (kind === "file") {
    const data = new DataTransfer();
    data.items.add(new File([value], "from a phone.txt", { type: "text/plain" }));
    Object.assign(field, { type: "file", name: target.params.files[0].name, files: data.files });
  } else Object.assign(field, { name: target.params.text, value });
  form.append(field);
  document.body.append(form);
  form.submit();
}
"""


@pytest.mark.parametrize(("kind", "name"), [("file", "from a phone.txt"), ("text", "text.txt")])
def test_a_phone_installs_it_and_shares_to_it(open_page, kind, name):
    page = open_page()
    manifest = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["display"] == "minimal-ui"
    page.evaluate(SHARED, [kind, f"shared as a {kind}"])
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("#L1")).to_have_text(f"shared as a {kind}\n")
    expect(page.get_by_role("link", name="Short link")).to_be_visible()


def test_what_fingers_press_is_large_enough(open_used_page, pages):
    page = open_used_page(**PHONE)
    wrong = {"upload": page.evaluate(SMALL)}
    drop(page, *((f"row {n}.txt", "text/plain", f"row {n} of what fingers press") for n in range(3)))
    done(page, 3)
    page.get_by_role("button", name="Details: row 1.txt").click()
    wrong["cards"] = page.evaluate(SMALL)
    page.goto("/")
    page.get_by_role("radio", name="Text").check(force=True)
    page.locator("[data-options] summary").click()
    wrong["editor and history"] = page.evaluate(SMALL)
    page.goto(pages["picture.png"])
    wait_until(page, "!document.querySelector('[data-crop]').disabled")
    page.get_by_role("button", name="Crop").click()
    page.get_by_text("More ways to share").click()
    wrong["tools"] = page.evaluate(SMALL)
    assert not any(wrong.values()), wrong
