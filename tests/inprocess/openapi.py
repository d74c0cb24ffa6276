"""Whether an answer of the API is as `/api/v1/openapi.json` has it."""

import re
from typing import Any

from jsonschema import Draft202012Validator
from webtest import TestResponse

BASE = "/api/v1"
_BLANK = re.compile(r"\\{\w+\\}", re.ASCII)


class Description:
    """What a service says of its API; made once, as references are looked up in all of it."""

    def __init__(self, whole: dict[str, Any]) -> None:
        self._validator = Draft202012Validator({"components": whole["components"]})
        self._paths = [
            (re.compile(_BLANK.sub("[^/]+", re.escape(pattern))), methods)
            for pattern, methods in whole["paths"].items()
        ]

    def assert_describes(self, method: str, path: str, answer: TestResponse) -> None:
        """Assert status, headers and body of an answer; where there is no operation it is an error."""
        operation = self._operation("GET" if method == "HEAD" else method, path)
        status = str(answer.status_int)
        if operation is None:
            assert answer.status_int >= 400, (method, path, answer.status)
            self._assert_valid({"$ref": "#/components/schemas/Error"}, answer, method)
            return
        assert status in operation["responses"], (method, path, answer.status, answer.text[:300])
        said = operation["responses"][status]
        for name in said.get("headers", {}):
            assert name in answer.headers, (method, path, name)
        if "content" not in said:
            assert answer.body == b"", (method, path, answer.text[:300])
            return
        self._assert_valid(said["content"]["application/json"]["schema"], answer, method)

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        for pattern, methods in self._paths:
            if pattern.fullmatch(path):
                found: dict[str, Any] | None = methods.get(method.lower())
                return found
        return None

    def _assert_valid(self, schema: dict[str, Any], answer: TestResponse, method: str) -> None:
        assert answer.content_type == "application/json", answer.headers
        if method == "HEAD":
            return
        errors = [e.message for e in self._validator.evolve(schema=schema).iter_errors(answer.json)]
        assert errors == [], (errors, answer.text[:500])
