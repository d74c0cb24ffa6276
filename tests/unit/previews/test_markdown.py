"""Markdown becomes harmless HTML."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pastebin.previews import markdown
from pastebin.previews.markdown import render_markdown

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
    "```html\n</code></pre><script>alert(1)</script>\n```",
    "```<img/src/onerror=alert(1)>\nx\n```",
    "| a |\n|:-:|\n| <script>alert(1)</script> |",
    '[x]: https://host/ "\\"onmouseover=alert(1)"\n[x]',
]

ALLOWED = {
    "a": {"href", "title", "rel"},
    "abbr": {"title"},
    "details": {"open"},
    "li": {"value"},
    "ol": {"start"},
    "span": {"class"},
    "td": {"align"},
    "th": {"align"},
}
NEVER = {"script", "style", "img", "iframe", "form", "input", "svg", "math", "base", "link", "meta", "object"}


class Check(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in NEVER
        for name, value in attrs:
            assert name in ALLOWED.get(tag, set())
            if name == "href":
                assert re.match(r"(https?|mailto):", value or "", re.IGNORECASE)
            if name == "class":
                assert (value or "").startswith("hl-")


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
        "<h2>T</h2>",
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
        '<p><a href="https://host/cat.png">a cat</a> <a href="https://host/ci">badge</a></p>\n'
    )


def test_links_say_that_nobody_vouches_for_them_and_stay_off_this_server() -> None:
    assert 'rel="noopener noreferrer nofollow ugc"' in (render_markdown("[x](https://host/)") or "")
    for text in ("[x](../secret)", "[x](//host/)", "[x](?lang=zh_CN)", "[x](#main)"):
        assert "href" not in (render_markdown(text) or "")


@pytest.mark.parametrize(
    "text",
    ["[" * 200_000, "*a_ " * 60_000, "[a](b" * 40_000, "a**b" * 60_000, "![a" * 80_000, "> - " * 50_000],
)
def test_intricate_text_is_given_up_in_time(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "TIME_LIMIT", 0.2)
    started = time.monotonic()
    render_markdown(text)
    assert time.monotonic() - started < 20
