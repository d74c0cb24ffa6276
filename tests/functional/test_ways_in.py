"""Every way in × every rule of uploads: one intake, whatever a client speaks."""

import hashlib
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from webtest import TestResponse

from pastebin.views.errors import STATUS
from tests.inprocess import Service, contents, file_part, text_part
from tests.inprocess.accounts import Person, sign_up, token_of
from tests.inprocess.elsewhere import Elsewhere, answer
from tests.inprocess.fixtures import StartService

OCTETS = "application/offset+octet-stream"
Terms = dict[str, str]
Send = Callable[[Service, bytes, str, Terms], TestResponse]


def by_form(to: str) -> Send:
    def send(service: Service, content: bytes, name: str, terms: Terms) -> TestResponse:
        fields = [text_part(term, text) for term, text in terms.items()]
        return service.send([*fields, file_part(content, name)], to, accept="application/json")

    return send


def by_put(service: Service, content: bytes, name: str, terms: Terms) -> TestResponse:
    headers = {f"pb_{term}": text for term, text in terms.items()}
    return service.ask(f"/{quote(name, safe='')}", "PUT", content, accept="application/json", **headers)


def by_body(to: str) -> Send:
    def send(service: Service, content: bytes, name: str, terms: Terms) -> TestResponse:
        query = urlencode({"name": name, **terms})
        kind = {"content_type": "application/x-unknown", "accept": "application/json"}
        return service.ask(f"{to}?{query}", "POST", content, **kind)

    return send


def _begun(
    service: Service, length: int, name: str, terms: Terms, body: bytes, **headers: str
) -> TestResponse:
    pairs = {"filename": name, **terms}
    metadata = ",".join(f"{key} {b64encode(text.encode()).decode()}" for key, text in pairs.items())
    given = {"tus_resumable": "1.0.0", "upload_metadata": metadata, "accept": "application/json", **headers}
    if "upload_concat" not in headers or headers["upload_concat"] == "partial":
        given["upload_length"] = str(length)
    if body:
        given["content_type"] = OCTETS
    return service.ask("/tus", "POST", body, **given)


def _where(answer: TestResponse) -> str:
    return dict(answer.headerlist)["Location"]


def by_tus(service: Service, content: bytes, name: str, terms: Terms) -> TestResponse:
    begun = _begun(service, len(content), name, terms, b"")
    half, answer = len(content) // 2, begun
    if begun.status_int != 201:
        return begun
    for start, piece in ((0, content[:half]), (half, content[half:])):
        tus = {"tus_resumable": "1.0.0", "content_type": OCTETS, "accept": "application/json"}
        answer = service.ask(_where(begun), "PATCH", piece, upload_offset=str(start), **tus)
    return answer


def by_creation(service: Service, content: bytes, name: str, terms: Terms) -> TestResponse:
    return _begun(service, len(content), name, terms, content)


def by_parts(service: Service, content: bytes, name: str, terms: Terms) -> TestResponse:
    half = len(content) // 2
    parts = []
    for piece in (content[:half], content[half:]):
        answer = _begun(service, len(piece), name, {}, piece, upload_concat="partial")
        if answer.status_int != 201:
            return answer
        parts.append(_where(answer))
    return _begun(service, 0, name, terms, b"", upload_concat=f"final;{' '.join(parts)}")


def by_url(elsewhere: Elsewhere, to: str, **headers: str) -> Send:
    def send(service: Service, content: bytes, name: str, terms: Terms) -> TestResponse:
        named = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        elsewhere.answers["/a/file"] = answer(content, content_disposition=named)
        fields = [text_part(term, text) for term, text in terms.items()]
        form = [*fields, text_part("url", elsewhere.url("/a/file"))]
        return service.send(form, to, accept="application/json", **headers)

    send.is_api = to.startswith("/api/")  # type: ignore[attr-defined]
    return send


@dataclass
class Outcome:
    """What became of a fetch that nobody waited for."""

    status_int: int
    json: Any
    headers: dict[str, str] = field(default_factory=lambda: {"Retry-After": "1"})


CODES = {kind.code: status for kind, status in STATUS.items()}


