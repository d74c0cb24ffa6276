"""What the log says of an error: one bounded line, with nothing of a file in it."""

import logging

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from pastebin.logs import LINE_LIMIT, LineFormatter, current_request, describe

SECRET = "/var/lib/pastebin/files/ab/" + "ab" * 32


def line_of(message: str, *arguments: object, error: BaseException | None = None) -> str:
    """Return the line of a record."""
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("pastebin", logging.ERROR, __file__, 1, message, arguments, info)
    return LineFormatter("%(levelname)s %(message)s").format(record)


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    """Return an error that was raised, by a function of this module."""
    try:
        raise error from cause
    except BaseException as caught:  # noqa: BLE001 (any is to be described)
        return caught


def test_an_error_is_one_line_with_its_places_and_causes() -> None:
    line = line_of("Unexpected.", error=raised(KeyError("photo.jpg"), raised(ValueError(SECRET))))
    assert "\n" not in line
    assert line.startswith("ERROR Unexpected. KeyError at raised (test_logs.py:")
    assert "; caused by ValueError at raised (test_logs.py:" in line
    assert "photo.jpg" not in line
    assert SECRET not in line


def test_an_error_of_the_system_says_what_but_not_of_which_file() -> None:
    line = line_of("Failed.", error=raised(OSError(28, "No space left on device", SECRET)))
    assert "OSError (No space left on device) at raised" in line
    assert SECRET not in line


def test_a_statement_and_its_parameters_are_not_logged() -> None:
    class Driver:
        class OperationalError(Exception):
            pass

        class IntegrityError(Exception):
            pass

    down = Driver.OperationalError("Can't connect to server on '127.0.0.1'")
    clash = Driver.IntegrityError(1062, f"Duplicate entry '{SECRET}' for key")
    for error, said in (
        (OperationalError("INSERT INTO f", {"name": "photo.jpg"}, down), "Can"),
        (IntegrityError("INSERT INTO f", {"name": "photo.jpg"}, clash), "(1062)"),
    ):
        line = line_of("The database failed.", error=raised(error))
        assert said in line
        for private in ("INSERT", "photo.jpg", SECRET):
            assert private not in line


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\x1b[31mb", "a\u2028b", "a\x00b"])
def test_what_would_break_a_line_or_a_terminal_is_a_space(text: str) -> None:
    line = line_of("Odd: %s", text)
    assert line.startswith("ERROR Odd: a ")
    assert line.isprintable()


def test_a_line_has_a_bound() -> None:
    assert len(line_of("%s", "x" * 100_000)) == LINE_LIMIT


def test_a_chain_of_errors_has_a_bound() -> None:
    error: BaseException = ValueError()
    for _ in range(100):
        error = raised(ValueError(), error)
    assert len(describe(error)) < LINE_LIMIT


def test_a_line_carries_the_id_of_its_request() -> None:
    token = current_request.set("0123456789abcdef")
    try:
        assert line_of("Slow.") == "ERROR Slow. [0123456789abcdef]"
    finally:
        current_request.reset(token)
    assert line_of("Slow.") == "ERROR Slow."
