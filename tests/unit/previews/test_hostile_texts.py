"""Whatever a text does to the library that reads it, an answer comes in time: the guard over all readers.

Expressions of Pygments' lexers take exponential or quadratic time over inputs like these, and
parsers of HTML any amount of memory. Which ones do changes with every release, so that no list of
them helps; here a worker's limits are tried, not the libraries.
"""

import io
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import islice

import pytest
from pygments.lexers import get_all_lexers

from pastebin.errors import TaskKilled
from pastebin.previews import FileFacts, from_json
from pastebin.workers import TaskLimits, Template, WorkerPool

MIB = 2**20

LIMITS = TaskLimits(seconds=10, cpu_seconds=0.25, memory_bytes=120 * MIB)

# Every how manyth kind of file is tried; all of them take minutes.
STEP = 20

# Known for an expression that never ends.
HANGING = ["a.scala", "a.smithy", "a.fish", "a.reg"]

# Files that a reader of ours takes, rather than a lexer.
OURS = ["a.md", "a.csv", "a.tsv", "a.json", "a.ipynb", "a.txt", "a"]

BACKSLASHES = "\\" * 60 + "\n"

INPUTS = {
    "backslashes": "".join(
        f"{quote}{BACKSLASHES}" for quote in ('"', "'", "`", '"""', "[", "/", "s/", "<<A\n")
    ),
    "numbers": ("0" * 1900 + "\n") * 20 + ("1." * 900 + "\n") * 20,
    "long lines": ("a" * 4900 + "\n") * 10 + " " * 4900 + "x\n",
    "nesting": "".join(sign * 20_000 + "\n" for sign in "[{(<") + "if(" * 5000,
    "tags": "<a <b=" * 9000 + "<!--" * 2000 + "<![CDATA[" * 2000 + "<?" * 2000,
    "formatting": "<div><p>" + "".join(f"<b c={n}>" for n in range(4000)) + "<p>x" * 9000,
    "links": '<div><p><a href="http://' + "A" * 60_000 + '">' + "<p>a" * 15_000,
    "references": "[a]: http://e/" + "x" * 32_000 + "\n\n" + "[a]\n" * 8000,
    "fences": "```py\n```\n" * 20_000,
    "table": "|a" * 3000 + "|\n" + "|-" * 3000 + "|\n" + "|x|\n" * 60_000,
    "commas": ",;\t|" * 30_000 + '\n"',
    "numbers in json": "[" + "9" * 100_000 + "," + "[" * 50_000,
}


def names() -> list[str]:
    """Return a name of a file for every pattern by which a lexer is chosen, some of them only."""
    patterns = sorted({pattern for lexer in get_all_lexers(plugins=False) for pattern in lexer[2]})
    found = [re.sub(r"\[(.).*?\]", r"\1", pattern).replace("*", "a") for pattern in patterns]
    assert len(found) > 500
    return list(islice(found, 0, None, STEP))


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    """Give a small pool that does previews only."""
    template = Template("pastebin.previews.tasks")
    pool = WorkerPool(template, size=2, waiting=8, wait_seconds=60)
    yield pool
    pool.close()
    template.close()


def outcome(pool: WorkerPool, name: str, text: str) -> str:
    """Ask for a preview; return its kind, or why there is none."""
    data = text.encode()[: 256 * 1024]
    facts = FileFacts(name, "text/plain", "us-ascii", len(data))
    params = {"file": asdict(facts), "limit": len(data)}
    started = time.monotonic()
    try:
        answer = pool.run("preview", name, limits=LIMITS, params=params, source=io.BytesIO(data))
    except TaskKilled as killed:
        return killed.reason
    finally:
        assert time.monotonic() - started < 60 + LIMITS.seconds
    return from_json(answer.header).kind


def outcomes(pool: WorkerPool, pairs: list[tuple[str, str]]) -> list[str]:
    """Ask for several previews, two at a time."""
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(lambda pair: outcome(pool, *pair), pairs))


def test_lexers_that_hang_are_ended(pool: WorkerPool) -> None:
    text = 's = "' + BACKSLASHES
    texts = {"a.fish": '"' + BACKSLASHES, "a.reg": '"' + BACKSLASHES, "a.md": f"```scala\n{text}```\n"}
    found = outcomes(pool, [(name, texts.get(name, text)) for name in (*HANGING, "a.md")])
    assert set(found) <= {"time", "text", "markdown"}
    assert "time" in found  # or all of them are mended, and better ones are to be found


def test_every_kind_of_text_is_answered(pool: WorkerPool) -> None:
    """All that is costly in one text: the lexer decides what of it costs most."""
    text = "".join(INPUTS[name] for name in ("backslashes", "numbers", "tags"))
    found = outcomes(pool, [(name, text) for name in names()])
    assert set(found) <= {"text", "table", "markdown", "time", "memory", "crash"}
    assert found.count("text") > len(found) / 2


@pytest.mark.parametrize("name", OURS)
def test_every_reader_of_ours_answers_to_every_input(pool: WorkerPool, name: str) -> None:
    found = outcomes(pool, [(name, text) for text in INPUTS.values()])
    assert set(found) <= {"text", "table", "markdown", "time", "memory", "crash"}
    if name in ("a.txt", "a"):
        assert set(found) == {"text"}
