"""A watched page of a browser in a profile of its own, which another test may have after the first."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Frame, Page

# Told to the test by every document, wherever it leads.
WATCH = """
addEventListener("securitypolicyviolation", (event) =>
  reportViolation(`${location.pathname}: ${event.violatedDirective} ${event.blockedURI}`));
"""


class Window:
    """A page in a profile of its own; `faults` is what went wrong in documents of ours."""

    def __init__(self, browser: Browser, site: str, options: Mapping[str, Any]) -> None:
        self.browser = browser
        self.site = site
        self.options = {"locale": "en-US", **options}
        self.faults: list[str] = []
        self._origins: set[str] = set()  # where documents came from, of any of its pages
        self._context = browser.new_context(base_url=site, **self.options)
        self._context.set_default_timeout(10_000)
        self._context.expose_binding("reportViolation", lambda _source, text: self.faults.append(text))
        self._context.add_init_script(WATCH)
        self._context.on("page", lambda page: page.on("framenavigated", self._note))
        self._page = self._context.new_page()
        self._page.on("pageerror", lambda error: self.faults.append(f"{self._page.url}: {error}"))

    def open(self, path: str, width: int, height: int) -> Page:
        """Return the page with an address in it."""
        self._page.set_viewport_size({"width": width, "height": height})
        self._page.goto(path)
        return self._page

    def _note(self, frame: Frame) -> None:
        address = urlsplit(frame.url)
        if address.scheme in ("http", "https"):
            self._origins.add(f"{address.scheme}://{address.netloc}")

    def clear(self) -> None:
        """Leave the page, then remove what it and its neighbours have kept."""
        for page in self._context.pages:
            if page is not self._page:
                page.close()
        self._page.unroute_all()
        self._context.unroute_all()
        self._context.set_offline(False)
        self._page.mouse.move(0, 0)
        session = self._context.new_cdp_session(self._page)
        for origin in sorted(self._origins):
            self._page.goto(f"{origin}/health")  # has no script that keeps something when it is left
            self._page.evaluate("sessionStorage.clear()")
            session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        session.detach()
        self._origins.clear()
        self._context.clear_cookies()
        self._page.emulate_media(
            media="null", color_scheme=self.options.get("color_scheme", "light"), reduced_motion="null"
        )
        self.faults.clear()

    def close(self) -> None:
        """End the profile."""
        self._context.close()


class Windows:
    """Windows that nobody uses now, by their options."""

    def __init__(self) -> None:
        self._free: dict[str, list[Window]] = defaultdict(list)

    def take(self, browser: Browser, site: str, options: Mapping[str, Any]) -> Window:
        """Return one with these options, a new one if none is free."""
        free = self._free[_key(options)]
        while free:
            window = free.pop()
            if window.browser is browser and browser.is_connected():
                return window
        return Window(browser, site, options)

    def put_back(self, window: Window) -> None:
        """Clear one and keep it for others, unless a server where it has been is gone."""
        try:
            window.clear()
        except Error:
            window.close()
        else:
            self._free[_key(window.options)].append(window)

    def close(self) -> None:
        """End all of them."""
        for free in self._free.values():
            for window in free:
                window.close()


def _key(options: Mapping[str, Any]) -> str:
    return repr(sorted({"locale": "en-US", **options}.items()))
