"""Markdown becomes harmless HTML."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pastebin.previews import highlighting, markdown_html
from pastebin.previews.markdown_html import render_markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](javascript:alert(1))",
    '![x](https://host/"onerror="alert(1))',
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<style>*{background:url(//host)}</style>",
    "<form action=//host><button>x</button></form>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<base href=//host><link rel=stylesheet href=//host><meta http-equiv=refresh content=0>",
    '<p style="position:fixed" title="x" lang="x">x</p>',
    '<div id="main" class="bar" name="x">x</div>',
    '<a id="main" class="primary" tabindex="1" aria-hidden="false" href="//host">x</a>',
    "<input type=password name=x onfocus=alert(1) autofocus><label for=w onclick=alert(1)>x</label>",
    '<h2 id="L1">x</h2><li id="files">x</li>',
    "[^<script>]: x\n\n[^<script>] [^1]\n\n[^1]: <img src=x onerror=alert(1)>",
    "- [x] <script>alert(1)</script>",
    "# <img src=x onerror=alert(1)>",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    "```<img/src/onerror=alert(1)>\nx\n```",
    "| a |\n|:-:|\n| <script>alert(1)</script> |",
    '[x]: https://host/ "\\"onmouseover=alert(1)"\n[x]',
]

ALLOWED = {
    "a": {"aria-hidden", "class", "href", "id", "rel", "tabindex", "title"},
    "abbr": {"title"},
    "details": {"open"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
    "input": {"checked", "disabled", "type"},
    "li": {"id", "value"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "table": {"tabindex"},
    "span": {"class"},
    "td": {"align"},
    "th": {"align"},
}
NEVER = {"script", "style", "img", "iframe", "form", "svg", "math", "base", "link", "meta", "object"}


VALUES = {
    "href": re.compile(r"(https?|mailto):|#", re.IGNORECASE),
    "class": re.compile(r"(hl-\w+|anchor|shown-by-click)$"),
    "id": re.compile(r"(h-[\w-]*|fn(ref)?[\d:]+)$"),
}


class Check(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in NEVER
        for name, value in attrs:
            assert name in ALLOWED.get(tag, set())
            assert VALUES.get(name, re.compile("")).match(value or ""), (name, value)
        if tag == "input":
            assert {("type", "checkbox"), ("disabled", "")} <= set(attrs)


def is_harmless(html: str | None) -> None:
    check = Check()
    check.feed(html or "")
    check.close()


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_is_left_out(text: str) -> None:
    html = render_markdown(text)
    assert html is not None
    is_harmless(html)


@given(
    st.lists(st.sampled_from([*HOSTILE, "\n", " ", ">", "- ", "`", "*", "[", "](", "<", "&#x3c;", "\x00"]))
)
def test_whatever_is_put_together_is_harmless(pieces: list[str]) -> None:
    is_harmless(render_markdown("".join(pieces)))


def test_the_usual_is_rendered() -> None:
    html = render_markdown(
        "# T\n\n*a* **b** ~~c~~ `d`\n\n- e\n\n| f | g |\n|---|--:|\n| 1 | 2 |\n\n> h\n\n---\n"
    )
    for part in (
        '<h2 id="h-t">',
        "T</h2>",
        "<em>a</em>",
        "<strong>b</strong>",
        "<s>c</s>",
        "<code>d</code>",
        "<li>e</li>",
        '<td align="right">2</td>',
        "<blockquote>",
        "<hr>",
    ):
        assert part in (html or "")


def test_code_is_highlighted() -> None:
    assert '<span class="hl-k">def</span>' in (render_markdown("```python\ndef f(): pass\n```") or "")
    assert "<code>def" in (render_markdown("```no-such-language\ndef f(): pass\n```") or "")


def test_images_become_links() -> None:
    html = (
        render_markdown("![a cat](https://host/cat.png) [![badge](https://host/b.svg)](https://host/ci)")
        or ""
    )
    assert re.sub(' rel="[^"]*"', "", html) == (
        '<p><a href="https://host/cat.png" class="shown-by-click">a cat</a> '
        '<a href="https://host/ci">badge</a></p>\n'
    )


def test_links_say_that_nobody_vouches_for_them_and_stay_off_this_server() -> None:
    assert 'rel="noopener noreferrer nofollow ugc"' in (render_markdown("[x](https://host/)") or "")
    for text in ("[x](../secret)", "[x](//host/)", "[x](?lang=zh_CN)", "[x](/p/x)"):
        assert "href" not in (render_markdown(text) or "")


def test_headings_are_places_that_links_of_the_document_lead_to() -> None:
    html = render_markdown("# Big `code`!\n\n## Big code\n\n[x](#Big-code) [y](#main)\n") or ""
    assert re.findall(r'<h\d id="([^"]*)"', html) == ["h-big-code", "h-big-code-1"]
    assert '<a href="#h-big-code" rel' in html
    assert '<a href="#h-main" rel' in html


def test_footnotes_lead_there_and_back() -> None:
    html = render_markdown("a[^n]\n\n[^n]: the note\n") or ""
    assert '<a href="#fn1" id="fnref1"' in html
    assert '<li id="fn1"><p>the note <a href="#fnref1"' in html


def test_tasks_are_boxes_named_by_their_text() -> None:
    html = render_markdown("- [x] *done*\n- [ ] to do\n- [-] none\n- [x]none\n") or ""
    assert re.search(r'<label><input checked="" [^<]*> <em>done</em></label>', html)
    assert html.count("<input") == 2


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        "*a_ " * 60_000,
        "[a](b" * 40_000,
        "a**b" * 60_000,
        "![a" * 80_000,
        "> - " * 50_000,
        "[^a" * 60_000,
        "[^a]: b\n" * 30_000,
    ],
)
def test_intricate_text_is_given_up_in_time(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_html, "TIME_LIMIT", 0.2)
    started = time.monotonic()
    render_markdown(text)
    assert time.monotonic() - started < 20


def test_wide_code_can_be_reached_by_the_keyboard() -> None:
    assert '<pre tabindex="0">' in (render_markdown("```\nx\n```\n") or "")
    assert '<pre tabindex="0">' in (render_markdown('<pre tabindex="5">x</pre>') or "")


def test_the_time_is_looked_at_before_each_fence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_html, "TIME_LIMIT", 0.3)
    for fence in ("```q\n```\n", "```py\n```\n", "```zeek\n" + "0" * 1900 + "\n```\n"):
        started = time.process_time()
        render_markdown(fence * (200_000 // len(fence)))
        assert time.process_time() - started < 5


def test_the_number_of_highlighted_fences_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_html, "MAX_FENCES", 3)
    html = render_markdown("```py\nif x: pass\n```\n" * 9) or ""
    assert html.count("<code") == 9
    assert html.count('<span class="hl-k">if</span>') == 3


def test_the_name_of_a_language_may_be_anything() -> None:
    for name in ("x" * 5000, "py{.a}", "__import__", "*", "text", "\u0130"):
        assert "print" in (render_markdown(f"```{name}\nprint\n```\n") or "")


@pytest.mark.parametrize(
    "text",
    [
        "[a]: http://e/" + "x" * 30_000 + "\n\n" + "[a]\n" * 8000,
        '[a]: http://e/ "' + "x" * 30_000 + '"\n\n' + "[a]\n" * 8000,
        "![a][a]\n" * 8000 + "\n[a]: http://e/" + "x" * 30_000 + "\n",
        "[a]: http://e/" + "x" * 30_000 + "\n\n" + "- > [a]\n" * 8000,
    ],
)
def test_what_would_get_too_long_is_not_rendered(text: str) -> None:
    assert render_markdown(text) is None


def test_harmless_html_that_gets_too_long_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_html, "ALLOWANCE", 0)
    assert render_markdown("".join(f"<b c={n}>" for n in range(40)) + "<p>x" * 200) is None
    assert highlighting.ALLOWANCE < 2**20
