"""Rows of files: which uploads share a link, and who wins when several come at once."""

import hashlib
import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from pastebin.media.sniffing import MediaType
from pastebin.models import WriteTransactions
from pastebin.services.file_records import (
    Content,
    FileRecords,
    Link,
    NameCollision,
    NewLink,
    complete,
    get_or_create,
    legacy_key,
    resize_key,
    upload_key,
)
from pastebin.services.files import StoredFile
from pastebin.storage import Blob
from tests.contracts.together import in_threads
from tests.inprocess import Service

THREADS = 8
TEXT = MediaType("text/plain", "us-ascii")


def content(data: bytes = b"text") -> Content:
    """Return what would be known of a content."""
    blob = Blob(hashlib.sha256(data).hexdigest(), hashlib.md5(data).hexdigest(), len(data))
    return Content(blob, TEXT)


class Records:
    """The rows of a service, each call in a transaction of its own."""

    def __init__(self, service: Service) -> None:
        self.engine = service.registry.services.engine
        self.found = FileRecords(self.engine)
        self._transactions = WriteTransactions(self.engine)

    def give_all(self, *wanted: NewLink) -> list[Link]:
        """Get or create links in one transaction."""
        return self._transactions.run(lambda connection: get_or_create(connection, wanted))

    def give(self, made_of: Content, filename: str, key: str, **more: Any) -> Link:
        """Get or create one link."""
        return self.give_all(NewLink(made_of, filename, key, **more))[0]

    def complete(self, filehash: str, made_of: Content) -> StoredFile:
        """Give a row its content."""
        return self._transactions.run(lambda connection: complete(connection, filehash, made_of))


@pytest.fixture
def records(each_service: Service) -> Records:
    """Give rows on each kind of database in turn."""
    return Records(each_service)


def at_once(call: Callable[[int], Any]) -> list[Any]:
    """Return what a call gives in each of several threads that begin at the same moment."""
    return in_threads([partial(call, number) for number in range(THREADS)])


# Keys

parts = st.text(st.sampled_from("ab\n-1"), max_size=4)


@given(parts, parts, parts, parts)
def test_keys_are_equal_only_for_the_same_request(one: str, two: str, three: str, four: str) -> None:
    """A file name may hold what separates the parts, but comes last; the others hold none of it."""
    one, three = one.replace("\n", ""), three.replace("\n", "")
    keys = [upload_key(Blob(sha256, "", 0), name) for sha256, name in ((one, two), (three, four))]
    assert (keys[0] == keys[1]) == ((one, two) == (three, four))
    resized = [resize_key(one, two), resize_key(three, four)]
    assert (resized[0] == resized[1]) == ((one, two) == (three, four))
    assert not {*keys, legacy_key(one)} & set(resized)


def test_md5_and_size_decide_nothing() -> None:
    assert upload_key(Blob("a", "b", 1), "name") == upload_key(Blob("a", "c", 2), "name")


@given(st.text())
def test_a_key_fits_its_column_whatever_the_name(name: str) -> None:
    for key in (upload_key(content().blob, name), resize_key(name, "x"), legacy_key(name)):
        assert len(key) == 64
        assert key.isascii()


# Getting and creating


def test_a_link_says_all_there_is_to_know(records: Records) -> None:
    before = datetime.now(UTC)
    image = Content(content().blob, MediaType("image/png", "binary"), 60, 40)
    link = records.give(image, "Photo.PNG", "key")
    assert link.created
    file = link.file
    assert (file.filename, file.size, file.mimetype, file.encoding) == ("Photo.PNG", 4, "image/png", "binary")
    assert (file.width, file.height) == (60, 40)
    assert (file.sha256, file.md5) == (image.blob.sha256, image.blob.md5)
    assert file.filehash.endswith(".png")
    assert before <= file.uploadtime <= datetime.now(UTC)
    assert records.found.find("key") == file


def test_the_same_key_is_the_same_link(records: Records) -> None:
    first = records.give(content(), "a.txt", "key")
    again = records.give(content(b"other"), "b.txt", "key", is_listed=True)
    assert again == Link(first.file, created=False)


def test_another_key_is_another_link(records: Records) -> None:
    files = [records.give(content(), "a.txt", f"key{n}").file for n in range(3)]
    assert len({file.filehash for file in files}) == 3
    assert all(b.id > a.id for a, b in itertools.pairwise(files))


