"""Uploads that are the address of a file on another server."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from webtest import TestResponse

from pastebin.models import AUDIT
from pastebin.remote import connection
from pastebin.services.flags import Flag
from pastebin.services.remote_files import FOR_ONE
from tests.inprocess import Service, file_part, text_part
from tests.inprocess.accounts import sign_up, token_of
from tests.inprocess.elsewhere import Elsewhere, answer, redirect
from tests.inprocess.fixtures import StartService

REFUSED = (Path(__file__).parents[1] / "unit" / "remote" / "refused.txt").read_text().split()
TUS = {"tus_resumable": "1.0.0", "content_type": "application/offset+octet-stream", "upload_offset": "0"}


@pytest.fixture(scope="module")
def shared_elsewhere() -> Iterator[Elsewhere]:
    """Give a server to fetch from that all tests share."""
    with Elsewhere() as server:
        yield server


@pytest.fixture
def elsewhere(shared_elsewhere: Elsewhere) -> Elsewhere:
    """Give a server to fetch from, which has nothing yet."""
    shared_elsewhere.answers.clear()
    shared_elsewhere.asked.clear()
    return shared_elsewhere


@pytest.fixture
def service(emptied: StartService, elsewhere: Elsewhere) -> Service:
    """Give a service that may fetch from there."""
    return emptied(**elsewhere.settings())


def fetch(service: Service, url: str, to: str = "/", **given: str) -> TestResponse:
    """Return the answer to a form with an address; headers, and fields that end in `_field`."""
    fields = {name.removesuffix("_field"): text for name, text in given.items() if name.endswith("_field")}
    headers = {name: text for name, text in given.items() if not name.endswith("_field")}
    parts = [text_part(name, text) for name, text in {"url": url, **fields}.items()]
    return service.send(parts, to, **{"accept": "application/json", **headers})


def code(answered: TestResponse) -> str:
    return str(answered.json["error"]["code"])


def until_over(service: Service, path: str) -> dict[str, Any]:
    """Return what is told of a fetch when it is over."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        said: dict[str, Any] = service.ask(path).json
        if "error" in said or "url_m" in said:
            return said
        time.sleep(0.02)
    raise AssertionError(f"it never ended: {said}")


def location(answered: TestResponse) -> str:
    return dict(answered.headerlist)["Location"]


def test_a_file_is_fetched_and_stored(service: Service, elsewhere: Elsewhere) -> None:
    elsewhere.answers["/pictures/cat.txt?size=1"] = answer(b"a cat")
    made = fetch(service, f" {elsewhere.url('/pictures/cat.txt?size=1')} ")
    assert (made.status_int, made.json["filename"], made.json["size"]) == (201, "cat.txt", "5.00 bytes")
    assert service.ask(made.json["url_d"]).body == b"a cat"
    assert fetch(service, elsewhere.url("/pictures/cat.txt?size=1"), "/j").status_int == 200


def test_a_large_file_is_fetched(service: Service, elsewhere: Elsewhere) -> None:
    elsewhere.answers["/a"] = answer(bytes(3_000_000))
    assert service.ask(fetch(service, elsewhere.url("/a")).json["url_d"]).body == bytes(3_000_000)


@pytest.mark.parametrize(
    ("path", "disposition", "title", "name"),
    [
        ("/a/b%20c.txt", "", "", "b c.txt"),
        ("/a/b.txt", 'attachment; filename="c.txt"', "", "c.txt"),
        ("/a/b.txt", 'attachment; filename="../../c.txt"', "", "c.txt"),
        ("/a/b.txt", 'attachment; filename="\xff.txt"', "", "b.txt"),
        ("/a/..%2f..%2fetc%2fpasswd", "", "", "passwd"),
        ("/a/%00%0a", "", "", "file"),
        ("/", "", "", "file.txt"),
        ("/a/", "", "Cats and dogs", "Cats and dogs"),
        ("/a/b.txt", "", "Cats and dogs", "b.txt"),
        ("/a/b.txt", 'attachment; filename="c.txt"', "cats.txt", "cats.txt"),
        (f"/{'a' * 1500}.txt", "", "", "file.txt"),
    ],
)
def test_its_name_is_what_the_other_server_says_or_the_end_of_its_address(
    service: Service, elsewhere: Elsewhere, path: str, disposition: str, title: str, name: str
) -> None:
    elsewhere.answers[path] = answer(b"text\n", content_disposition=disposition)
    made = fetch(service, elsewhere.url(path), title_field=title)
    assert (made.status_int, made.json["filename"]) == (201, name)


