"""No input that a client can send makes a 500: the right person sends the wrong things.

Every refusal is a problem document with a stable code and a request id.
"""

import json
from collections import Counter
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection

from clinic.accounts.models import User
from clinic.core.ids import uuid7
from tests.architecture.document import body_for, documented_as, resolved
from tests.architecture.matrix import CAST, address, body_ids, expected, objects_of
from tests.architecture.operations import Operation, all_routes
from tests.security import hostile
from tests.security.sharing import (
    OPERATIONS,
    READS,
    WITH_BODY,
    WITH_ID,
    WITH_KEY,
    WRITES,
    Share,
)
from tests.world import World, prepared, undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]
# What is named here takes any text in its place, so that a hostile value is an ordinary one.
NAMED = {"ids": lambda operation: operation.name}
CALLBACKS = [route for route, _view in all_routes() if route.startswith("api/v1/payments/callback")]
# Columns that say who somebody is, what he may do, what things cost and where they stand.
GUARDED = set(hostile.FORBIDDEN_FIELDS) - {"id", "pk", "public_id", "seq"}
GUARDED -= {"created_at", "paid_at", "edited_at", "recalled_at"}  # moments of the request


class Door:
    """One operation, asked by who may ask it."""

    def __init__(self, world: World, operation: Operation) -> None:
        self.operation = operation
        self.told = documented_as(operation)
        names = [*CAST[1:], "anonymous"]
        self.name = next(n for n in names if expected(world, n, operation) == "may")
        self.client = world.client(self.name)
        self.path = address(operation, world.objects_for(operation.view))
        self.body = body_for(self.told, body_ids(world.objects))

    def send(
        self,
        body: bytes | None = None,
        *,
        kind: str = hostile.JSON,
        query: str = "",
        method: str = "",
        path: str = "",
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Send one request and undo it."""
        raw = json.dumps(self.body).encode() if body is None and self.told.body else body or b""
        path = f"{path or self.path}?{query}" if query else path or self.path
        with undone():
            return self.client.generic(
                method or self.operation.method,
                path,
                raw,
                content_type=kind,
                headers={"Idempotency-Key": str(uuid7()), **(headers or {})},
            )


def fault(answer: Any) -> str:
    """Return what is wrong with an answer; empty when nothing is."""
    text = answer.content.decode("utf-8", "replace")[:300]
    if answer.status_code >= 500:
        return f"{answer.status_code} {getattr(answer, 'exc_info', None) or text}"
    if answer.status_code < 400 or not answer.content:
        return ""
    if answer["Content-Type"] != "application/problem+json":
        return f"{answer.status_code} as {answer['Content-Type']}: {text}"
    found = answer.json()
    lacking = {"code", "request_id", "status", "detail"} - set(found)
    return f"{answer.status_code} lacks {lacking}" if lacking else ""


def faults(answers: dict[str, Any]) -> list[str]:
    """Return what is wrong, by the name of the case."""
    return [f"{name}: {wrong}" for name, answer in answers.items() if (wrong := fault(answer))]


@pytest.fixture
def share(request: pytest.FixtureRequest) -> Share:
    """Deal a twelfth, or everything with ``--all``."""
    return Share(1 if request.config.getoption("--all") else 12)


@pytest.mark.parametrize("operation", WRITES, **NAMED)
def test_unreadable_bodies_are_refused(world: World, operation: Operation, share: Share) -> None:
    door = Door(world, operation)
    bodies = share(hostile.BODIES.items(), operation, WRITES)

    answers = {name: door.send(raw, kind=kind) for name, (raw, kind) in bodies}

    assert faults(answers) == []
    if door.told.body and door.told.body.get("required"):
        assert [name for name, answer in answers.items() if answer.status_code < 300] == []


@pytest.mark.parametrize("operation", WITH_BODY, **NAMED)
def test_hostile_values_of_single_fields_are_refused_or_harmless(
    world: World, operation: Operation, share: Share
) -> None:
    door = Door(world, operation)

    wrong = []
    for skip, field in enumerate(door.body):
        told = door.told.fields[field]
        for value in [*share(hostile.VALUES, operation, WITH_BODY, skip), *_dates(told)]:
            answer = door.send(json.dumps({**door.body, field: value}).encode())
            if found := fault(answer):
                wrong.append(f"{field}={str(value)[:60]!r}: {found}")
        without = {name: value for name, value in door.body.items() if name != field}
        if found := fault(door.send(json.dumps(without).encode())):
            wrong.append(f"without {field}: {found}")

    assert wrong == []


@pytest.mark.parametrize("operation", WRITES, **NAMED)
def test_fields_that_nobody_may_set_change_nothing(world: World, operation: Operation) -> None:
    door = Door(world, operation)
    extras = {
        name: value
        for name, value in hostile.FORBIDDEN_FIELDS.items()
        if name not in door.told.fields
    }

    plain = _outcome(door, {})
    with_extras = _outcome(door, extras)

    assert with_extras[0] in {plain[0], 400}
    if with_extras[0] != 400:
        assert with_extras[1] == plain[1]


@pytest.mark.parametrize("operation", READS, **NAMED)
def test_hostile_queries_are_refused(world: World, operation: Operation, share: Share) -> None:
    door = Door(world, operation)
    hostile_values = {
        f"{name}={value}": door.send(query=f"{name}={value}")
        for skip, name in enumerate([*door.told.query, "lang", "format"])
        for value in [
            *share(hostile.QUERY_VALUES, operation, READS, skip),
            *(quote(date) for date in _dates(door.told.query.get(name, {}))),
        ]
    }
    bad = share(hostile.BAD_QUERIES, operation, READS)
    unknown = {query: door.send(query=query) for query in bad}

    assert faults(hostile_values | unknown) == []
    assert {query: a.status_code for query, a in unknown.items() if a.status_code != 400} == {}


@pytest.mark.parametrize("operation", OPERATIONS, **NAMED)
def test_hostile_headers_and_methods_do_no_harm(
    world: World, operation: Operation, share: Share
) -> None:
    door = Door(world, operation)
    headers = share(hostile.HEADERS.items(), operation, OPERATIONS)

    answers = {name: door.send(headers=value) for name, value in headers}
    methods = share(hostile.METHODS, operation, OPERATIONS)
    answers |= {method: door.send(method=method) for method in methods}

    assert faults(answers) == []


@pytest.mark.parametrize("operation", OPERATIONS, **NAMED)
def test_false_credentials_are_no_login(world: World, operation: Operation, share: Share) -> None:
    door = Door(world, operation)
    door.client = world.client("anonymous")
    is_closed = expected(world, "anonymous", operation) == "unknown"

    answers = {
        value[:40]: door.send(headers={"Authorization": value})
        for value in ["", *share(hostile.CREDENTIALS, operation, OPERATIONS)]
    }

    assert faults(answers) == []
    if is_closed:
        assert {answer.status_code for answer in answers.values()} == {401}


@pytest.mark.parametrize("operation", WITH_KEY, **NAMED)
def test_unusable_idempotency_keys_are_refused(world: World, operation: Operation) -> None:
    door = Door(world, operation)

    answers = {repr(key): door.send(headers={"Idempotency-Key": key}) for key in hostile.KEYS}

    assert faults(answers) == []
    codes = {name: answer.json()["code"] for name, answer in answers.items()}
    assert set(codes.values()) == {"idempotency_key_required"}, codes


@pytest.mark.parametrize("operation", WITH_ID, **NAMED)
def test_hostile_ids_in_addresses_find_nothing(
    world: World, operation: Operation, share: Share
) -> None:
    door = Door(world, operation)
    word, placeholder = objects_of(operation)[0]

    answers = {
        value[:50]: door.send(
            path="/" + operation.route.replace(f"{word}/{placeholder}", f"{word}/{value}")
        )
        for value in share(hostile.IDS, operation, WITH_ID)
    }
    answers["slash"] = door.send(path=door.path + "/")

    assert faults(answers) == []
    # "undefined" and its like can be another address below the same word: then 405.
    assert {answer.status_code for answer in answers.values()} <= {400, 404, 405}


@pytest.mark.parametrize("route", CALLBACKS)
def test_hostile_callbacks_are_refused(world: World, route: str) -> None:
    path = "/" + route.replace("<str:provider>", "wechat_v3")
    path = path.replace("<uuid:merchant_public_id>", str(uuid7()))
    signed = {
        "Wechatpay-Signature": "AAAA",
        "Wechatpay-Timestamp": "99999999999999999999",
        "Wechatpay-Nonce": "\u00ff",
        "Wechatpay-Serial": "x" * 5000,
    }

    answers = {}
    for name, (raw, kind) in hostile.BODIES.items():
        for headers in ({}, signed):
            with undone():
                answers[f"{name} {bool(headers)}"] = world.client("anonymous").generic(
                    "POST", path, raw, content_type=kind, headers=headers
                )

    assert [name for name, answer in answers.items() if not 400 <= answer.status_code < 500] == []


def _dates(told: dict[str, Any]) -> list[str]:
    """Return the edges of the calendar for a field or parameter that reads a date."""
    return hostile.DATES if resolved(told).get("format") in {"date", "date-time"} else []


def _outcome(door: Door, extras: dict[str, Any]) -> tuple[int, Counter[tuple[Any, ...]]]:
    raw = json.dumps({**door.body, **extras}).encode()
    newest = User.objects.order_by("-pk").values_list("pk", flat=True)[0]
    with undone():
        answer = door.client.generic(
            door.operation.method,
            door.path,
            raw,
            content_type=hostile.JSON,
            headers={"Idempotency-Key": str(uuid7())},
        )
        return answer.status_code, _guarded_values(newest)


def _guarded_values(newest: int) -> Counter[tuple[Any, ...]]:
    """Count the guarded values; the number of an account made just now differs each time."""
    return Counter(prepared("guarded_values", _guarded_question, newest=newest))


def _guarded_question() -> str:
    tables = set(connection.introspection.table_names())
    parts = []
    for model in apps.get_models():
        columns = [field.column for field in model._meta.local_fields if _is_guarded(field)]
        if columns and model._meta.managed and model._meta.db_table in tables:
            told = ", ".join(
                "CASE WHEN account_id <= $1 THEN account_id END" if name == "account_id" else name
                for name in columns
            )
            table = model._meta.db_table
            parts.append(f"SELECT '{table}', ROW({told})::text FROM {table}")  # noqa: S608
    return " UNION ALL ".join(parts)


def _is_guarded(field: Any) -> bool:
    return field.name in GUARDED or field.column in GUARDED
