"""Collections: what they show to whom, changes, ends."""

import io
import json
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from pastebin.errors import BadRequest, NotFound
from pastebin.models import COLLECTIONS, FILES, HOLDERS, ITEMS
from pastebin.services.collection_contents import Wish
from pastebin.services.gate import Identity, Purpose, decide
from pastebin.services.links import Ending
from tests.inprocess import Service, contents
from tests.inprocess.forms import file_part, text_part

BROWSER = {"accept": "text/html", "user_agent": "Mozilla/5.0"}


def make(service: Service, title: str = "All", **terms: str) -> dict[str, Any]:
    """Make a collection of three files by a form."""
    parts = [
        file_part(b"one", "a.txt"),
        file_part(contents.image("PNG", 30, 20), "pictures/b.png"),
        file_part(b"three", "c.txt"),
        text_part("collection", title),
        *(text_part(name, value) for name, value in terms.items()),
    ]
    answer = service.send(parts)
    assert answer.status_int == 201, answer.text
    return answer.json


def post_json(service: Service, address: str, said: object, method: str = "POST") -> Any:
    body = json.dumps(said).encode()
    return service.ask(address, method, body, content_type="application/json")


def patch(service: Service, address: str, said: object) -> Any:
    return post_json(service, address, said, "PATCH")


def hashes(service: Service, made: dict[str, Any]) -> list[str]:
    return [file["file"] for file in service.ask(made["url_m"]).json["files"]]


def zip_of(answer: Any) -> dict[str, bytes]:
    assert answer.status_int == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def counts(service: Service) -> list[int]:
    with service.session() as session:
        tables = (FILES, HOLDERS, COLLECTIONS, ITEMS)
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


# Looking


def test_a_collection_has_a_page_and_says_what_it_has(each_service: Service) -> None:
    made = make(each_service, "Holidays <3")
    page = each_service.ask(made["url_c"], **BROWSER)
    assert page.status_int == 200
    assert "Holidays &lt;3" in page.text
    assert "url_m" not in page.text
    assert "/m/" not in page.text
    said = each_service.ask(made["url_c"]).json
    assert [file["path"] for file in said["files"]] == ["a.txt", "pictures/b.png", "c.txt"]
    assert said["title"] == "Holidays <3"
    assert "url_m" not in said
    lines = each_service.ask(made["url_c"], accept="text/plain").text.splitlines()
    assert lines == [file["url_s"] for file in said["files"]]
    assert each_service.ask(said["files"][1]["url_p"], **BROWSER).status_int == 200


@pytest.mark.parametrize(
    "name", ["x", "22222222222222222", "2222222222222222", "1", "../p", "222222222222222A"]
)
def test_other_codes_lead_nowhere(service: Service, name: str) -> None:
    made = make(service)
    assert service.ask(f"/c/{name}").status_int == 404
    assert service.ask(f"/c/{name}.zip").status_int == 404
    assert service.ask(made["url_c"]).status_int == 200
    assert service.ask("/c").status_int == 405


def test_a_browser_that_made_one_is_told_its_management_address_once(service: Service) -> None:
    parts = [file_part(b"one", "a.txt"), file_part(b"two", "b.txt"), text_part("collection", "")]
    answer = service.send(parts, accept="text/html")
    assert answer.status_int == 303
    assert "/m/" in service.ask(answer.location, **BROWSER).text
    assert "/m/" not in service.ask(answer.location, **BROWSER).text


# The gate


