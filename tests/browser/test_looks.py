"""Every page at three widths, light and dark: fits, readable, accessible, quick, in the reader's language."""

import json
import re
from pathlib import Path

import pytest
import requests
from PIL import ImageFont
from playwright.sync_api import expect

from tests.browser import samples as make
from tests.browser.accessibility import OF_LOOKS, dead_parts, faults, violations
from tests.browser.conftest import Site
from tests.browser.pages import done, drop, overflow, wait_until
from tests.inprocess import contents, documents
from tests.servers import AppServer

PHOTOS = Path(__file__).parents[1] / "unit" / "images" / "files"

LONG = "a long name without any place to break it" * 4

FILES = {
    "image": (make.png(1200, 900), f"{LONG.replace(' ', '_')}.png"),
    "tall image": (make.png(30, 2000), "tall.png"),
    "pdf": (make.pdf(), "report.pdf"),
    "audio": (make.sound(), "tone.wav"),
    "text": (b"def f(x):\n    return '" + b"wide " * 200 + b"'  # comment\n", "wide.py"),
    "markdown": (
        b"# Title\n\nText [link](https://example.org) `code`.\n\n> quoted\n\n```\nblock "
        + b"x" * 300
        + b"\n```\n"
        b"\n| a | b |\n|---|---|\n| " + b"x" * 300 + b" | 2 |\n",
        "notes.md",
    ),
    "table": (
        b"name," + b",".join(b"column%d" % n for n in range(30)) + b"\n" + b"x," * 30 + b"y\n",
        "wide.csv",
    ),
    "json": (json.dumps({"key": ["x" * 400, 1, None]}).encode(), "data.json"),
    "archive": (make.archive("folder/file.txt", "x" * 250), "files.zip"),
    "bytes": (bytes(range(256)) * 30, "unknown.bin"),
    "video": (b"\x1a\x45\xdf\xa3" + bytes(200), "clip.webm"),
    "html": (b"<!doctype html><title>Page</title><p>Words.</p>", "page.html"),
    "drawing": (b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>', "drawing.svg"),
    "document": (documents.docx("A letter.", "x" * 300), "letter.docx"),
    "workbook": (documents.xlsx([["name", "number"], ["x" * 300, 2.0]]), "costs.xlsx"),
    "font": (ImageFont.load_default(10).path.getvalue(), "letters.ttf"),
    "broken image": (b"\xff\xd8\xff\xe0" + bytes(60), "broken.jpg"),
    "empty": (b"", "empty"),
}
# What else is looked into, in one language: what these pages say themselves is on others too.
DOCUMENTS = {
    "book": (documents.epub("A title", "Somebody", make.image(90, 120, "JPEG")), "book.epub"),
    "photo of a phone": ((PHOTOS / "turned.heic").read_bytes(), "photo.heic"),
    "video": (contents.MP4, "film.mp4"),
    "packed archive": (contents.tar_gz(), "files.tar.gz"),
    "text of Windows": ("Grüße – „so“\n".encode("cp1252") * 40, "notes.txt"),
    "colours of a terminal": (b"\x1b[31mred\x1b[0m and \x1b[1;44mmore\x1b[0m\n" * 20, "build.log"),
}
OTHERS = {
    "upload": "/",
    "latest": "/latest",
    "videos": "/latest?type=video",
    "missing": "/p/missing",
    "api": "/api/v1/",
}


@pytest.fixture(scope="module")
def addresses(site):
    """Give name → address of every kind of page."""
    files = {name: site.put(*file)["url_p"] for name, file in FILES.items()}
    comparison = f"{files['text']}?against={files['markdown'].rpartition('/')[2]}"
    return {**OTHERS, **files, "comparison": comparison, "edited": f"{files['markdown']}?edit=utf-8"}


@pytest.fixture(scope="module")
def branded(tmp_path_factory):
    """Give a server with an operator's name, logo, colour and foot."""
    folder = tmp_path_factory.mktemp("branded")
    (folder / "logo.png").write_bytes(make.png(64, 64))
    settings = {
        "site_name": "Harbour Files",
        "logo": str(folder / "logo.png"),
        "accent_color": "#ff6600",
        "footer_text": "Run by the harbour.",
        "legal_links": "Imprint https://example.org/imprint",
    }
    with AppServer(folder / "app", settings) as server:
        yield Site(server.url)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_page_fits_and_is_accessible(open_used_page, addresses, language):
    page = open_used_page(f"/?lang={language}")
    wrong = {}
    for name, address in addresses.items():
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == {"en": "en", "zh_CN": "zh-Hans"}[language]
        wrong[name] = faults(page)
    assert not any(wrong.values()), wrong


def test_nothing_is_dead_without_javascript(open_used_page, addresses):
    page = open_used_page(java_script_enabled=False, width=360, height=740)
    wrong = {}
    for name, address in addresses.items():
        page.goto(address)
        wrong[name] = [*dead_parts(page), *(["overflow"] if overflow(page) else [])]
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert not any(wrong.values()), wrong


def test_pages_of_documents_fit_and_are_accessible(open_used_page, site):
    page = open_used_page()
    wrong = {}
    for name, file in DOCUMENTS.items():
        page.goto(site.put(*file)["url_p"])
        wrong[name] = faults(page)
    assert not any(wrong.values()), wrong


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_scripts_add_fits_and_is_accessible(open_used_page, addresses, language):
    page = open_used_page(f"/?lang={language}", width=360)
    drop(page, (f"{LONG}.txt", "text/plain", "done"), ("second.txt", "text/plain", "done as well"))
    done(page, 2)
    drop(page, ("huge.bin", "", "x" * (3 * 2**20 + 1)))
    second = page.locator(".card", has_text="second.txt")
    second.locator("[data-unfold]").click()
    second.locator("[data-share-fields] > summary").click()
    page.locator("details.late > summary").click()
    wrong = {"cards": faults(page)}
    page.reload()
    page.goto("/")
    page.locator("[data-modes] [value=text]").check(force=True)
    page.locator("[data-options] > summary").click()
    wrong["editor and history"] = faults(page)
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    wrong["keys"] = faults(page)
    page.goto(addresses["image"])
    page.locator("[data-crop]").click()
    wrong["cropper"] = faults(page)
    page.locator("[data-zoom]").click()
    wrong["zoom"] = faults(page)
    page.goto(addresses["text"])
    page.locator("[data-as-picture]").click()
    expect(page.locator("[data-text-picture]")).to_be_visible()
    wrong["text as a picture"] = faults(page)
    assert not any(wrong.values()), wrong


def test_the_upload_page_is_light_and_paints_after_one_stylesheet(open_page):
    page = open_page("about:blank")
    weights, blocking = {}, []
    page.on(
        "requestfinished",
        lambda request: weights.update(
            {request.url: sum(request.sizes()[part] for part in ("responseHeadersSize", "responseBodySize"))}
        ),
    )
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert sum(weights.values()) < 100_000, weights
    blocking = page.evaluate(
        """performance.getEntriesByType("resource")
             .filter((entry) => entry.renderBlockingStatus === "blocking").map((entry) => entry.name)"""
    )
    assert len(blocking) == 1
    assert blocking[0].endswith(".css")
    assert all(address.startswith(page.evaluate("location.origin")) for address in weights)


def test_light_and_dark_follow_the_system_until_somebody_chooses(open_used_page):
    page = open_used_page(color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.locator("summary[aria-label=Appearance]").click()
    page.get_by_role("link", name="Light", exact=True).click()
    wait_until(page, f"{ground} !== {dark!r}")
    light = page.evaluate(ground)
    page.goto("/p/missing")
    assert page.locator("html").get_attribute("data-theme") == "light"
    assert page.evaluate(ground) == light
    page.locator("summary[aria-label=Appearance]").click()
    page.get_by_role("link", name="System").click()
    wait_until(page, f"{ground} === {dark!r}")


def test_the_look_is_chosen_without_javascript(open_used_page):
    page = open_used_page(java_script_enabled=False)
    page.locator("summary[aria-label=Appearance]").click()
    page.get_by_role("link", name="Dark").click()
    page.goto("/")
    assert page.locator("html").get_attribute("data-theme") == "dark"


@pytest.mark.parametrize("script", [True, False])
def test_the_language_is_chosen_by_a_switch_and_remembered(open_used_page, addresses, script):
    page = open_used_page(addresses["text"], java_script_enabled=script)
    page.locator("summary[aria-label='Language: English']").click()
    page.get_by_role("link", name="简体中文").click()
    expect(page.get_by_role("link", name="下载")).to_be_visible()
    if script:
        expect(page).not_to_have_url(re.compile(r"lang="))
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("分享文件")
    page.locator("summary[aria-label='语言: 简体中文']").click()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Share a file")


@pytest.mark.parametrize(
    ("accepted", "heading"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "分享文件"),
        ("zh-TW", "分享文件"),
        ("fr, en;q=0.5, zh;q=0.3", "Share a file"),
        ("fr", "Share a file"),
        ("*", "Share a file"),
        ("!?;q=x", "Share a file"),
    ],
)
def test_the_language_is_what_the_browser_prefers(site, accepted, heading):
    headers = {"Accept": "text/html", "Accept-Language": accepted}
    assert f"<h1>{heading}</h1>" in requests.get(site.url, headers=headers, timeout=10).text


def test_scripts_speak_the_language_too(open_used_page):
    page = open_used_page("/?lang=zh_CN")
    drop(page, ("你好.txt", "text/plain", "你好"))
    done(page)
    expect(page.locator(".card-status")).to_have_text("6 字节 · 已就绪")
    expect(page.locator("[data-announce]")).to_have_text("你好.txt 已就绪")
    page.get_by_role("link", name="预览").click()
    expect(page.locator(".facts-line time")).to_have_text(re.compile(r"\d{4}年\d+月\d+日"))


def assert_is_readable(page):
    """Make sure of a page in both grounds, the colours of the second by their rules."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert violations(page) == []
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert violations(page, OF_LOOKS) == []


def test_the_operators_brand_is_on_every_page_and_readable(open_used_page, branded):
    page = open_used_page(branded.url)
    assert page.title() == "Share a file · Harbour Files"
    expect(page.get_by_role("link", name="Harbour Files")).to_be_visible()
    expect(page.locator("header img")).not_to_have_js_property("naturalWidth", 0)
    expect(page.get_by_role("contentinfo")).to_contain_text("Run by the harbour.")
    expect(page.get_by_role("link", name="Imprint")).to_have_attribute("href", "https://example.org/imprint")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        button = page.get_by_role("button", name="Choose files")
        assert button.evaluate("b => getComputedStyle(b).backgroundColor") == "rgb(255, 102, 0)"
    assert_is_readable(page)
    page.goto(branded.put(make.png(300, 200), "picture.png")["url_p"])
    assert_is_readable(page)


def test_nothing_moves_for_who_wants_no_motion(open_used_page):
    page = open_used_page(reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('.button')).transitionDuration") == "0s"
