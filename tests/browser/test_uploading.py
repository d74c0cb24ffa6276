"""Putting something in: by drop, by button, by paste; what happens on the way."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import choose, done, drop, paste
from tests.browser.samples import png

SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 100 * 2**10}


def test_a_dropped_file_gets_a_card_and_the_address_of_its_page(open_page):
    page = open_page()
    drop(page, ("hello.txt", "text/plain", "hello by drop"))
    done(page)
    expect(page.locator(".card-name")).to_have_text("hello.txt")
    expect(page).to_have_url(re.compile(r"/p/[0-9a-f]{32}\.txt$"))
    assert re.search(r"/s/\w{5,}$", page.get_by_label("Short link").first.input_value())
    address = page.url
    assert page.get_by_role("link", name="Preview").get_attribute("href") == address
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("hello.txt")


def test_a_file_can_be_dropped_anywhere(open_page):
    page = open_page()
    drop(page, ("foot.txt", "text/plain", "on the foot"), on="footer")
    done(page)


def test_several_chosen_files_keep_the_address_of_the_upload_page(open_page, samples, site):
    page = open_page()
    choose(page, *(samples(f"several {n}.txt", f"file {n}".encode()) for n in range(5)))
    done(page, 5)
    assert page.url == f"{site.url}/"


def test_a_folder_is_uploaded_file_by_file(open_page, tmp_path):
    (tmp_path / "album" / "inner").mkdir(parents=True)
    (tmp_path / "album" / "one.txt").write_text("one of a folder")
    (tmp_path / "album" / "inner" / "two.txt").write_text("two of a folder")
    page = open_page()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a folder").click()
    chooser.value.set_files(str(tmp_path / "album"))
    done(page, 2)


def test_a_picture_from_the_clipboard_gets_a_name_of_its_own(open_page):
    page = open_page()
    paste(page, ("image.png", "image/png", "not really a picture"))
    done(page)
    name = re.compile(r"^pasted picture \d{4}-\d\d-\d\d \d\d-\d\d-\d\d\.png$")
    expect(page.locator(".card-name")).to_have_text(name)


def test_an_image_shows_as_a_thumbnail(open_page, samples):
    page = open_page()
    choose(page, samples("picture.png", png(300, 200)))
    done(page)
    expect(page.locator(".card .thumb img")).to_have_js_property("naturalWidth", 96)


def test_the_short_link_is_copied_by_its_button(open_page):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    drop(page, ("copy.txt", "text/plain", "to be copied"))
    done(page)
    page.get_by_role("button", name="Copy: Short link").click()
    expect(page.locator("[data-toast]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("[data-share=short]").input_value()


def test_every_way_to_share_is_there_and_fit_for_its_place(open_page):
    page = open_page()
    drop(page, ("it's [a] <b>.txt", "text/plain", "to be shared"))
    done(page)
    page.get_by_text("More ways to share").click()
    texts = {
        field.get_attribute("data-share"): field.input_value() for field in page.locator("[data-share]").all()
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
    expect(status).to_have_text(re.compile(r"[\d.]+ \wB of 2\.0 MB · [\d.]+ kB a second · \d+ sec left"))
    assert 0 < page.locator(".card progress").evaluate("bar => bar.value") < 1
    page.get_by_role("button", name="Cancel").click()
    expect(status).to_have_text("Cancelled")
    expect(page.get_by_role("button", name="Retry")).to_be_focused()


def test_a_file_too_large_is_refused_before_a_byte_moves(open_page, samples):
    page = open_page()
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    choose(page, samples("huge.bin", bytes(3 * 2**20 + 1)))
    expect(page.locator(".card-status")).to_have_text("3.0 MB is more than this server takes (3.0 MB).")
    expect(page.get_by_role("button", name="Retry")).to_be_hidden()
    assert "POST" not in sent


def test_a_failed_network_can_be_retried(open_page):
    page = open_page()
    page.route("**/", lambda route: route.abort())
    drop(page, ("again.txt", "text/plain", "second time lucky"))
    status = page.locator(".card-status")
    expect(status).to_have_text("The connection failed. Retry when you are online again.")
    page.unroute("**/")
    page.get_by_role("button", name="Retry").click()
    done(page)


def test_a_failed_upload_goes_on_by_itself_when_the_network_is_back(open_page):
    page = open_page()
    page.context.set_offline(True)
    drop(page, ("offline.txt", "text/plain", "sent from a tunnel"))
    expect(page.locator(".card[data-state=failed]")).to_be_visible()
    page.context.set_offline(False)
    done(page)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (413, "too_large", "This file is larger than the server takes."),
        (503, "unavailable", "The server is busy or being restarted."),
        (507, "storage_full", "The server's disk is full."),
        (400, "bad_upload", "What the server says."),
    ],
)
def test_each_refusal_of_the_server_is_explained(open_page, status, code, words):
    page = open_page()
    error = {"error": {"code": code, "message": "What the server says."}}
    page.route("**/", lambda route: route.fulfill(status=status, json=error))
    drop(page, ("refused.txt", "text/plain", "refused"))
    expect(page.locator(".card-status")).to_contain_text(words)


def test_an_answer_that_makes_no_sense_is_a_failure(open_page):
    page = open_page()
    page.route("**/", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    drop(page, ("refused.txt", "text/plain", "refused"))
    status = page.locator(".card-status")
    expect(status).to_have_text("The server did not take this file (status 502). Try again.")


def test_what_is_done_is_told_to_screen_readers(open_page):
    page = open_page()
    drop(page, ("heard.txt", "text/plain", "to be heard"))
    done(page)
    expect(page.locator("[data-announce]")).to_have_text("heard.txt is ready")


def test_the_same_file_again_is_said_to_be_the_same(open_page):
    page = open_page()
    drop(page, ("same.txt", "text/plain", "the same twice"))
    done(page)
    drop(page, ("same.txt", "text/plain", "the same twice"))
    done(page, 2)
    expect(page.locator(".card-status").first).to_contain_text("Already here, under the same link")
    short = page.locator("[data-share=short]")
    assert short.first.input_value() == short.last.input_value()


def test_an_upload_can_be_kept_off_the_list(open_page):
    page = open_page()
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


def test_without_javascript_a_form_leads_to_the_page_of_the_file(open_page, samples):
    page = open_page(java_script_enabled=False)
    page.get_by_label("Choose a file").set_input_files(samples("plain form.txt", b"no script needed"))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("plain form.txt")
    expect(page.get_by_role("status").first).to_have_text("Your file is here.")
    assert "/s/" in page.get_by_role("textbox", name="Short link").input_value()
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