def test_a_password_is_asked_for_at_every_address(each_service: Service) -> None:
    made = make(each_service, password="secret word")
    codes = [made["url_c"], made["url_c"] + ".zip"]
    codes += [file[name] for file in made["files"] for name in ("url_p", "url_i", "url_d")]
    for address in codes:
        answer = each_service.ask(address)
        assert answer.status_int == 401
        assert each_service.ask(address, **BROWSER).status_int == 403
        assert "a.txt" not in each_service.ask(address, **BROWSER).text
    basic = {"authorization": "Basic OnNlY3JldCB3b3Jk"}
    for address in codes:
        assert each_service.ask(address, **basic).status_int == 200
    form = {"content_type": "application/x-www-form-urlencoded", **BROWSER}
    unlocked = each_service.ask(made["url_c"], "POST", b"password=secret+word", **form)
    assert unlocked.status_int == 303
    assert all(each_service.ask(address).status_int == 200 for address in codes)  # by one ticket
    patch(each_service, made["url_m"], {"password": "another"})
    assert all(each_service.ask(address).status_int == 401 for address in codes)
    patch(each_service, made["url_m"], {"password": None})
    assert all(each_service.ask(address).status_int == 200 for address in codes)


def test_tickets_of_one_kind_are_none_of_the_other(service: Service) -> None:
    made = make(service, password="p")
    collection = service.registry.services.collections.by_code(made["url_c"][-16:])
    item = service.registry.services.collections.items(collection)[0]
    as_file = Identity(unlocked=frozenset({(f"f{collection.id}", collection.password_version)}))
    assert decide(as_file, collection, Purpose.PAGE, 0).name == "LOCKED"
    own = Identity(unlocked=frozenset({(f"f{item.file.id}", item.file.password_version)}))
    assert decide(own, item.file, Purpose.PAGE, 0).name == "LOCKED"
    right = Identity().having_unlocked(collection)
    assert decide(right, collection, Purpose.PAGE, 0).name == "ALLOWED"
    assert decide(right, item.file, Purpose.BYTES, 0).name == "ALLOWED"
    old = Identity(unlocked=frozenset({(collection.realm, "another version")}))
    assert decide(old, item.file, Purpose.PAGE, 0).name == "LOCKED"


def test_a_download_of_a_collection_is_the_zip_or_its_files_for_an_hour(each_service: Service) -> None:
    made = make(each_service, downloads="2")
    page = each_service.ask(made["url_c"], **BROWSER)
    assert page.status_int == 200
    assert "/i/" not in page.text  # nothing of the contents
    assert each_service.ask(made["url_c"] + ".zip", "HEAD").status_int == 200
    led = each_service.ask(made["url_c"] + ".zip", **BROWSER)
    assert (led.status_int, led.location) == (303, made["url_c"])
    assert len(zip_of(each_service.ask(made["url_c"] + ".zip"))) == 3  # takes one
    assert each_service.ask(made["files"][0]["url_d"]).body == b"one"  # free: the ticket
    assert each_service.ask(made["url_c"]).json["downloads_left"] == 1
    each_service.client.reset()
    assert each_service.ask(made["files"][2]["url_d"]).body == b"three"  # takes the last
    assert len(zip_of(each_service.ask(made["url_c"] + ".zip"))) == 3
    each_service.client.reset()
    gone = [made["url_c"], made["url_c"] + ".zip", made["url_m"], *(f["url_p"] for f in made["files"])]
    assert [each_service.ask(address).status_int for address in gone] == [404] * len(gone)


def test_of_many_who_want_the_last_download_one_gets_it(each_service: Service) -> None:
    made = make(each_service, downloads="1")
    collections = each_service.registry.services.collections
    collection = collections.by_code(made["url_c"][-16:])
    file = collections.items(collection)[0].file
    links = each_service.registry.services.links
    with ThreadPoolExecutor(16) as clients:
        by_zip = [clients.submit(collections.claim, collection) for _ in range(32)]
        by_file = [clients.submit(links.claim, file) for _ in range(32)]
    assert [one.result() for one in by_zip + by_file].count(True) == 1


