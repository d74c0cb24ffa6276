"""Section 3 of what the service promises: the same bytes are stored once, and nobody learns of others."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.inprocess import Service, contents, without_key

CONTENT = contents.noise(10_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def test_the_same_bytes_under_the_same_name_are_the_same_link(each_service: Service) -> None:
    first = each_service.upload(CONTENT, "a.bin")
    again = each_service.upload(CONTENT, "a.bin")
    assert (first.status_int, again.status_int) == (201, 200)
    assert without_key(first.json) == without_key(again.json)
    assert each_service.contents() == [SHA256]
    assert len(each_service.rows()) == 1


@pytest.mark.parametrize("other", ["b.bin", "A.bin", "a.bi", "ä.bin", "a.bin2", "a bin"])
def test_another_name_is_another_link_to_the_same_content(each_service: Service, other: str) -> None:
    first = each_service.upload(CONTENT, "a.bin").json
    second = each_service.upload(CONTENT, other)
    assert second.status_int == 201
    assert (first["filename"], second.json["filename"]) == ("a.bin", other)
    for key in ("url_p", "url_i", "url_d", "url_s"):
        assert first[key] != second.json[key]
    assert each_service.contents() == [SHA256]
    for link in (first, second.json):
        assert each_service.ask(link["url_d"]).body == CONTENT


def test_nobody_is_shown_the_name_another_uploader_gave(each_service: Service) -> None:
    each_service.upload(CONTENT, "private-plan.txt")
    link = each_service.upload(CONTENT, "harmless.txt").json
    for key in ("url_p", "url_i", "url_d", "url_s"):
        answer = each_service.ask(link[key], accept="text/html")
        assert "private-plan" not in str(answer)


def test_the_same_name_with_other_bytes_is_another_file(each_service: Service) -> None:
    first = each_service.upload(b"one", "a.txt").json
    second = each_service.upload(b"two", "a.txt").json
    assert each_service.ask(first["url_i"]).body == b"one"
    assert each_service.ask(second["url_i"]).body == b"two"


def test_hashes_are_compared_byte_by_byte(each_service: Service) -> None:
    """A case-insensitive collation would find `ABC…` for `abc…`."""
    filehash = each_service.filehash(b"text", "a.txt")
    assert each_service.ask(f"/p/{filehash}").status_int == 200
    assert each_service.ask(f"/p/{filehash.upper()}").status_int == 404


def test_two_files_with_one_md5_both_come_back_intact(each_service: Service) -> None:
    one, other = contents.COLLIDING
    assert one != other
    assert hashlib.md5(one).digest() == hashlib.md5(other).digest()
    for name in ("a.bin", "b.bin"):
        links = [each_service.upload(content, name).json for content in (one, other)]
        assert [each_service.ask(link["url_i"]).body for link in links] == [one, other]
        assert [each_service.ask(link["url_d"]).body for link in links] == [one, other]
    assert len(each_service.contents()) == 2
    assert len({row.filemd5 for row in each_service.rows()}) == 1


def test_md5_and_sha256_are_kept_and_shown(each_service: Service) -> None:
    page = each_service.ask(each_service.upload(CONTENT, "a.bin").json["url_p"], accept="text/html").text
    md5 = hashlib.md5(CONTENT).hexdigest()
    assert md5 in page
    assert SHA256 in page
    [row] = each_service.rows()
    assert (row.filemd5, row.sha256, row.size) == (md5, SHA256, len(CONTENT))


def test_identical_uploads_at_once_leave_one_content_and_no_error(each_service: Service) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: each_service.upload(CONTENT, "a.bin"), range(32)))
    assert {answer.status_int for answer in answers} == {200, 201}
    assert len({answer.location for answer in answers}) == 1
    assert [answer.status_int for answer in answers].count(201) == 1
    assert each_service.contents() == [SHA256]
    assert each_service.leftovers() == []
    assert len(each_service.rows()) == 1


def test_the_same_bytes_under_many_names_at_once(each_service: Service) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: each_service.upload(CONTENT, f"{n}.bin"), range(32)))
    assert {answer.status_int for answer in answers} == {201}
    assert len({answer.location for answer in answers}) == 32
    assert each_service.contents() == [SHA256]
    assert each_service.leftovers() == []


def test_a_content_lost_from_the_store_comes_back_with_its_next_upload(service: Service) -> None:
    link = service.upload(CONTENT, "a.bin").json
    service.empty_store()
    assert service.ask(link["url_i"]).status_int == 503
    assert service.upload(CONTENT, "a.bin").status_int == 200
    assert service.ask(link["url_i"]).body == CONTENT


def test_an_empty_file_is_a_file(each_service: Service) -> None:
    answer = each_service.upload(b"", "empty.txt")
    assert (answer.status_int, answer.json["size"]) == (201, "0.00 bytes")
    for noun in ("url_i", "url_d"):
        got = each_service.ask(answer.json[noun])
        assert (got.status_int, got.body, got.headers["Content-Length"]) == (200, b"", "0")
    assert each_service.ask(answer.json["url_p"], accept="text/html").status_int == 200
