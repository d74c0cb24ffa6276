"""Keys, terms, claims and ends of links, as their holders and visitors see them."""

import base64
import hashlib
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from webtest import TestApp, TestResponse

from pastebin.models import AUDIT, FILES, HOLDERS
from pastebin.services.slots import Slots
from tests.contracts.together import in_threads
from tests.inprocess import Service, contents, file_part, text_part
from tests.inprocess.fixtures import StartService

BROWSER = {"accept": "text/html", "user_agent": "Mozilla/5.0"}
FORM = {"content_type": "application/x-www-form-urlencoded"}


def upload(service: Service, content: bytes = b"text", name: str = "a.txt", **terms: str) -> TestResponse:
    """Upload with terms as fields of the form."""
    fields = [text_part(key, value) for key, value in terms.items()]
    return service.send([file_part(content, name), *fields])


def patch(service: Service, address: str, body: str) -> TestResponse:
    return service.ask(address, "PATCH", body.encode(), content_type="application/json")


def audit(service: Service) -> list[tuple[str, str]]:
    with service.registry.services.engine.connect() as connection:
        rows = connection.execute(select(AUDIT).order_by(AUDIT.c.id))
        return [(row.act, row.actor) for row in rows]


def test_each_upload_holds_its_link_and_the_last_key_ends_it(each_service: Service) -> None:
    first, second = upload(each_service).json, upload(each_service).json
    assert first["url_p"] == second["url_p"]
    assert first["url_m"] != second["url_m"]
    for said in (first, second):
        assert each_service.ask(said["url_m"]).json["url_p"] == first["url_p"]
    assert each_service.ask(first["url_m"], "DELETE").status_int == 204
    assert each_service.ask(first["url_m"], "DELETE").status_int == 404
    assert each_service.ask(first["url_d"]).body == b"text"
    assert each_service.ask(second["url_m"], "DELETE").status_int == 204
    for address in ("url_p", "url_d", "url_i", "url_s", "url_m"):
        assert each_service.ask(second[address]).status_int == 404
    assert each_service.rows() == []
    with each_service.registry.services.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(HOLDERS)).scalar() == 0
    assert audit(each_service)[-1] == ("deleted", "key")


@pytest.mark.parametrize(("size", "tables"), [(100, ["Content", "PasteFile"]), (100_000, ["PasteFile"])])
def test_an_upload_costs_the_same_whether_its_bytes_are_known(
    each_service: Service, size: int, tables: list[str]
) -> None:
    """As few statements as before links had holders; and nobody learns from them what is here."""
    upload(each_service, b"warm")
    content = random.Random(size).randbytes(size)
    asked = []
    for name in ("new.bin", "known.bin"):
        with each_service.statements() as seen:
            assert upload(each_service, content, name).status_int == 201
        asked.append([one.split(" (")[0] for one in seen if one != "BEGIN"])
    assert asked[0] == asked[1]
    inserted = [one.split()[2].strip('`"') for one in asked[0] if one.startswith("INSERT")]
    assert (inserted, len(asked[0])) == (tables, len(tables) + 1)


def test_what_comes_back_under_a_name_is_another_file(each_service: Service) -> None:
    first = upload(each_service).json
    assert each_service.ask(first["url_m"], "DELETE").status_int == 204
    second = upload(each_service)
    assert second.status_int == 201
    for address in ("url_p", "url_d", "url_i", "url_s", "url_m"):
        assert first[address] != second.json[address]
        assert each_service.ask(first[address]).status_int == 404
    assert each_service.ask(first["url_m"], "DELETE").status_int == 404
    assert each_service.ask(second.json["url_d"]).body == b"text"


def test_the_same_upload_twice_in_one_batch_gives_two_keys_that_work(each_service: Service) -> None:
    said = in_threads([lambda: upload(each_service).json] * 16)
    assert len({one["url_p"] for one in said}) == 1
    answers = in_threads([lambda one=one: each_service.ask(one["url_m"], "DELETE") for one in said])
    assert [answer.status_int for answer in answers] == [204] * 16
    assert each_service.rows() == []