def test_deletions_and_changes_at_once_leave_nothing_behind(each_service: Service) -> None:
    made = make(each_service)
    key = made["url_m"].rpartition("/")[2]
    collections = each_service.registry.services.collections
    wishes = [Wish(filehash) for filehash in hashes(each_service, made)]

    def try_to(act: Callable[..., object], *arguments: object) -> None:
        with suppress(NotFound, BadRequest):
            act(key, *arguments)

    with ThreadPoolExecutor(8) as clients:
        for number in range(8):
            clients.submit(try_to, collections.change, {"title": str(number)}, wishes[number % 3 :])
            if number > 3:
                clients.submit(try_to, collections.release)
    assert counts(each_service) == [0, 0, 0, 0]


def test_a_collection_ends_when_its_time_is_over(each_service: Service) -> None:
    made = make(each_service, expires="1h")
    files = [file["url_p"] for file in made["files"]]
    past = datetime.now(UTC) - timedelta(seconds=1)
    code = made["url_c"][-16:]
    services = each_service.registry.services
    with services.engine.begin() as connection:
        connection.execute(update(COLLECTIONS).where(COLLECTIONS.c.code == code).values(expires=past))
    for address in (made["url_c"], made["url_c"] + ".zip", made["url_m"]):
        assert each_service.ask(address).status_int == 404
    assert services.collections.end_expired() == 1
    assert [each_service.ask(address).status_int for address in files] == [404] * 3
    assert counts(each_service) == [0, 0, 0, 0]


# Changing


def test_order_paths_title_and_terms_can_be_changed(each_service: Service) -> None:
    made = make(each_service)
    one, two, three = hashes(each_service, made)
    wanted = [{"file": three, "path": "x/y.txt"}, {"file": one}, {"file": two, "path": "../..\\b.png"}]
    answer = patch(each_service, made["url_m"], {"title": "New", "expires": "1d", "files": wanted})
    assert answer.status_int == 200
    assert (answer.json["title"], answer.json["url_m"]) == ("New", made["url_m"])
    said = each_service.ask(made["url_c"]).json
    assert [file["path"] for file in said["files"]] == ["x/y.txt", "a.txt", "b.png"]
    assert said["expires"]
    assert each_service.ask(made["url_m"], accept="text/html").status_int == 200


def test_copies_end_when_a_collections_terms_change(each_service: Service) -> None:
    made = make(each_service)
    name = hashes(each_service, made)[1]
    copies = [each_service.ask(f"/r/{name}?w=10").text.strip()]
    copies.append(each_service.ask(f"/r/{copies[0].rpartition('/')[2]}?w=5").text.strip())
    assert [each_service.ask(copy).status_int for copy in copies] == [200, 200]
    patch(each_service, made["url_m"], {"title": "New"})
    assert [each_service.ask(copy).status_int for copy in copies] == [200, 200]
    patch(each_service, made["url_m"], {"password": "p"})
    assert [each_service.ask(copy).status_int for copy in copies] == [404, 404]


def test_copies_end_when_their_file_gets_a_collections_terms(each_service: Service) -> None:
    own = each_service.upload(contents.image("PNG", 30, 20), "a.png").json
    copy = each_service.ask(f"/r/{own['url_p'].rpartition('/')[2]}?w=10").text.strip()
    assert [each_service.ask(address).status_int for address in (own["url_d"], copy)] == [200, 200]
    wanted = {"password": "p", "files": [{"key": own["url_m"].rpartition("/")[2]}]}
    assert post_json(each_service, "/c", wanted).status_int == 201
    assert [each_service.ask(address).status_int for address in (own["url_d"], copy)] == [401, 404]


def test_files_taken_out_end_and_those_with_a_key_stay(each_service: Service) -> None:
    made = make(each_service)
    own = each_service.upload(b"mine", "mine.txt").json
    key = own["url_m"].rpartition("/")[2]
    one, _two, three = hashes(each_service, made)
    wanted = [{"file": three}, {"key": key, "path": "d/mine.txt"}]
    answer = patch(each_service, made["url_m"], {"files": wanted})
    assert [file["path"] for file in answer.json["files"]] == ["c.txt", "d/mine.txt"]
    assert each_service.ask(f"/p/{one}").status_int == 404
    assert patch(each_service, made["url_m"], {"files": [{"file": three}]}).status_int == 200
    assert each_service.ask(own["url_d"]).body == b"mine"
    assert each_service.ask(own["url_m"], "DELETE").status_int == 204
    assert each_service.ask(own["url_p"]).status_int == 404


