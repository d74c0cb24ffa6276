"""What resumable uploads owe to accounts, limits, other origins and the disk, and when they are forgotten."""

import json
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from webtest import TestResponse

from pastebin.services.flags import Flag
from pastebin.services.rate_limits import Uploader
from tests.functional.test_tus import (
    OCTETS,
    TUS,
    ask,
    assert_open,
    begin,
    bytes_of,
    create,
    encoded,
    final,
    head,
    offset_of,
    part,
    patch,
    path_of,
    unfinished,
)
from tests.inprocess import Service
from tests.inprocess.accounts import Person, sign_up, token_of
from tests.inprocess.fixtures import StartService


@pytest.fixture
def service(service: Service) -> Iterator[Service]:
    """Give the service that tests use in turn; the next test is nobody again."""
    yield service
    service.headers = {}


# At the moment of completion


def begun_by_token(service: Service, **limits: Any) -> tuple[Person, str]:
    """Begin an upload of 8 bytes with a token, of which 4 are there; who goes on with it shows nothing."""
    person = sign_up(service)
    service.headers = token_of(service, person, "upload", **limits)
    path = begin(service, 8)
    patch(service, path, 0, b"0123")
    service.headers = {}
    return person, path


def suspend(service: Service, person: Person) -> None:
    service.registry.services.accounts.suspend(person.account, "test")


def demote(service: Service, person: Person) -> None:
    accounts = service.registry.services.accounts
    accounts.change(person.account.id, {"roles": 0}, "test", accounts.by_id(person.account.id).version)


def quota_of(**amounts: int) -> Callable[[Service, Person], None]:
    def give(service: Service, person: Person) -> None:
        accounts = service.registry.services.accounts
        accounts.change(person.account.id, amounts, "test", accounts.by_id(person.account.id).version)

    return give


def use_up(service: Service, person: Person) -> None:
    """Have the account upload as much as it may in an hour."""
    service.registry.services.rate_limits.uploads.count(Uploader("192.0.2.1", person.account.id), [1] * 3)


def switch_off(service: Service, _person: Person) -> None:
    service.registry.services.flags.switch(Flag.NO_UPLOADS, "test", is_on=True)


def make_read_only(service: Service, _person: Person) -> None:
    service.registry.services.flags.switch(Flag.READ_ONLY, "test", is_on=True)


ENDS: dict[str, tuple[Callable[[Service, Person], None], int, bool]] = {
    "suspended": (suspend, 403, False),
    "without the right": (demote, 403, False),
    "a quota that never has room": (quota_of(quota_bytes=7), 413, False),
    "a quota that is used up": (quota_of(quota_files=0), 507, True),
    "too much in an hour": (use_up, 429, True),
    "switched off": (switch_off, 503, True),
    "read only": (make_read_only, 503, True),
}


@pytest.mark.parametrize("case", ENDS)
def test_the_rules_are_asked_again_at_the_end(start: StartService, case: str) -> None:
    """Of the account that began it, though who sends the end does not say who it is."""
    happens, status, stays = ENDS[case]
    service = start(limits="on", uploads_per_hour="3")
    person, path = begun_by_token(service)
    happens(service, person)
    answer = patch(service, path, 4, b"4567")
    assert answer.status_int == status, answer.text
    assert service.rows() == []
    assert (service.ask(path).status_int == 200) is stays
    assert bool(unfinished(service)) is stays


def test_a_quota_with_room_again_lets_the_end_be_tried_again(service: Service) -> None:
    person, path = begun_by_token(service)
    quota_of(quota_files=0)(service, person)
    assert patch(service, path, 4, b"4567").status_int == 507
    quota_of(quota_files=1)(service, person)
    assert bytes_of(service, patch(service, path, 8)) == b"01234567"
    assert service.rows()[0].owner_id == person.account.id


def test_what_is_finished_by_nobody_counts_for_its_account_and_its_token(start: StartService) -> None:
    service = start(limits="on", uploads_per_hour="9")
    person, path = begun_by_token(service)
    limits = service.registry.services.rate_limits.uploads
    (token,) = service.registry.services.tokens.of_account(person.account.id)
    service.headers = {}
    assert patch(service, path, 4, b"4567").status_int == 204
    with service.session() as session:
        from pastebin.models import TOKENS

        number = session.query(TOKENS.c.id).filter(TOKENS.c.public_id == token.public_id).scalar()
    for by, subject in (("account", person.account.id), ("token", number)):
        assert limits._limits[by][0].state(str(subject)).remaining == 8, by


