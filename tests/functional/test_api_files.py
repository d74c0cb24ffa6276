"""Files by the API: uploads, changes, ends, many at once, and whose they are."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from pastebin.models import AUDIT, FILES
from pastebin.services.rights import ADMINISTER, LOGIN, OPERATOR
from tests.functional.test_api import FILES as ADDRESS
from tests.functional.test_api import error_of, full, patch, send, upload
from tests.inprocess import Service, contents, file_part, text_part
from tests.inprocess.accounts import OWN, sign_up, token_of
from tests.inprocess.fixtures import StartService


def audited(service: Service) -> list[tuple[str, str]]:
    with service.session() as session:
        return [(row.act, row.actor) for row in session.execute(select(AUDIT).order_by(AUDIT.c.id))]


def statuses(answer: Any) -> list[int]:
    assert answer.status_int == 207, answer.text
    return [one["status"] for one in answer.json["items"]]


# Uploading


def test_an_upload_by_form_and_as_it_is(each_service: Service) -> None:
    token = token_of(each_service, sign_up(each_service), "upload", "read")
    by_form = each_service.upload(contents.image(), "a b.png", ADDRESS, **token)
    assert (by_form.status_int, by_form.json["filename"], by_form.json["width"]) == (201, "a b.png", 60)
    assert by_form.headers["Location"] == by_form.json["url"]
    assert by_form.headers["ETag"] == each_service.ask(by_form.json["url"], **token).headers["ETag"]
    again = each_service.ask(
        f"{ADDRESS}?name=a%20b.png", "POST", contents.image(), content_type="image/png", **token
    )
    assert (again.status_int, again.json["name"]) == (200, by_form.json["name"])
    disposed = each_service.ask(
        ADDRESS,
        "POST",
        b"bytes",
        content_type="application/octet-stream",
        content_disposition="attachment; filename*=UTF-8''%C3%BC.txt",
        **token,
    )
    assert disposed.json["filename"] == "ü.txt"
    assert each_service.ask(disposed.json["url_m"]).status_int == 200


@pytest.mark.parametrize(
    ("parts", "query", "expected"),
    [
        ([text_part("Password", "x")], "", (400, "bad_request", None)),
        ([text_part("owner_id", "1")], "", (400, "bad_request", None)),
        ([text_part("collection", "x")], "", (400, "bad_request", None)),
        ([], "?Password=x", (400, "bad_request", None)),
        ([], "?expires=x", (422, "bad_term", "expires")),
        ([text_part("downloads", "-1")], "", (422, "bad_term", "downloads")),
        ([text_part("visibility", "private")], "", (403, "forbidden", None)),
        ([file_part(b"2", "second.txt")], "", (422, "invalid_field", "file")),
    ],
)
def test_what_an_upload_says_is_read_strictly(
    service: Service, parts: list[Any], query: str, expected: tuple[int, str, str | None]
) -> None:
    answer = service.send([file_part(b"1", "a.txt"), *parts], ADDRESS + query)
    assert error_of(answer) == expected
    service.assert_untouched()


def test_uploads_say_what_is_left_of_the_limits(start: StartService) -> None:
    service = start(limits="on", uploads_per_hour="1")
    answer = service.upload(b"1", "a.txt", ADDRESS)
    assert [answer.headers[f"RateLimit-{name}"] for name in ("Limit", "Remaining")] == ["1", "0"]
    refused = service.upload(b"2", "b.txt", ADDRESS)
    assert (refused.status_int, int(refused.headers["Retry-After"]) > 0) == (429, True)
    assert refused.headers["RateLimit-Remaining"] == "0"


# Changing


def test_terms_of_a_file(each_service: Service) -> None:
    token = full(each_service, sign_up(each_service))
    url = upload(each_service, "a.txt", **token)["url"]
    said = {"title": "T", "downloads": 3, "expires": "7d", "password": "sesame", "visibility": "private"}
    changed = patch(each_service, url, said, **token).json
    seen = (changed["title"], changed["downloads_left"], changed["password"], changed["visibility"])
    assert seen == ("T", 3, True, "private")
    assert changed["expires"] is not None
    assert each_service.ask(url).status_int == 404
    cleared = patch(each_service, url, dict.fromkeys(("title", "downloads", "expires", "password")), **token)
    seen = tuple(cleared.json[key] for key in ("title", "downloads_left", "expires", "password"))
    assert seen == (None, None, None, False)


def test_who_may_only_see_a_file_learns_less_of_it(service: Service) -> None:
    person = sign_up(service)
    token = full(service, person)
    file = upload(service, "a.txt", **token)
    assert service.ask(file["url"]).json["sha256"] == file["sha256"]
    patch(service, file["url"], {"downloads": 2}, **token)
    assert service.ask(file["url"]).json["sha256"] is None
    assert service.ask(file["url"], **token).json["sha256"] == file["sha256"]
    for said in (service.ask(file["url"]), service.ask(file["url"], **token), service.ask(ADDRESS, **token)):
        assert "argon2" not in said.text
        assert "key_hash" not in said.text
        assert "/m/" not in said.text


def test_a_file_with_a_password_needs_it_of_all_but_its_owner(service: Service) -> None:
    token = full(service, sign_up(service))
    url = upload(service, "a.txt", **token)["url"]
    patch(service, url, {"password": "sesame"}, **token)
    asked = service.ask(url)
    assert error_of(asked)[:2] == (401, "password_needed")
    assert asked.headers["WWW-Authenticate"].startswith("Basic ")
    basic = {"authorization": "Basic " + __import__("base64").b64encode(b"x:sesame").decode()}
    assert service.ask(url, **basic).status_int == 200
    assert error_of(patch(service, url, {"title": "x"}, **basic))[:2] == (401, "no_account")
    assert service.ask(url, **token).status_int == 200


@pytest.mark.parametrize("scopes", [["upload"], ["read"], ["admin"], ["upload", "read", "admin"]])
def test_a_token_without_the_scope_changes_nothing(service: Service, scopes: list[str]) -> None:
    person = sign_up(service)
    file = upload(service, "a.txt", **full(service, person))
    token = token_of(service, person, *scopes)
    assert patch(service, file["url"], {"title": "x"}, **token).status_int == 403
    assert send(service, "DELETE", file["url"], if_match="*", **token).status_int == 403
    assert send(service, "DELETE", ADDRESS, {"names": [file["name"]]}, **token).status_int == 403
    assert service.ask(file["url"]).json["title"] is None


def test_a_token_for_deleting_alone_reads_nothing_private(service: Service) -> None:
    person = sign_up(service)
    url = upload(service, "a.txt", **full(service, person))["url"]
    patch(service, url, {"visibility": "private"}, **full(service, person))
    token = token_of(service, person, "delete")
    assert service.ask(url, **token).status_int == 404
    assert service.ask(ADDRESS, **token).status_int == 403
    assert send(service, "DELETE", url, if_match="*", **token).status_int == 204


def test_somebody_elses_file_is_neither_changed_nor_ended(each_service: Service) -> None:
    ada, eve = sign_up(each_service), sign_up(each_service, "eve")
    open_file, private = (
        upload(each_service, name, **full(each_service, ada)) for name in ("a.txt", "b.txt")
    )
    patch(each_service, private["url"], {"visibility": "private"}, **full(each_service, ada))
    before = [row.__dict__["title"] for row in each_service.rows()]
    for headers in (full(each_service, eve), {**eve.browser, **OWN}):
        assert patch(each_service, open_file["url"], {"title": "x"}, **headers).status_int == 403
        assert send(each_service, "DELETE", open_file["url"], if_match="*", **headers).status_int == 403
        assert patch(each_service, private["url"], {"title": "x"}, **headers).status_int == 404
        assert send(each_service, "DELETE", private["url"], if_match="*", **headers).status_int == 404
        names = [open_file["name"], private["name"], "nothing"]
        many = send(each_service, "PATCH", ADDRESS, {"names": names, "set": {"title": "x"}}, **headers)
        assert statuses(many) == [403, 404, 404]
        assert statuses(send(each_service, "DELETE", ADDRESS, {"names": names}, **headers)) == [403, 404, 404]
        assert each_service.ask(ADDRESS, **headers).json == {"items": []}
    assert [row.__dict__["title"] for row in each_service.rows()] == before


def test_a_demoted_or_suspended_account_changes_nothing_more(service: Service) -> None:
    person, accounts = sign_up(service), service.registry.services.accounts
    token = full(service, person)
    url = upload(service, "a.txt", **token)["url"]
    accounts.suspend(person.account, "test")
    for method, path in (("GET", ADDRESS), ("GET", url), ("GET", "/api/v1/me"), ("POST", ADDRESS)):
        assert service.ask(path, method, **token).status_int == 401
    assert service.ask(url).status_int == 404
    accounts.suspend(person.account, "test", is_suspended=False)
    operator = sign_up(service, "operator", OPERATOR | LOGIN)
    rights = token_of(service, operator, "admin")
    assert patch(service, url, {"quarantined": True}, **rights).status_int == 200
    accounts.set_roles(operator.account, LOGIN, "test")
    assert patch(service, url, {"quarantined": False}, **rights).status_int in (403, 404)


# Operators


def test_an_operator_hides_a_file_and_lets_it_be_seen_again(each_service: Service) -> None:
    operator = sign_up(each_service, "boss", OPERATOR | LOGIN)
    file = upload(each_service, "a.txt", **full(each_service, sign_up(each_service)))
    rights = token_of(each_service, operator, "admin")
    hidden = patch(each_service, file["url"], {"quarantined": True}, **rights)
    assert (hidden.status_int, hidden.json["quarantined"]) == (200, True)
    for address in (file["url"], file["url_p"], file["url_i"], file["url_s"]):
        assert each_service.ask(address).status_int == 404
    assert each_service.ask(file["url"], **rights).status_int == 200
    assert patch(each_service, file["url"], {"quarantined": True}, **rights).status_int == 200
    shown = patch(each_service, file["url"], {"quarantined": False}, **rights)
    assert shown.json["quarantined"] is False
    assert each_service.ask(file["url_i"]).status_int == 200
    actor = f"account {operator.account.id}"
    assert audited(each_service) == [("quarantined", actor), ("released", actor)]


def test_a_copy_of_a_hidden_picture_is_hidden_too(service: Service) -> None:
    boss = token_of(service, sign_up(service, "boss", ADMINISTER), "admin")
    file = upload(service, "a.png", contents.image())
    copy = service.ask(file["url_p"].replace("/p/", "/r/") + "?w=10").text.strip()
    assert service.ask(copy).status_int == 200
    patch(service, file["url"], {"quarantined": True}, **boss)
    assert service.ask(copy).status_int == 404


def test_an_operator_removes_what_is_not_theirs_with_one_entry_in_the_audit(service: Service) -> None:
    person = sign_up(service, "boss", OPERATOR | LOGIN)
    boss = token_of(service, person, "admin")
    files = [upload(service, f"{number}.txt") for number in range(3)]
    assert send(service, "DELETE", files[0]["url"], if_match="*", **boss).status_int == 204
    names = [file["name"] for file in files]
    assert statuses(send(service, "DELETE", ADDRESS, {"names": names}, **boss)) == [404, 204, 204]
    assert audited(service) == [("removed", f"account {person.account.id}")] * 3
    assert service.rows() == []


def test_operators_alone_hide_files(service: Service) -> None:
    person = sign_up(service)
    url = upload(service, "a.txt", **full(service, person))["url"]
    for headers in (full(service, person), {**person.browser, **OWN}):
        assert patch(service, url, {"quarantined": True}, **headers).status_int == 403
    boss = sign_up(service, "boss", OPERATOR | LOGIN)
    assert patch(service, url, {"quarantined": True}, **token_of(service, boss, "delete")).status_int == 403
    assert patch(service, url, {"title": "x"}, **token_of(service, boss, "admin")).status_int == 403
    assert audited(service) == []


# Many


def test_many_files_each_with_a_status_of_its_own(each_service: Service) -> None:
    token = full(each_service, sign_up(each_service))
    one, two = (upload(each_service, name, **token) for name in ("a.txt", "b.txt"))
    parts = [file_part(b"c", "c.txt"), text_part("collection", "")]
    together = each_service.send(parts, **token).json["files"][0]["url_p"].rpartition("/")[2]
    names = [one["name"], "nothing.txt", two["name"], together, one["name"]]
    changed = send(each_service, "PATCH", ADDRESS, {"names": names, "set": {"title": "T"}}, **token)
    assert changed.json["items"] == [
        {"name": one["name"], "status": 200},
        {"name": "nothing.txt", "status": 404},
        {"name": two["name"], "status": 200},
        {"name": together, "status": 409},
    ]
    assert sorted(str(row.title) for row in each_service.rows()) == ["None", "T", "T"]
    ended = send(each_service, "DELETE", ADDRESS, {"names": names[:3]}, **token)
    assert statuses(ended) == [204, 404, 204]
    assert [row.filehash for row in each_service.rows()] == [together]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, (422, "invalid_field", "names")),
        ({"names": [], "set": {"title": "x"}}, (422, "invalid_field", "names")),
        ({"names": ["x"] * 501, "set": {"title": "x"}}, (422, "invalid_field", "names")),
        ({"names": "x", "set": {"title": "x"}}, (422, "invalid_field", "names")),
        ({"names": [1], "set": {"title": "x"}}, (422, "invalid_field", "names[0]")),
        ({"names": ["x"]}, (422, "invalid_field", "set")),
        ({"names": ["x"], "set": {}}, (422, "invalid_field", "set")),
        ({"names": ["x"], "set": {"downloads": 0}}, (422, "bad_term", "downloads")),
        ({"names": ["x"], "set": {"Title": "x"}}, (400, "bad_request", None)),
        ({"names": ["x"], "set": {"title": "x"}, "all": True}, (400, "bad_request", None)),
    ],
    ids=lambda value: json.dumps(value)[:40],
)
def test_what_is_said_of_many_is_read_strictly(
    service: Service, said: Any, expected: tuple[int, str, str | None]
) -> None:
    token = full(service, sign_up(service))
    assert error_of(send(service, "PATCH", ADDRESS, said, **token)) == expected


def test_changing_many_costs_one_transaction(service: Service) -> None:
    token = full(service, sign_up(service))
    names = [upload(service, f"{number}.txt", **token)["name"] for number in range(20)]
    with service.statements() as seen:
        answer = send(service, "PATCH", ADDRESS, {"names": names, "set": {"title": "T"}}, **token)
    assert set(statuses(answer)) == {200}
    assert sum("FROM PasteFile" in one or '"PasteFile"' in one for one in seen) <= 20 * 4 + 5
    with service.session() as session:
        assert session.scalars(select(FILES.c.title)).all() == ["T"] * 20