def test_its_name_is_that_of_the_last_address(service: Service, elsewhere: Elsewhere) -> None:
    elsewhere.answers["/a.txt"] = redirect("/b/c.txt?d")
    elsewhere.answers["/b/c.txt?d"] = answer(b"text\n")
    assert fetch(service, elsewhere.url("/a.txt")).json["filename"] == "c.txt"


def test_nothing_is_fetched_unless_the_operator_lets_it(
    start: StartService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    service = start()
    for to in ("/", "/j"):
        refused = fetch(service, "http://example.org/", to)
        assert (refused.status_int, code(refused)) == (403, "remote_off")
    simple = service.ask(
        "/",
        "POST",
        b"url=http%3A%2F%2Fexample.org%2F",
        content_type="application/x-www-form-urlencoded",
        accept="application/json",
    )
    assert code(simple) == "remote_off"
    assert 'name="url"' not in service.ask("/", accept="text/html").text


def test_a_simple_form_may_name_an_address(service: Service, elsewhere: Elsewhere) -> None:
    elsewhere.answers["/a.txt"] = answer(b"text")
    body = f"url={elsewhere.url('/a.txt')}&title=&text=".encode()
    made = service.ask(
        "/", "POST", body, content_type="application/x-www-form-urlencoded", accept="text/plain"
    )
    assert (made.status_int, "/s/" in made.text) == (201, True)


@pytest.mark.parametrize("part", [file_part(b"a", "a.txt"), text_part("text", "some text")])
def test_a_file_and_an_address_are_too_much(service: Service, elsewhere: Elsewhere, part: Any) -> None:
    parts = [part, text_part("url", elsewhere.url("/a"))]
    refused = service.send(parts, accept="application/json")
    assert (refused.status_int, code(refused)) == (400, "bad_upload")
    assert elsewhere.asked == []


def test_an_empty_address_is_none(service: Service) -> None:
    parts = [file_part(b"a", "a.txt"), text_part("url", " ")]
    assert service.send(parts, accept="application/json").status_int == 201
    assert fetch(service, "").status_int == 400


@pytest.mark.parametrize("host", REFUSED)
def test_no_address_that_is_not_public_is_asked(emptied: StartService, host: str) -> None:
    service = emptied(remote_fetch="true")
    refused = fetch(service, f"http://{host}/")
    assert (refused.status_int, code(refused)) == (400, "bad_remote")
    assert refused.json["error"]["message"] == (
        "Nothing is fetched from this address: it is not one of the public internet."
    )
    service.assert_untouched()


def test_what_is_refused_is_refused_in_the_same_words_whether_anybody_listens(
    start: StartService, elsewhere: Elsewhere
) -> None:
    service = start(remote_fetch="true", remote_ports=f"1 {elsewhere.port}")
    answers = [fetch(service, f"http://127.0.0.1:{port}/").body for port in (1, elsewhere.port)]
    assert answers[0] == answers[1]
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://user:password@example.org/",
        "http://example.org:22/",
        "http:///a",
        "example.org",
        f"http://example.org/{'a' * 2000}",
    ],
)
def test_what_is_no_address_of_the_web_is_refused(service: Service, url: str) -> None:
    refused = fetch(service, url)
    assert (refused.status_int, code(refused)) == (400, "bad_remote")
    assert "password" not in refused.json["error"]["message"].replace("no user and no password", "")


def test_a_redirect_to_what_is_not_public_is_refused(service: Service, elsewhere: Elsewhere) -> None:
    elsewhere.answers["/a"] = redirect("http://169.254.169.254/latest/meta-data/")
    refused = fetch(service, elsewhere.url("/a"))
    assert (refused.status_int, code(refused)) == (400, "bad_remote")


@pytest.mark.parametrize(
    ("said", "status", "name"),
    [
        (answer(b"secret words", "404 Not Found"), 502, "remote_failed"),
        (answer(b"secret words", content_encoding="gzip"), 502, "remote_failed"),
        (answer(b"secret words", content_length="99"), 502, "remote_failed"),
        (redirect("/a"), 502, "remote_failed"),
        (answer(b"secret words", content_length="5000"), 413, "too_large"),
        (answer(content_length="") + bytes(5000), 413, "too_large"),
    ],
)
def test_what_goes_wrong_is_told_without_a_word_of_the_other_server(
    emptied: StartService, elsewhere: Elsewhere, said: bytes, status: int, name: str
) -> None:
    service = emptied(**elsewhere.settings(max_upload_size="4000"))
    elsewhere.answers["/a"] = said
    refused = fetch(service, elsewhere.url("/a"))
    assert (refused.status_int, code(refused), "secret" in refused.text) == (status, name, False)
    service.assert_untouched()