def test_anonymous_uploads_that_were_begun_end_with_the_setting(start: StartService) -> None:
    service = start()
    path = begin(service, 4)
    again = start(anonymous_uploads="false")
    assert patch(again, path, 0, b"text").status_int == 403
    assert (head(again, path).status_int, unfinished(again), again.rows()) == (404, [], [])


# Of whom


def test_no_part_of_somebody_else_is_taken(service: Service) -> None:
    anna, bert = (token_of(service, sign_up(service, name), "upload") for name in ("anna", "bert"))
    service.headers = anna
    hers = part(service, b"hers")
    service.headers = {}
    nobodys = part(service, b"nobody's")
    service.headers = bert
    his = part(service, b"his")
    for parts in ((hers,), (his, hers), (his, nobodys)):
        refused = final(service, *parts)
        assert (refused.status_int, refused.json["error"]["code"]) == (400, "bad_request")
    assert service.rows() == []
    service.headers = anna
    assert bytes_of(service, final(service, hers)) == b"hers"


# Parts that become one, whatever happens


def test_the_same_parts_in_another_spelling_are_the_same_upload(service: Service) -> None:
    one, two = part(service, b"0123"), part(service, b"456")
    terms = {"upload_metadata": encoded(filename="a.txt", password="sesame")}
    made = final(service, one, two, **terms)
    again = final(service, f"https://files.example{one}", f"http://localhost{two}", **terms)
    assert (again.status_int, again.headers["Link"], path_of(again)) == (
        *(201, made.headers["Link"]),
        path_of(made),
    )
    assert len(service.rows()) == 1


def test_of_eight_that_ask_for_the_same_at_once_one_makes_it(service: Service) -> None:
    parts = [part(service, bytes([number]) * 30_000) for number in range(4)]
    terms = {"upload_metadata": encoded(downloads="3")}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: final(service, *parts, **terms), range(8)))
    assert {answer.status_int for answer in answers} <= {201, 423}
    assert len({answer.headers["Link"] for answer in answers if answer.status_int == 201}) == 1
    assert len(service.rows()) == 1


