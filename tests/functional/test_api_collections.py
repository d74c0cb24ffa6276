"""Collections and tokens by the API."""

from typing import Any

import pytest
from sqlalchemy import func, select

from pastebin.models import COLLECTIONS, TOKENS
from pastebin.services.rights import LOGIN, OPERATOR
from tests.functional.test_api import error_of, full, patch, send, upload
from tests.functional.test_api_files import audited
from tests.inprocess import Service
from tests.inprocess.accounts import OWN, Person, sign_up, token_of

COLLECTIONS_ADDRESS = "/api/v1/collections"
TOKENS_ADDRESS = "/api/v1/tokens"


def make(service: Service, *names: str, headers: dict[str, str], **terms: object) -> dict[str, Any]:
    said = {"files": [{"file": name} for name in names], **terms}
    answer = send(service, "POST", COLLECTIONS_ADDRESS, said, **headers)
    assert answer.status_int == 201, answer.text
    made: dict[str, Any] = answer.json
    return made


def names_of(said: dict[str, Any]) -> list[str | None]:
    return [one["file"] and one["file"]["name"] for one in said["files"]]


# Collections


def test_a_collection_of_ones_own_files(each_service: Service) -> None:
    token = full(each_service, sign_up(each_service))
    one, two = (upload(each_service, name, **token)["name"] for name in ("a.txt", "b.txt"))
    said = {"title": "Both", "files": [{"file": two, "path": "x/y.txt"}, {"file": one}], "expires": "7d"}
    answer = send(each_service, "POST", COLLECTIONS_ADDRESS, said, **token)
    assert answer.status_int == 201, answer.text
    made = answer.json
    assert answer.headers["Location"] == made["url"]
    assert [(item["path"], item["file"]["name"]) for item in made["files"]] == [
        ("x/y.txt", two),
        ("a.txt", one),
    ]
    assert each_service.ask(made["url_m"]).status_int == 200
    read = each_service.ask(made["url"], **token)
    assert (read.json["title"], read.headers["ETag"]) == ("Both", answer.headers["ETag"])
    assert each_service.ask(made["url"]).json["files"] == read.json["files"]
    listed = each_service.ask(f"{COLLECTIONS_ADDRESS}?q=bot", **token)
    assert ([one["code"] for one in listed.json["items"]], listed.headers["X-Total-Count"]) == (
        [made["code"]],
        "1",
    )
    assert each_service.ask(f"{COLLECTIONS_ADDRESS}?q=none", **token).json == {"items": []}


def test_changing_and_ending_a_collection(each_service: Service) -> None:
    token = full(each_service, sign_up(each_service))
    one, two, three = (upload(each_service, name, **token)["name"] for name in ("a.txt", "b.txt", "c.txt"))
    made = make(each_service, one, two, headers=token)
    tag = each_service.ask(made["url"], **token).headers["ETag"]
    files = [{"file": three}, {"file": one, "path": "new.txt"}]
    changed = patch(each_service, made["url"], {"title": "T", "files": files}, if_match=tag, **token)
    assert (changed.status_int, names_of(changed.json)) == (200, [three, one])
    assert changed.headers["ETag"] == each_service.ask(made["url"], **token).headers["ETag"] != tag
    assert patch(each_service, made["url"], {"title": "U"}, if_match=tag, **token).status_int == 412
    assert send(each_service, "DELETE", made["url"], **token).status_int == 428
    assert send(each_service, "DELETE", made["url"], if_match="*", **token).status_int == 204
    assert each_service.ask(made["url"], **token).status_int == 404
    for name in (one, two, three):  # each is its owner's as well
        assert each_service.ask(f"/api/v1/files/{name}", **token).status_int == 200


def test_a_file_in_another_collection_is_put_in_as_a_copy(each_service: Service) -> None:
    token = full(each_service, sign_up(each_service))
    name = upload(each_service, "a.txt", **token)["name"]
    first = make(each_service, name, headers=token)
    second = make(each_service, name, headers=token, password="sesame")
    (copy,) = names_of(second)
    assert copy != name
    assert each_service.ask(f"/i/{name}").status_int == 200
    assert each_service.ask(f"/i/{copy}").status_int == 401
    send(each_service, "DELETE", second["url"], if_match="*", **token)
    assert each_service.ask(f"/api/v1/files/{copy}", **token).status_int == 404
    assert names_of(each_service.ask(first["url"]).json) == [name]


