"""Putting something in: by drop, by button, by paste; what happens on the way."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import choose, done, drop, paste, wait_until
from tests.browser.samples import png

SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 100 * 2**10}


def test_a_dropped_file_gets_a_card_with_its_links(open_used_page, site):
    page = open_used_page()
    drop(page, ("hello.txt", "text/plain", "hello by drop"))
    done(page)
    expect(page.locator(".card-name")).to_have_text("hello.txt")
    assert re.search(r"/s/\w{5,}$", page.get_by_role("link", name="Short link").get_attribute("href"))
    assert re.search(r"/p/[0-9a-f]{32}\.txt$", page.get_by_role("link", name="Preview").get_attribute("href"))
    assert page.url == f"{site.url}/"


def test_back_reload_and_language_lead_to_the_upload_page(open_used_page, site):
    page = open_used_page("/latest")
    page.goto("/")
    drop(page, ("there and back.txt", "text/plain", "there and back"))
    done(page)
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("there and back.txt")
    page.go_back()
    assert page.url == f"{site.url}/"
    expect(page.get_by_role("heading", level=1)).to_have_text("Share a file")
    page.reload()
    expect(page.locator("[data-history-list]")).to_contain_text("there and back.txt")
    page.locator("summary[aria-label='Language: English']").click()
    page.get_by_role("link", name="简体中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("分享文件")
    page.get_by_role("link", name="there and back.txt").click()
    page.go_back()
    assert page.url == f"{site.url}/"


IN_VIEW = """(element) => {
  const { top, bottom, left, right } = element.getBoundingClientRect();
  return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
}"""


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1440, 900)])
def test_the_link_and_its_button_are_in_view_when_an_upload_is_ready(open_used_page, width, height):
    page = open_used_page(width=width, height=height)
    drop(page, ("in view.txt", "text/plain", f"in view at {width}"))
    done(page)
    for part in (
        page.get_by_role("link", name="Short link"),
        page.get_by_role("button", name="Copy: Short link"),
    ):
        expect(part).to_be_visible()
        assert part.evaluate(IN_VIEW)


def test_on_a_phone_the_progress_is_in_view_and_the_drop_zone_is_a_line(open_page, samples):
    page = open_page(width=360, height=740)
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    choose(page, samples("on its way.bin", bytes(2**20)))
    bar = page.get_by_role("progressbar", name="Progress: on its way.bin")
    expect(bar).to_be_visible()
    assert bar.evaluate(IN_VIEW)
    expect(page.locator(".lead")).to_be_hidden()
    assert page.locator(".drop").evaluate("one => one.offsetHeight") <= 56


@pytest.mark.parametrize("width", [360, 1440])
def test_the_code_of_the_short_link_is_whole(open_used_page, width):
    page = open_used_page(width=width)
    drop(page, ("whole.txt", "text/plain", f"the whole code at {width}"))
    done(page)
    cut = """(link) => link.scrollWidth > link.clientWidth
      || link.querySelector(".link-code").getClientRects().length > 1"""
    link = page.get_by_role("link", name="Short link")
    assert not link.evaluate(cut)
    assert link.inner_text().replace("\n", "") == link.get_attribute("href").removeprefix("http://")
    page.get_by_role("link", name="Preview").click()
    assert not page.get_by_role("link", name="Short link").evaluate(cut)


def test_many_uploads_are_rows_with_one_bar(open_used_page, samples):
    page = open_used_page(width=360, permissions=["clipboard-read", "clipboard-write"])
    choose(page, *(samples(f"row {n}.txt", f"row number {n}".encode()) for n in range(12)))
    done(page, 12)
    bar = page.get_by_role("group", name="All uploads")
    expect(bar).to_contain_text("12 of 12 ready")
    heights = "new Set([...document.querySelectorAll('.card')].map((card) => card.offsetHeight))"
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(f"[...{heights}]") == [56]
    first = page.locator(".card", has_text="row 0.txt")
    expect(first.locator(".row-link")).to_have_text(re.compile(r"/s/\w+$"))
    first.get_by_role("button", name="Copy: row 0.txt").click()
    short = first.locator(".row-link").get_attribute("href")
    assert page.evaluate("navigator.clipboard.readText()") == short
    bar.get_by_role("button", name="Copy all links").click()
    wait_until(page, "navigator.clipboard.readText().then((text) => text.includes('\\n'))")
    copied = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert len(set(copied)) == 12
    assert copied[0] == short
    first.get_by_role("button", name="Details: row 0.txt").click()
    expect(first.get_by_role("link", name="Preview")).to_be_visible()
    page.wait_for_timeout(700)
    bar.get_by_role("button", name="Clear finished").click()
    expect(page.locator(".card")).to_have_count(0)
    expect(page.locator(".history > li")).to_have_count(12)


def test_all_uploads_are_cancelled_at_once(open_page, samples):
    page = open_page()
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    choose(page, *(samples(f"slow {n}.bin", bytes([n]) * 2**20) for n in range(5)))
    bar = page.get_by_role("group", name="All uploads")
    expect(bar).to_contain_text("0 of 5 ready")
    bar.get_by_role("button", name="Cancel all").click()
    expect(page.locator(".card[data-state=cancelled]")).to_have_count(5)
    expect(bar.get_by_role("button", name="Cancel all")).to_be_hidden()


def test_a_long_list_is_searched_and_shown_in_parts(open_used_page):
    page = open_used_page()
    page.evaluate(
        """() => {
          const at = (noun, n) => `${location.origin}/${noun}/${n}`;
          const entries = [...Array(50).keys()].map((n) => ({
            url_p: at("p", n), url_i: at("i", n), url_s: at("s", n), keys: [],
            filename: `entry ${n}.txt`, type: "binary", bytes: n, when: Date.now(),
          }));
          localStorage.setItem("pastebin.history", JSON.stringify(entries));
        }"""
    )
    page.reload()
    rows = page.locator(".history > li")
    expect(rows).to_have_count(20)
    page.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(40)
    page.get_by_label("Search this list").fill("entry 49")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("TXT")
    expect(rows.locator("[data-icon=text]")).to_be_visible()


def test_a_file_can_be_dropped_anywhere(open_used_page):
    page = open_used_page()
    drop(page, ("foot.txt", "text/plain", "on the foot"), on="footer")
    done(page)


def test_several_chosen_files_keep_the_address_of_the_upload_page(open_used_page, samples, site):
    page = open_used_page()
    choose(page, *(samples(f"several {n}.txt", f"file {n}".encode()) for n in range(5)))
    done(page, 5)
    assert page.url == f"{site.url}/"


def test_a_file_that_was_chosen_before_the_scripts_came_is_uploaded(open_used_page, samples):
    page = open_used_page("about:blank")
    held = []

    def hold(route):
        held.append(route)

    page.route("**/js/upload.js", hold)
    with page.expect_request("**/js/upload.js"):
        page.goto("/", wait_until="commit")
    page.locator("#file").set_input_files(samples("early.txt", b"chosen early"))
    assert page.locator("#file").evaluate("(field) => field.files.length") == 1
    for route in held:
        route.continue_()
    done(page)
    expect(page.locator(".card-name")).to_have_text("early.txt")
    assert page.locator("#file").evaluate("(field) => field.files.length") == 0


def test_a_folder_is_uploaded_file_by_file(open_used_page, tmp_path):
    (tmp_path / "album" / "inner").mkdir(parents=True)
    (tmp_path / "album" / "one.txt").write_text("one of a folder")
    (tmp_path / "album" / "inner" / "two.txt").write_text("two of a folder")
    page = open_used_page()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a folder").click()
    chooser.value.set_files(str(tmp_path / "album"))
    done(page, 2)


def test_a_picture_from_the_clipboard_gets_a_name_of_its_own(open_used_page):
    page = open_used_page()
    paste(page, ("image.png", "image/png", "not really a picture"))
    done(page)
    name = re.compile(r"^pasted picture \d{4}-\d\d-\d\d \d\d-\d\d-\d\d\.png$")
    expect(page.locator(".card-name")).to_have_text(name)


def test_an_image_shows_as_a_thumbnail(open_used_page, samples):
    page = open_used_page()
    choose(page, samples("picture.png", png(300, 200)))
    done(page)
    expect(page.locator(".card .thumb img")).to_have_js_property("naturalWidth", 96)


def test_what_can_be_seen_has_a_thumbnail_in_its_card_and_in_the_history(open_used_page):
    page = open_used_page()
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="6"><rect width="8" height="6"/></svg>'
    )
    drop(page, ("drawing.svg", "image/svg+xml", drawing), ("words.txt", "text/plain", "only words"))
    done(page, 2)
    expect(page.locator(".card .thumb img")).to_have_js_property("naturalWidth", 400)
    page.goto("/")
    expect(page.locator(".history .thumb img")).to_have_js_property("naturalWidth", 400)


def test_the_short_link_is_copied_by_its_button(open_used_page):
    page = open_used_page(permissions=["clipboard-read", "clipboard-write"])
    drop(page, ("copy.txt", "text/plain", "to be copied"))
    done(page)
    page.get_by_role("button", name="Copy: Short link").click()
    expect(page.locator("[data-toast]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("[data-share=short]").get_attribute("href")


def test_every_way_to_share_is_there_and_fit_for_its_place(open_used_page):
    page = open_used_page()
    drop(page, ("it's [a] <b>.txt", "text/plain", "to be shared"))
    done(page)
    page.get_by_text("More ways to share").click()
    texts = {
        field.get_attribute("data-share"): field.evaluate("field => field.value ?? field.href")
        for field in page.locator("[data-share]").all()
    }
    assert set(texts) == {"short", "page", "direct", "markdown", "html", "bbcode", "curl", "wget"}
    assert texts["markdown"] == f"[it's \\[a\\] \\<b\\>.txt]({texts['page']})"
    assert texts["html"] == f'<a href="{texts["page"]}">it&#39;s [a] &lt;b&gt;.txt</a>'
    assert texts["bbcode"] == f"[url={texts['page']}]it's a <b>.txt[/url]"
    download = texts["page"].replace("/p/", "/d/")
    assert texts["curl"] == f"curl -o 'it'\\''s [a] <b>.txt' {download}"
    assert texts["wget"] == f"wget -O 'it'\\''s [a] <b>.txt' {download}"


def test_progress_speed_and_time_left_are_shown_and_cancel_stops_it(open_page, samples):
    page = open_page()
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    choose(page, samples("large.bin", bytes(2 * 2**20)))
    status = page.locator(".card-status")
    expect(status).to_have_text(re.compile(r"[\d.]+ \wB of 2 MB · [\d.]+ kB/s · \d+ sec left"))
    assert 0 < page.locator(".card progress").evaluate("bar => bar.value") < 1
    page.get_by_role("button", name="Cancel").click()
    expect(status).to_have_text("Cancelled")
    expect(page.get_by_role("button", name="Retry")).to_be_focused()


def test_a_file_too_large_is_refused_before_a_byte_moves(open_page, samples):
    page = open_page()
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    choose(page, samples("huge.bin", bytes(3 * 2**20 + 1)))
    expect(page.locator(".card-status")).to_have_text("Too large: 3 MB. The limit is 3 MB.")
    expect(page.get_by_role("button", name="Retry")).to_be_hidden()
    assert "POST" not in sent


def test_a_failed_network_can_be_retried(open_used_page):
    page = open_used_page()
    page.route("**/", lambda route: route.abort())
    drop(page, ("again.txt", "text/plain", "second time lucky"))
    status = page.locator(".card-status")
    expect(status).to_have_text("The connection failed. Retry when you are online again.")
    page.unroute("**/")
    page.get_by_role("button", name="Retry").click()
    done(page)


def test_a_failed_upload_goes_on_by_itself_when_the_network_is_back(open_used_page):
    page = open_used_page()
    page.context.set_offline(True)
    drop(page, ("offline.txt", "text/plain", "sent from a tunnel"))
    expect(page.locator(".card[data-state=failed]")).to_be_visible()
    page.context.set_offline(False)
    done(page)


# Status, code of the error, what the page says.
REFUSALS = (
    (413, "too_large", "This file is larger than the server takes."),
    (503, "unavailable", "The server is busy or being restarted."),
    (507, "storage_full", "The server's disk is full."),
    (400, "bad_upload", "What the server says."),
)
# Status, what the page says, whether it offers to try again.
REFUSALS_OF_PROXIES = (
    (413, "This file is larger than the server takes.", False),
    (502, "The server is busy or being restarted.", True),
    (418, "The server did not take this file (status 418). Try again.", True),
)


def refuse(page, number, **answer):
    """Have an upload refused, and return its card."""
    page.route("**/", lambda route: route.fulfill(**answer))
    drop(page, (f"refused {number}.txt", "text/plain", "refused"))
    card = page.locator(".card", has_text=f"refused {number}.txt")
    expect(card).to_have_attribute("data-state", "failed")
    page.unroute("**/")
    return card


def test_each_refusal_of_the_server_is_explained(open_used_page):
    page = open_used_page()
    for status, code, words in REFUSALS:
        error = {"error": {"code": code, "message": "What the server says."}}
        card = refuse(page, status, status=status, json=error)
        expect(card.locator(".card-status")).to_contain_text(words)


def test_what_a_proxy_says_instead_is_explained(open_used_page):
    page = open_used_page()
    for status, words, may_retry in REFUSALS_OF_PROXIES:
        card = refuse(page, status, status=status, body="<h1>Of a proxy</h1>")
        expect(card.locator(".card-status")).to_contain_text(words)
        expect(card.get_by_role("button", name="Retry")).to_be_visible(visible=may_retry)


def test_what_is_done_is_told_to_screen_readers(open_used_page):
    page = open_used_page()
    drop(page, ("heard.txt", "text/plain", "to be heard"))
    done(page)
    expect(page.locator("[data-announce]")).to_have_text("heard.txt is ready")


def test_the_same_file_again_is_said_to_be_the_same(open_used_page):
    page = open_used_page()
    drop(page, ("same.txt", "text/plain", "the same twice"))
    done(page)
    drop(page, ("same.txt", "text/plain", "the same twice"))
    done(page, 2)
    expect(page.locator(".card-status").first).to_contain_text("Already uploaded, same link")
    short = page.locator("[data-share=short]")
    assert short.first.get_attribute("href") == short.last.get_attribute("href")


def test_an_upload_can_be_kept_off_the_list(open_used_page):
    page = open_used_page()
    page.locator("[data-options] summary").click()
    page.get_by_label("Don't show on Latest").check()
    drop(page, ("private.txt", "text/plain", "for few"))
    done(page)
    page.get_by_label("Don't show on Latest").uncheck()
    drop(page, ("public.txt", "text/plain", "for all"))
    done(page, 2)
    page.goto("/latest")
    expect(page.locator(".wall")).to_contain_text("public.txt")
    expect(page.locator(".wall")).not_to_contain_text("private.txt")


def test_without_javascript_a_form_leads_to_the_page_of_the_file(open_used_page, samples):
    page = open_used_page(java_script_enabled=False)
    page.get_by_label("Choose a file").set_input_files(samples("plain form.txt", b"no script needed"))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("plain form.txt")
    expect(page.get_by_role("status").first).to_have_text("Uploaded.")
    assert "/s/" in page.get_by_role("link", name="Short link").get_attribute("href")
    expect(page.get_by_role("button", name="Copy: Short link")).to_be_hidden()


def test_all_of_it_works_by_keyboard(open_page, samples):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.on("filechooser", lambda _chooser: None)  # has the browser hand choosers over from now on
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Choose files")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(samples("keys.txt", b"by keyboard"))
    done(page)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.card [data-copy]')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("[data-toast]")).to_have_text("Copied")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("keys.txt")