def test_nobody_puts_in_what_is_not_theirs(service: Service) -> None:
    made, others = make(service), make(service, "Others")
    foreign = hashes(service, others)[0]
    own = hashes(service, made)[0]
    key = service.upload(b"mine", "mine.txt").json["url_m"].rpartition("/")[2]
    for wanted in (
        [{"file": foreign}],
        [{"file": foreign, "key": key}],
        [{"file": foreign, "key": others["url_m"].rpartition("/")[2]}],
        [{"file": own}, {"key": "x" * 43}],
        [{"key": "x"}],
        [{"file": own, "more": "x"}],
        [{"file": 5}],
        ["x"],
        [{}],
        [],
        {},
        [{"file": own}] * 501,
        [{"file": own, "path": "p" * 1001}],
    ):
        assert patch(service, made["url_m"], {"files": wanted}).status_int == 400
    for said in ({"Title": "x"}, {"title": 5.5}, {"title": ""}, [], {"downloads": 0}, {"more": 1}):
        assert patch(service, made["url_m"], said).status_int == 400
    assert len(hashes(service, made)) == 3
    assert service.ask(made["url_m"], "PATCH", b"[" * 60000).status_int == 400
    assert service.ask(made["url_m"], "PATCH", b"[" * 70000).status_int == 413
    code, filehash = others["url_c"][-16:], hashes(service, others)[0]
    assert service.ask(f"/m/{code}%2F{filehash}").status_int == 404


def test_deletion_ends_the_files_that_nobody_else_holds(each_service: Service) -> None:
    made, other = make(each_service), make(each_service, "a")
    own = each_service.upload(b"mine", "mine.txt").json
    key = own["url_m"].rpartition("/")[2]
    kept = [{"file": filehash} for filehash in hashes(each_service, made)]
    assert patch(each_service, made["url_m"], {"files": [*kept, {"key": key}]}).status_int == 200
    assert each_service.ask(made["url_m"], "DELETE").status_int == 204
    for address in (made["url_c"], made["url_c"] + ".zip", made["url_m"], made["files"][0]["url_p"]):
        assert each_service.ask(address).status_int == 404
    assert each_service.ask(own["url_d"]).body == b"mine"
    assert [each_service.ask(f["url_p"]).status_int for f in other["files"]] == [200] * 3
    each_service.ask(own["url_m"], "DELETE")
    each_service.ask(other["url_m"], "DELETE")
    assert counts(each_service) == [0, 0, 0, 0]


def test_a_collection_of_files_that_are_here(each_service: Service) -> None:
    files = [each_service.upload(b"one", "a.txt").json, each_service.upload(b"two", "b.txt").json]
    keys = [file["url_m"].rpartition("/")[2] for file in files]
    said = {"title": "All", "files": [{"key": key, "path": f"d/{n}.txt"} for n, key in enumerate(keys)]}
    answer = post_json(each_service, "/c", {**said, "password": "p"})
    assert answer.status_int == 201
    assert answer.location == answer.json["url_c"]
    assert [file["path"] for file in answer.json["files"]] == ["d/0.txt", "d/1.txt"]
    assert each_service.ask(files[0]["url_d"]).status_int == 401  # its terms hold for its files
    assert post_json(each_service, "/c", {"files": []}).status_int == 400
    assert post_json(each_service, "/c", {"title": "x"}).status_int == 400
    assert post_json(each_service, "/c", {"files": [{"key": "x" * 43}]}).status_int == 400
    loose = post_json(each_service, "/c", {"files": [{"key": keys[0]}]})
    assert (loose.status_int, "password" in loose.text) == (400, True)  # a term is never lifted silently
    each_service.ask(answer.json["url_m"], "DELETE")
    assert each_service.ask(files[0]["url_m"]).status_int == 200