def test_somebody_elses_files_and_collections_are_left_alone(each_service: Service) -> None:
    ada, eve = (full(each_service, sign_up(each_service, name)) for name in ("ada", "eve"))
    file = upload(each_service, "a.txt", **ada)
    own = upload(each_service, "b.txt", **eve)["name"]
    made = make(each_service, file["name"], headers=ada)
    for name in (file["name"], "nothing.txt", ""):
        answer = send(each_service, "POST", COLLECTIONS_ADDRESS, {"files": [{"file": name}]}, **eve)
        assert error_of(answer) == (422, "invalid_field", "files"), name
    mine = make(each_service, own, headers=eve)
    stolen = patch(each_service, mine["url"], {"files": [{"file": file["name"]}]}, **eve)
    assert error_of(stolen) == (422, "invalid_field", "files")
    assert patch(each_service, made["url"], {"title": "x"}, **eve).status_int == 403
    assert send(each_service, "DELETE", made["url"], if_match="*", **eve).status_int == 403
    patch(each_service, made["url"], {"visibility": "private"}, **ada)
    for answer in (
        each_service.ask(made["url"], **eve),
        each_service.ask(made["url"]),
        patch(each_service, made["url"], {"title": "x"}, **eve),
        send(each_service, "DELETE", made["url"], if_match="*", **eve),
    ):
        assert answer.status_int == 404
    assert each_service.ask(made["url"], **ada).json["title"] is None


def test_a_token_for_uploads_puts_in_what_it_has_the_keys_of(service: Service) -> None:
    person = sign_up(service)
    token = token_of(service, person, "upload")
    file = upload(service, "a.txt", **token)
    assert (
        send(service, "POST", COLLECTIONS_ADDRESS, {"files": [{"file": file["name"]}]}, **token).status_int
        == 403
    )
    key = file["url_m"].rpartition("/")[2]
    assert send(service, "POST", COLLECTIONS_ADDRESS, {"files": [{"key": key}]}, **token).status_int == 201
    assert send(service, "POST", COLLECTIONS_ADDRESS, {"files": [{"key": key}]}).status_int == 401


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, (422, "invalid_field", "files")),
        ({"files": []}, (422, "invalid_field", "files")),
        ({"files": [{}]}, (422, "invalid_field", "files[0]")),
        ({"files": [{"path": "a"}]}, (422, "invalid_field", "files")),
        ({"files": [{"key": "x"}]}, (422, "invalid_field", "files")),
        ({"files": [{"File": "x"}]}, (400, "bad_request", None)),
        ({"files": [{"file": "x"}], "Title": "x"}, (400, "bad_request", None)),
        ({"files": [{"file": "x"}], "owner_id": 1}, (400, "bad_request", None)),
        ({"files": [{"file": "x"}], "expires": "x"}, (422, "bad_term", "expires")),
        ({"files": [{"file": "x"}] * 501}, (422, "invalid_field", "files")),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_makes_no_collection(service: Service, said: Any, expected: tuple[int, str, str | None]) -> None:
    assert (
        error_of(send(service, "POST", COLLECTIONS_ADDRESS, said, **full(service, sign_up(service))))
        == expected
    )
    with service.session() as session:
        assert session.scalar(select(func.count()).select_from(COLLECTIONS)) == 0


def test_an_operator_ends_a_collection(service: Service) -> None:
    token = full(service, sign_up(service))
    made = make(service, upload(service, "a.txt", **token)["name"], headers=token)
    person = sign_up(service, "boss", OPERATOR | LOGIN)
    boss = token_of(service, person, "admin")
    assert patch(service, made["url"], {"title": "x"}, **boss).status_int == 403
    assert send(service, "DELETE", made["url"], if_match="*", **boss).status_int == 204
    assert audited(service)[-1] == ("removed", f"account {person.account.id}")


# Tokens


def page_headers(service: Service, person: Person) -> dict[str, str]:
    """Return the headers of a script on a page of ours."""
    csrf = service.ask("/api/v1/me", **person.browser).json["csrf_token"]
    return {**person.browser, **OWN, "x_csrf_token": csrf}


