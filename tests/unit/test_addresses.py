"""Addresses: as Pyramid makes them, without its memory of every name."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyramid import testing, traversal

from pastebin.resources.base import Container
from pastebin.web.addresses import address, path
from pastebin.web.request import ServiceRequest

ROOT = Container("", None)
QUERIES: Any = st.one_of(st.none(), st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2))


def made(request: ServiceRequest, public_url: str, noun: str, name: str, query: Any = None) -> str:
    """Return an address of a service with this public URL."""
    request.services = SimpleNamespace(settings=SimpleNamespace(public_url=public_url))
    return address(request, noun, name, query)


@given(noun=st.sampled_from(["", "p", "i", "s"]), name=st.text(max_size=8), query=QUERIES)
@pytest.mark.parametrize("public_url", ["", "https://files.example.org"])
@pytest.mark.parametrize("at", ["http://localhost/", "http://[::1]:6543/", "https://example.org/below/"])
def test_addresses_are_pyramids_own(public_url: str, at: str, noun: str, name: str, query: Any) -> None:
    request = ServiceRequest.blank("/", base_url=at.rstrip("/"))
    parent = Container(noun, ROOT) if noun else ROOT
    with testing.testConfig(request=request):
        elements = [name] if name else []
        theirs = request.resource_url(parent, *elements, app_url=public_url or None, query=query or None)
    assert made(request, public_url, noun, name, query) == theirs


@pytest.mark.parametrize(
    ("noun", "name", "there"),
    [("", "", "/"), ("p", "", "/p/"), ("", "j", "/j"), ("i", "a b/c?.png", "/i/a%20b%2Fc%3F.png")],
)
def test_a_path_is_quoted(noun: str, name: str, there: str) -> None:
    assert path(noun, name) == there


def test_no_name_is_remembered() -> None:
    request = ServiceRequest.blank("/")
    before = len(traversal._segment_cache)
    for number in range(100):
        made(request, "", "i", f"{number}.never-seen-before")
    assert len(traversal._segment_cache) == before
