"""A text that a page without JavaScript sends: the field `text`, named by the field `title`."""

import pytest

from tests.inprocess import Service
from tests.inprocess.forms import file_part, text_part


@pytest.mark.parametrize(
    ("title", "name"),
    [("", "text.txt"), ("a note", "a note.txt"), ("program.py", "program.py"), ("../x", "x.txt")],
)
def test_a_text_becomes_a_file_named_by_its_title(service: Service, title: str, name: str) -> None:
    answer = service.send([text_part("title", title), text_part("text", "hello\r\nworld\r\n")])
    assert (answer.status_int, answer.json["filename"]) == (201, name)
    assert service.ask(answer.json["url_d"]).body == b"hello\nworld\n"


def test_a_form_with_an_empty_file_field_still_has_its_text(service: Service) -> None:
    answer = service.send([file_part(b"", ""), text_part("text", "hello")])
    assert service.ask(answer.json["url_d"]).body == b"hello"
    assert service.leftovers() == []


def test_a_file_comes_before_a_text(service: Service) -> None:
    answer = service.send([text_part("text", "hello"), file_part(b"the file", "a.bin")])
    assert service.ask(answer.json["url_d"]).body == b"the file"


def test_a_text_has_a_limit(service: Service) -> None:
    answer = service.send([text_part("text", "x" * (2**20 + 1))])
    assert answer.status_int == 400
    service.assert_untouched()


def test_no_text_is_no_file(service: Service) -> None:
    answer = service.send([text_part("title", "a"), text_part("text", "")])
    assert answer.status_int == 400
    service.assert_untouched()