def test_one_key_at_once_lets_go_once(each_service: Service) -> None:
    address = upload(each_service).json["url_m"]
    answers = in_threads([lambda: each_service.ask(address, "DELETE")] * 8)
    assert sorted(answer.status_int for answer in answers) == [204] + [404] * 7


def test_a_change_of_a_shared_link_moves_to_a_link_of_its_own(each_service: Service) -> None:
    mine, theirs = upload(each_service).json, upload(each_service).json
    changed = patch(each_service, mine["url_m"], '{"password": "sesame", "title": "Mine"}')
    assert changed.status_int == 200
    assert changed.json["url_p"] != mine["url_p"]
    assert (changed.json["title"], changed.json["password"]) == ("Mine", True)
    assert each_service.ask(theirs["url_d"]).body == b"text"
    assert each_service.ask(changed.json["url_d"]).status_int == 401
    assert each_service.ask(mine["url_m"]).json["url_p"] == changed.json["url_p"]
    again = patch(each_service, mine["url_m"], '{"password": null, "downloads": 3}').json
    assert (again["url_p"], again["password"], again["downloads_left"]) == (changed.json["url_p"], False, 3)


@pytest.mark.parametrize(
    "body", ["[]", "{", '{"Title": "x"}', '{"downloads": true}', '{"downloads": 0}', '""']
)
def test_a_change_that_makes_no_sense_is_400(service: Service, body: str) -> None:
    assert patch(service, upload(service).json["url_m"], body).status_int == 400


def test_a_change_of_nothing_leaves_a_shared_link_shared(service: Service) -> None:
    mine, theirs = upload(service).json, upload(service).json
    same = patch(service, mine["url_m"], "{}")
    assert (same.status_int, same.json["url_p"]) == (200, theirs["url_p"])
    assert patch(service, mine["url_m"], '{"downloads": true}').json["error"]["field"] == "downloads"


def test_who_wished_unlisted_is_never_given_a_listed_link(start: StartService) -> None:
    service = start(public_listing="true")
    for order in (("", "unlisted"), ("unlisted", ""), ("unlisted", "listed"), ("listed", "unlisted")):
        content = str(order).encode()
        said = {wish: upload(service, content, visibility=wish).json for wish in order}
        listed = service.ask("/latest").text
        assert said["unlisted"]["url_p"].rpartition("/")[2] not in listed, order
        again = upload(service, content, visibility="unlisted").json
        assert again["url_p"] == said["unlisted"]["url_p"]


def test_the_same_bytes_as_in_quarantine_are_a_link_of_their_own(each_service: Service) -> None:
    first = upload(each_service, b"suspicious").json["url_p"].rpartition("/")[2]
    with each_service.registry.services.engine.begin() as connection:
        is_first = FILES.c.filehash == first
        connection.execute(update(FILES).where(is_first).values(is_quarantined=True))
    again = upload(each_service, b"suspicious")
    assert (again.status_int, again.json["url_p"].rpartition("/")[2] != first) == (201, True)
    assert each_service.ask(again.json["url_i"]).body == b"suspicious"


def test_one_download_is_claimed_once_of_many(each_service: Service) -> None:
    said = upload(each_service, b"once", downloads="1").json

    def fetch(_number: int) -> TestResponse:
        visitor = TestApp(each_service.app)  # with cookies of its own
        return visitor.get(said["url_d"], expect_errors=True)

    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(fetch, range(64)))
    assert sorted(answer.status_int for answer in answers) == [200] + [404] * 63
    assert [answer.body for answer in answers if answer.status_int == 200] == [b"once"]
    assert each_service.ask(said["url_p"]).status_int == 404
    assert each_service.ask(said["url_m"]).status_int == 404


