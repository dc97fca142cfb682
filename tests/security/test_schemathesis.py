"""The served OpenAPI document is true: generated requests get documented answers.

Ids in addresses and bodies are those of Lin's things, so that requests reach the services.
``--all`` sends many more requests, as patient, doctor and administrator alike.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import schemathesis.specs.openapi.checks as openapi_checks
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis import checks as known_checks
from schemathesis.generation.feedback import NO_FEEDBACK, FeedbackSources

from clinic.core import policy
from clinic.core.ids import uuid7
from clinic.wsgi import application
from tests.architecture.document import document, documented_as, path_of
from tests.architecture.matrix import body_ids, expected, objects_of
from tests.architecture.operations import Operation, api_operations
from tests.world import World, undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]
OPERATIONS = api_operations()
BY_PLACE = {(one.method, path_of(one)): one for one in OPERATIONS}
ROLES = ("lin", "shen", "an")  # patient, doctor, administrator
CHECKS = [
    known_checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]
# Asks each time again without a login and with a false one: the matrix and the hostile input do
# that for every operation, too.
STRICT_CHECKS = [*CHECKS, openapi_checks.ignored_auth]
FEW, MANY = 2, 100


@pytest.fixture(scope="module", autouse=True)
def _one_connection(world: World) -> Iterator[None]:
    """Requests of a served application would close the connection that holds the world."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def schema(world: World, _one_connection: None) -> Any:
    """The served document with the ids of the world in it."""
    served = copy.deepcopy(document())
    for path, methods in served["paths"].items():
        for method, told in methods.items():
            _name_ids(world, BY_PLACE[method.upper(), path], told)
    for component in served["components"]["schemas"].values():
        for field, value in body_ids(world.objects).items():
            if field in {"id", "subject_id"}:
                continue  # of anything, in answers
            told = component.get("properties", {}).get(field, {})
            # Answers may tell more than an id under the same name, or another one.
            if told.get("readOnly"):
                continue
            for place in (told, told.get("items", {})):
                if place.get("format") == "uuid":
                    del place["format"]
                    place["enum"] = [str(value), *([None] if "null" in place["type"] else [])]
    known = schemathesis.openapi.from_dict(served)
    known.app = application
    return known


def test_the_served_document_is_that_of_the_code() -> None:
    served = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application).raw_schema

    assert served == json.loads(json.dumps(document(), default=str))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_answers_are_as_documented(world: World, schema: Any, operation: Operation) -> None:
    for name in _voices(world, operation):
        _play(world, schema, operation, name, FEW, GenerationMode.POSITIVE, NO_FEEDBACK)
        _play(world, schema, operation, name, FEW // 2, GenerationMode.NEGATIVE, NO_FEEDBACK)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_many_answers_are_as_documented(
    world: World, schema: Any, operation: Operation, name: str
) -> None:
    count = MANY if expected(world, name, operation) == "may" else FEW
    _play(world, schema, operation, name, count, GenerationMode.POSITIVE)
    _play(world, schema, operation, name, count, GenerationMode.NEGATIVE)


def _voices(world: World, operation: Operation) -> list[str]:
    """Return one who may for each reach, since the answer can differ by side."""
    view: Any = operation.view
    rights = policy.rights(view.resource, view.verbs[operation.method])
    found: dict[str, str] = {}
    for name in ROLES:
        if expected(world, name, operation) == "may":
            found.setdefault(
                str([rights.get(role) for role in world.member(name).actor.roles]), name
            )
    return list(found.values()) or ["luo"]


def _play(
    world: World,
    schema: Any,
    operation: Operation,
    name: str,
    count: int,
    mode: GenerationMode,
    feedback: FeedbackSources | None = None,
) -> None:
    """Ask some times; without feedback the application's code is not read for values to try."""
    checks = CHECKS if feedback is NO_FEEDBACK else STRICT_CHECKS
    described = schema[path_of(operation)][operation.method]
    login = {"Authorization": f"Bearer {world.token(name)}"}

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described.as_strategy(generation_mode=mode, feedback=feedback))
    def play(case: Case) -> None:
        with undone():
            headers = {**login, "Idempotency-Key": str(uuid7())}
            case.call_and_validate(headers=headers, checks=checks)

    try:
        play()
    except Unsatisfiable:
        # An open address that takes nothing cannot be asked wrongly.
        assert mode is GenerationMode.NEGATIVE
        assert not documented_as(operation).query


def _name_ids(world: World, operation: Operation, told: dict[str, Any]) -> None:
    objects = world.objects_for(operation.view)
    words = {
        placeholder.strip("<>").split(":")[-1]: word for word, placeholder in objects_of(operation)
    }
    for parameter in told.get("parameters", []):
        if parameter["in"] == "path":
            ids = [str(objects[words[parameter["name"]]]), str(uuid7())]
            parameter["schema"] = {"type": "string", "enum": ids}
        elif parameter["name"] == "Idempotency-Key":
            parameter["schema"] = {"type": "string", "enum": [str(uuid7())]}
