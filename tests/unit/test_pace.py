"""Telling that something takes long."""

import pytest

from pastebin import pace


def test_who_listens_is_called_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_listeners", [])
    heard: list[str] = []
    pace.before_long()
    pace.on_long(lambda: heard.append("one"))
    pace.on_long(lambda: heard.append("two"))
    pace.before_long()
    pace.before_long()
    assert heard == ["one", "two"] * 2
