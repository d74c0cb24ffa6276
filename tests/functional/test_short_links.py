"""Section 5 of what the service promises: short links, computed from the row's number."""

from datetime import UTC, datetime

import pytest

from tests.inprocess import Service
from tests.inprocess.fixtures import StartService

VECTORS = {1: "867nv", 12: "jy7yj", 1337: "pjz2p", 16777216: "7cc65", 2147483647: "6gm8qyn"}
HASH = "0123456789abcdef0123456789abcdef.txt"
LARGEST = 2**63 - 1


def add_file(service: Service, number: int, content: bytes = b"text") -> str:
    """Upload a file, give its row another number and return its public name."""
    filehash = service.filehash(content, f"{number}.txt")
    with service.session() as session, session.begin():
        row = next(row for row in service.rows() if row.filehash == filehash)
        row = session.merge(row)
        row.id, row.short_id = number, None  # as before numbers were drawn
    return filehash


@pytest.mark.parametrize(("number", "code"), VECTORS.items())
def test_the_vectors(each_service: Service, number: int, code: str) -> None:
    filehash = add_file(each_service, number)
    answer = each_service.ask(f"/s/{code}")
    assert (answer.status_int, answer.location) == (302, f"http://localhost/p/{filehash}")
    assert each_service.upload(b"text", f"{number}.txt").json["url_s"] == f"http://localhost/s/{code}"


def test_the_first_link_of_an_empty_service(start: StartService) -> None:
    service = start(short_links="sequential")
    assert service.upload(b"text", "a.txt").json["url_s"] == "http://localhost/s/867nv"


def test_the_largest_number_of_the_database_has_a_link(each_service: Service) -> None:
    filehash = add_file(each_service, LARGEST)
    code = each_service.registry.services.codec.encode(LARGEST)
    assert each_service.ask(f"/s/{code}").location == f"http://localhost/p/{filehash}"


def test_zero_is_a_code_of_nothing(service: Service) -> None:
    add_file(service, 1)
    assert service.ask("/s/mmmmm").status_int == 404


def test_codes_are_compared_letter_by_letter(service: Service) -> None:
    add_file(service, 1)
    assert service.ask("/s/867nv").status_int == 302
    assert service.ask("/s/867NV").status_int == 404


def test_a_number_beyond_the_database_is_404(service: Service) -> None:
    codec = service.registry.services.codec
    for number in (2**63, 2**64 - 1):
        assert service.ask(f"/s/{codec.encode(number)}").status_int == 404


def test_alphabet_block_size_and_length_are_settings(start: StartService) -> None:
    service = start(
        short_links="sequential", short_alphabet="0123456789", short_block_size="0", short_min_length="8"
    )
    link = service.upload(b"text", "a.txt").json["url_s"]
    assert link == "http://localhost/s/00000001"
    assert service.ask(link).status_int == 302
    assert service.ask("/s/867nv").status_int == 404


def test_a_number_is_never_given_twice(service: Service) -> None:
    """The link of a row that is gone must not lead to another file."""
    service.upload(b"one", "a.txt")
    gone = service.upload(b"two", "a.txt").json["url_s"]
    with service.session() as session, session.begin():
        session.delete(session.merge(service.rows()[-1]))
    assert service.upload(b"three", "a.txt").json["url_s"] != gone


def test_an_old_row_keeps_its_link(each_service: Service) -> None:
    each_service.add_row(
        id=1337,
        filename="old.txt",
        filehash=HASH,
        filemd5="0" * 32,
        uploadtime=datetime(2014, 1, 1, tzinfo=UTC),
        mimetype="text/plain",
        size=4,
        sha256="ab" * 32,
    )
    assert each_service.ask("/s/pjz2p").location == f"http://localhost/p/{HASH}"
