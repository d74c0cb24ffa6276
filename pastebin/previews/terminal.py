"""What programs write for terminals: colours become classes, other escapes are left out (ECMA-48, 8.3).

Of letters that are struck over others, as manual pages have them, the last ones stay.
"""

import html
import re
from collections.abc import Iterator

# Control sequences, strings for the terminal itself (titles, links), and other escapes; each has a bound.
_COLOURS = re.compile(r"\x1b\[([0-9;:]{0,60})m")
_ESCAPE = re.compile(
    r"\x1b(?:\[[0-?]{0,60}[ -/]{0,8}[@-~]|[\]PX^_][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)"
    r"|[ -/]{1,3}[0-~]|[0-Z\\-~])?"
)
_STRUCK = re.compile(r"[^\n\x08]\x08")

# The eight colours as tokens of code that have about these (black and white are the page's own), and styles.
_TOKENS = {1: "gd", 2: "s", 3: "mi", 4: "k", 5: "kt", 6: "nf"}
_BOLD, _FAINT = "gs", "go"


def is_of_terminal(text: str) -> bool:
    """Whether there are colours in a text."""
    return _COLOURS.search(text) is not None


def without_escapes(text: str) -> str:
    """Return what can be read of a text."""
    if "\x08" in text:
        text = _STRUCK.sub("", text)
    return _ESCAPE.sub("", text) if "\x1b" in text else text


def coloured(text: str) -> Iterator[str]:
    """Yield a text as HTML, in which no element goes over the end of a line."""
    done, classes = 0, dict[str, str]()
    for match in _COLOURS.finditer(text):
        yield from _marked(without_escapes(text[done : match.start()]), classes)
        _change(classes, match[1])
        done = match.end()
    yield from _marked(without_escapes(text[done:]), classes)


def _marked(text: str, classes: dict[str, str]) -> Iterator[str]:
    names = " ".join(f"hl-{name}" for name in classes.values())
    for line in text.splitlines(keepends=True) if names else (text,):
        code = html.escape(line.rstrip("\n") if names else line, quote=False)
        yield f'<span class="{names}">{code}</span>' if names and code else code
        if names and line.endswith("\n"):
            yield "\n"


def _change(classes: dict[str, str], parameters: str) -> None:
    """Change colour and style as a sequence says; grounds and colours of 8 and 24 bits are not shown."""
    numbers = iter(parameters.replace(":", ";").split(";"))
    for number in numbers:
        code = int(number or 0)
        if code == 0:
            classes.clear()
        elif code in (1, 2):
            classes["style"] = _BOLD if code == 1 else _FAINT
        elif code == 22:
            classes.pop("style", None)
        elif code in (38, 48, 58):
            _skip_colour(numbers)
        elif 30 <= code <= 39 or 90 <= code <= 97:
            name = _TOKENS.get(code % 10)
            if name:
                classes["colour"] = name
            else:
                classes.pop("colour", None)


def _skip_colour(numbers: Iterator[str]) -> None:
    """Pass over `5;n` or `2;r;g;b`."""
    for _ in range({"5": 1, "2": 3}.get(next(numbers, ""), 0)):
        next(numbers, "")