def test_a_browser_gets_a_page_for_it(service: Service, elsewhere: Elsewhere) -> None:
    refused = fetch(service, elsewhere.url("/none"), accept="text/html")
    assert (refused.status_int, refused.content_type) == (502, "text/html")
    assert "The other server did not send that" in refused.text


def test_silence_is_a_timeout(
    service: Service, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SILENCE_SECONDS", 0.2)
    elsewhere.answers["/a"] = lambda client: elsewhere.is_over.wait(20)
    refused = fetch(service, elsewhere.url("/a"))
    assert (refused.status_int, code(refused)) == (504, "remote_timeout")


def test_a_wrong_term_is_found_before_anybody_is_asked(service: Service, elsewhere: Elsewhere) -> None:
    refused = fetch(service, elsewhere.url("/a"), downloads_field="0")
    assert (refused.status_int, elsewhere.asked) == (400, [])


def test_an_address_may_ask_so_often_an_hour(start: StartService, elsewhere: Elsewhere) -> None:
    service = start(**elsewhere.settings(limits="on", fetches_per_hour="2"))
    elsewhere.answers["/a"] = answer(b"a")
    statuses = [fetch(service, elsewhere.url("/a")).status_int for _ in range(2)]
    refused = fetch(service, elsewhere.url("/a"))
    assert (statuses, refused.status_int, len(elsewhere.asked)) == ([201, 200], 429, 2)
    assert int(refused.headers["Retry-After"]) > 0
    assert service.upload(b"uploads go on", "a.txt").status_int == 201


def test_the_audit_has_the_address_without_its_query(service: Service, elsewhere: Elsewhere) -> None:
    fetch(service, elsewhere.url("/a?secret=1#part"))
    service.headers = token_of(service, sign_up(service), "upload")
    fetch(service, "http://10.0.0.1/")
    fetch(service, "http://ada:sesame@example.org/a@b")
    with service.session() as session:
        rows = session.execute(select(AUDIT).where(AUDIT.c.act == "fetched")).all()
    assert [(row.actor, row.reason.rpartition(": ")[2]) for row in rows] == [
        ("anybody", elsewhere.url("/a?")),
        ("account", "http://10.0.0.1/"),
        ("account", "http://example.org/a@b"),
    ]


class Slow:
    """An answer that waits in the middle until it is let go on."""

    def __init__(self, elsewhere: Elsewhere, body: bytes, path: str = "/slow.txt") -> None:
        self.may_go_on = threading.Event()
        self.has_begun = threading.Event()
        self.url = elsewhere.url(path)
        self._body = body
        elsewhere.answers[path] = self._speak

    def _speak(self, client: socket.socket) -> None:
        half = len(self._body) // 2
        client.sendall(answer(b"", content_length=str(len(self._body))) + self._body[:half])
        self.has_begun.set()
        self.may_go_on.wait(20)
        client.sendall(self._body[half:])


def begun(service: Service, url: str, **given: str) -> str:
    """Begin a fetch and return where to look."""
    accepted = fetch(service, url, **{"prefer": "wait=5, respond-async", **given})
    assert (accepted.status_int, accepted.headers["Preference-Applied"]) == (202, "respond-async")
    assert location(accepted).startswith("/tus/")
    assert accepted.json["complete"] is False
    assert accepted.headers["Upload-Expires"].endswith(" GMT")
    return location(accepted)


def test_who_would_rather_not_wait_looks_how_far_it_is(service: Service, elsewhere: Elsewhere) -> None:
    slow = Slow(elsewhere, b"0123456789")
    path = begun(service, slow.url, title_field="Digits", downloads_field="3")
    assert slow.has_begun.wait(20)
    deadline = time.monotonic() + 20
    while (said := service.ask(path).json)["offset"] < 5 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert (said["offset"], said["length"], said["complete"]) == (5, 10, False)
    assert service.rows() == []
    slow.may_go_on.set()
    made = until_over(service, path)
    assert (made["offset"], made["complete"], made["filename"]) == (10, True, "slow.txt")
    (row,) = service.rows()
    assert (row.title, row.downloads_left, row.size) == ("Digits", 3, 10)
    assert service.ask(made["url_m"], accept="application/json").status_int == 200
    again = service.ask(path, "HEAD", tus_resumable="1.0.0")
    assert (again.status_int, again.headers["Upload-Offset"]) == (200, "10")
    assert "Pb-Location" in again.headers


def test_a_fetch_takes_no_bytes_of_anybody(service: Service, elsewhere: Elsewhere) -> None:
    slow = Slow(elsewhere, b"0123456789")
    path = begun(service, slow.url)
    assert slow.has_begun.wait(20)
    refused = service.ask(path, "PATCH", b"x", **TUS)
    assert (refused.status_int, service.ask(path, "HEAD", tus_resumable="1.0.0").status_int) == (403, 200)
    slow.may_go_on.set()
    assert until_over(service, path)["offset"] == 10
    assert service.ask(path, "PATCH", b"x", **TUS).status_int == 403


@pytest.mark.parametrize("headers", [{}, {"tus_resumable": "1.0.0"}])
def test_a_fetch_is_given_up(service: Service, elsewhere: Elsewhere, headers: dict[str, str]) -> None:
    slow = Slow(elsewhere, b"0123456789")
    path = begun(service, slow.url)
    assert slow.has_begun.wait(20)
    assert service.ask(path, "DELETE", **headers).status_int == 204
    assert service.ask(path).status_int == 404
    slow.may_go_on.set()
    _until_free(service)
    assert service.rows() == []
    assert [found for found in (service.files / "unfinished").rglob("*") if found.is_file()] == []


@pytest.mark.parametrize("is_said", [True, False], ids=["in the body", "before the head"])
def test_a_fetch_that_is_given_up_waits_no_longer_for_a_silent_server(
    service: Service, elsewhere: Elsewhere, is_said: bool
) -> None:
    """Well before the 30 seconds after which silence ends one."""
    has_begun, may_end = threading.Event(), threading.Event()

    def silent(client: socket.socket) -> None:
        client.sendall(answer(b"0123", content_length="10") if is_said else b"")
        has_begun.set()
        may_end.wait(60)

    elsewhere.answers["/silent"] = silent
    path = begun(service, elsewhere.url("/silent"))
    assert has_begun.wait(20)
    asked = time.monotonic()
    assert service.ask(path, "DELETE").status_int == 204
    _until_free(service)
    may_end.set()
    assert time.monotonic() - asked < 20


def _until_free(service: Service) -> None:
    """Wait until no fetch is under way."""
    slots = service.registry.services.remote_files.slots
    deadline = time.monotonic() + 30
    while slots._taken and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not slots._taken


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (answer(b"secret words", "404 Not Found"), "remote_failed"),
        (answer(b"secret words", content_length="99"), "remote_failed"),
        (answer(b"secret words", content_length="5000"), "too_large"),
        (redirect("http://10.0.0.1/"), "bad_remote"),
    ],
)
def test_what_goes_wrong_later_is_told_to_who_looks(
    emptied: StartService, elsewhere: Elsewhere, said: bytes, name: str
) -> None:
    service = emptied(**elsewhere.settings(max_upload_size="4000"))
    elsewhere.answers["/a"] = said
    path = begun(service, elsewhere.url("/a"))
    found = until_over(service, path)
    assert (found["error"]["code"], "secret" in str(found), found["complete"]) == (name, False, False)
    assert service.ask(path, "HEAD", tus_resumable="1.0.0").headers["Upload-Offset"] == "0"
    assert service.ask(path).json["error"]["code"] == name
    assert service.ask(path, "DELETE").status_int == 204
    service.assert_untouched()