def test_a_download_that_there_is_no_room_for_is_not_taken(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = upload(service, bytes(100_000), downloads="1").json
    with monkeypatch.context() as patched:
        patched.setattr(service.registry.services, "downloads", Slots(0, 0, "Enough."))
        answer = service.ask(said["url_d"])
        assert (answer.status_int, answer.json["error"]["code"]) == (503, "overloaded")
    assert service.ask(said["url_d"]).body == bytes(100_000)


def test_an_answer_without_bytes_costs_no_download(each_service: Service) -> None:
    said = upload(each_service, b"0123456789", downloads="1").json
    without: tuple[tuple[str, int, dict[str, str]], ...] = (
        ("?w=x", 400, {}),
        ("?w=10", 415, {}),
        ("", 416, {"range": "bytes=99-"}),
        ("", 304, {"if_none_match": "*"}),
    )
    for query, status, headers in without:
        answer = each_service.ask(said["url_i"] + query, **headers)
        assert (answer.status_int, answer.headers.get("Set-Cookie")) == (status, None)
        assert "ETag" not in answer.headers
    assert each_service.ask(said["url_m"]).json["downloads_left"] == 1
    assert each_service.ask(said["url_i"]).body == b"0123456789"


@pytest.mark.parametrize("noun", ["i", "d"])
def test_who_has_taken_no_download_learns_no_digest_of_the_bytes(service: Service, noun: str) -> None:
    """A digest, or a yes to a guess of it, tells a short text as well as the text itself does."""
    said = upload(service, b"4711", downloads="1").json
    digest = hashlib.sha256(b"4711").hexdigest()
    address = said[f"url_{noun}"]
    for headers in ({}, {"if_none_match": f'"{digest}"'}, {"if_none_match": f'"x", W/"{digest}"'}):
        head = service.ask(address, "HEAD", **headers)
        assert (head.status_int, head.headers["Content-Length"]) == (200, "4")
        assert digest not in str(head.headers)
    assert digest not in service.ask(said["url_p"], **BROWSER).text
    guessed = service.ask(address, if_none_match=f'"{digest}"')
    assert (guessed.status_int, guessed.body, guessed.headers["ETag"]) == (200, b"4711", f'"{digest}"')
    again = service.ask(address, if_none_match=f'"{digest}"')  # with the cookie of the claim
    assert again.status_int == 304


def test_a_claim_has_ranges_and_repeats_free(each_service: Service) -> None:
    said = upload(each_service, b"0123456789", downloads="2").json
    taken = each_service.ask(said["url_i"], range="bytes=2-3")
    assert (taken.status_int, taken.body, taken.headers["Cache-Control"]) == (206, b"23", "private, no-store")
    cookie = taken.headers["Set-Cookie"].partition(";")[0]
    for _ in range(3):
        assert each_service.ask(said["url_d"], cookie=cookie).body == b"0123456789"
    assert each_service.ask(said["url_d"], "HEAD").status_int == 200
    assert each_service.ask(said["url_m"]).json["downloads_left"] == 1
    each_service.client.reset()
    assert each_service.ask(said["url_d"]).status_int == 200
    each_service.client.reset()
    assert each_service.ask(said["url_d"]).status_int == 404
    assert each_service.ask(said["url_d"], cookie=cookie).body == b"0123456789"
    assert each_service.ask(said["url_p"], cookie=cookie).status_int == 404


@pytest.mark.parametrize("agent", ["Mozilla/5.0", "Slackbot-LinkExpanding 1.0", "facebookexternalhit/1.1"])
def test_who_looks_uses_nothing_up(service: Service, agent: str) -> None:
    said = upload(service, contents.image(), "a.png", downloads="1").json
    for address in (said["url_i"], said["url_d"], f"{said['url_i']}?w=10"):
        answer = service.ask(address, accept="text/html", user_agent=agent)
        assert (answer.status_int, answer.location) == (303, said["url_p"])
    path = said["url_i"].removeprefix("http://localhost")
    assert f'src="{path}' not in service.ask(said["url_p"], **BROWSER).text
    assert service.ask(said["url_m"]).json["downloads_left"] == 1


def test_a_size_counts_too(service: Service) -> None:
    said = upload(service, contents.image(), "a.png", downloads="1").json
    assert service.ask(f"{said['url_i']}?w=10").status_int == 200
    service.client.reset()
    assert service.ask(f"{said['url_i']}?w=10").status_int == 404


def test_a_password_opens_every_address(service: Service) -> None:
    said = upload(service, contents.image(), "a.png", password="sésame").json
    for address in ("url_p", "url_i", "url_d"):
        assert service.ask(said[address]).status_int == 401
        assert service.ask(said[address], authorization=_basic("sésame")).status_int == 200
        assert service.ask(said[address], authorization=_basic("wrong")).status_int == 401
    filehash = said["url_p"].rpartition("/")[2]
    for path in (f"/i/{filehash}?w=9", f"/r/{filehash}?w=9", f"/q/{filehash}", f"/t/{filehash}"):
        assert service.ask(path).status_int == 401
        seen = service.ask(path, authorization=_basic("sésame"))
        assert (seen.status_int, seen.headers["Cache-Control"]) == (200, "private, no-store"), path
    assert service.ask(said["url_s"]).status_int == 302
    assert service.ask(f"/oembed?url={said['url_p']}", authorization=_basic("sésame")).status_int == 404
    unlocked = service.ask(said["url_p"], "POST", "password=sésame".encode(), **FORM, **BROWSER)
    assert (unlocked.status_int, unlocked.location) == (303, said["url_p"])
    page = service.ask(said["url_p"], **BROWSER)
    assert (page.status_int, page.headers["Cache-Control"]) == (200, "private, no-store")
    same = upload(service, contents.image(), "a.png", password="sésame").json
    assert service.ask(same["url_p"], **BROWSER).status_int == 403
    assert patch(service, said["url_m"], '{"password": "another"}').status_int == 200
    assert service.ask(said["url_p"], **BROWSER).status_int == 403


def _basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"x:{password}".encode()).decode()


