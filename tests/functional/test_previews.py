"""The page of every kind of file, and of texts made to hold up the service."""

import io
import re
import tarfile
import threading
from html import unescape
from typing import Any

import pytest
from webtest import TestApp, TestResponse

from pastebin.errors import Overloaded, TaskFailed
from pastebin.previews import KINDS, Preview
from pastebin.workers import Admission, Answer, TaskLimits
from tests.inprocess import Service, contents, file_part, text_part
from tests.unit.previews.samples import SAMPLES, TERMS

BACKSLASHES = "\\" * 60 + "\n"

PLAIN = "so it is shown plain"


def page(service: Service, filehash: str) -> TestResponse:
    answer = service.ask(f"/p/{filehash}", accept="text/html")
    assert answer.status_int == 200
    return answer


def kind_of(answer: TestResponse) -> str:
    found = re.search(r'data-kind="(\w+)"', answer.text)
    assert found
    return found[1]


def limit(service: Service, monkeypatch: pytest.MonkeyPatch, cpu_seconds: float) -> None:
    """Have the service wait less long for its workers than it would."""
    limits = TaskLimits(seconds=10, cpu_seconds=cpu_seconds, memory_bytes=160 * 2**20)
    monkeypatch.setattr(service.registry.services.previews, "_limits", limits)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_kind_has_a_page(service: Service, kind: type[Preview]) -> None:
    name, data = SAMPLES[kind.kind]
    fields = [text_part(*field) for field in TERMS.get(kind.kind, {}).items()]
    uploaded = service.send([file_part(data, name), *fields], to="/j")
    answer = page(service, uploaded.json["hash"])
    assert kind_of(answer) == kind.kind
    assert f'aria-label="{kind.label}"' in answer.text
    assert f'property="og:type" content="{kind.open_graph_type}"' in answer.text
    assert (f"/js/{kind.script}.js" in answer.text) == bool(kind.script)
    assert PLAIN not in answer.text


