"""Expressions on what strangers send in headers take time by its length, not by its square."""

import re
import time

import pytest

from pastebin.media import dispositions
from pastebin.web import compression, file_responses, form_names, request_checks

# Long texts that nearly match, by the expression that reads them.
NEARLY = {
    "spaces after gzip": (compression._GZIP, "gzip" + " " * 60_000 + "x"),
    "spaces before a weight": (compression._GZIP, "gzip;" + " " * 60_000 + "x"),
    "zeros of a weight": (compression._GZIP, "gzip;q=0.1" + "0" * 60_000 + "x"),
    "spaces in a range": (file_responses._RANGE, "bytes=" + " " * 60_000 + "x"),
    "spaces after a range's unit": (file_responses._RANGE, "bytes" + " " * 60_000 + "x"),
    "quotes of tags": (file_responses._TAG, '"' * 60_001),
    "a cookie": (request_checks._COOKIE, "a=" + "b" * 60_000 + " "),
    "a parameter": (form_names._PARAMETER, " " * 60_000 + "x"),
    "a quoted parameter": (form_names._PARAMETER, 'a="' + "\\a" * 60_000),
    "encoded words": (form_names._WORDS, "=?utf-8?q?a?= " * 5_000 + "x"),
    "an extended name": (dispositions._EXTENDED, "; filename*=a'" * 5_000),
}


@pytest.mark.parametrize("name", NEARLY)
def test_a_long_header_is_read_in_linear_time(name: str) -> None:
    pattern: re.Pattern[str] = NEARLY[name][0]
    begun = time.process_time()
    pattern.match(NEARLY[name][1])
    pattern.fullmatch(NEARLY[name][1])
    if pattern is not form_names._PARAMETER:  # it is matched behind semicolons, and never looked for
        pattern.search(NEARLY[name][1])
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("header", ["gzip", "br, gzip ;q=0.5 , x", "deflate,gzip", "GZIP; q=1.000"])
def test_gzip_is_taken(header: str) -> None:
    assert compression._GZIP.search(header)


@pytest.mark.parametrize("header", ["", "gzipped", "gzip;q=0", "gzip; q=0.000", "x-gzip", "br"])
def test_gzip_is_not_taken(header: str) -> None:
    assert not compression._GZIP.search(header)
