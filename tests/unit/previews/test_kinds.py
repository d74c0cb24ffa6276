"""Every kind of preview has all that belongs to it, and comes through the border as JSON."""

import ast
import inspect
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

import pastebin
from pastebin.previews import (
    KINDS,
    ContentPreview,
    FileFacts,
    ImagePreview,
    InvalidPreview,
    Preview,
    from_json,
    to_json,
)
from pastebin.previews.base import NativePreview

from .samples import SAMPLES

PACKAGE = Path(pastebin.__file__).parent
TEMPLATES = PACKAGE / "templates" / "previews"

# https://ogp.me/#types
OPEN_GRAPH_TYPES = {"website", "article", "video.other"}

CONTENT_KINDS = [kind for kind in KINDS if issubclass(kind, ContentPreview)]

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)

Make = Callable[..., Any]


def concrete(base: type) -> Iterator[type]:
    for kind in base.__subclasses__():
        yield from concrete(kind)
        if not inspect.isabstract(kind) and not kind.__name__.startswith("_"):
            yield kind


def test_every_kind_is_registered_once_and_its_name_is_its_own() -> None:
    # Dataclasses with slots leave their first versions behind, of the same names.
    assert {kind.__name__ for kind in concrete(Preview)} == {kind.__name__ for kind in KINDS}
    assert len({kind.kind for kind in KINDS}) == len(KINDS)


def test_every_kind_has_a_sample() -> None:
    assert SAMPLES.keys() == {kind.kind for kind in KINDS}


def test_every_template_is_of_a_kind() -> None:
    assert {path.stem for path in TEMPLATES.glob("*.mako")} == {kind.kind for kind in KINDS}


@each_kind
def test_a_kind_says_what_it_is(kind: type[Preview]) -> None:
    assert kind.open_graph_type in OPEN_GRAPH_TYPES
    assert kind.script is None or (PACKAGE / "static" / "js" / f"{kind.script}.js").is_file()
    assert issubclass(kind, ContentPreview | NativePreview)
    for path in (PACKAGE / "locale").glob("*/LC_MESSAGES/pastebin.po"):
        with path.open("rb") as file:
            message = read_po(file).get(kind.label)
        assert message is not None, f"{kind.label} is not in {path}"
        assert message.string


@each_kind
def test_a_file_gets_it(kind: type[Preview], preview: Make) -> None:
    shown = preview(*SAMPLES[kind.kind])
    assert type(shown) is kind
    assert isinstance(shown.excerpt, str)


@pytest.mark.parametrize("kind", CONTENT_KINDS, ids=lambda kind: kind.kind)
def test_it_comes_through_json(kind: type[ContentPreview], preview: Make) -> None:
    shown = preview(*SAMPLES[kind.kind])
    returned = from_json(json.loads(json.dumps(to_json(shown))))
    assert returned == shown
    assert repr(returned) == repr(shown)  # Markup stays Markup, text stays text


WRONG = [None, True, 1, 10**30, 1.5, "x", "\ud800", ["x"], [1], [["x"]], [["\udc00"]], {}, {"kind": "text"}]


@pytest.mark.parametrize("kind", CONTENT_KINDS, ids=lambda kind: kind.kind)
def test_what_a_worker_lies_about_is_refused_or_of_the_right_type(
    kind: type[ContentPreview], preview: Make
) -> None:
    """Whatever one value is replaced by, at any depth, the result is refused or as good as a true one."""
    honest = to_json(preview(*SAMPLES[kind.kind]))
    refused = 0
    for change in changes(honest):
        try:
            json.dumps(to_json(from_json(change)), ensure_ascii=False).encode()
        except InvalidPreview:
            refused += 1
    assert refused > 10


def changes(value: Any) -> Iterator[Any]:
    """Yield copies of a JSON value with something replaced, added or left out."""
    yield from (wrong for wrong in WRONG if isinstance(wrong, dict) or not isinstance(value, dict))
    if isinstance(value, dict):
        yield {**value, "more": 1}
        for name, item in value.items():
            yield {key: value[key] for key in value if key != name}
            yield from ({**value, name: change} for change in changes(item))
    elif isinstance(value, list) and value:
        yield from ([change, *value[1:]] for change in changes(value[0]))


@pytest.mark.parametrize(
    "modified", ["", "now", "2024-01-01T00:00:00+99:99", "10000-01-01", "9999-12-31T23:59-12"]
)
def test_a_time_is_a_time(modified: str, preview: Make) -> None:
    honest = to_json(preview(*SAMPLES["archive"]))
    honest["entries"][0]["modified"] = modified
    with pytest.raises(InvalidPreview):
        from_json(honest)


def modules_after(statement: str) -> set[str]:
    """Return what a new interpreter has loaded after a statement."""
    code = f"{statement}\nimport sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_the_web_process_has_none_of_what_reads_a_strangers_text() -> None:
    """Once it starts, Mako loads Pygments for error pages of its own, which are never shown."""
    assert not modules_after("import pastebin.application") & {"pygments", "markdown_it", "nh3"}


def test_workers_have_neither_web_framework_nor_database() -> None:
    loaded = modules_after("import pastebin.previews.tasks")
    assert {"pygments", "markdown_it", "nh3"} <= loaded
    assert not loaded & {"pyramid", "sqlalchemy", "webob", "PIL"}  # Mako brings a lexer for Pygments


def test_only_modules_for_workers_import_their_libraries() -> None:
    found = set()
    for path in (PACKAGE / "previews").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if {name.partition(".")[0] for name in names if name} & {"pygments", "markdown_it", "nh3"}:
                found.add(path.stem)
    assert found == {"highlighting", "markdown_html"}


@pytest.mark.parametrize(
    ("mimetype", "width", "size", "widths"),
    [
        ("image/jpeg", 4000, 3_000_000, (360, 720, 1200, 1920)),
        ("image/png", 1000, 60_000, (360, 720)),
        ("image/png", 720, 60_000, (360,)),
        ("image/jpeg", 4000, 40_000, ()),
        ("image/gif", 4000, 3_000_000, ()),
        ("image/tiff", 4000, 3_000_000, ()),
    ],
)
def test_an_image_has_smaller_ones_where_that_is_worth_it(
    mimetype: str, width: int, size: int, widths: tuple[int, ...]
) -> None:
    file = FileFacts("a", mimetype, "", size, width, 100)
    assert ImagePreview.of(file).widths == widths
