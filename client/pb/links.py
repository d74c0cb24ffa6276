"""The addresses of a server, as people paste them: of a page, a file, a short link, a collection, a key."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from .failures import WrongUsage
from .settings import origin_of

_KINDS = ("p", "i", "d", "s", "c", "m")
_FILEHASH = re.compile(r"[0-9a-f]{32}(\.[0-9a-z]{1,16})?")
_SHORT = re.compile(r"[0-9a-z]{5,20}")


@dataclass(frozen=True)
class Link:
    """An address: of which kind, what it names, and what stands before and after."""

    before: str
    kind: str
    name: str
    query: str = ""

    def of_kind(self, kind: str, name: str | None = None) -> str:
        """Return the address of another kind for the same thing."""
        return f"{self.before}{kind}/{name or self.name}"

    @property
    def address(self) -> str:
        """Return the address itself."""
        return self.of_kind(self.kind) + (f"?{self.query}" if self.query else "")


def parse_link(text: str, base: str | None) -> Link:
    """Read an address, or a short code or public name on the server that is set; WrongUsage if it is none."""
    text = text.strip()
    if "://" not in text:
        if base and _FILEHASH.fullmatch(text):
            return Link(base, "p", text)
        if base and _SHORT.fullmatch(text):
            return Link(base, "s", text)
        raise WrongUsage(f"{text} is no link")
    if not origin_of(text)[1]:
        raise WrongUsage(f"{text} is no link")
    parts = urlsplit(text)
    *way, kind, name = [unquote(part) for part in ("", *parts.path.split("/"))]
    if parts.scheme not in ("http", "https") or not parts.netloc or kind not in _KINDS or not name:
        raise WrongUsage(f"{text} is no link to a file, a page, a collection or a management address")
    if not re.fullmatch(r"[\w.-]+", name, re.ASCII):
        raise WrongUsage(f"{text} is no link of a pastebin server")
    folder = "/".join(part for part in way if part)
    before = f"{parts.scheme}://{parts.netloc}/{folder}{'/' if folder else ''}"
    return Link(before, kind, name, parts.query if kind == "i" else "")
