"""Whatever somebody types or a program sends as a name, a note or a reason: on every page it is text."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import pytest
from sqlalchemy import select
from webtest import TestResponse

from pastebin.models import AUDIT, JOBS
from pastebin.services.oidc import Arrival
from pastebin.services.rights import ADMINISTER
from pastebin.services.webhook_forms import KINDS, message_for
from pastebin.views.oidc import _label
from tests.functional.rights_pages import FORM, PAGES, SETTINGS, Things
from tests.functional.test_accounts import post
from tests.functional.test_passkeys import options
from tests.inprocess import file_part, text_part
from tests.inprocess.accounts import OWN, PASSWORD, sign_up
from tests.inprocess.authenticator import Authenticator
from tests.inprocess.fixtures import StartService

MARKUP = "'\"></textarea><script>x()</script><img src=x onerror=x()>"

WORDS = {
    "markup": MARKUP,
    "a placeholder": "${7*7} {size} %(name)s %s {0} <%= 7 %>",
    "another direction": "photo\u202egnp.exe\u2067\u200f",
    "controls": "a\x00b\x07\x1b[31mc\x7f\u2028d",
    "lines": "a\r\nSet-Cookie: x=1\r\n\r\n<b>x",
    "a formula": '=HYPERLINK("http://evil.example")',
    "long": "w" * 6000,
    "too long for one": "é" * 199,
    "nothing": " \t ",
}

# What no page has, wherever it comes from.
NEVER = frozenset("\x00\x07\x1b\x7f\u2028\u202e\u2067\u200f")

Say = Callable[[Things, str], TestResponse]


def _form(path: Callable[[Things], str], field: str, **fields: str) -> Say:
    """Return a door: a form of a page of ours that has the word in a field."""

    def say(things: Things, word: str) -> TestResponse:
        things.service.client.reset()
        body = urlencode({**fields, field: word}).encode()
        headers = {"content_type": FORM, "accept": "text/html", **OWN, **things.owner.browser}
        return things.service.ask(path(things), "POST", body, **headers)

    return say


def _parts(field: str, *parts: tuple[str, str], path: Callable[[Things], str] = lambda _: "/") -> Say:
    """Return a door: an upload that has the word in a field."""

    def say(things: Things, word: str) -> TestResponse:
        said = [text_part(*one) for one in (*parts, (field, word))]
        content = file_part(str(things.service).encode() + field.encode(), "words.txt")
        return things.service.send([*said, content], path(things), **things.owner.browser, **OWN)

    return say


def _file_name(things: Things, word: str) -> TestResponse:
    content = b"a file with a name " + word[:9].encode()
    return things.service.send([file_part(content, f"{word}.txt")], **things.owner.browser, **OWN)


def _passkey(things: Things, word: str) -> TestResponse:
    asked = options(things.service, "/account/passkeys", **things.owner.browser)
    made = json.dumps(Authenticator().made(asked["options"]))
    fields = {"action": "add", "state": asked["state"], "credential": made}
    return _form(lambda _: "/account/passkeys", "name", **fields)(things, word)


def _account(things: Things, word: str) -> TestResponse:
    """Say it without a session, which a new account would end."""
    fields = {"name": word, "password": PASSWORD}
    return post(things.service, f"/signup/{things.invite}", urlencode(fields))


DOORS: dict[str, Say] = {
    "a token": _form(lambda _: "/account/tokens", "name", action="create", scope="upload"),
    "a passkey": _passkey,
    "a request's title": _form(lambda _: "/account/requests", "title", action="create"),
    "a request's note": _form(lambda _: "/account/requests", "note", action="create", title="wanted"),
    "a guest": _parts("sender", path=lambda s: f"/u/{s.request}"),
    "a title": _parts("title"),
    "a collection": _parts("title", ("collection", "")),
    "a file": _file_name,
    "a report": _form(lambda s: f"/p/{s.name()}", "report"),
    "why it is hidden": _form(lambda s: f"/admin/files/{s.name()}", "reason", action="quarantine"),
    "why it is shown": _form(lambda s: f"/admin/files/{s.name()}", "reason", action="release"),
    "a ban": _form(lambda _: "/admin/bans", "reason", action="ban", sha256="0" * 64),
    "an invite": _form(lambda _: "/admin/invites", "note", action="create", uses="1", lifetime="7d"),
    "a webhook": _form(lambda _: "/admin/webhooks", "url", action="add", kind="json"),
    "an account": _account,
    "the way on": _form(lambda _: "/login", "next", name="nobody", password="wrong password"),
    "who signs in": _form(lambda _: "/login", "name", password="wrong password"),
    "an address": _form(lambda _: "/signup", "email"),
}

# Doors that hash a password, which takes its time.
HASHING = frozenset({"an account", "the way on", "who signs in"})

# Doors that take nothing of this kind.
SHUT = frozenset({"a webhook", "the way on", "who signs in", "an address"})

# Addresses that say back what was asked for.
ASKED_FOR = (
    *("/login?next={}", "/account/files?q={}", "/account/files?sort={}", "/uploaded?files={}"),
    *("/admin/files?q={}", "/admin/files?owner={}", "/admin/users?q={}", "/admin/audit?after={}"),
    *(
        "/p/{}",
        "/c/{}",
        "/u/{}",
        "/m/{}",
        "/signup/{}",
        "/reset/{}",
        "/confirm/{}",
        "/login/oidc/callback?error={}",
    ),
    *("/api/v1/files?q={}", "/api/v1/users/{}", "/api/v1/audit?q={}", "/admin/statistics.csv?table={}"),
)


class Elements(HTMLParser):
    """Collects what a page has that could run."""

    def __init__(self) -> None:
        super().__init__()
        self.running: list[object] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note scripts of the page itself, pictures of nowhere, and attributes that are scripts."""
        given = dict(attrs)
        is_script = tag == "script" and not given.get("src") and given.get("type") != "application/json"
        is_ours = given.get("src", "/") != "x"
        events = [name for name in given if name.startswith("on")]
        links = [
            name for name in ("href", "src", "action") if (given.get(name) or "").startswith("javascript:")
        ]
        if is_script or not is_ours or events or links:
            self.running.append((tag, attrs))
        # What somebody typed into a field stands in it again: a field keeps directions to itself.
        self.said += [value for name, value in attrs if value and (tag, name) != ("input", "value")]

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.said.append(data)


