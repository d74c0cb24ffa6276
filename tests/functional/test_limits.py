"""How much one address may do, and what it is told."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from pastebin.models import TOKENS
from pastebin.services.limit_counters import Counters
from pastebin.services.rate_limits import Limit, Uploader, bucket
from tests.functional.test_ownership import upload
from tests.inprocess import Service
from tests.inprocess.accounts import sign_up, token_of
from tests.inprocess.fixtures import StartService
from tests.inprocess.forms import file_part, text_part
from tests.servers import Memcached

FORM = {"content_type": "application/x-www-form-urlencoded"}


def test_what_is_counted_at_once_at_first_is_counted_together() -> None:
    limit, together = Limit(Counters(()), "first", "100/hour", "No."), Barrier(8)

    def count() -> None:
        together.wait()
        limit.count("192.0.2.1")

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(count) for _ in range(8)]:
            done.result()
    assert limit.state("192.0.2.1").remaining == 92


@pytest.fixture
def limited(start: StartService) -> Service:
    """Give a service with low limits."""
    return start(limits="on", uploads_per_hour="3", upload_bytes_per_hour="1000", passwords_per_minute="5")


def told(answer: object) -> tuple[str | None, ...]:
    names = ("RateLimit-Limit", "RateLimit-Remaining")
    return tuple(answer.headers.get(name) for name in names)  # type: ignore[attr-defined]


def test_uploads_are_counted_and_the_rest_is_told(limited: Service) -> None:
    for left in ("2", "1", "0"):
        answer = upload(limited, left.encode())
        assert (answer.status_int, told(answer)) == (201, ("3", left))
        assert 0 < int(answer.headers["RateLimit-Reset"]) <= 3600
    refused = upload(limited, b"one more")
    assert (refused.status_int, told(refused)) == (429, ("3", "0"))
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert refused.json["error"]["code"] == "too_many_requests"
    assert len(limited.rows()) == 3
    assert limited.upload(b"by a program", to="/j").status_int == 429


def test_bytes_are_counted(limited: Service) -> None:
    assert upload(limited, b"x" * 1500).status_int == 201
    refused = upload(limited, b"y")
    assert (refused.status_int, told(refused)) == (429, ("1000", "0"))


def test_an_account_and_a_token_are_counted_wherever_they_come_from(limited: Service) -> None:
    person = sign_up(limited)
    one, other = (token_of(limited, person, "upload") for _ in range(2))
    uploads = limited.registry.services.rate_limits.uploads
    with limited.session() as session:
        number = session.scalars(select(TOKENS.c.id).order_by(TOKENS.c.id)).first()
    uploads.count(Uploader("192.0.2.1", None, number), [1])
    uploads.count(Uploader("192.0.2.2", person.account.id, number), [1])
    assert told(limited.upload(b"a", "a.txt", **one)) == ("3", "0")  # two from elsewhere, and this one
    refused = limited.upload(b"b", "b.txt", **one)
    assert (refused.status_int, "by this token" in refused.text) == (429, True)
    assert told(limited.upload(b"b", "b.txt", **other)) == ("3", "0")
    refused = limited.upload(b"c", "c.txt", **other)
    assert (refused.status_int, "by your account" in refused.text) == (429, True)
    assert told(upload(limited, b"c")) == ("3", "0")  # nobody's third from here
    assert "from your address" in upload(limited, b"d").text


def test_every_file_of_a_form_is_counted(limited: Service) -> None:
    form = [file_part(b"x%d" % number, f"{number}.txt") for number in range(4)]
    too_many = limited.send(form)
    assert (too_many.status_int, told(too_many)) == (429, ("3", "3"))
    assert limited.rows() == []
    assert told(limited.send([*form[:2], text_part("collection", "")])) == ("3", "1")
    assert limited.send(form[2:]).status_int == 429
    assert limited.send(form[2:3]).status_int == 201


def test_the_bytes_of_all_files_of_a_form_are_counted(limited: Service) -> None:
    assert limited.send([file_part(b"x" * 600, "a"), file_part(b"y" * 600, "b")]).status_int == 201
    refused = upload(limited, b"z")
    assert (refused.status_int, told(refused)) == (429, ("1000", "0"))


@pytest.mark.parametrize("path", ["/c/2222222222222222", "/c/2222222222222222.zip"])
def test_unknown_codes_of_collections_are_limited(limited: Service, path: str) -> None:
    assert [limited.ask(path).status_int for _ in range(61)] == [404] * 60 + [429]


def test_codes_cannot_be_guessed_by_lists(limited: Service) -> None:
    known = upload(limited).json["url_s"].rpartition("/")[2]
    guesses = ".".join(["mn6j2c4rv"] * 70)
    assert limited.ask(f"/uploaded?files={guesses}").status_int == 429
    assert limited.ask(f"/uploaded?files={known}").status_int == 429


def test_what_is_refused_is_not_counted(limited: Service) -> None:
    for _ in range(5):
        assert upload(limited, b"x", expires="never ever").status_int == 400
    assert upload(limited, b"x").status_int == 201


def test_wrong_passwords_are_limited_in_every_way_they_come(limited: Service) -> None:
    said = upload(limited, b"text", password="right").json
    statuses = [limited.ask(said["url_d"], authorization="Basic eDp3cm9uZw==").status_int for _ in range(3)]
    body = b"password=wrong"
    statuses += [limited.ask(said["url_p"], "POST", body, **FORM).status_int for _ in range(4)]
    assert statuses == [401] * 3 + [403] * 2 + [429] * 2
    right = limited.ask(said["url_d"], authorization="Basic eDpyaWdodA==")
    assert right.status_int == 429
    assert 0 < int(right.headers["Retry-After"]) <= 60
    assert right.headers["RateLimit-Limit"] == "5"
    assert right.headers["RateLimit-Remaining"] == "0"
    assert 0 < int(right.headers["RateLimit-Reset"]) <= 60


def test_one_file_is_not_tried_from_many_addresses(limited: Service) -> None:
    said, other = (upload(limited, text, password="right").json for text in (b"one", b"two"))
    name = said["url_d"].rpartition("/")[2]
    realm = limited.registry.services.files.by_hash(name).realm
    limits = limited.registry.services.rate_limits.wrong_passwords
    for number in range(50):
        limits.count(f"192.0.2.{number}", realm)
    assert limited.ask(said["url_d"], authorization="Basic eDpyaWdodA==").status_int == 429
    assert limited.ask(other["url_d"], authorization="Basic eDpyaWdodA==").status_int == 200


def test_unknown_keys_and_codes_are_limited(limited: Service) -> None:
    known = upload(limited).json
    for number in range(60):
        path = (
            f"/m/{number:043d}" if number % 2 else f"/s/zzzzz{'mn6j2c4rv8bpygw95z7hsdaetxuk3fq'[number // 2]}"
        )
        assert limited.ask(path).status_int == 404
    assert limited.ask("/m/" + "a" * 43).status_int == 429
    assert limited.ask(known["url_m"]).status_int == 429
    assert limited.ask(known["url_p"]).status_int == 200


def test_without_limits_nothing_is_told(service: Service) -> None:
    assert told(upload(service)) == (None, None)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_an_address_of_version_6_counts_with_its_network(address: str, counted: str) -> None:
    assert bucket(address) == counted


@pytest.fixture
def shared(memcached: Memcached) -> Iterator[list[Limit]]:
    """Give one limit as two processes know it."""
    memcached.flush()
    counters = [Counters([memcached.address]) for _ in range(2)]
    yield [Limit(one, "shared", "2/minute", "Enough.") for one in counters]
    for one in counters:
        one.close()


def test_processes_count_together_in_memcached(shared: list[Limit]) -> None:
    one, other = shared
    one.count("192.0.2.1")
    other.count("192.0.2.1")
    assert one.state("192.0.2.1").remaining == other.state("192.0.2.1").remaining == 0
    assert one.state("192.0.2.2").remaining == 2


def test_without_memcached_everybody_may_go_on_and_it_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    limit = Limit(Counters(["127.0.0.1:1"]), "down", "2/minute", "Enough.")
    for _ in range(5):
        limit.require("192.0.2.1")
        limit.count("192.0.2.1")
    assert limit.state("192.0.2.1").remaining == 2
    assert [record.getMessage() for record in caplog.records if "limited" in record.getMessage()] == [
        "Events cannot be counted, so nothing is limited: ConnectionRefusedError"
    ]
