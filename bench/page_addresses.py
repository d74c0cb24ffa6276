"""A page of every kind on a server that was started to measure them, and what a browser has for each.

One page for each template that an address shows. What only a form or a message leads to (a token told once,
another e-mail address) is made of the same parts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from bench.page_samples import photo, samples
from tests.servers import AppServer

# Who is signed in on some pages, and who has yet to give a code.
NAME, HALF_NAME = "Ada", "Grace"
PASSWORD = "correct horse battery"

# What a browser that has shared much remembers, and what somebody was writing in this tab.
HISTORY = """
const at = (noun, n) => `${location.origin}/${noun}/${n}.txt`;
localStorage.setItem("pastebin.history", JSON.stringify([...Array(200).keys()].map((n) => ({
  url_p: at("p", n), url_i: at("i", n), url_s: at("s", n), keys: [at("m", n)],
  filename: `file ${n} of the history.txt`, type: "binary", bytes: n, when: Date.now(),
}))));
"""
DRAFT = """
const text = "a line of a log that somebody pasted, as long as most are\\n".repeat(1000);
sessionStorage.setItem("pastebin.draft", JSON.stringify({ text, title: "log", language: "" }));
"""


@dataclass(frozen=True)
class Place:
    """A page: its address, a script that runs before it, cookies, and who is signed in."""

    address: str
    script: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict)
    who: str = ""


class MailingServer(AppServer):
    """A server that believes it could send mail, so that it has the pages for it."""

    @property
    def url(self) -> str:
        """Return its address; it has no port yet while it is prepared."""
        return f"http://127.0.0.1:{self.port or 1}"

    def _all_settings(self) -> dict[str, str]:
        mail = {"mail_url": "smtp://127.0.0.1:9", "mail_from": "files@example.org", "public_url": self.url}
        return {**super()._all_settings(), **mail}


def start(folder: Path) -> MailingServer:
    """Return the server to measure, not started yet."""
    return MailingServer(folder, {"public_listing": "true", "signup": "invite", "uploads_per_hour": "10000"})


def places_on(server: AppServer) -> dict[str, Place]:
    """Upload a file of each kind, and return the pages of a server by their names."""
    put = {name: _put(server.url, ("file", (name, data))) for name, data in samples()}
    pages = {name: said["url_p"] for name, said in put.items()}
    return {
        "upload": Place(f"{server.url}/"),
        "writing": Place(f"{server.url}/", DRAFT),
        "history": Place(f"{server.url}/", HISTORY),
        **{name: Place(address) for name, address in pages.items()},
        "server.log, wrapped": Place(pages["server.log"], cookies={"wrap": "on"}),
        **_others(server.url, pages),
        "managed": Place(put["photo.jpg"]["url_m"]),
        **_signed_in(server, pages["icon.png"].rpartition("/")[2]),
    }


def _others(url: str, pages: dict[str, str]) -> dict[str, Place]:
    """Return pages for everybody that are not of one open file."""
    pictures = [("file", (f"{number}.jpg", photo(800, 600 + number))) for number in range(6)]
    collection = _put(url, *pictures, collection="Photos")
    some = [("file", (f"few {number}.txt", b"%d" % number)) for number in range(3)]
    codes = [_put(url, one)["url_s"].rpartition("/")[2] for one in some]
    requests.post(pages["icon.png"], data={"report": "spam"}, timeout=60)
    others = {
        "data.json, source": f"{pages['data.json']}?view=source",
        "comparison": f"{pages['code.py']}?against={pages['notes.md'].rpartition('/')[2]}",
        "edited": f"{pages['notes.md']}?edit=utf-8",
        "collection": collection["url_c"],
        "collection, list": f"{collection['url_c']}?view=list",
        "collection, limited": _put(url, *some, collection="Few", downloads="3")["url_c"],
        "collected": collection["url_m"],
        "uploaded": f"{url}/uploaded?files={'.'.join(codes)}",
        "locked": _put(url, ("file", ("locked.txt", b"locked")), password="sesame")["url_p"],
        "limited": _put(url, ("file", ("limited.txt", b"limited")), downloads="3")["url_p"],
        "latest": f"{url}/latest",
        "missing": f"{url}/p/missing",
        "refused": f"{pages['notes.md'].replace('/p/', '/i/')}?w=10",
        "login": f"{url}/login",
        "reset": f"{url}/reset",
        "signup": f"{url}/signup",
        "api": f"{url}/api/v1/",
    }
    return {name: Place(address) for name, address in others.items()}


def _signed_in(server: AppServer, reported: str) -> dict[str, Place]:
    """Return the pages of an administrator, who has asked for files, and of who has yet to give a code."""
    for name in (NAME, HALF_NAME):
        made = server.run("user", "add", name, "--admin", given=PASSWORD)
        assert made.returncode == 0, made.stderr
    token = server.run("token", "add", NAME, "--scope", "upload", "--scope", "read")
    headers = {"Authorization": f"Bearer {token.stdout.split()[-1]}"}
    for number in range(60):
        own = _put(server.url, ("file", (f"own {number}.txt", b"%d" % number)), headers=headers)
    asked = requests.post(
        f"{server.url}/api/v1/requests", json={"title": "Photos"}, headers=headers, timeout=60
    )
    asked.raise_for_status()
    paths = (
        *("account", "account/files", "account/files?view=grid", "account/collections", "account/requests"),
        *("account/second-factor", "admin", "admin/users", "admin/files", "admin/audit", "admin/flags"),
        *("admin/reports", "admin/statistics?days=90"),
    )
    return {
        "request": Place(asked.json()["url_u"]),
        "account/files/…": Place(f"{server.url}/account/files/{own['url_p'].rpartition('/')[2]}", who=NAME),
        **{path: Place(f"{server.url}/{path}", who=NAME) for path in paths},
        "admin/files/…": Place(f"{server.url}/admin/files/{reported}", who=NAME),
        "login/code": Place(f"{server.url}/login/code", who=HALF_NAME),
    }


def _put(
    url: str,
    *files: tuple[str, tuple[str, bytes]],
    headers: Mapping[str, str] | None = None,
    **fields: str,
) -> dict[str, Any]:
    headers = {"Accept": "application/json", **(headers or {})}
    answer = requests.post(url, files=files, data=fields, headers=headers, timeout=60)
    answer.raise_for_status()
    said: dict[str, Any] = answer.json()
    return said
