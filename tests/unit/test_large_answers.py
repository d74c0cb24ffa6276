"""Large pages hold a slot until they are sent, whoever reads them as slowly as they like."""

import pytest
from pyramid.response import Response

from pastebin.errors import Overloaded
from pastebin.web.large_answers import AT_ONCE, FOR_ONE, LARGE, LargeAnswers

PAGE = bytes(range(256)) * (LARGE // 256) + b"the end"


def held(answers: LargeAnswers, address: str = "192.0.2.1", body: bytes = PAGE) -> Response:
    response = Response(body)
    answers.hold(response, address)
    return response


def test_a_large_answer_comes_whole_and_in_pieces() -> None:
    response = held(LargeAnswers())
    pieces = list(response.app_iter)
    assert b"".join(pieces) == PAGE
    assert max(map(len, pieces)) < len(PAGE) / 2
    assert response.content_length == len(PAGE)


def test_what_is_small_or_no_page_is_left_alone() -> None:
    answers = LargeAnswers()
    for _ in range(FOR_ONE + 1):
        held(answers, body=PAGE[:LARGE])
    response = Response(app_iter=iter([PAGE]))
    before = response.app_iter
    answers.hold(response, "192.0.2.1")
    assert response.app_iter is before


def test_so_many_are_sent_at_a_time_and_closing_makes_room_once() -> None:
    answers = LargeAnswers()
    first, *_ = [held(answers) for _ in range(FOR_ONE)]
    with pytest.raises(Overloaded):
        held(answers)
    first.app_iter.close()
    first.app_iter.close()
    held(answers)
    with pytest.raises(Overloaded):
        held(answers)
    for number in range(AT_ONCE - FOR_ONE):
        held(answers, f"198.51.100.{number}")
    with pytest.raises(Overloaded):
        held(answers, "203.0.113.1")