def later(send: Send) -> Send:
    """Return what sends with the wish not to wait, and then looks until it is over."""

    def send_and_look(service: Service, content: bytes, name: str, terms: Terms) -> Any:
        begun = send(service, content, name, terms)
        if begun.status_int != 202:
            return begun
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            said = service.ask(_where(begun)).json
            if "error" in said:
                return Outcome(CODES[said["error"]["code"]], said)
            if "url_m" in said:
                return Outcome(201, said)
            time.sleep(0.02)
        raise AssertionError(f"it never ended: {said}")

    return send_and_look


def ways_from(elsewhere: Elsewhere) -> dict[str, Send]:
    """Return the ways in that are the address of a file."""
    return {
        "a remote address": by_url(elsewhere, "/"),
        "a remote address of a program": by_url(elsewhere, "/j"),
        "a remote address of the API": by_url(elsewhere, "/api/v1/files"),
        "a remote address, later": later(by_url(elsewhere, "/", prefer="respond-async")),
    }


REMOTE_WAYS = (
    "a remote address",
    "a remote address of a program",
    "a remote address of the API",
    "a remote address, later",
)


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    """Give a server to fetch from."""
    with Elsewhere() as server:
        yield server


def by_api_form(service: Service, content: bytes, name: str, terms: Terms) -> TestResponse:
    return by_form("/api/v1/files")(service, content, name, terms)


def by_api_body(service: Service, content: bytes, name: str, terms: Terms) -> TestResponse:
    return by_body("/api/v1/files")(service, content, name, terms)


WAYS: dict[str, Send] = {
    "a form": by_form("/"),
    "a form of a program": by_form("/j"),
    "PUT": by_put,
    "a body": by_body("/"),
    "a body of a program": by_body("/j"),
    "a form of the API": by_api_form,
    "a body of the API": by_api_body,
    "tus": by_tus,
    "tus, all at once": by_creation,
    "tus, of parts": by_parts,
}


def only(service: Service) -> Any:
    (row,) = service.rows()
    return row


def same_link(start: StartService, send: Send) -> None:
    service = start()
    first = service.upload(b"the same bytes", "a.txt").json
    assert send(service, b"the same bytes", "a.txt", {}).status_int in (200, 201, 204)
    assert first["url_p"].endswith(only(service).filehash)


def same_content(start: StartService, send: Send) -> None:
    service = start()
    service.upload(b"the same bytes", "a.txt")
    send(service, b"the same bytes", "b.txt", {})
    assert len(service.rows()) == 2
    assert len(service.contents()) == 1


def banned(start: StartService, send: Send) -> None:
    service = start()
    service.registry.services.moderation.ban(hashlib.sha256(b"evil bytes").hexdigest(), "test")
    assert send(service, b"evil bytes", "a.txt", {}).status_int == 451
    service.assert_untouched()


def too_many(start: StartService, send: Send) -> None:
    service = start(limits="on", uploads_per_hour="1")
    assert send(service, b"first", "a.txt", {}).status_int < 300
    refused = send(service, b"second", "b.txt", {})
    assert (refused.status_int, int(refused.headers["Retry-After"]) > 0) == (429, True)
    assert len(service.rows()) == 1


def too_large(start: StartService, send: Send) -> None:
    service = start(max_upload_size="1000")
    assert send(service, bytes(1001), "a.bin", {}).status_int == 413
    service.assert_untouched()
    assert send(service, bytes(1000), "a.bin", {}).status_int < 300


def terms(start: StartService, send: Send) -> None:
    service = start()
    asked = {"downloads": "3", "expires": "7d", "title": "Ü", "password": "sesame", "visibility": "unlisted"}
    encoded = {**asked, "title": "Ü".encode().decode("latin-1")} if send is by_put else asked
    assert send(service, b"some bytes", "a.txt", encoded).status_int < 300
    row = only(service)
    assert (row.downloads_left, row.title, row.password[:9]) == (3, "Ü", "$argon2id")
    assert abs((row.expires - row.uploadtime).total_seconds() - 7 * 86400) < 60


def bad_term(start: StartService, send: Send) -> None:
    service = start()
    answer = send(service, b"some bytes", "a.txt", {"downloads": "0"})
    is_api = send in (by_api_form, by_api_body) or getattr(send, "is_api", False)
    status = 422 if is_api else 400
    assert (answer.status_int, answer.json["error"]["code"]) == (status, "bad_term")
    service.assert_untouched()


