"""Every error has a status, a code, a row in docs/api.md and a heading on the page."""

import ast
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
from pastebin.web.translations import catalogue

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
    said = Template(filename=str(ROOT / "pastebin" / "templates" / "error.mako")).module.SENTENCES.sentences
    trees = [ast.parse(path.read_text()) for path in (ROOT / "pastebin").rglob("*.py")]
    known = {shape(node) for tree in trees for node in ast.walk(tree) if isinstance(node, TEXTS)}
    assert [sentence for sentence in said if _shape(sentence.split("{")) not in known] == []


TEXTS = (ast.Constant, ast.JoinedStr)


def shape(node: ast.AST) -> str:
    """Return a text of the code with `{}` for what is filled in, without capitals and its last dot."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = (str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
    return "".join(texts).removesuffix(".").lower()


def _shape(parts: list[str]) -> str:
    """Return the same of a sentence that was cut where its blanks begin."""
    first, *others = parts
    return "{}".join([first, *(part.partition("}")[2] for part in others)]).removesuffix(".").lower()


@pytest.mark.parametrize(
    ("text", "translated"),
    [
        ("There is no such file.", "没有这个文件。"),
        (
            "w must be a whole number from 1 to 10000, not '0'.",
            "w 必须是 1 到 10000 之间的整数，而不是 '0'。",
        ),
        (
            "The region x=1, y=2, cw=3, ch=4 leaves the image, which is 5 × 6 pixels.",
            "区域 x=1、y=2、cw=3、ch=4 超出了图片，图片为 5 × 6 像素。",
        ),
        ("Nobody has translated this.", None),
    ],
)
def test_what_an_error_says_is_translated_with_what_is_filled_in(text: str, translated: str | None) -> None:
    sentences = Template(filename=str(ROOT / "pastebin" / "templates" / "error.mako")).module.SENTENCES
    assert sentences.translate(text, catalogue("zh_CN")) == translated


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