def test_a_token_is_made_listed_and_revoked(each_service: Service) -> None:
    person = sign_up(each_service)
    page = page_headers(each_service, person)
    said = {"name": "backup", "scopes": ["upload"], "expires": "7d", "max_size": 9, "terms": {"downloads": 3}}
    answer = send(each_service, "POST", TOKENS_ADDRESS, said, **page)
    assert answer.status_int == 201, answer.text
    made = answer.json
    assert answer.headers["Cache-Control"] == "no-store"
    token = {"authorization": f"Bearer {made.pop('token')}"}
    uploaded = each_service.upload(b"123456789", "a.txt", "/api/v1/files", **token)
    assert (uploaded.status_int, uploaded.json["downloads_left"]) == (201, 3)
    assert each_service.upload(b"0123456789", "a.txt", "/api/v1/files", **token).status_int == 413
    read = each_service.ask(answer.headers["Location"], **person.browser)
    assert {**made, "last_used": read.json["last_used"]} == read.json
    assert read.json["last_used"] is not None
    listed = each_service.ask(TOKENS_ADDRESS, **person.browser)
    assert listed.json == {"items": [read.json]}
    assert "pb_" not in listed.text
    assert send(each_service, "DELETE", made_url(read), **page).status_int == 428
    tag = read.headers["ETag"]
    assert send(each_service, "DELETE", made_url(read), if_match=tag, **page).status_int == 204
    assert each_service.upload(b"x", "a.txt", "/api/v1/files", **token).status_int == 401


def made_url(read: Any) -> str:
    return f"{TOKENS_ADDRESS}/{read.json['id']}"


def test_nothing_but_a_page_of_ours_makes_tokens(service: Service) -> None:
    person = sign_up(service)
    said = {"name": "x", "scopes": ["upload"]}
    page = page_headers(service, person)
    token = full(service, person)
    id_of_token = service.ask(TOKENS_ADDRESS, **person.browser).json["items"][0]["id"]
    without = {key: value for key, value in page.items() if key != "x_csrf_token"}
    other = {**page, "x_csrf_token": page_headers(service, sign_up(service, "eve"))["x_csrf_token"]}
    for headers, status in (
        ({}, 401),
        (without, 403),
        (other, 403),
        ({**page, "x_csrf_token": "nonsense"}, 403),
        (token, 403),
        ({**page, **token}, 403),
        ({**page, "origin": "https://other.example"}, 403),
    ):
        assert send(service, "POST", TOKENS_ADDRESS, said, **headers).status_int == status, headers
        gone = send(service, "DELETE", f"{TOKENS_ADDRESS}/{id_of_token}", if_match="*", **headers)
        assert gone.status_int == status, headers
    for path in (TOKENS_ADDRESS, f"{TOKENS_ADDRESS}/{id_of_token}"):
        assert service.ask(path, **token).status_int == 403
    with service.session() as session:
        assert session.scalar(select(func.count()).select_from(TOKENS)) == 1


def test_somebody_elses_token_is_not_there(service: Service) -> None:
    ada, eve = sign_up(service), sign_up(service, "eve")
    full(service, ada)
    (token,) = service.registry.services.tokens.of_account(ada.account.id)
    address = f"{TOKENS_ADDRESS}/{token.public_id}"
    assert service.ask(address, **eve.browser).status_int == 404
    assert send(service, "DELETE", address, if_match="*", **page_headers(service, eve)).status_int == 404
    assert service.ask(TOKENS_ADDRESS, **eve.browser).json == {"items": []}
    assert service.ask(address, **ada.browser).status_int == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\u202e"}, "name"),
        ({"name": "x" * 200}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes[0]"),
        ({"max_size": 0}, "max_size"),
        ({"max_size": "1"}, "max_size"),
        ({"expires": "2020-01-01T00:00:00+00:00"}, "expires"),
        ({"expires": "x"}, "expires"),
        ({"terms": {"downloads": 0}}, "downloads"),
        ({"terms": {"password": "x"}}, None),
        ({"id": "x"}, None),
        ({"account_id": 1}, None),
        ({"Scopes": ["admin"]}, None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_makes_no_token(service: Service, change: dict[str, Any], field: str | None) -> None:
    person = sign_up(service)
    said = {"name": "x", "scopes": ["upload"], **change}
    answer = send(service, "POST", TOKENS_ADDRESS, said, **page_headers(service, person))
    assert (answer.status_int, error_of(answer)[2]) == (422 if field else 400, field)
    with service.session() as session:
        assert session.scalar(select(func.count()).select_from(TOKENS)) == 0
