"""Whether an answer of the API is as `/api/v1/openapi.json` has it."""

import re
from typing import Any

from jsonschema import Draft202012Validator
from webtest import TestResponse

BASE = "/api/v1"
_BLANK = re.compile(r"\\{\w+\\}", re.ASCII)


def assert_as_described(whole: dict[str, Any], method: str, path: str, answer: TestResponse) -> None:
    """Assert status, headers and body of an answer; where there is no operation it is an error."""
    operation = _operation(whole, "GET" if method == "HEAD" else method, path)
    status = str(answer.status_int)
    if operation is None:
        assert answer.status_int >= 400, (method, path, answer.status)
        _assert_valid(whole, {"$ref": "#/components/schemas/Error"}, answer, method)
        return
    assert status in operation["responses"], (method, path, answer.status, answer.text[:300])
    said = operation["responses"][status]
    for name in said.get("headers", {}):
        assert name in answer.headers, (method, path, name)
    if "content" not in said:
        assert answer.body == b"", (method, path, answer.text[:300])
        return
    _assert_valid(whole, said["content"]["application/json"]["schema"], answer, method)


def _operation(whole: dict[str, Any], method: str, path: str) -> dict[str, Any] | None:
    for pattern, methods in whole["paths"].items():
        if re.fullmatch(_BLANK.sub("[^/]+", re.escape(pattern)), path):
            found: dict[str, Any] | None = methods.get(method.lower())
            return found
    return None


def _assert_valid(whole: dict[str, Any], schema: dict[str, Any], answer: TestResponse, method: str) -> None:
    assert answer.content_type == "application/json", answer.headers
    if method == "HEAD":
        return
    validator = Draft202012Validator({**schema, "components": whole["components"]})
    errors = [error.message for error in validator.iter_errors(answer.json)]
    assert errors == [], (errors, answer.text[:500])