def test_a_fetch_without_bytes_that_may_not_become_a_file_stays_a_failure(
    start: StartService, elsewhere: Elsewhere
) -> None:
    import hashlib

    service = start(**elsewhere.settings())
    service.registry.services.moderation.ban(hashlib.sha256(b"").hexdigest(), "test")
    elsewhere.answers["/a"] = answer(b"")
    path = begun(service, elsewhere.url("/a"))
    assert until_over(service, path)["error"]["code"] == "banned"
    assert service.ask(path, "HEAD", tus_resumable="1.0.0").status_int == 200
    assert service.rows() == []


def test_a_fetch_whose_process_was_ended_is_told_as_interrupted(
    start: StartService, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = start(**elsewhere.settings())  # of its own: a place for fetches is not given back
    remote = service.registry.services.remote_uploads
    monkeypatch.setattr(remote, "_run", lambda content, *_: content.close())
    path = begun(service, elsewhere.url("/a"))
    said = until_over(service, path)
    assert (said["error"]["code"], "stopped" in said["error"]["message"]) == ("remote_failed", True)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fetch_whose_process_was_ended_with_all_bytes_becomes_a_file(
    service: Service, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    completion = service.registry.services.remote_uploads._completion

    def die(*_: object, **__: object) -> None:
        raise SystemExit  # which ends the thread alone

    elsewhere.answers["/a.txt"] = answer(b"all bytes")
    with monkeypatch.context() as patch:
        patch.setattr(type(completion), "complete", die)
        path = location(fetch(service, elsewhere.url("/a.txt"), prefer="respond-async"))
        _until_free(service)
    made = until_over(service, path)
    assert (made["filename"], made["size"], len(service.rows())) == ("a.txt", "9.00 bytes", 1)


def test_an_end_between_two_looks_at_a_fetch_is_told_as_it_was(
    service: Service, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(elsewhere, b"0123456789")
    path = begun(service, slow.url)
    assert slow.has_begun.wait(20)
    service.registry.services.flags.switch(Flag.NO_UPLOADS, "test", is_on=True)
    uploads = type(service.registry.services.remote_uploads)
    is_held = uploads._is_held

    def end_first(self: Any, name: str) -> bool:
        slow.may_go_on.set()
        deadline = time.monotonic() + 30
        while is_held(self, name) and time.monotonic() < deadline:
            time.sleep(0.02)
        return is_held(self, name)

    monkeypatch.setattr(uploads, "_is_held", end_first)
    assert service.ask(path).json["error"]["code"] == "switched_off"


@pytest.mark.parametrize("flag", [Flag.NO_UPLOADS, Flag.READ_ONLY])
def test_what_is_switched_off_meanwhile_becomes_no_file(
    service: Service, elsewhere: Elsewhere, flag: Flag
) -> None:
    slow = Slow(elsewhere, b"0123456789")
    path = begun(service, slow.url)
    assert slow.has_begun.wait(20)
    service.registry.services.flags.switch(flag, "test", is_on=True)
    slow.may_go_on.set()
    assert until_over(service, path)["error"]["code"] == "switched_off"
    assert service.rows() == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(
    ("settings", "flag", "code"),
    [({"anonymous_uploads": "false"}, None, "forbidden"), ({}, Flag.NO_UPLOADS, "switched_off")],
)
def test_a_fetch_that_outlived_its_process_is_no_file_where_nobody_may_upload_by_now(
    start: StartService,
    elsewhere: Elsewhere,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
    flag: Flag | None,
    code: str,
) -> None:
    def die(*_: object, **__: object) -> None:
        raise SystemExit  # which ends the thread alone

    service = start(**elsewhere.settings())
    elsewhere.answers["/a.txt"] = answer(b"all bytes")
    with monkeypatch.context() as patch:
        patch.setattr(type(service.registry.services.remote_uploads._completion), "complete", die)
        path = location(fetch(service, elsewhere.url("/a.txt"), prefer="respond-async"))
        _until_free(service)
    again = start(**elsewhere.settings(**settings))
    if flag is not None:
        again.registry.services.flags.switch(flag, "test", is_on=True)
    assert until_over(again, path)["error"]["code"] == code
    assert again.rows() == []


def test_so_many_are_fetched_at_a_time_for_one_address(service: Service, elsewhere: Elsewhere) -> None:
    slow = Slow(elsewhere, b"0123456789")
    paths = [begun(service, slow.url) for _ in range(FOR_ONE)]
    for prefer in ({}, {"prefer": "respond-async"}):
        refused = fetch(service, slow.url, **prefer)
        assert (refused.status_int, code(refused)) == (503, "overloaded")
    slow.may_go_on.set()
    assert len({until_over(service, path)["url_p"] for path in paths}) == 1


def test_somebody_elses_fetch_is_not_there(service: Service, elsewhere: Elsewhere) -> None:
    ada, bob = (token_of(service, sign_up(service, name), "upload", "read") for name in ("ada", "bob"))
    elsewhere.answers["/a.txt"] = answer(b"hers")
    service.headers = ada
    path = begun(service, elsewhere.url("/a.txt"), visibility_field="private")
    assert until_over(service, path)["filename"] == "a.txt"
    service.headers = bob
    assert service.ask(path).status_int == 404


def test_several_files_under_one_link_may_be_one_that_is_fetched(
    service: Service, elsewhere: Elsewhere
) -> None:
    elsewhere.answers["/a.txt"] = answer(b"a")
    made = fetch(service, elsewhere.url("/a.txt"), collection_field="All", prefer="respond-async")
    assert (made.status_int, len(made.json["files"]), "url_c" in made.json) == (201, 1, True)
