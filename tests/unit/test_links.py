"""Links: which requests share one, and who wins when several come at once."""

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
from pastebin.services.file_records import (
    Content,
    Link,
    LinkService,
    legacy_key,
    resize_key,
    upload_key,
)
from pastebin.storage import Blob
from tests.contracts.together import in_threads
from tests.inprocess import Service

THREADS = 8
TEXT = MediaType("text/plain", "us-ascii")


def content(data: bytes = b"text") -> Content:
    """Return what would be known of a content."""
    blob = Blob(hashlib.sha256(data).hexdigest(), hashlib.md5(data).hexdigest(), len(data))
    return Content(blob, TEXT)


@pytest.fixture
def links(service: Service) -> LinkService:
    """Give links on the service's database."""
    return LinkService(service.registry.services.engine)


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


# Giving and finding


def test_a_link_says_all_there_is_to_know(links: LinkService) -> None:
    before = datetime.now(UTC)
    image = Content(content().blob, MediaType("image/png", "binary"), 60, 40)
    link = links.give(image, "Photo.PNG", "key")
    assert link.created
    file = link.file
    assert (file.filename, file.size, file.mimetype, file.encoding) == ("Photo.PNG", 4, "image/png", "binary")
    assert (file.width, file.height) == (60, 40)
    assert (file.sha256, file.md5) == (image.blob.sha256, image.blob.md5)
    assert file.filehash.endswith(".png")
    assert before <= file.uploadtime <= datetime.now(UTC)
    assert links.find("key") == file


def test_the_same_key_is_the_same_link(links: LinkService) -> None:
    first = links.give(content(), "a.txt", "key")
    again = links.give(content(b"other"), "b.txt", "key", listed=True)
    assert again == Link(first.file, created=False)


def test_another_key_is_another_link(links: LinkService) -> None:
    files = [links.give(content(), "a.txt", f"key{n}").file for n in range(3)]
    assert len({file.filehash for file in files}) == 3
    assert [b.id - a.id for a, b in itertools.pairwise(files)] == [1, 1]


def test_keys_differ_by_case(links: LinkService) -> None:
    assert links.give(content(), "a", "key").file != links.give(content(), "a", "KEY").file


def test_what_was_not_given_is_not_found(links: LinkService) -> None:
    assert links.find("key") is None


def test_only_a_new_link_is_listed_as_it_says(links: LinkService, service: Service) -> None:
    for listed in (True, False):
        links.give(content(), "a", f"first {listed}", listed=listed)
        links.give(content(), "a", f"first {listed}", listed=not listed)
    assert [row.listed for row in service.rows()] == [True, False]


def test_a_public_name_may_be_asked_for_but_not_taken(links: LinkService, service: Service) -> None:
    assert links.give(content(), "a", "key", "old-name.txt").file.filehash == "old-name.txt"
    with pytest.raises(IntegrityError):
        links.give(content(b"other"), "b", "other key", "old-name.txt")
    assert len(service.rows()) == 1


def test_of_many_at_once_one_makes_the_link_and_all_get_it(links: LinkService, service: Service) -> None:
    given_links = at_once(lambda _number: links.give(content(), "a.txt", "key"))
    assert [link.created for link in given_links].count(True) == 1
    assert len({link.file.filehash for link in given_links}) == 1
    assert len(service.rows()) == 1


def test_many_different_links_at_once_are_all_made(links: LinkService, service: Service) -> None:
    given_links = at_once(lambda number: links.give(content(), "a.txt", f"key{number}"))
    assert all(link.created for link in given_links)
    assert [row.id for row in service.rows()] == sorted(link.file.id for link in given_links)


# Rows of the older service

OLD = "ec12e434b48648f0a65ac28a28759ba5.txt"


@pytest.fixture
def pending(service: Service) -> str:
    """Give the public name of a row that waits for its content."""
    moment = datetime(2015, 3, 1, 12, tzinfo=UTC)
    service.add_row(
        filename="old.txt", filehash=OLD, filemd5="", uploadtime=moment, mimetype="x/y", size=0, sha256=None
    )
    return OLD


def test_an_old_row_waits_until_it_is_completed(links: LinkService, pending: str) -> None:
    assert links.is_pending(pending)
    file = links.complete(pending, content())
    assert not links.is_pending(pending)
    assert (file.filename, file.filehash, file.uploadtime.year) == ("old.txt", pending, 2015)
    assert (file.sha256, file.size, file.mimetype) == (content().blob.sha256, 4, "text/plain")
    assert links.find(legacy_key(pending)) == file


def test_a_row_is_completed_only_once(links: LinkService, pending: str) -> None:
    first = links.complete(pending, content())
    assert links.complete(pending, content(b"another content")) == first


def test_of_many_who_complete_a_row_at_once_all_get_the_same_file(links: LinkService, pending: str) -> None:
    files = at_once(lambda number: links.complete(pending, content(bytes([number]))))
    assert len(set(files)) == 1


def test_only_a_row_without_content_is_pending(links: LinkService) -> None:
    links.give(content(), "a", "key", OLD)
    assert not links.is_pending(OLD)
    assert not links.is_pending("missing")
