"""The API asked by its own description, with generated input: right requests and wrong ones."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import CHECKS, not_a_server_error

from pastebin.services.rights import ADMINISTER
from pastebin.web.api.document import operations
from tests.functional.test_api import full, upload
from tests.inprocess import Service
from tests.inprocess.accounts import OWN, Person, sign_up
from tests.inprocess.fixtures import start_service

# So many requests for each operation and each mode.
EXAMPLES = 8

NUMBERS = count()

MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)

# What a schema cannot say: an end is in the future, a collection's files are there. A text is a number where
# a query has one, and servers hand over what they please of methods that do not exist.
NOT_SAID_BY_SCHEMAS = {"positive_data_acceptance", "negative_data_rejection", "unsupported_method"}
STATEFUL = {"use_after_free", "ensure_resource_availability", "ignored_auth", "object_level_authorization"}


@pytest.fixture(scope="module")
def host(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Give a service with an account that may everything."""
    service = start_service(sqlite_template, tmp_path_factory.mktemp("generated") / "data", {})
    yield service
    service.close()


@pytest.fixture(scope="module")
def boss(host: Service) -> Person:
    """Give the account."""
    return sign_up(host, "boss", ADMINISTER)


def names(service: Service, *, is_wrong: bool) -> list[tuple[str, str]]:
    """Return method and address of each operation; of those alone that can be asked wrongly."""
    found = operations(service.registry)
    return [
        (one.method, f"/api/v1/{one.noun.address}") for one in found if one.query or one.body or not is_wrong
    ]


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
def test_the_api_is_as_it_says(host: Service, boss: Person, mode: Any) -> None:
    description = host.ask("/api/v1/openapi.json").json
    schema = schemathesis.openapi.from_dict(description)
    schema.app = host.app
    token = full(host, boss)["authorization"]
    csrf = host.ask("/api/v1/me", **boss.browser).json["csrf_token"]
    session = {"Cookie": boss.browser["cookie"], "Origin": OWN["origin"], "X-CSRF-Token": csrf}
    checks = [check for check in CHECKS.get_all() if check.__name__ not in NOT_SAID_BY_SCHEMAS | STATEFUL]
    assert not_a_server_error in checks
    asked = []
    for method, path in names(host, is_wrong=mode is MODES[1]):
        strategy = schema[path][method].as_strategy(generation_mode=mode)

        @seed(1)
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            phases=[Phase.generate],
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def ask(case: Any) -> None:
            name = upload(host, f"{next(NUMBERS)}.txt", authorization=token)["name"]
            is_known = len(asked) % 2 == 0
            if is_known and "name" in (case.path_parameters or {}):
                case.path_parameters["name"] = name
            who = session if "/tokens" in case.path else {"Authorization": token}
            asked.append(case.call_and_validate(headers=who, checks=checks).status_code)

        ask()
    assert len(asked) >= 40
    assert {200, 201, 204} <= set(asked) if mode is MODES[0] else {400, 422} <= set(asked)
