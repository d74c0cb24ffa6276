"""What every operation of the API has in common: forms, rights, conditions, pages, errors, other origins."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from openapi_spec_validator import validate

from pastebin.resources.api import NOUNS, ApiList
from pastebin.services.rights import LOGIN, OPERATOR
from pastebin.web.api.document import operations
from tests.inprocess import Service
from tests.inprocess.accounts import OWN, Person, sign_up, token_of
from tests.inprocess.fixtures import StartService

JSON = {"content_type": "application/json"}
HTML = {"accept": "text/html", "user_agent": "Mozilla/5.0"}
FILES = "/api/v1/files"


def send(service: Service, method: str, path: str, said: object = None, **headers: str) -> Any:
    """Return the answer to a request whose body is JSON."""
    body = b"" if said is None else json.dumps(said).encode()
    return service.ask(path, method, body, **{**(JSON if said is not None else {}), **headers})


def patch(service: Service, path: str, said: object, **headers: str) -> Any:
    return send(service, "PATCH", path, said, **{"if_match": "*", **headers})


def error_of(answer: Any) -> tuple[int, str, str | None]:
    error = answer.json["error"]
    return answer.status_int, error["code"], error.get("field")


@pytest.fixture
def ada(service: Service) -> Person:
    """Give an account."""
    return sign_up(service)


def full(service: Service, person: Person) -> dict[str, str]:
    """Return the headers of a program with every scope."""
    return token_of(service, person, "upload", "read", "delete", "admin")


def upload(service: Service, name: str, content: bytes = b"", **headers: str) -> dict[str, Any]:
    answer = service.upload(content or name.encode(), name, FILES, **headers)
    assert answer.status_int == 201, answer.text
    said: dict[str, Any] = answer.json
    return said


# What describes it


def test_the_description_is_openapi(service: Service) -> None:
    said = service.ask("/api/v1/openapi.json").json
    validate(said)
    assert said["openapi"] == "3.1.0"
    names = [
        one["operationId"]
        for path in said["paths"].values()
        for key, one in path.items()
        if "/" not in key and key != "parameters"
    ]
    assert len(names) == len(set(names)) >= 10


def test_every_method_of_a_noun_is_an_operation_and_none_is_more(service: Service) -> None:
    found: dict[str, set[str]] = {}
    for one in operations(service.registry):
        found.setdefault(one.noun.address, set()).add(one.method)
    kinds = [
        kind
        for noun in NOUNS.values()
        for kind in ((noun, noun.item) if issubclass(noun, ApiList) else (noun,))
    ]
    assert {kind.address: set(kind.methods) - {"HEAD"} for kind in kinds} == found


def test_the_page_shows_every_operation_and_no_other_host(service: Service) -> None:
    for language in ("en", "zh-CN"):
        page = service.ask("/api/v1/", **HTML, accept_language=language)
        assert page.status_int == 200
        for one in operations(service.registry):
            assert f"{one.method} /{one.noun.address}" in page.text
        assert "//" not in page.text.replace("http://localhost", "")
    assert service.ask("/api/v1").headers["Location"] == "http://localhost/api/v1/"
    assert service.ask("/api/v1/", accept="application/json").status_int == 406


# Errors


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api", 404),
        ("GET", "/api/", 404),
        ("GET", "/api/v2/files", 404),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/Files", 404),
        ("GET", "/api/v1/files/", 404),
        ("GET", "/api/v1/files/nothing.txt", 404),
        ("GET", "/api/v1/files/nothing.txt/more", 404),
        ("GET", "/api/v1//files", 404),
        ("GET", "/api/v1/files/%ff", 400),
        ("GET", "/api/v1/openapi.json/x", 404),
        ("DELETE", "/api/v1/me", 405),
        ("PUT", "/api/v1/files", 405),
        ("POST", "/api/v1/me", 405),
        ("GET", "/api/v1/me", 401),
        ("GET", "/api/v1/files", 401),
        ("GET", "/api/v1/tokens/0123456789abcdef", 401),
        ("POST", "/api/v1/tokens", 401),
        ("GET", "/api/v1/files?limit=0", 401),
    ],
)
def test_an_error_is_json_whatever_is_preferred(
    service: Service, method: str, path: str, status: int
) -> None:
    for headers in (HTML, {"user_agent": "curl/8", "accept": "*/*"}, {"accept": "text/plain"}):
        answer = service.ask(path, method, **headers)
        wanted = 406 if headers["accept"] != "*/*" and status == 401 and "tokens/" not in path else status
        assert (answer.status_int, answer.content_type) == (wanted, "application/json"), path
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "no-store"
        if status == 405:
            assert method not in answer.headers["Allow"]
        if answer.status_int == 401:
            assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b"", "application/json", (400, "bad_request", None)),
        (b"{", "application/json", (400, "bad_request", None)),
        (b"[1]", "application/json", (400, "bad_request", None)),
        (b'{"title": NaN}', "application/json", (400, "bad_request", None)),
        (b'{"title": "a", "title": "b"}', "application/json", (400, "bad_request", None)),
        (b'{"title": "\xff"}', "application/json", (400, "bad_request", None)),
        (b"[" * 50_000, "application/json", (400, "bad_request", None)),
        (b'{"Password": "x"}', "application/json", (400, "bad_request", None)),
        (b'{"owner_id": 1}', "application/json", (400, "bad_request", None)),
        (b'{"sha256": "0"}', "application/json", (400, "bad_request", None)),
        (b"{}", "application/json", (422, "invalid_field", None)),
        (b'{"title": 1}', "application/json", (422, "invalid_field", "title")),
        (b'{"title": ""}', "application/json", (422, "bad_term", "title")),
        (b'{"title": "\\ud800"}', "application/json", (400, "bad_request", None)),
        (b'{"downloads": true}', "application/json", (422, "invalid_field", "downloads")),
        (b'{"downloads": 0}', "application/json", (422, "bad_term", "downloads")),
        (b'{"expires": "yesterday"}', "application/json", (422, "bad_term", "expires")),
        (b'{"visibility": "secret"}', "application/json", (422, "invalid_field", "visibility")),
        (b'{"quarantined": "yes"}', "application/json", (422, "invalid_field", "quarantined")),
        (b'{"quarantined": true, "title": "a"}', "application/json", (422, "invalid_field", "quarantined")),
        (b'{"title": "a"}', "text/plain", (415, "unsupported_body", None)),
        (b"title=a", "application/x-www-form-urlencoded", (415, "unsupported_body", None)),
        (b'{"title": "' + b"a" * 65_536 + b'"}', "application/json", (413, "too_large", None)),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_body_that_is_wrong_is_a_clear_error_and_changes_nothing(
    service: Service, ada: Person, body: bytes, kind: str, expected: tuple[int, str, str | None]
) -> None:
    file = upload(service, "a.txt", **ada.browser, **OWN)
    token = token_of(service, ada, "read", "delete")
    answer = service.ask(file["url"], "PATCH", body, content_type=kind, if_match="*", **token)
    assert error_of(answer) == expected
    assert service.ask(file["url"], **token).json == {key: file[key] for key in file if key != "url_m"}


def test_queries_are_read_strictly(service: Service, ada: Person) -> None:
    token = full(service, ada)
    for query in (
        *("limit=0", "limit=-1", "limit=x", "limit=", "limit=%C2%B2", "Limit=3", "sort=none", "type=none"),
        *("q=a&q=b", "state=x", "after=x", "before=W10", "after=WzEsMV0&x=1"),
    ):
        assert service.ask(f"{FILES}?{query}", **token).status_int == 400, query
    for query in ("limit=1000000000000000000000", "limit=101", "q=%25_%5C", "q=" + "a+" * 500):
        assert service.ask(f"{FILES}?{query}", **token).status_int == 200, query


# Conditions


def test_changing_one_thing_needs_to_know_it(service: Service, ada: Person) -> None:
    token = full(service, ada)
    file = upload(service, "a.txt", **token)
    read = service.ask(file["url"], **token)
    tag = read.headers["ETag"]
    assert error_of(send(service, "PATCH", file["url"], {"title": "a"}, **token))[:2] == (
        428,
        "match_required",
    )
    assert error_of(send(service, "DELETE", file["url"], **token))[:2] == (428, "match_required")
    for wrong in ('"nonsense"', f"W/{tag}", tag[:-2] + '0"'):
        assert patch(service, file["url"], {"title": "a"}, if_match=wrong, **token).status_int == 412, wrong
    changed = patch(service, file["url"], {"title": "a"}, if_match=f'"other", {tag}', **token)
    assert (changed.status_int, changed.json["title"]) == (200, "a")
    assert changed.headers["ETag"] != tag
    assert patch(service, file["url"], {"title": "b"}, if_match=tag, **token).status_int == 412
    assert send(service, "DELETE", file["url"], if_match=tag, **token).status_int == 412
    assert send(service, "DELETE", file["url"], if_match=changed.headers["ETag"], **token).status_int == 204
    assert service.ask(file["url"], **token).status_int == 404


def test_who_knows_a_thing_is_told_so(service: Service, ada: Person) -> None:
    token = full(service, ada)
    url = upload(service, "a.txt", **token)["url"]
    tag = service.ask(url, **token).headers["ETag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        answer = service.ask(url, if_none_match=known, **token)
        assert (answer.status_int, answer.headers["ETag"]) == (304, tag)
    assert service.ask(url, if_none_match='"x"', **token).status_int == 200
    assert service.ask(url, "HEAD", if_none_match=tag, **token).status_int == 304
    patch(service, url, {"password": "sesame"}, **token)
    assert service.ask(url, if_none_match=tag, **token).status_int == 200


def test_of_many_changes_of_one_state_one_is_made(each_service: Service) -> None:
    token = full(each_service, sign_up(each_service))
    url = upload(each_service, "a.txt", **token)["url"]
    tag = each_service.ask(url, **token).headers["ETag"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda n: patch(each_service, url, {"title": str(n)}, if_match=tag, **token), range(8))
        )
    assert sorted(answer.status_int for answer in answers) == [200, *[412] * 7]


# Pages


def walk(service: Service, path: str, rel: str, **headers: str) -> Iterator[Any]:
    """Yield the answers from a page on, as `Link` leads."""
    while path:
        answer = service.ask(path, **headers)
        assert answer.status_int == 200, answer.text
        yield answer
        path = links_of(answer).get(rel, "")


def links_of(answer: Any) -> dict[str, str]:
    found = {}
    for link in answer.headers["Link"].split(", "):
        address, rel = link.split("; ")
        found[rel[5:-1]] = address[1:-1]
    return found


@pytest.mark.parametrize("sort", ["newest", "oldest", "name", "largest", "smallest"])
def test_pages_lead_to_everything_once_and_back(each_service: Service, sort: str) -> None:
    token = full(each_service, sign_up(each_service))
    for number in range(7):
        upload(each_service, f"{'Ä' if number % 2 else 'a'}{number // 2}.txt", b"x" * (number // 3), **token)
    for words in ("", "&q=txt", "&q=.+tx"):
        assert_whole(each_service, f"{FILES}?limit=3&sort={sort}{words}", token)
    second = links_of(each_service.ask(f"{FILES}?limit=6&sort={sort}&q=txt", **token))["next"]
    [last] = each_service.ask(second, **token).json["items"]
    assert send(each_service, "DELETE", last["url"], if_match="*", **token).status_int == 204
    beyond = each_service.ask(second, **token)  # of which all is gone meanwhile
    assert (beyond.json["items"], beyond.headers["X-Total-Count"]) == ([], "6")


def assert_whole(each_service: Service, path: str, token: dict[str, str]) -> None:
    """Assert that the pages of seven things lead to each once, and back."""
    forward = list(walk(each_service, path, "next", **token))
    names = [[one["name"] for one in answer.json["items"]] for answer in forward]
    assert [len(page) for page in names] == [3, 3, 1]
    assert len({name for page in names for name in page}) == 7
    assert {answer.headers["X-Total-Count"] for answer in forward} == {"7"}
    assert "prev" not in links_of(forward[0])
    back = list(walk(each_service, links_of(forward[-1])["prev"], "prev", **token))
    assert [[one["name"] for one in answer.json["items"]] for answer in back] == names[1::-1]
    assert links_of(back[0])["first"] == f"http://localhost{path}"


def test_a_page_has_at_most_a_hundred(service: Service, ada: Person) -> None:
    token = full(service, ada)
    for number in range(101):
        upload(service, f"{number}.txt", **token)
    assert len(service.ask(f"{FILES}?limit=500", **token).json["items"]) == 100
    assert len(service.ask(FILES, **token).json["items"]) == 50
    assert len(service.ask(f"{FILES}?q=1+0", **token).json["items"]) == 2


# Other origins, sessions, limits


def test_pages_of_other_origins_may_ask_before_they_ask(service: Service) -> None:
    for path, methods in (
        (FILES, "OPTIONS, DELETE, GET, HEAD, PATCH, POST"),
        (f"{FILES}/{'0' * 32}.txt", "OPTIONS, DELETE, GET, HEAD, PATCH"),
        ("/api/v1/me", "OPTIONS, GET, HEAD"),
        ("/api/v1/openapi.json", "OPTIONS, GET, HEAD"),
        ("/api/v1/", "OPTIONS, GET, HEAD"),
    ):
        answer = service.ask(path, "OPTIONS", origin="https://other.example")
        assert (answer.status_int, answer.headers["Access-Control-Allow-Origin"]) == (204, "*")
        assert answer.headers["Access-Control-Allow-Methods"] == methods
        allowed = answer.headers["Access-Control-Allow-Headers"]
        assert all(name in allowed for name in ("Authorization", "Content-Type", "If-Match"))
        assert "Access-Control-Allow-Credentials" not in answer.headers
        exposed = answer.headers["Access-Control-Expose-Headers"]
        assert all(name in exposed for name in ("ETag", "Link", "Location", "X-Total-Count", "Retry-After"))
    for path in ("/api/v1/nothing", "/api/v1/me/x", f"{FILES}/a/b", f"{FILES}/", "/api/v2/"):
        assert service.ask(path, "OPTIONS").status_int == 404, path


def test_another_site_makes_no_use_of_a_session(service: Service, ada: Person) -> None:
    url = upload(service, "a.txt", **ada.browser, **OWN)["url"]
    foreign = {"origin": "https://other.example", "sec_fetch_site": "cross-site"}
    for headers in (foreign, {"origin": "null"}, {}):
        answer = patch(service, url, {"title": "x"}, **ada.browser, **headers)
        assert error_of(answer)[:2] == (403, "forbidden")
    csrf = service.ask("/api/v1/me", **ada.browser).json["csrf_token"]
    assert patch(service, url, {"title": "x"}, x_csrf_token=csrf, **ada.browser).status_int == 200
    assert patch(service, url, {"title": "y"}, x_csrf_token=csrf, **ada.browser, **foreign).status_int == 403


def test_a_wrong_token_ends_every_request(start: StartService) -> None:
    service = start(limits="on")
    wrong = {"authorization": "Bearer pb_0123456789abcdef_wrong"}
    statuses = [service.ask(FILES, **wrong).status_int for _ in range(61)]
    assert statuses == [401] * 60 + [429]
    answer = service.ask("/api/v1/nothing", **wrong)
    assert (answer.status_int, int(answer.headers["Retry-After"]) > 0) == (429, True)
    assert [answer.headers[f"RateLimit-{name}"] for name in ("Limit", "Remaining")] == ["60", "0"]


# Who


def test_me(service: Service, ada: Person) -> None:
    token = token_of(service, ada, "upload", max_size=9, terms={"expires": "7d"})
    upload(service, "a.txt", b"12345", **token)
    said = service.ask("/api/v1/me", **token).json
    assert said == {
        "name": "ada",
        "roles": ["login"],
        "quota": {"files": 1, "bytes": 5, "most_files": None, "most_bytes": None},
        "token": {"scopes": ["upload"], "max_size": 9, "terms": {"expires": "7d"}},
    }
    boss = sign_up(service, "boss", OPERATOR | LOGIN)
    assert service.ask("/api/v1/me", **boss.browser).json["roles"] == ["login", "operator"]
