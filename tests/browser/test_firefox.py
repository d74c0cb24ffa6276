"""The main road in another browser."""

import requests

from tests.browser.firefox import firefox
from tests.browser.samples import png

TEXT = "document.querySelector('#editor-text')"


def test_the_main_road_in_firefox(site, samples, tmp_path):
    (tmp_path / "profile").mkdir()
    with firefox(tmp_path / "profile") as page:
        page.goto(f"{site.url}/?lang=en")
        page.choose("#file", samples("fox.txt", b"a file from Firefox\n"))
        short = page.wait_for("document.querySelector('.card[data-state=done] [data-share=short]')?.href")
        assert "/s/" in short
        assert page.evaluate("location.pathname") == "/"
        page.click(".card [data-copy]")
        page.wait_for("document.querySelector('[data-toast]').textContent === 'Copied'")
        page.click("[data-modes] [value=text] + span")
        page.click("#editor-text")
        page.paste()
        assert page.wait_for(f"{TEXT}.value") == short
        page.evaluate("document.querySelector('[data-clear]').click()")
        page.goto(short)
        assert page.evaluate("document.querySelector('h1').textContent.trim()") == "fox.txt"
        assert page.evaluate("document.querySelector('#L1').textContent") == "a file from Firefox\n"

        page.evaluate("history.back()")
        page.wait_for("location.pathname === '/' && document.readyState === 'complete'")
        page.reload()
        assert page.wait_for("document.querySelector('.history [data-name]')?.textContent") == "fox.txt"
        page.click("[data-modes] [value=text] + span")
        page.evaluate(
            f"{TEXT}.value = 'kept in Firefox'; {TEXT}.dispatchEvent(new Event('input', {{bubbles: true}}))"
        )
        page.wait_for("sessionStorage.length")
        page.reload()
        assert page.wait_for(f"{TEXT}.value") == "kept in Firefox"
        page.evaluate("document.querySelector('#editor .primary').click()")
        page.wait_for("location.pathname.startsWith('/p/') && document.readyState === 'complete'")
        assert page.evaluate("document.querySelector('#L1').textContent") == "kept in Firefox\n"

        page.goto(site.put(b"name,number\nb,2\na,10\n", "fox.csv")["url_p"])
        page.wait_for("document.querySelector('th button')")
        page.evaluate("document.querySelector('th button').click()")
        page.wait_for("document.querySelector('tbody td').textContent === 'a'")
        page.goto(site.put(png(2400, 1600), "fox.png")["url_p"])
        page.wait_for("document.querySelector('[data-zoom]:not(:disabled)')")
        page.evaluate("document.querySelector('[data-zoom]').click()")
        assert page.wait_for("document.querySelector('[data-zoomed]').open && 1")

        page.goto(f"{site.url}/")
        page.wait_for("document.querySelectorAll('.history > li').length === 2")
        page.click(".history > li:last-child [data-more]")
        page.click(".history > li:last-child [data-delete]")
        page.wait_for("document.querySelector('.history > li:last-child [data-undo]').checkVisibility()")
        page.goto(f"{site.url}/latest")  # who leaves has thought about it
        page.goto(f"{site.url}/")
        page.wait_for("document.querySelectorAll('.history > li').length === 1")
        assert page.evaluate("document.querySelector('.history [data-name]').textContent") != "fox.txt"
        assert requests.get(short, timeout=10).status_code == 404
