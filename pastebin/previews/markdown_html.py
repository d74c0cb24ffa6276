"""Markdown as HTML in which nothing runs, loads or imitates the page around it. For workers only."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.footnote import footnote_plugin

from .budget import Deadline, OutOfBudget
from .highlighting import ALLOWANCE, GROWTH, highlight_code

# Seconds of processor time one document may take; some constructs take more than linear time.
TIME_LIMIT = 1.0

# Pieces of code that are highlighted in one document.
MAX_FENCES = 200

_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "dfn", "div", "dl"),
    *("dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li"),
    *("input", "label", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "span"),
    *("strong", "sub"),
    *("summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var"),
}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),
    "a": {"aria-hidden", "class", "href", "id", "tabindex", "title"},
    "abbr": {"title"},
    "details": {"open"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
    "input": {"checked"},
    "li": {"id", "value"},
    "ol": {"start"},
    "span": {"class"},
    "td": {"align"},
    "th": {"align"},
}
_CLASS = re.compile(r"hl-[a-z0-9]{1,4}|anchor|shown-by-click", re.ASCII)

# Names of places: of headings, which begin with `h-`, and of footnotes. Nothing else on the page has such.
_PLACE = re.compile(r"h-[\w-]{0,200}|fn(?:ref)?[\d:]{1,12}")
_ADDRESS = re.compile(r"(?:https?|mailto):|#", re.IGNORECASE)

_CHECKBOX = re.compile(r"\[([ xX])\] +")
_NOT_IN_PLACE = re.compile(r"[^\w -]")


def render_markdown(text: str) -> Markup | None:
    """Return a document as harmless HTML; None if it is too intricate to render, or gets too long.

    Of HTML in it only the harmless part remains. Images become links that show them, as the page loads
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
    parser.use(footnote_plugin, inline=False)
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
    places: Counter[str] = Counter()
    for number, token in enumerate(state.tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"  # the page's own title is the h1
        elif token.type in ("td_open", "th_open") and token.attrGet("style"):
            token.attrs = {"align": str(token.attrGet("style")).removeprefix("text-align:")}
        elif token.type == "inline" and token.children:
            token.children = list(_without_images(token.children))
            before = [earlier.type for earlier in state.tokens[max(0, number - 2) : number]]
            if before[-1:] == ["heading_open"]:
                _name(state.tokens[number - 1], token, places)
            elif before == ["list_item_open", "paragraph_open"]:
                _add_checkbox(token)


def _name(heading: Token, title: Token, places: "Counter[str]") -> None:
    """Name a heading's place as code hosts do, and lead there by a link."""
    words = "".join(part.content for part in title.children or () if part.type in ("text", "code_inline"))
    name = _NOT_IN_PLACE.sub("", words.strip().lower()).replace(" ", "-")[:180]
    places[name] += 1
    place = f"h-{name}-{places[name] - 1}" if places[name] > 1 else f"h-{name}"
    heading.attrs["id"] = place
    attrs: dict[str, str | int | float] = {
        "href": f"#{place}",
        "class": "anchor",
        "aria-hidden": "true",
        "tabindex": "-1",
    }
    title.children = [
        Token("link_open", "a", 1, attrs=attrs),
        Token("link_close", "a", -1),
        *(title.children or ()),
    ]


def _add_checkbox(item: Token) -> None:
    """Make a checkbox of the `[x]` that the text of a list's item begins with, named by that text."""
    first = item.children[0] if item.children else None
    match = _CHECKBOX.match(first.content) if first and first.type == "text" else None
    if first is None or match is None:
        return
    first.content = first.content[match.end() :]
    checked = "" if match[1] == " " else " checked"
    box = Token("html_inline", "", 0, content=f"<label><input{checked}> ")
    item.children = [box, *(item.children or ()), Token("html_inline", "", 0, content="</label>")]


def _without_images(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens with each image as a link to it, or as its text where it is in a link already."""
    links = 0
    for token in tokens:
        links += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "link_open" and str(token.attrs.get("href", "")).startswith("#"):
            token.attrs["href"] = f"#h-{str(token.attrs['href'])[1:].lower()}"
        if token.type != "image":
            yield token
        elif links:
            yield Token("text", "", 0, content=token.content)
        else:
            yield Token(
                "link_open", "a", 1, attrs={"href": token.attrs.get("src", ""), "class": "shown-by-click"}
            )
            yield Token("text", "", 0, content=token.content or str(token.attrs.get("src", "")))
            yield Token("link_close", "a", -1)


def _attribute(_tag: str, name: str, value: str) -> str | None:
    allowed = _VALUES.get(name)
    return value if allowed is None or allowed.match(value) else None


_VALUES = {
    "align": re.compile(r"(?:left|center|right)\Z"),
    "aria-hidden": re.compile(r"true\Z"),
    "class": re.compile(rf"(?:{_CLASS.pattern})\Z"),
    "href": _ADDRESS,
    "id": re.compile(rf"(?:{_PLACE.pattern})\Z"),
    "tabindex": re.compile(r"(?:-1|0)\Z"),
}

_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    link_rel="noopener noreferrer nofollow ugc",
    url_schemes={"http", "https", "mailto"},
    url_relative="pass_through",  # to places of the page; `_ADDRESS` lets no others through
    set_tag_attribute_values={
        "pre": {"tabindex": "0"},  # wide ones scroll by the keyboard, too
        "table": {"tabindex": "0"},
        "input": {"type": "checkbox", "disabled": ""},
    },
)
