"""Accounts, reports, bans, acts and flags by the API: what each does, with one row in the audit."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from pastebin.models import FILES
from pastebin.services.rights import ADMINISTER, LOGIN, OPERATOR
from tests.functional.test_admin import audited
from tests.functional.test_api import error_of, patch, send
from tests.inprocess import Service
from tests.inprocess.accounts import Person, sign_up, token_of

API = "/api/v1"
CONTENT = b"evil bytes"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
ANY = {"if_match": "*"}


@pytest.fixture
def boss(service: Service) -> dict[str, str]:
    """Give the headers of an administrator's program."""
    return token_of(service, sign_up(service, "boss", ADMINISTER), "admin")


@pytest.fixture
def operator(service: Service) -> dict[str, str]:
    """Give the headers of an operator's program."""
    return token_of(service, sign_up(service, "olga", LOGIN | OPERATOR), "admin")


def acts(service: Service) -> list[str]:
    return [act for act, _actor, _reason in audited(service)]


def test_an_account_is_suspended_and_goes_on(service: Service, boss: dict[str, str]) -> None:
    ada = sign_up(service, "Ada")
    said = service.upload(b"of ada", "a.txt", **ada.browser).json
    shown = service.ask(f"{API}/users/ADA", **boss)
    assert shown.json == {
        **{"name": "Ada", "email": None, "roles": 1, "suspended": False},
        **{"quota_bytes": None, "quota_files": None},
    }
    changed = patch(service, f"{API}/users/Ada", {"suspended": True}, **boss, if_match=shown.headers["ETag"])
    assert (changed.status_int, changed.json["suspended"]) == (200, True)
    assert changed.headers["ETag"] != shown.headers["ETag"]
    assert service.ask(said["url_d"]).status_int == 404
    assert service.ask("/account", **ada.browser).status_int == 403
    stale = patch(service, f"{API}/users/Ada", {"roles": 5}, **boss, if_match=shown.headers["ETag"])
    assert stale.status_int == 412
    assert patch(service, f"{API}/users/Ada", {"suspended": False}, **boss).status_int == 200
    assert service.ask(said["url_d"]).status_int == 200
    assert acts(service) == ["suspended", "resumed"]


def test_roles_and_quota_are_changed_each_with_a_row(service: Service, boss: dict[str, str]) -> None:
    ada = sign_up(service, "ada")
    assert service.ask("/admin/files", **ada.browser).status_int == 403
    said = {"roles": 5, "quota_bytes": 1000, "quota_files": None}
    assert patch(service, f"{API}/users/ada", said, **boss).json["roles"] == 5
    assert service.ask("/admin/files", **ada.browser).status_int == 200
    assert service.upload(bytes(2000), "a.bin", **ada.browser).status_int == 413
    assert patch(service, f"{API}/users/ada", said, **boss).status_int == 200  # nothing new: no act
    assert acts(service) == ["roles", "quota"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 422),
        ({"roles": 256}, 422),
        ({"roles": True}, 422),
        ({"suspended": 1}, 422),
        ({"Suspended": True}, 400),
        ({"password": "x"}, 400),
        ({"name": "eve"}, 400),
        ({"quota_bytes": -1}, 422),
    ],
)
def test_nonsense_changes_nothing(
    service: Service, boss: dict[str, str], said: dict[str, object], status: int
) -> None:
    sign_up(service, "ada")
    assert patch(service, f"{API}/users/ada", said, **boss).status_int == status
    assert acts(service) == []


def test_nobody_shuts_themselves_out(service: Service, boss: dict[str, str]) -> None:
    for said in ({"suspended": True}, {"roles": 1}):
        assert patch(service, f"{API}/users/boss", said, **boss).status_int == 403
    assert patch(service, f"{API}/users/boss", {"quota_files": 5}, **boss).status_int == 200


def test_accounts_are_found_by_words(service: Service, boss: dict[str, str]) -> None:
    for name in ("ada", "adam", "b%"):
        sign_up(service, name)
    found = service.ask(f"{API}/users?q=ADA&limit=1", **boss)
    assert ([one["name"] for one in found.json["items"]], found.headers["X-Total-Count"]) == (["ada"], "2")
    assert 'rel="next"' in found.headers["Link"]
    assert [one["name"] for one in service.ask(f"{API}/users?q=%25", **boss).json["items"]] == ["b%"]
    assert "argon2" not in service.ask(f"{API}/users", **boss).text


def test_an_operator_is_no_administrator(service: Service, operator: dict[str, str]) -> None:
    sign_up(service, "ada")
    for path in ("users", "users/ada", "users/nobody", "flags", "flags/read-only"):
        assert service.ask(f"{API}/{path}", **operator).status_int == 403
    assert patch(service, f"{API}/users/ada", {"roles": 255}, **operator).status_int == 403
    put = send(service, "PUT", f"{API}/flags/read-only", {"on": True}, **operator, **ANY)
    assert put.status_int == 403
    assert acts(service) == []


