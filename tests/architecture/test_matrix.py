"""Every member of the cast tries every operation on Lin's things: the policy table, proven.

The cells are generated from the URLconf, the policy table and the OpenAPI document. A new endpoint
is in the matrix by itself; a new kind of object needs a line in ``tests/world.py``.
"""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from clinic.core import policy
from clinic.core.ids import uuid7
from tests.architecture.document import documented, documented_as, path_of
from tests.architecture.matrix import (
    CAST,
    KNOW,
    PEOPLE,
    address,
    ask,
    expected,
    objects_of,
    try_out,
)
from tests.architecture.operations import Operation, api_operations
from tests.world import World, prepared

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]
OPERATIONS = api_operations()
WITH_OBJECT = [operation for operation in OPERATIONS if "<" in operation.route]
# Private things whose ids must not show up in a stranger's lists.
PRIVATE = (
    "visit-persons", "sessions", "notices", "orders", "consultations", "conversations",
    "appointments", "records", "complaints",
)  # fmt: skip
REFUSED = {"not_authenticated", "forbidden", "not_found"}
# Tables that count tries and may change with a refused request.
COUNTERS = {"core_ratecounter", "core_idempotencyrecord", "chat_pace"}


def fingerprint(ignoring: frozenset[str] = frozenset()) -> list[tuple[Any, ...]]:
    """Return the count and a checksum of the rows of every table."""
    rows = prepared("fingerprint", _fingerprint_question)
    return [row for row in rows if row[0] not in ignoring]


def _fingerprint_question() -> str:
    models = {model._meta.db_table for model in apps.get_models() if model._meta.managed}
    tables = models & set(connection.introspection.table_names()) - COUNTERS
    one = "SELECT '{0}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {0} t"
    return " UNION ALL ".join(one.format(table) for table in sorted(tables))


@pytest.fixture(scope="module")
def untouched(world: World) -> list[tuple[Any, ...]]:
    """The fingerprint of the world, to which every test comes back."""
    return fingerprint()


def test_url_configuration_and_document_list_the_same_operations() -> None:
    assert {(one.method, path_of(one)) for one in OPERATIONS} == set(documented())


def test_every_id_in_an_address_has_its_object_in_the_world(world: World) -> None:
    missing = sorted(
        f"{word}: add the public id of Lin's to objects in tests/world.py and who takes part in it"
        " to PEOPLE in tests/architecture/test_matrix.py"
        for word in {word for one in OPERATIONS for word, _placeholder in objects_of(one)}
        if word not in world.objects or word not in PEOPLE
    )

    assert missing == []


def test_the_cast_has_every_role(world: World) -> None:
    held = {role for member in world.members.values() for role in member.actor.roles}

    assert held == set(policy.EVERYBODY)
    assert set(CAST) == {"anonymous", *world.members}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_everybody_gets_what_the_policy_says_and_refusals_change_nothing(
    world: World, untouched: list[tuple[Any, ...]], operation: Operation
) -> None:
    path = address(operation, world.objects)

    wrong = []
    for name in CAST:
        promise = expected(world, name, operation)
        answer = (try_out if promise == "may" else ask)(world, name, operation, path)
        if not _keeps(promise, operation, answer):
            wrong.append(
                f"{name} ({promise}): {answer.status_code} {answer.content.decode()[:300]}"
            )

    assert wrong == []
    assert fingerprint() == untouched


@pytest.mark.parametrize("operation", WITH_OBJECT, ids=lambda operation: operation.name)
def test_not_yours_looks_like_not_there(world: World, operation: Operation) -> None:
    theirs = address(operation, world.objects)
    nothing = address(operation, dict.fromkeys(world.objects, uuid7()))

    for name in CAST:
        if expected(world, name, operation) == "unseen":
            answers = [ask(world, name, operation, path) for path in (theirs, nothing)]
            assert _anonymous(answers[0]) == _anonymous(answers[1]), name


@pytest.mark.parametrize(
    "operation",
    [one for one in OPERATIONS if one.method == "GET" and one not in WITH_OBJECT],
    ids=lambda operation: operation.name,
)
def test_lists_show_nothing_of_others(world: World, operation: Operation) -> None:
    for name in CAST:
        text = ask(world, name, operation, address(operation, world.objects)).content.decode()
        leaked = [
            word
            for word in PRIVATE
            if name not in PEOPLE[word] | KNOW.get(word, set()) and str(world.objects[word]) in text
        ]
        assert leaked == [], name


@pytest.mark.parametrize(
    "operation",
    [one for one in OPERATIONS if set(documented_as(one).fields) & {"person_id", "patientId"}],
    ids=lambda operation: operation.name,
)
def test_another_s_visit_person_in_a_body_is_not_there(
    world: World, untouched: list[tuple[Any, ...]], operation: Operation
) -> None:
    path = address(operation, world.objects)

    answer = ask(world, "ge", operation, path)

    wanted = {403} if expected(world, "ge", operation) == "role" else {400, 404}
    assert answer.status_code in wanted
    assert fingerprint() == untouched


def test_who_gave_a_case_back_reads_the_talk_only_up_to_then_and_writes_no_more(
    world: World,
) -> None:
    path = f"/api/v1/conversations/{world.objects['conversations']}/messages"

    seen = [_numbers(world.client(name).get(path)) for name in ("shen", "luo")]
    sent = world.client("luo").post(path, {"cid": "1", "body": "还在吗"}, format="json")

    assert len(seen[1]) < len(seen[0])
    assert sent.status_code in {404, 409}


def _keeps(promise: str, operation: Operation, answer: Any) -> bool:
    if answer.status_code >= 500 and answer.json()["code"] == "server_error":
        return False
    if promise in {"unknown", "role", "unseen"}:
        wanted = {
            "unknown": (401, "not_authenticated"),
            "role": (403, "forbidden"),
            "unseen": (404, "not_found"),
        }[promise]
        return (answer.status_code, answer.json()["code"]) == wanted
    if operation.method == "GET":
        return bool(answer.status_code == 200)
    return answer.status_code < 300 or answer.json()["code"] not in REFUSED


def _anonymous(answer: Any) -> dict[str, Any]:
    kept = answer.json()
    return {name: kept[name] for name in kept if name not in {"instance", "request_id"}}


def _numbers(answer: Any) -> list[int]:
    assert answer.status_code == 200
    return [message["seq"] for message in answer.json()["messages"]]