def test_parts_stay_when_what_they_become_fails(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    from pastebin.errors import Unavailable

    one, two = part(service, b"0123"), part(service, b"456")

    def fail(*_arguments: Any, **_options: Any) -> Any:
        raise Unavailable("Not now.")

    with monkeypatch.context() as patched:
        patched.setattr(type(service.registry.services.uploads), "add", fail)
        assert final(service, one, two).status_int == 503
    assert len(unfinished(service)) == 4
    assert bytes_of(service, final(service, one, two)) == b"0123456"


def test_a_part_that_goes_meanwhile_leaves_nothing(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    from pastebin.services.resumable import service as module

    one, two = part(service, b"0123"), part(service, b"456")
    join = module.join

    def given_up(*arguments: Any) -> None:
        ask(service, two, "DELETE")
        join(*arguments)

    monkeypatch.setattr(module, "join", given_up)
    assert final(service, one, two).status_int == 400
    assert (service.rows(), len(unfinished(service))) == ([], 2)


def test_parts_of_a_token_are_no_more_together_than_it_may_upload(service: Service) -> None:
    """Also where who puts them together does not show it."""
    service.headers = token_of(service, sign_up(service), "upload", max_size=9)
    parts = [part(service, b"five!"), part(service, b"four")]
    more = part(service, b"x")
    service.headers = {}
    assert final(service, *parts, more).status_int == 413
    assert final(service, *parts, upload_metadata=encoded(filename="a.txt")).status_int == 201
    (row,) = service.rows()
    assert (row.size, row.owner_id is not None) == (9, True)


# Other origins


@pytest.mark.parametrize("path", ["/tus", "/tus/" + "0" * 32])
def test_pages_of_other_origins_may_upload_without_this_browsers_session(service: Service, path: str) -> None:
    asked = {"access_control_request_method": "PATCH", "origin": "https://other.example"}
    answer = service.ask(path, "OPTIONS", **asked)
    names = {name.lower() for name in answer.headers["Access-Control-Allow-Headers"].split(", ")}
    assert {
        *("authorization", "content-type", "upload-length", "upload-offset", "tus-resumable"),
        *("upload-metadata", "upload-defer-length", "upload-concat", "upload-checksum"),
        *("x-http-method-override", "x-request-id"),
    } <= names
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_pages_of_other_origins_read_what_they_need_of_every_answer(service: Service) -> None:
    path = begin(service, 4)
    answers = [
        create(service, 4),
        head(service, path),
        service.ask(path),
        patch(service, path, 3, b"x"),
        patch(service, path, 0, b"text"),
        ask(service, "/tus/" + "0" * 32, "HEAD"),
        ask(service, "/tus", "POST", tus_resumable="0.1"),
        ask(service, path, "DELETE"),
    ]
    for answer in answers:
        exposed = set(answer.headers["Access-Control-Expose-Headers"].split(", "))
        assert exposed >= {
            *("Location", "Upload-Offset", "Upload-Length", "Upload-Metadata", "Upload-Defer-Length"),
            *("Upload-Concat", "Upload-Expires", "Tus-Version", "Tus-Resumable", "Tus-Max-Size"),
            *("Tus-Extension", "Pb-Location", "Link", "Upload-Checksum"),
        }
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers


# Names

NAMES = {
    "filename": (encoded(filename="a.txt", name="b.txt"), "a.txt"),
    "name": (encoded(name="b.txt"), "b.txt"),
    "an empty filename": ("filename ," + encoded(name="b.txt"), "b.txt"),
    "an empty filename without a space": ("filename," + encoded(name="b.txt"), "b.txt"),
    "neither": (encoded(filetype="image/png"), "file.txt"),
    "a path": (encoded(filename="../../etc/passwd"), "passwd"),
    "what Uppy sends": (encoded(relativePath="null", name="c.txt", type="text/plain"), "c.txt"),
}


@pytest.mark.parametrize("case", NAMES)
def test_where_a_name_comes_from(service: Service, case: str) -> None:
    metadata, name = NAMES[case]
    assert create(service, 4, b"text", upload_metadata=metadata).status_int == 201
    assert service.rows()[0].filename == name


# When they are forgotten


def notes_of(service: Service, path: str) -> Path:
    return service.files / "unfinished" / f"{path[5:]}.state"


def test_a_finished_one_is_forgotten_after_its_time(start: StartService) -> None:
    service = start(resumable_lifetime="1h")
    made = create(service, 4, b"text")
    path = path_of(made)
    note = notes_of(service, path)
    lines = note.read_bytes()[1024:].splitlines()
    said = json.loads(lines[-1]) | {"done_at": time.time() - 3590}
    with note.open("ab") as file:
        file.write(json.dumps(said).encode() + b"\n")
    assert head(service, path).status_int == 200
    with note.open("ab") as file:
        file.write(json.dumps(said | {"done_at": time.time() - 3610}).encode() + b"\n")
    for method in ("HEAD", "GET", "PATCH", "DELETE"):
        gone = ask(service, path, method, content_type=OCTETS, upload_offset="4")
        assert (gone.status_int, gone.headers["Cache-Control"]) == (410, "no-store"), method
        assert "Upload-Offset" not in gone.headers
        assert "Pb-Location" not in gone.headers
    service.registry.services.resumable.sweep()
    assert (head(service, path).status_int, unfinished(service)) == (404, [])
    assert bytes_of(service, made) == b"text"


def test_every_answer_of_an_unfinished_one_says_when_it_is_forgotten(service: Service) -> None:
    path = begin(service, 10)
    answers = [
        service.ask(path),
        head(service, path),
        patch(service, path, 0, b"0"),
        patch(service, path, 5, b"0"),
        patch(service, path, 1, b"0" * 20),
    ]
    for answer in answers:
        assert answer.headers["Upload-Expires"].endswith(" GMT"), answer.status
    assert patch(service, path, 1, b"123456789").status_int == 204
    for answer in (service.ask(path), head(service, path)):
        assert "Upload-Expires" not in answer.headers


def test_addresses_of_version_6_count_by_network(start: StartService) -> None:
    service = start(resumable_per_address="2")

    def begin_from(address: str) -> TestResponse:
        return service.client.post(
            "/tus",
            headers={"Tus-Resumable": "1.0.0", "Upload-Length": "10"},
            extra_environ={"REMOTE_ADDR": address},
            expect_errors=True,
        )

    assert begin_from("2001:db8:0:1::1").status_int == 201
    assert begin_from("2001:db8:0:1:ffff::2").status_int == 201
    assert begin_from("2001:db8:0:1:abcd::3").status_int == 429
    assert begin_from("2001:db8:0:2::1").status_int == 201
    assert begin_from("192.0.2.1").status_int == 201


# On the disk


def test_nobody_else_on_the_machine_reads_what_is_unfinished(service: Service) -> None:
    before = os.umask(0o022)
    try:
        patch(service, begin(service, 10), 0, b"0123")
    finally:
        os.umask(before)
    modes = {
        "state": {stat.S_IMODE(p.stat().st_mode) for p in (service.files / "unfinished").glob("*.state")},
        "data": {stat.S_IMODE(p.stat().st_mode) for p in (service.files / "unfinished").glob("*/*")},
        "folders": {
            stat.S_IMODE(p.stat().st_mode) for p in (service.files / "unfinished").iterdir() if p.is_dir()
        },
    }
    assert modes == {"state": {0o600}, "data": {0o640}, "folders": {0o750}}
    assert stat.S_IMODE((service.files / "unfinished").stat().st_mode) & 0o007 == 0


def test_no_folder_is_followed_elsewhere(service: Service, tmp_path: Path) -> None:
    """Somebody has put a link in the place of a group's folder."""
    path = begin(service, 10)
    patch(service, path, 0, b"0123")
    (group,) = [place for place in (service.files / "unfinished").iterdir() if place.is_dir()]
    elsewhere = tmp_path / "elsewhere"
    group.rename(elsewhere)
    victim = elsewhere / ("f" * 32)
    victim.write_bytes(b"somebody's")
    os.utime(victim, (1, 1))
    group.symlink_to(elsewhere)
    try:
        for answer in (head(service, path), service.ask(path), patch(service, path, 4, b"456789")):
            assert answer.status_int == 404
        assert create(service, 10).status_int == 503
        service.registry.services.resumable.sweep()
        assert ask(service, path, "DELETE").status_int == 404
        assert sorted(place.name for place in elsewhere.iterdir()) == sorted([path[5:], victim.name])
        assert (elsewhere / path[5:]).read_bytes() == b"0123"
    finally:
        group.unlink()
    assert service.rows() == []


def test_bytes_that_are_a_link_are_none_of_ours(service: Service, tmp_path: Path) -> None:
    path = begin(service, 10)
    (data,) = (service.files / "unfinished").glob(f"*/{path[5:]}")
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    data.unlink()
    data.symlink_to(secret)
    for answer in (head(service, path), patch(service, path, 0, b"x")):
        assert answer.status_int == 404
    assert secret.read_bytes() == b"secret"


def test_a_power_cut_that_takes_the_last_note_takes_no_file(service: Service) -> None:
    """The file is in the database; that its bytes were discarded is on the disk, but not that they may be."""
    path = begin(service, 8, upload_metadata=encoded(password="sesame"))
    patch(service, path, 0, b"0123")
    note = notes_of(service, path)
    before = note.read_bytes()
    last = patch(service, path, 4, b"4567")
    with note.open("r+b") as file:
        file.truncate(len(before))
    seen = head(service, path)
    assert (seen.status_int, offset_of(seen)) == (200, 8)
    assert seen.headers["Link"] == last.headers["Link"]
    again = patch(service, path, 4, b"4567")
    assert (again.status_int, again.headers["Link"]) == (409, last.headers["Link"])
    assert len(service.rows()) == 1


def test_the_last_offset_that_was_told_is_on_the_disk(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before each answer: first the bytes, then the notes and the names by which they are found."""
    synced: list[tuple[str, int]] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        name = os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}"))
        synced.append((name, os.fstat(descriptor).st_size))
        fsync(descriptor)

    path = begin(service, 300_000)
    name = path[5:]
    (group,) = [place.name for place in (service.files / "unfinished").iterdir() if place.is_dir()]
    monkeypatch.setattr(os, "fsync", noted)
    assert_open(patch(service, path, 0, bytes(100_000)), 100_000)
    assert [one for one, _ in synced] == [name, f"{name}.state", group, "unfinished"]
    assert synced[0] == (name, 100_000)
    synced.clear()
    assert_open(patch(service, path, 100_000, bytes(100_000)), 200_000)
    assert synced == [(name, 200_000)]
    synced.clear()
    last = patch(service, path, 200_000, bytes(100_000))
    assert last.status_int == 204
    shard = re.compile("[0-9a-f]{2}")
    assert synced[0] == (name, 300_000)
    assert [one for one, _ in synced if shard.fullmatch(one)], "the folder of the content"


def test_a_length_that_is_told_later_is_on_the_disk_before_it_counts(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(create(service, None, upload_defer_length="1"))
    patch(service, path, 0, b"0123")
    synced: list[str] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}")))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    assert patch(service, path, 4, b"45", upload_length="8", **TUS).status_int == 204
    assert set(synced) == {path[5:], f"{path[5:]}.state"}