def test_a_flag_is_switched_also_while_read_only(service: Service, boss: dict[str, str]) -> None:
    path = f"{API}/flags/read-only"
    assert send(service, "PUT", path, {"on": True}, **boss).status_int == 428
    assert send(service, "PUT", path, {"on": True}, **boss, **ANY).json == {"name": "read-only", "on": True}
    refused = service.upload(b"x", "x.txt", f"{API}/files", **boss)
    assert (*error_of(refused)[:2], refused.headers["Retry-After"]) == (503, "switched_off", "60")
    assert patch(service, f"{API}/users/boss", {"quota_files": 5}, **boss).status_int == 503
    off = send(
        service, "PUT", path, {"on": False}, **boss, if_match=service.ask(path, **boss).headers["ETag"]
    )
    assert off.json["on"] is False
    listed = service.ask(f"{API}/flags", **boss).json["items"]
    assert [one["name"] for one in listed] == ["read-only", "no-uploads", "no-signup"]
    assert service.ask(f"{API}/flags/other", **boss).status_int == 404
    assert send(service, "PUT", path, {"on": "yes"}, **boss, **ANY).status_int == 422
    assert acts(service) == ["flag-on", "flag-off"]


def test_a_content_is_banned_and_taken_again(service: Service, operator: dict[str, str]) -> None:
    made = send(service, "POST", f"{API}/bans", {"sha256": SHA256, "reason": "spam"}, **operator)
    assert (made.status_int, made.location) == (201, f"http://localhost{API}/bans/{SHA256}")
    assert service.upload(CONTENT, "a.txt").status_int == 451
    shown = service.ask(f"{API}/bans/{SHA256}", **operator)
    assert shown.json == made.json
    assert service.ask(f"{API}/bans?q=SPAM", **operator).json["items"] == [made.json]
    tag = shown.headers["ETag"]
    assert send(service, "DELETE", f"{API}/bans/{SHA256}", **operator, if_match=tag).status_int == 204
    assert service.ask(f"{API}/bans/{SHA256}", **operator).status_int == 404
    assert service.upload(CONTENT, "a.txt").status_int == 201
    assert send(service, "POST", f"{API}/bans", {"sha256": "X" * 64}, **operator).status_int == 400
    assert send(service, "POST", f"{API}/bans", {"sha256": "x"}, **operator).status_int == 422
    assert acts(service) == ["banned", "unbanned"]


def test_reports_are_read_and_closed(service: Service, operator: dict[str, str]) -> None:
    said = service.upload(b"reported", "a.txt").json
    name = said["url_p"].rpartition("/")[2]
    form = {"content_type": "application/x-www-form-urlencoded"}
    for reason in (b"spam", b"worse"):
        assert service.ask(said["url_p"], "POST", b"report=" + reason, **form).status_int == 204
    listed = service.ask(f"{API}/reports", **operator).json["items"]
    assert [(one["file"], one["reason"]) for one in listed] == [(name, "spam"), (name, "worse")]
    one = f"{API}/reports/{listed[0]['id']}"
    assert send(service, "DELETE", one, **operator, **ANY).status_int == 204
    assert service.ask(one, **operator).status_int == 404
    assert [two["reason"] for two in service.ask(f"{API}/reports", **operator).json["items"]] == ["worse"]
    ended = datetime.now(UTC) - timedelta(hours=1)
    with service.registry.services.engine.begin() as connection:
        connection.execute(update(FILES).values(expires=ended))
    assert service.ask(f"{API}/reports/{listed[1]['id']}", **operator).status_int == 404
    assert service.ask(f"{API}/reports/x", **operator).status_int == 404
    assert acts(service) == ["reports-closed"]


def test_the_audit_is_read(service: Service, operator: dict[str, str]) -> None:
    for reason in ("spam", "virus"):
        service.registry.services.moderation.ban(SHA256, reason)
    listed = service.ask(f"{API}/audit?q=virus", **operator).json["items"]
    assert [(one["act"], one["actor"], one["sha256"]) for one in listed] == [("banned", "shell", SHA256)]
    assert service.ask(f"{API}/audit/{listed[0]['id']}", **operator).json == listed[0]
    assert service.ask(f"{API}/audit/999", **operator).status_int == 404
    assert [one["id"] for one in service.ask(f"{API}/audit?sort=oldest", **operator).json["items"]] == [1, 2]
    assert service.ask(f"{API}/audit", "DELETE", **operator, **ANY).status_int == 405


def test_a_file_is_hidden_by_the_api_under_the_same_name_in_the_audit(service: Service) -> None:
    olga: Person = sign_up(service, "olga", LOGIN | OPERATOR)
    said = service.upload(b"x", "a.txt").json
    path = f"{API}/files/{said['url_p'].rpartition('/')[2]}"
    assert patch(service, path, {"quarantined": True}, **token_of(service, olga, "admin")).status_int == 200
    assert service.ask(said["url_d"]).status_int == 404
    assert audited(service) == [("quarantined", f"account {olga.account.id}", "")]