def test_a_link_that_others_hold_too_stays_theirs(each_service: Service) -> None:
    theirs, mine = (each_service.upload(b"same", "a.txt").json for _ in range(2))
    assert theirs["url_p"] == mine["url_p"]
    said = {"password": "p", "files": [{"key": mine["url_m"].rpartition("/")[2]}]}
    made = post_json(each_service, "/c", said).json
    assert made["files"][0]["url_p"] != theirs["url_p"]
    assert each_service.ask(theirs["url_d"]).status_int == 200
    assert each_service.ask(made["files"][0]["url_d"]).status_int == 401


def test_the_pages_forms_move_remove_and_change(service: Service) -> None:
    made = make(service)
    one, two, three = hashes(service, made)
    form = {"content_type": "application/x-www-form-urlencoded", "accept": "text/html"}

    def press(body: str) -> int:
        return service.ask(made["url_m"], "POST", body.encode(), **form).status_int

    assert press(f"down=0.{one}") == 303
    assert hashes(service, made) == [two, one, three]
    assert press(f"up=2.{three}") == 303
    assert press(f"remove=2.{one}") == 303
    assert hashes(service, made) == [two, three]
    assert [press(f"up=2.{one}"), press("up=x"), press("x=1"), press(f"up=0.{three}")] == [400] * 4
    assert press("action=change&title=New&shown_title=All&downloads=&expires=1h") == 303
    assert service.ask(made["url_m"]).json["title"] == "New"
    assert press("action=delete") == 303
    assert service.ask(made["url_c"]).status_int == 404


# Zips


def test_a_zip_has_all_files_or_some(each_service: Service) -> None:
    made = make(each_service, "Café 1")
    address = made["url_c"] + ".zip"
    answer = each_service.ask(address)
    assert zip_of(answer).keys() == {"a.txt", "pictures/b.png", "c.txt"}
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Caf_ 1.zip\"; filename*=UTF-8''Caf%C3%A9%201.zip"
    )
    filehash = hashes(each_service, made)[2]
    some = each_service.ask(f"{address}?name=a.txt&name={filehash}")
    assert zip_of(some) == {"a.txt": b"one", "c.txt": b"three"}
    assert each_service.ask(f"{address}?name=other.txt").status_int == 409
    assert each_service.ask(address, "HEAD").headers["Content-Length"] == answer.headers["Content-Length"]


def test_a_file_that_is_gone_is_shown_as_such_and_no_zip_is_silently_short(each_service: Service) -> None:
    made = make(each_service)
    services = each_service.registry.services
    gone = services.files.by_hash(hashes(each_service, made)[0])
    services.links.end(gone, Ending("removed", "operator"))
    said = each_service.ask(made["url_c"]).json["files"]
    assert said[0] == {"path": None, "gone": True}
    assert each_service.ask(made["url_c"], **BROWSER).text.count("no longer here") == 2
    assert each_service.ask(made["url_c"] + ".zip").status_int == 409
    assert zip_of(each_service.ask(made["url_c"] + ".zip?name=c.txt")) == {"c.txt": b"three"}
    with each_service.session() as session:
        assert "a.txt" not in session.scalars(select(ITEMS.c.path)).all()
    assert each_service.ask(made["url_m"], accept="text/html").status_int == 200


def test_a_quarantined_file_is_as_if_gone(service: Service) -> None:
    made = make(service)
    services = service.registry.services
    filehash = hashes(service, made)[0]
    with services.engine.begin() as connection:
        connection.execute(update(FILES).where(FILES.c.filehash == filehash).values(is_quarantined=True))
    assert ">a.txt<" not in service.ask(made["url_c"], **BROWSER).text
    assert service.ask(made["url_c"] + ".zip").status_int == 409