def test_keys_differ_by_case(records: Records) -> None:
    assert records.give(content(), "a", "key").file != records.give(content(), "a", "KEY").file


def test_what_was_not_created_is_not_found(records: Records) -> None:
    assert records.found.find("key") is None


def test_only_a_new_link_is_listed_as_it_says(records: Records, each_service: Service) -> None:
    for listed in (True, False):
        records.give(content(), "a", f"first {listed}", is_listed=listed)
        records.give(content(), "a", f"first {listed}", is_listed=not listed)
    assert [row.listed for row in each_service.rows()] == [True, False]


def test_a_public_name_may_be_asked_for_but_not_taken(records: Records, each_service: Service) -> None:
    assert records.give(content(), "a", "key", filehash="old-name.txt").file.filehash == "old-name.txt"
    with pytest.raises((IntegrityError, NameCollision)):
        records.give(content(b"other"), "b", "other key", filehash="old-name.txt")
    assert len(each_service.rows()) == 1


def test_new_and_known_links_come_in_the_order_asked(records: Records) -> None:
    known = records.give(content(), "known", "b").file
    links = records.give_all(*(NewLink(content(), name, name) for name in ("c", "b", "a", "c")))
    assert [link.created for link in links] == [True, False, True, False]
    assert [link.file.filename for link in links] == ["c", "known", "a", "c"]
    assert links[1].file == known
    assert links[0].file == links[3].file


def test_a_link_that_exists_costs_the_others_no_statement(each_service: Service, records: Records) -> None:
    records.give(content(), "known", "b")
    with each_service.statements() as seen:
        records.give_all(*(NewLink(content(), name, name) for name in "abcdef"))
    assert len([statement for statement in seen if statement != "BEGIN"]) == 2


def test_of_many_at_once_one_makes_the_link_and_all_get_it(records: Records, each_service: Service) -> None:
    links = at_once(lambda _number: records.give(content(), "a.txt", "key"))
    assert [link.created for link in links].count(True) == 1
    assert len({link.file.filehash for link in links}) == 1
    assert len(each_service.rows()) == 1


def test_many_different_links_at_once_are_all_made(records: Records, each_service: Service) -> None:
    links = at_once(lambda number: records.give(content(), "a.txt", f"key{number}"))
    assert all(link.created for link in links)
    assert [row.id for row in each_service.rows()] == sorted(link.file.id for link in links)


def test_the_same_many_links_in_several_orders_at_once_are_made_once(
    records: Records, each_service: Service
) -> None:
    """Writers that took their rows in different orders would wait for each other crosswise."""
    names = [f"{number}.txt" for number in range(20)]

    def give(number: int) -> list[Link]:
        return records.give_all(*(NewLink(content(), name, name) for name in names[number:] + names[:number]))

    for _ in range(3):
        links = at_once(give)
    assert len(each_service.rows()) == len({link.file.id for each in links for link in each}) == 20


# Rows of the older service

OLD = "ec12e434b48648f0a65ac28a28759ba5.txt"


@pytest.fixture
def pending(each_service: Service) -> str:
    """Give the public name of a row that waits for its content."""
    moment = datetime(2015, 3, 1, 12, tzinfo=UTC)
    each_service.add_row(
        filename="old.txt", filehash=OLD, filemd5="", uploadtime=moment, mimetype="x/y", size=0, sha256=None
    )
    return OLD


def test_an_old_row_waits_until_it_is_completed(records: Records, pending: str) -> None:
    assert records.found.is_pending(pending)
    file = records.complete(pending, content())
    assert not records.found.is_pending(pending)
    assert (file.filename, file.filehash, file.uploadtime.year) == ("old.txt", pending, 2015)
    assert (file.sha256, file.size, file.mimetype) == (content().blob.sha256, 4, "text/plain")
    assert records.found.find(legacy_key(pending)) == file


def test_a_row_is_completed_only_once(records: Records, pending: str) -> None:
    first = records.complete(pending, content())
    assert records.complete(pending, content(b"another content")) == first


def test_of_many_who_complete_a_row_at_once_all_get_the_same_file(records: Records, pending: str) -> None:
    files = at_once(lambda number: records.complete(pending, content(bytes([number]))))
    assert len(set(files)) == 1


def test_only_a_row_without_content_is_pending(records: Records) -> None:
    records.give(content(), "a", "key", filehash=OLD)
    assert not records.found.is_pending(OLD)
    assert not records.found.is_pending("missing")
