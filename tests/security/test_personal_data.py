"""Personal data stays in its rows: not in logs, facts, tasks, names in Redis, figures, addresses.

One patient with canary values walks through everything a patient does, well and badly; afterwards
the places where personal data must not be are searched for the canaries.
"""

import dataclasses
import inspect
import json
import logging
import threading
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
import redis
from celery.app.task import Task
from django.apps import apps
from django.conf import settings as django_settings
from django.db import connection, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from rest_framework.test import APIClient

from clinic.accounts.models import User
from clinic.accounts.services.accounts import anonymise_account
from clinic.celery import app
from clinic.core import events
from clinic.core.actor import system_actor
from clinic.core.clock import now
from clinic.core.ids import uuid7
from clinic.core.logs import JSONFormatter, PlainFormatter
from clinic.core.models import AuditEntry, OutboxEvent
from clinic.patients.models import VisitPerson
from payments.models import PaymentOrder
from tests.accounts import fakes
from tests.architecture.document import documented
from tests.cast import Member
from tests.consultations.conftest import set_price
from tests.doctors_cast import DoctorMember
from tests.patients.people import ready
from tests.payments.conftest import give_balance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]
PHONE = "13955507413"
ID_NUMBER = "110101198808084248"
NAME = "金丝雀甲"
COMPLAINT = "金丝雀主诉反复胃痛三个月"
CHAT = "金丝雀消息今天好多了"
RECORD = "金丝雀诊断肝胃不和"
REVIEW = "金丝雀评价很有耐心"
PASSWORD = "Canary-Wildleek-88"
PERSONAL = [PHONE, ID_NUMBER, NAME, COMPLAINT, CHAT, RECORD, REVIEW, PASSWORD, "19880808"]
# Where a canary may rest: the rows that are made for it.
HOMES = {
    "accounts_user",
    "patients_visitperson",
    "consultations_consultation",
    "consultations_intakesheet",
    "records_medicalrecord",
    "chat_message",
    "chat_messagerevision",
    "reviews_review",
    "core_idempotencyrecord",  # answers for a repeat, kept a day, for their owner only
}
# What addresses must not carry.
PERSONAL_PARAMETERS = {
    "phone",
    "name",
    "id_number",
    "complaint",
    "body",
    "password",
    "code",
    "token",
}
# Texts in facts: words of the house, never of a person.
WORDS = {
    "after",
    "before",
    "by",
    "act",
    "date",
    "disposition",
    "from_state",
    "kind",
    "reason",
    "role",
    "state",
    "subject_kind",
    "to_state",
    "topic",
    "why",
}


@dataclasses.dataclass
class Walk:
    """What was seen beside the answers."""

    records: list[logging.LogRecord] = dataclasses.field(default_factory=list)
    tasks: list[str] = dataclasses.field(default_factory=list)
    redis_names: list[str] = dataclasses.field(default_factory=list)


class _Keeper(logging.Handler):
    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(logging.DEBUG)
        self.records = records

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def walk(
    monkeypatch: pytest.MonkeyPatch,
    shen: DoctorMember,
    run_events: Callable[[], int],
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Walk:
    """A walk through the main line with canaries, watched."""
    seen = Walk()
    app.loader.import_default_modules()  # sets logging up anew, so before the keeper
    settings.CODES_PER_ADDRESS_AN_HOUR = 10_000
    monkeypatch.setattr(
        Task,
        "apply_async",
        lambda self, args=None, kwargs=None, **_: seen.tasks.append(f"{self.name} {args} {kwargs}"),
    )
    keeper = _Keeper(seen.records)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)
    with _listening(seen.redis_names), django_capture_on_commit_callbacks(execute=True):
        _play(shen, run_events)
    root.removeHandler(keeper)
    root.setLevel(level)
    return seen


def test_no_log_line_holds_personal_data(walk: Walk) -> None:
    formatters = [JSONFormatter(), PlainFormatter()]

    assert {"consultations.services.assignment"} <= {record.name for record in walk.records}
    for record in walk.records:
        # The filter of the formatters is a net; the line itself must be clean already.
        raw = f"{record.getMessage()} {record.args} {_extra(record)}"
        assert _canaries(raw) == [], record.name
        assert [found for one in formatters for found in _canaries(one.format(record))] == []


