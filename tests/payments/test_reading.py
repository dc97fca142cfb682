"""Prices, lists and facts."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from clinic.core import events
from clinic.core.clock import now
from clinic.core.ids import uuid7
from payments.events import OrderClosed, OrderPaid, RefundSucceeded
from payments.models import MerchantConfig, PaymentOrder, PriceRule
from payments.selectors.orders import order_of, paid_subjects
from payments.selectors.prices import PriceQuery, resolve_price
from payments.services.orders import cancel_order
from payments.services.refunds import refund_by_staff
from tests.cast import Member
from tests.payments.conftest import get, give_balance, make_order, post

SERVICE = "text_consultation"


def rule(amount_fen: int, scope: str = "global", **fields: Any) -> PriceRule:
    return PriceRule.objects.create(service=SERVICE, scope=scope, amount_fen=amount_fen, **fields)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[events.Event]:
    """What was published, as a room above hears it."""
    found: list[events.Event] = []
    for fact in (OrderPaid, OrderClosed, RefundSucceeded):
        known = dict(events.HANDLERS.get(fact.name, {}))
        for name in known:
            known[name] = lambda _fact: None
        monkeypatch.setitem(events.HANDLERS, fact.name, {**known, "test": found.append})
    return found


def test_the_narrowest_price_wins(db: None) -> None:
    doctor = uuid7()
    rule(1000)
    rule(2000, "department", department_code="tcm")
    rule(3000, "level", level="chief")
    rule(4000, "doctor", doctor_public_id=doctor)

    def price(**asked: Any) -> tuple[int, str]:
        found = resolve_price(PriceQuery(service=SERVICE, **asked), now=now())
        return found.amount_fen, found.source

    assert price() == (1000, "global")
    assert price(department_code="tcm") == (2000, "department")
    assert price(department_code="tcm", level="chief") == (3000, "level")
    assert price(department_code="tcm", level="chief", doctor_public_id=doctor) == (4000, "doctor")
    assert price(level="resident", doctor_public_id=uuid7()) == (1000, "global")


def test_a_doctors_own_price_beats_every_rule(db: None) -> None:
    rule(1000)
    asked = PriceQuery(service=SERVICE, doctor_override_fen=0)

    assert resolve_price(asked, now=now()).amount_fen == 0


def test_no_rule_is_said(db: None, anonymous: APIClient) -> None:
    answer = anonymous.get("/api/v1/prices")

    assert (answer.status_code, answer.json()["code"]) == (409, "price_not_set")


@pytest.mark.parametrize(
    "asked",
    [
        {"doctor": "x"},
        {"service": "x" * 41},
        {"level": ""},
        {"level": "professor"},
        {"department": "nowhere"},
        {"odd": "1"},
        {"service": "\0"},
    ],
)
def test_odd_questions_are_a_400(db: None, anonymous: APIClient, asked: dict[str, str]) -> None:
    assert anonymous.get("/api/v1/prices", asked).status_code == 400


def test_the_price_on_an_order_is_frozen(db: None, lin: Member) -> None:
    found = rule(1000)
    order = make_order(lin, price=resolve_price(PriceQuery(service=SERVICE), now=now()))

    found.amount_fen = 9999
    found.save()

    order.refresh_from_db()
    assert order.amount_fen == 1000
    assert order.price_snapshot == {"amount_fen": 1000, "source": "global", "rule_id": found.pk}


def test_one_subject_has_one_live_order(db: None, lin: Member) -> None:
    subject = uuid7()
    first = make_order(lin, subject_public_id=subject)
    again = make_order(lin, 5000, subject_public_id=subject)
    assert first.pk == again.pk

    cancel_order(first.pk, actor=lin.actor, reason="changed")
    new = make_order(lin, 5000, subject_public_id=subject)

    assert new.pk != first.pk
    assert order_of("consultation", subject) == new


def test_a_new_order_takes_one_round_trip(
    db: None, lin: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        order = make_order(lin)

    [stored] = PaymentOrder.objects.values()
    assert {name: getattr(order, name) for name in stored} == stored


def test_facts_reach_the_rooms_above(
    db: None, lin: Member, an: Member, heard: list[events.Event], run_events: Callable[[], int]
) -> None:
    give_balance(lin, 1000)
    paid, closed = make_order(lin, 1000), make_order(lin)
    post(lin, f"orders/{paid.public_id}/pay", {"method": "balance"})
    post(lin, f"orders/{closed.public_id}/cancel")
    refund_by_staff(paid.pk, amount_fen=400, is_all=False, why="a part", actor=an.actor)

    run_events()

    subject = {"order_id": paid.pk, "subject_kind": "consultation"}
    assert heard[0] == OrderPaid(**subject, subject_public_id=paid.subject_public_id)
    assert isinstance(heard[1], OrderClosed)
    assert isinstance(heard[2], RefundSucceeded)
    assert (heard[2].amount_fen, heard[2].is_full) == (400, False)


def test_paid_subjects_are_found_by_query(db: None, lin: Member) -> None:
    give_balance(lin, 1000)
    order = make_order(lin, 1000)
    make_order(lin)
    post(lin, f"orders/{order.public_id}/pay", {"method": "balance"})

    found = paid_subjects("consultation", now() - timedelta(minutes=1))

    assert list(found) == [order.subject_public_id]


@pytest.mark.parametrize("path", ["orders", "balance/statement"])
def test_lists_cost_the_same_number_of_queries(db: None, lin: Member, path: str) -> None:
    def grow_and_count(times: int) -> int:
        for _ in range(times):
            give_balance(lin, 100)
        with CaptureQueriesContext(connection) as seen:
            answer = get(lin, path)
        assert answer.status_code == 200
        assert answer.json()["results"]
        return len(seen)

    assert grow_and_count(1) == grow_and_count(12)


def test_orders_can_be_filtered(db: None, lin: Member) -> None:
    make_order(lin, 0)
    make_order(lin)

    assert get(lin, "orders?status=paid").json()["count"] == 1
    assert get(lin, "orders?status=odd").status_code == 400


def test_the_merchants_of_the_local_gateway_are_made_once(db: None) -> None:
    for _ in range(2):
        call_command("ensure_merchant", stdout=io.StringIO())

    made = MerchantConfig.objects.order_by("provider")
    assert [(row.provider, row.is_active) for row in made] == [
        ("alipay", True),
        ("wechat_v2", False),
        ("wechat_v3", True),
    ]
    assert {row.secret_reference for row in made} == {"embedded"}


def test_titles_speak_the_readers_language_whatever_was_stored(db: None, lin: Member) -> None:
    make_order(lin, title="Text consultation")
    make_order(lin, title="余额充值")
    make_order(lin, title="甲")
    which = "初诊 · 2026-12-01 09:30"
    make_order(lin, title=f"Appointment · {which}")

    told = {
        language: [
            row["title"]
            for row in lin.client.get(
                "/api/v1/orders", headers={"Accept-Language": language}
            ).json()["results"]
        ]
        for language in ("en", "zh-hans")
    }

    assert told == {
        "en": [f"Appointment · {which}", "甲", "Balance top-up", "Text consultation"],
        "zh-hans": [f"预约 · {which}", "甲", "余额充值", "图文问诊"],
    }