def assert_harmless(answer: TestResponse, where: str) -> None:
    """Assert that nothing of an answer runs, reorders, or came to stand among its headers."""
    is_away = (where, answer.status_int) == ("/login/oidc", 503)  # the provider, which is not there
    assert answer.status_int < 500 or is_away, (where, answer.status, answer.text[:500])
    assert "x=1" not in str(answer.headers.getall("Set-Cookie")), where
    if answer.content_type == "text/html":
        elements = Elements()
        elements.feed(answer.text)
        assert elements.running == [], where
        never = [text for text in elements.said if NEVER & set(text)]
        assert never == [], where
    elif answer.content_type == "application/json":
        json.loads(answer.body)


@pytest.fixture
def things(start: StartService) -> Things:
    """Give a service with things of an administrator, and a webhook that is told everything."""
    service = start(**SETTINGS)
    anna = sign_up(service, "anna", ADMINISTER)
    services = service.registry.services
    services.webhooks.add("https://hooks.example/x", "json", [], "", "test")
    return Things(service, anna, sign_up(service, "uwe"))


def test_every_word_at_every_door_is_text_everywhere(things: Things) -> None:
    service, services, anna = things.service, things.services, things.owner
    for number, (what, word) in enumerate(WORDS.items()):
        services.account_sessions.create(anna.account, word)
        label = _label(Arrival("https://id.example", str(number), word, "/", None))
        services.identities.link(anna.account.id, "https://id.example", str(number), label)
        for door, say in DOORS.items():
            if door in HASHING and word not in (MARKUP, WORDS["another direction"]):
                continue
            answer = say(things, word)
            assert_harmless(answer, f"{what} as {door}")
            if word is MARKUP and door not in SHUT:
                assert answer.status_int < 400, (door, answer.text[:300])
    for page in PAGES:
        if page.method == "GET":
            service.client.reset()
            path = page.path(things)
            headers = {"accept": "text/html", "accept_language": "zh", **anna.browser}
            assert_harmless(service.ask(path, **headers), path)
    for query in ASKED_FOR:
        for what in ("markup", "another direction", "controls", "lines"):
            asked = query.format(quote(WORDS[what]))
            service.client.reset()
            assert_harmless(service.ask(asked, accept="text/html", **anna.browser), asked)


def test_every_word_in_a_message_to_others(things: Things) -> None:
    for word in WORDS.values():
        for say in (DOORS["a title"], DOORS["a file"], DOORS["a report"], DOORS["a guest"]):
            say(things, word)
    _form(lambda _: "/account/requests", "title", action="create")(things, MARKUP)
    with things.services.engine.connect() as connection:
        payloads = [json.loads(text) for text in connection.scalars(select(JOBS.c.payload))]
        acts = [row.reason for row in connection.execute(select(AUDIT))]
    assert len(payloads) >= 10
    for payload in payloads:
        for kind in KINDS:
            message = message_for(kind, "https://hooks.example/x", "s", 1, payload)
            said = json.loads(message.body)
            assert len(message.body) < 8000
            text = said.get("content") or said.get("text") or said.get("body") or json.dumps(payload)
            assert not NEVER & set(text), text
            if kind == "discord":
                assert said["allowed_mentions"] == {"parse": []}
                assert re.search(r"(?<!\\)<", text) is None, text
            if kind == "slack":
                assert "<" not in text
    assert not NEVER & set("".join(acts))


def test_every_word_in_an_export(things: Things) -> None:
    for word in WORDS.values():
        for door in ("a title", "a file", "a collection", "a request's title", "a guest"):
            DOORS[door](things, word)
    answer = things.service.ask("/account/export", **things.owner.browser)
    assert answer.status_int == 200
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        names = archive.namelist()
        lists = [
            json.loads(archive.read(name)) for name in names if name.endswith(".json") and "/" not in name
        ]
    assert lists
    assert not NEVER & set("".join(names))
    assert not [name for name in names if set(name) & set('<>:"|?*\\') or ".." in name]