def test_facts_tasks_and_audit_hold_ids_only(walk: Walk) -> None:
    facts = [
        json.dumps(row, ensure_ascii=False) for row in OutboxEvent.objects.values_list("payload")
    ]
    entries = [str(vars(entry)) for entry in AuditEntry.objects.all()]

    assert len(facts) > 5
    assert _canaries(" ".join([*facts, *walk.tasks, *entries])) == []


def test_names_in_redis_hold_ids_only(walk: Walk) -> None:
    assert walk.redis_names
    assert _canaries(" ".join(walk.redis_names)) == []


def test_figures_hold_no_personal_data(walk: Walk) -> None:
    text = APIClient().get("/metrics").content.decode()

    assert "assign" in text
    assert _canaries(text) == []


@pytest.mark.usefixtures("walk")
def test_personal_data_rests_only_in_the_rows_made_for_it() -> None:
    found = set()
    with connection.cursor() as cursor:
        for table in filter(_exists, {model._meta.db_table for model in apps.get_models()}):
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 a table of ours
            if any(_canaries(row) for (row,) in cursor.fetchall()):
                found.add(table)

    assert found - HOMES == set()
    assert {"chat_message", "consultations_consultation"} <= found  # the search finds


@pytest.mark.usefixtures("walk")
def test_id_numbers_rest_encrypted_and_phones_of_the_deleted_are_gone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM patients_visitperson t")
        persons = " ".join(row for (row,) in cursor.fetchall())

    assert ID_NUMBER not in persons
    assert not User.objects.filter(phone__contains=PHONE).exists()


def test_no_address_carries_personal_data() -> None:
    wrong = [
        f"{method} {path}?{name}"
        for (method, path), told in documented().items()
        for name in told.query
        if name in PERSONAL_PARAMETERS
    ]

    assert wrong == []


def test_facts_are_declared_of_ids_and_words_of_the_house() -> None:
    wrong = []
    for name, kind in events.EVENT_TYPES.items():
        types = typing.get_type_hints(kind)
        for field in dataclasses.fields(kind):
            if types[field.name] is str and field.name not in WORDS:
                wrong.append(f"{name}.{field.name}: texts may be personal; use an id")
            elif types[field.name] not in {str, int, bool, UUID, int | None, UUID | None}:
                wrong.append(f"{name}.{field.name}: {types[field.name]}")

    assert wrong == []


def test_tasks_take_ids_only() -> None:
    app.loader.import_default_modules()
    rooms = ("clinic", "accounts", "consultations", "payments", "doctors", "chat", "core")
    wrong = [
        f"{name}({parameter})"
        for name, task in app.tasks.items()
        if name.startswith(rooms)
        for parameter in inspect.signature(task.run).parameters.values()
        if parameter.annotation not in {int, "int", UUID}
    ]

    assert "core.deliver_event" in app.tasks
    assert wrong == []


@pytest.mark.parametrize("place", ["view", "database"])
def test_a_fault_of_ours_logs_where_but_not_whose(
    lin: Member, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    records: list[logging.LogRecord] = []
    keeper = _Keeper(records)
    for name in ("", "clinic", "django.request"):
        logging.getLogger(name).addHandler(keeper)
    monkeypatch.setattr("clinic.accounts.api.views.account_of", _FAULTS[place])

    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {lin.token}")
    with transaction.atomic():
        answer = client.get("/api/v1/me")
        transaction.set_rollback(True)
    for name in ("", "clinic", "django.request"):
        logging.getLogger(name).removeHandler(keeper)

    lines = [JSONFormatter().format(record) for record in records]
    assert answer.status_code in {500, 409}
    assert lines
    assert _canaries(" ".join(lines) + answer.content.decode()) == []


def _fail_in_view(_actor: Any) -> Any:
    raise RuntimeError(f"{NAME} {PHONE} {COMPLAINT}")


def _fail_in_database(actor: Any) -> Any:
    # The server's error text holds the whole row.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_user SET name = %s, phone = NULL, password = NULL WHERE id = %s",
            [NAME, actor.user_id],
        )


_FAULTS = {"view": _fail_in_view, "database": _fail_in_database}