def default_terms(start: StartService, send: Send) -> None:
    service = start(default_lifetime="7d", max_lifetime="4w")
    assert send(service, b"some bytes", "a.txt", {}).status_int < 300
    assert only(service).expires is not None


def clean_name(start: StartService, send: Send) -> None:
    service = start()
    assert send(service, b"some bytes", "C:\\x\\ä\u202eb.TXT", {}).status_int < 300
    assert (only(service).filename, only(service).filehash[-4:]) == ("äb.TXT", ".txt")


def looked_at(start: StartService, send: Send) -> None:
    service = start()
    assert send(service, contents.image(), "a.txt", {}).status_int < 300
    assert (only(service).mimetype, only(service).width) == ("image/png", 60)


def with_token(service: Service, *scopes: str, **limits: Any) -> Person:
    """Have every request send a new token of a new account."""
    person = sign_up(service)
    service.headers = token_of(service, person, *scopes, **limits)
    return person


def owned(start: StartService, send: Send) -> None:
    service = start()
    person = with_token(service, "upload", terms={"title": "by token"})
    assert send(service, b"some bytes", "a.txt", {"visibility": "private"}).status_int < 300
    row = only(service)
    assert (row.owner_id, bool(row.is_private), row.title) == (person.account.id, True, "by token")


def accounts_only(start: StartService, send: Send) -> None:
    service = start(anonymous_uploads="false")
    assert send(service, b"some bytes", "a.txt", {}).status_int == 403
    service.assert_untouched()
    with_token(service, "upload")
    assert send(service, b"some bytes", "a.txt", {}).status_int < 300


def wrong_token(start: StartService, send: Send) -> None:
    service = start()
    service.headers = {"authorization": "Bearer pb_0123456789abcdef_wrong"}
    assert send(service, b"some bytes", "a.txt", {}).status_int == 401
    service.assert_untouched()


def scope(start: StartService, send: Send) -> None:
    service = start()
    with_token(service, "read", "delete", "admin")
    assert send(service, b"some bytes", "a.txt", {}).status_int == 403
    service.assert_untouched()


def size_of_token(start: StartService, send: Send) -> None:
    service = start()
    with_token(service, "upload", max_size=9)
    assert send(service, b"ten  bytes", "a.txt", {}).status_int == 413
    service.assert_untouched()
    assert send(service, b"nine byte", "a.txt", {}).status_int < 300


def quota(start: StartService, send: Send) -> None:
    service = start(quota_files="login 1")
    with_token(service, "upload")
    assert send(service, b"some bytes", "a.txt", {}).status_int < 300
    refused = send(service, b"more bytes", "b.txt", {})
    assert (refused.status_int, refused.json["error"]["code"]) == (507, "quota_exceeded")
    assert len(service.rows()) == 1


def by_request(service: Service, content: bytes, name: str, _terms: Terms) -> TestResponse:
    requests = service.registry.services.file_requests
    accounts = service.registry.services.accounts.all()
    owner = accounts[0] if accounts else sign_up(service).account
    asked = requests.create(owner.id, {"title": "wanted"})
    return service.send([file_part(content, name)], f"/u/{asked.code}", accept="application/json")


# Who sends to a request chooses no terms, and every file belongs to who asked for it.
RULES_OF_REQUESTS = (same_content, banned, too_many, too_large, default_terms, clean_name, looked_at)


@pytest.mark.parametrize("rule", RULES_OF_REQUESTS)
def test_the_rules_hold_for_guests(emptied: StartService, rule: Callable[[StartService, Send], None]) -> None:
    rule(emptied, by_request)


RULES = (
    same_link,
    same_content,
    banned,
    too_many,
    too_large,
    terms,
    bad_term,
    default_terms,
    clean_name,
    looked_at,
    owned,
    accounts_only,
    wrong_token,
    scope,
    size_of_token,
    quota,
)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("way", [*WAYS, *REMOTE_WAYS])
def test_every_rule_holds_for_every_way(
    emptied: StartService, elsewhere: Elsewhere, way: str, rule: Callable[[StartService, Send], None]
) -> None:
    ways = {**WAYS, **ways_from(elsewhere)}
    rule(lambda **settings: emptied(**elsewhere.settings(**settings)), ways[way])