def test_an_end_is_kept_to_the_moment_and_caches_are_told(each_service: Service) -> None:
    said = upload(each_service, b"short", expires="90s").json
    kept = each_service.ask(said["url_d"]).headers["Cache-Control"]
    seconds = int(kept.partition("max-age=")[2].partition(",")[0])
    assert 80 <= seconds <= 90
    left = datetime.fromisoformat(said["expires"]) - datetime.now(UTC)
    assert timedelta(seconds=80) < left <= timedelta(seconds=90)
    filehash = said["url_p"].rpartition("/")[2]
    with each_service.registry.services.engine.begin() as connection:
        past = {"expires": datetime.now(UTC)}
        connection.execute(update(FILES).where(FILES.c.filehash == filehash).values(past))
    each_service.registry.services.generation.renew()
    for name in ("url_p", "url_d", "url_i", "url_s", "url_m"):
        assert each_service.ask(said[name]).status_int == 404


def test_copies_end_with_their_source_and_with_its_openness(each_service: Service) -> None:
    said = upload(each_service, contents.image(), "a.png").json
    copy = each_service.ask(f"/r/{said['url_p'].rpartition('/')[2]}?w=20").text
    assert each_service.ask(copy).status_int == 200
    assert patch(each_service, said["url_m"], '{"password": "sesame"}').status_int == 200
    assert each_service.ask(copy).status_int == 404
    assert patch(each_service, said["url_m"], '{"password": null}').status_int == 200
    copy = each_service.ask(f"/r/{said['url_p'].rpartition('/')[2]}?w=20").text
    assert each_service.ask(copy).status_int == 200
    assert each_service.ask(said["url_m"], "DELETE").status_int == 204
    assert each_service.ask(copy).status_int == 404
    assert each_service.rows() == []


def test_another_process_sees_an_end_within_a_second(
    start: StartService, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = start(), start()
    said = upload(one).json
    assert other.ask(said["url_d"]).status_int == 200
    assert one.ask(said["url_m"], "DELETE").status_int == 204
    monkeypatch.setattr(other.registry.services.files._invalidations, "_next", 0.0)  # half a second later
    assert other.ask(said["url_d"]).status_int == 404


def test_a_row_read_before_a_change_is_not_cached_after_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = upload(service).json
    files = service.registry.services.files
    usual = files._row

    def slow(query: Any, value: Any) -> Any:
        row = usual(query, value)
        monkeypatch.setattr(files, "_row", usual)
        assert service.ask(said["url_m"], "DELETE").status_int == 204
        return row

    monkeypatch.setattr(files, "_row", slow)
    service.ask(said["url_p"])
    assert service.ask(said["url_p"]).status_int == 404
