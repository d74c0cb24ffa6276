"""Every error has a status, a code, a row in docs/api.md and a heading on the page."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from mako.template import Template

import pastebin
from pastebin import errors
from pastebin.views.errors import MAY_RETRY, STATUS, _sentence, status_of

ROOT = Path(__file__).resolve().parents[2]
API = (ROOT / "docs" / "api.md").read_text()

# What only the framework refuses.
OF_HTTP = [(405, "method_not_allowed", "`Allow` says what the address takes.")]


def import_everything() -> None:
    """Import every module of the package, so that every error is known."""
    for module in pkgutil.walk_packages(pastebin.__path__, "pastebin."):
        if not module.name.endswith(("__main__", "wsgi", "_c")):
            importlib.import_module(module.name)


def kinds(base: type[errors.PastebinError] = errors.PastebinError) -> Iterator[type[errors.PastebinError]]:
    """Yield every error of ours, wherever it is."""
    for kind in base.__subclasses__():
        if kind.__module__.startswith("pastebin."):
            yield kind
            yield from kinds(kind)


# What only the command line says.
FOR_OPERATORS = frozenset({"SweepRefused"})

import_everything()
KINDS = sorted(
    {kind for kind in kinds() if kind.__name__ not in FOR_OPERATORS}, key=lambda kind: kind.__name__
)


def status(kind: type[errors.PastebinError]) -> int:
    """Return the status of an error, without making one."""
    return status_of(kind.__new__(kind))


def first_sentence(kind: type) -> str:
    """Return the first sentence of a docstring."""
    return re.split(r"(?<=\.)\s", " ".join((kind.__doc__ or "").split()))[0]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_has_a_status(kind: type[errors.PastebinError]) -> None:
    assert any(base in STATUS for base in kind.__mro__), f"{kind.__name__} is not in views.errors.STATUS"


def test_every_error_with_a_code_of_its_own_is_documented() -> None:
    told = {kind.code: kind for kind in KINDS if "code" in vars(kind)}
    rows = sorted([(status(kind), code, first_sentence(kind)) for code, kind in told.items()] + OF_HTTP)
    expected = [
        f"| {number} | `{code}` | {when} | {'yes' if number in MAY_RETRY else 'no'} |"
        for number, code, when in rows
    ]
    found = re.findall(r"^\| [45]\d\d \|.*$", API, re.MULTILINE)
    assert found == expected, "the table in docs/api.md has to be:\n" + "\n".join(expected)


def test_no_two_errors_share_a_code() -> None:
    codes = [kind.code for kind in KINDS if "code" in vars(kind)]
    assert sorted(codes) == sorted(set(codes))


def test_every_status_has_a_heading() -> None:
    headings = Template(filename=str(ROOT / "pastebin" / "templates" / "error.mako")).module.HEADINGS
    assert {*STATUS.values(), 405, 500} - set(headings) == set()


def test_what_the_page_says_in_every_language_is_what_the_service_says() -> None:
    said = Template(filename=str(ROOT / "pastebin" / "templates" / "error.mako")).module.MESSAGES
    code = "".join(path.read_text() for path in (ROOT / "pastebin").rglob("*.py"))
    assert [message for message in said if message not in code] == []


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("w must be a whole number, not '0'", "w must be a whole number, not '0'."),
        ("cw must be given", "cw must be given."),
        ("the image is broken", "The image is broken."),
        ("this file is none", "This file is none."),
        ("a region is left out", "A region is left out."),
        ("3 frames are too many", "3 frames are too many."),
        ("Say which.", "Say which."),
        ("Say which: ?url=…", "Say which: ?url=…"),
    ],
)
def test_a_message_is_a_sentence_and_no_name_changes_its_case(message: str, sentence: str) -> None:
    assert _sentence(message) == sentence