def test_large_pages_are_put_together_a_few_at_a_time(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    long, short = (service.filehash(b"a = 1  # b\n" * lines, "a.py") for lines in (20_000, 20))
    page(service, long)
    turns = Admission(1, waiting=0, wait_seconds=0, heavy_slots=0)
    monkeypatch.setattr(service.registry.services.previews, "_pages", turns)
    pages = (f"/p/{long}", f"/p/{long}?against={short}")
    with turns.enter():
        for address in pages:
            answer = service.ask(address, accept="text/html")
            assert (answer.status_int, "Retry-After" in answer.headers) == (503, True)
        page(service, short)
    assert [service.ask(address, accept="text/html").status_int for address in pages] == [200, 200]


# What a lexer of Pygments 2.20 never ends with.
HANGING = {
    "hang.scala": '"' + BACKSLASHES,
    "hang.smithy": '"""' + BACKSLASHES,
    "hang.fish": '"' + BACKSLASHES,
    "hang.reg": 'Windows Registry Editor Version 5.00\n\n[HKEY_X]\n"' + BACKSLASHES,
    "hang.md": f'```scala\n"{BACKSLASHES}```\n',
}

# What takes time or memory, in parsers and sanitizers.
COSTLY = {
    "zeek8.md": ("```zeek\n" + "0" * 4900 + "\n```\n") * 8,
    "zeek.zeek": ("0" * 4900 + "\n") * 40,
    "unknown.md": "```q\n```\n" * 29_000,
    "known.md": "```py\n```\n" * 26_000,
    "formatting.md": "<div><p>" + "".join(f"<b c={n}>" for n in range(4900)) + "<p>x" * 9000,
    "lists.md": "<div><li>" + "".join(f"<code c={n}>" for n in range(4900)) + "<li>x" * 9000,
    "link.md": '<div><p><a href="http://' + "A" * 64_000 + '">' + "<p>a" * 16_000,
    "references.md": "[a]: http://e/" + "x" * 220_000 + "\n\n" + "[a]\n" * 8000,
    "deep.md": "<div>" + "<span>" * 18_000 + "<p>" * 40_000,
    "table.md": "|a" * 3000 + "|\n" + "|-" * 3000 + "|\n" + "|x|\n" * 60_000,
    "deep.json": "[" * 120_000,
    "wide.csv": "a," * 120_000 + "\n",
}


@pytest.mark.parametrize("name", HANGING)
def test_a_text_that_would_take_for_ever_is_shown_plain(
    service: Service, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(service, monkeypatch, cpu_seconds=0.3)
    filehash = service.filehash(HANGING[name].encode(), name)
    answer = page(service, filehash)
    assert (kind_of(answer), answer.text.count(PLAIN)) == ("text", 1)
    assert "\\" * 60 in answer.text
    monkeypatch.setattr(service.registry.services.previews, "_pool", None)  # nobody is asked a second time
    assert page(service, filehash).text == answer.text


@pytest.mark.parametrize("name", COSTLY)
def test_a_costly_text_has_a_page(service: Service, name: str) -> None:
    filehash = service.filehash(COSTLY[name].encode()[: 256 * 1024], name)
    answer = page(service, filehash)
    assert kind_of(answer) in ("text", "markdown", "table")
    assert len(answer.body) < 16 * 2**20
    again = page(service, filehash)
    assert again.text == answer.text


def test_a_costly_archive_has_a_page(service: Service) -> None:
    data = contents.archive()[:-22] + b"PK\5\6" + b"\xff" * 16 + bytes(2)
    assert kind_of(page(service, service.filehash(data, "a.zip"))) == "hex"


@pytest.mark.parametrize("modified", [-62_135_596_800, -1, 0, 253_402_300_799, 2**60])
def test_an_archive_of_any_age_has_a_page(service: Service, modified: int) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as file:
        entry = tarfile.TarInfo("a.txt")
        entry.mtime = modified
        file.addfile(entry)
    answer = page(service, service.filehash(out.getvalue(), "a.tar"))
    assert kind_of(answer) == "archive"


def test_others_are_served_meanwhile(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(service, monkeypatch, cpu_seconds=1.5)
    hanging = service.filehash(b"// another\n" + HANGING["hang.scala"].encode(), "a.scala")
    innocent = service.filehash(b"import os\n", "a.py")
    page(service, innocent)
    other = Service.__new__(Service)
    other.__dict__.update(service.__dict__, client=TestApp(service.app))
    thread = threading.Thread(target=page, args=(other, hanging))
    thread.start()
    for address in ("/", f"/i/{innocent}", f"/p/{innocent}"):
        assert service.ask(address, accept="text/html").status_int == 200
    fresh = page(service, service.filehash(b"import sys\n", "b.py"))
    assert "hl-kn" in fresh.text
    assert thread.is_alive()
    thread.join()


class Pool:
    """Does what a test says in the place of the workers."""

    def __init__(self, outcome: Answer | Exception) -> None:
        self.outcome = outcome

    def run(self, *_: Any, **__: Any) -> Answer:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def test_where_no_worker_is_free_the_page_is_asked_for_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    filehash = service.filehash(b"import busy\n", "a.py")
    with monkeypatch.context() as patch:
        patch.setattr(service.registry.services.previews, "_pool", Pool(Overloaded("the service is busy")))
        answer = service.ask(f"/p/{filehash}", accept="text/html")
        assert answer.status_int == 503
        assert int(answer.headers["Retry-After"]) > 0
    assert "hl-kn" in page(service, filehash).text


@pytest.mark.parametrize("outcome", [TaskFailed("a bug"), Answer({"kind": "text", "html": 1}, b"")], ids=type)
def test_where_a_worker_fails_the_page_is_plain(
    service: Service, monkeypatch: pytest.MonkeyPatch, outcome: Any
) -> None:
    monkeypatch.setattr(service.registry.services.previews, "_pool", Pool(outcome))
    text = f"import failed  # <b> {type(outcome).__name__}\n"
    answer = page(service, service.filehash(text.encode(), "a.py"))
    assert (kind_of(answer), answer.text.count(PLAIN)) == ("text", 1)
    assert f"</a>{text.replace('<', '&lt;').replace('>', '&gt;')}</span>" in answer.text
    described = re.search(r'<meta name="description" content="([^"]*)"', answer.text)
    assert described
    assert unescape(described[1]) == " ".join(text.split())
    binary = contents.noise(100, seed=len(text))
    assert kind_of(page(service, service.filehash(binary, "a.zip"))) == "hex"


def test_a_preview_is_made_once_for_every_name_that_matters(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = service.filehash(b"# made once\n", "a.md")
    other = service.filehash(b"# made once\n", "b.txt")
    assert kind_of(page(service, first)) == "markdown"
    assert kind_of(page(service, other)) == "text"
    monkeypatch.setattr(service.registry.services.previews, "_pool", None)
    assert kind_of(page(service, first)) == "markdown"
