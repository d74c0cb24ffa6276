"""Markdown as HTML in which nothing runs, loads or imitates the page around it. For workers only."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from .budget import Deadline, OutOfBudget
from .highlighting import ALLOWANCE, GROWTH, highlight_code

# Seconds of processor time one document may take; some constructs take more than linear time.
TIME_LIMIT = 1.0

# Pieces of code that are highlighted in one document.
MAX_FENCES = 200

_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "dfn", "div", "dl"),
    *("dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li"),
    *("mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub"),
    *("summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var"),
}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),
    "a": {"href", "title"},
    "abbr": {"title"},
    "details": {"open"},
    "li": {"value"},
    "ol": {"start"},
    "span": {"class"},
    "td": {"align"},
    "th": {"align"},
}
_HIGHLIGHT = re.compile(r"hl-[a-z0-9]{1,4}", re.ASCII)


def render_markdown(text: str) -> Markup | None:
    """Return a document as harmless HTML; None if it is too intricate to render, or gets too long.

    Of HTML in it only the harmless part remains. Images become links, as the page loads
    nothing from elsewhere; links within a repository lead nowhere here, and become text.
    """
    deadline, longest = Deadline(TIME_LIMIT), GROWTH * len(text) + ALLOWANCE
    try:
        html = _parser(deadline).render(text, {"deadline": deadline, "longest": longest})
        if len(html) > longest:
            return None
        harmless = _CLEANER.clean(html)
    except (OutOfBudget, RecursionError):
        return None
    return Markup(harmless) if len(harmless) <= longest else None  # noqa: S704 - cleaned


def _parser(deadline: Deadline) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"highlight": _Fences(deadline)}).enable(["table", "strikethrough"])
    parser.block.ruler.before("table", "time", _check_time)
    parser.inline.ruler.before("text", "time", _check_time)
    parser.core.ruler.push("harmless", _rewrite)
    parser.core.ruler.push("size", _check_size)
    return parser


class _Fences:
    """Highlights the first pieces of code of a document, as long as there is time; others stay plain."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._left = MAX_FENCES

    def __call__(self, code: str, language: str, _attributes: str) -> str:
        if not language or not self._left or self._deadline.is_over:
            return ""
        self._left -= 1
        return highlight_code(code, language, self._deadline)


def _check_time(state: Any, *_: Any) -> bool:
    """Be a rule that never applies, but is asked at every place of the document."""
    state.env["deadline"].check()
    return False


def _check_size(state: Any) -> None:
    """Give up before a document is written in which a long address is used very often."""
    left = state.env["longest"]
    for token in state.tokens:
        for part in token.children or (token,):
            left -= len(part.content) + sum(len(str(value)) for value in part.attrs.values())
    if left < 0:
        raise OutOfBudget


def _rewrite(state: Any) -> None:
    """Change the parsed document into one for this page."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"  # the page's own title is the h1
        elif token.type in ("td_open", "th_open") and token.attrGet("style"):
            token.attrs = {"align": str(token.attrGet("style")).removeprefix("text-align:")}
        elif token.type == "inline" and token.children:
            token.children = list(_without_images(token.children))


def _without_images(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens with each image as a link to it, or as its text where it is in a link already."""
    links = 0
    for token in tokens:
        links += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type != "image":
            yield token
        elif links:
            yield Token("text", "", 0, content=token.content)
        else:
            yield Token("link_open", "a", 1, attrs={"href": token.attrs.get("src", "")})
            yield Token("text", "", 0, content=token.content or str(token.attrs.get("src", "")))
            yield Token("link_close", "a", -1)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return value if _HIGHLIGHT.fullmatch(value) else None
    if name == "align":
        return value if value in ("left", "center", "right") else None
    return value


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    link_rel="noopener noreferrer nofollow ugc",
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    set_tag_attribute_values={"pre": {"tabindex": "0"}},  # wide ones scroll by the keyboard, too
)