@contextmanager
def _listening(names: list[str]) -> Iterator[None]:
    """Note command and first name of everything that is sent to Redis meanwhile."""
    link = redis.Redis.from_url(django_settings.REDIS_URL)
    ready, end = threading.Event(), uuid7().hex

    def listen() -> None:
        with link.monitor() as monitor:
            ready.set()
            for line in monitor.listen():
                if end in line["command"]:
                    return
                names.append(" ".join(line["command"].split(" ")[:3]))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    ready.wait(5)
    yield
    redis.Redis.from_url(django_settings.REDIS_URL).echo(end)
    thread.join(5)


def _play(shen: DoctorMember, run_events: Callable[[], int]) -> None:
    set_price()
    client = APIClient()
    _post(client, "auth/register", _register_body("000000"))
    _post(client, "auth/codes", {"phone": PHONE, "purpose": "register"})
    code = fakes.last_code(f"+86{PHONE}")
    token = _post(client, "auth/register", _register_body(code)).json()["access_token"]
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    user = User.objects.get(phone=f"+86{PHONE}")
    person = _post(client, "visit-persons", _person_body()).json()["id"]
    _go_wrong(client, person)
    body = {"person_id": person, "complaint": COMPLAINT}
    case = _post(client, "consultations", body).json()["consultation"]["id"]
    _post(client, f"consultations/{case}/order")  # refused: nothing was checked or agreed to
    ready(VisitPerson.objects.get(account=user))
    _post(client, f"consultations/{case}/order")
    order = PaymentOrder.objects.get(payer=user)
    give_balance(Member(user, system_actor("test"), client, token), 100_000)
    assert _post(client, f"orders/{order.public_id}/pay", {"method": "balance"}).status_code == 200
    run_events()
    assert (
        _post(shen.client, f"consultations/{case}/accept", {"fits_revisit": True}).status_code
        == 200
    )
    talk = client.get("/api/v1/conversations").json()["results"][0]["id"]
    for speaker in (client, shen.client):
        _post(speaker, f"conversations/{talk}/messages", {"cid": str(uuid7()), "body": CHAT})
    run_events()
    for name in ("consultations.run_timers", "consultations.assign_waiting"):
        app.tasks[name].run()
    record = {"diagnosis": RECORD, "advice": RECORD}
    assert _post(shen.client, f"consultations/{case}/complete", record).status_code == 200
    rated = _post(client, f"consultations/{case}/review", {"stars": 5, "text": REVIEW})
    assert rated.status_code == 201
    run_events()
    assert client.delete("/api/v1/me").status_code == 202
    anonymise_account(user_id=user.pk, by=system_actor("test"), now=now())
    run_events()


def _go_wrong(client: APIClient, person: str) -> None:
    _post(APIClient(), "auth/login", {"phone": PHONE, "password": PASSWORD + "x"})
    _post(APIClient(), "auth/login", {"phone": PHONE + PHONE, "password": PASSWORD})
    _post(APIClient(), "auth/refresh", {"refresh_token": f"{PHONE}.{NAME}"})
    _post(client, "visit-persons", _person_body())  # the ID number is there already
    _post(client, "visit-persons", {**_person_body(), "birthday": ID_NUMBER})
    _post(client, "consultations", {"person_id": person, "complaint": COMPLAINT * 999})
    _post(client, "consultations", {"person_id": COMPLAINT, "complaint": COMPLAINT})
    _post(client, f"consultations/{COMPLAINT}/order")
    client.get(f"/api/v1/orders?status={COMPLAINT}&{NAME}={PHONE}")
    client.get("/api/v1/me", headers={"User-Agent": f"phone of {PHONE}"})


def _register_body(code: str) -> dict[str, str]:
    return {"phone": PHONE, "password": PASSWORD, "code": code, "name": NAME}


def _person_body() -> dict[str, str]:
    return {
        "name": NAME,
        "relation": "self",
        "gender": "female",
        "birthday": "1988-08-08",
        "id_number": ID_NUMBER,
        "phone": PHONE,
    }


def _post(client: APIClient, path: str, body: Any = None) -> Any:
    headers = {"Idempotency-Key": str(uuid7())}
    return client.post(f"/api/v1/{path}", body or {}, format="json", headers=headers)


def _canaries(text: str) -> list[str]:
    return [canary for canary in PERSONAL if canary in text]


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    plain = logging.makeLogRecord({}).__dict__
    return {name: value for name, value in record.__dict__.items() if name not in plain}


def _exists(table: str) -> bool:
    return table in connection.introspection.table_names()
