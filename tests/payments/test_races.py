"""Real threads on real PostgreSQL: each lock has a control that shows what it prevents."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from clinic.core import events
from clinic.core.clock import now
from clinic.core.errors import ClinicError
from clinic.core.models import OutboxEvent
from payments.enums import RefundReason
from payments.errors import RefundTooLargeError
from payments.events import OrderPaid
from payments.models import GatewayEvent, LedgerTransaction, PaymentOrder
from payments.selectors.ledger import balance_of
from payments.services import snapshots, states
from payments.services.attempts import pay_from_balance
from payments.services.refunds import request_refund
from tests.cast import Member
from tests.payments.conftest import CLERK, Till, give_balance, make_order, make_till
from tests.simulator.support import Shop, Sim

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
Breaches = Callable[[], list[str]]
THREADS = 16


@pytest.fixture
def till(transactional_db: None, sim: Sim, shop: Shop, settings: Any) -> Till:
    """A till whose rows other threads can see."""
    return make_till(sim, shop, settings)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody listens, so that facts are stored."""
    monkeypatch.setitem(events.HANDLERS, OrderPaid.name, {"nobody": lambda _fact: None})


def together(times: int, work: Callable[[int], object]) -> Counter[str]:
    """Do the work in threads that start at once; return how often each outcome came."""
    gate = threading.Barrier(min(times, THREADS))

    def run(number: int) -> str:
        if number < THREADS:
            gate.wait(10)
        try:
            return str(work(number))
        except ClinicError as error:
            return error.code
        except Exception as error:  # noqa: BLE001 counted
            name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
            return name or type(error).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(min(times, THREADS)) as pool:
        return Counter(pool.map(run, range(times)))


def without_lock(order_id: int) -> PaymentOrder:
    """Read the order and lock nothing."""
    return PaymentOrder.objects.get(pk=order_id)


def test_a_hundred_callbacks_pay_once(
    till: Till, lin: Member, heard: None, breaches: Breaches
) -> None:
    order = make_order(lin)
    till.start(lin, order)
    notice = till.pay_at_gateway(order)

    codes = together(100, lambda _n: till.deliver(notice).status_code)

    assert codes == {"204": 100}
    assert LedgerTransaction.objects.filter(order=order).count() == 1
    assert OutboxEvent.objects.filter(kind=OrderPaid.name).count() == 1
    assert GatewayEvent.objects.get().deliveries == 100
    assert breaches() == []


def test_without_the_lock_the_same_money_is_taken_as_paid_more_than_once(
    till: Till, lin: Member, heard: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: only the unique booking key then stops the second payment, with an error."""
    order = make_order(lin)
    till.start(lin, order)
    attempt = till.attempt(order)
    till.pay_at_gateway(order)
    seen = {"taken": 0}
    pause = threading.Barrier(2)
    real = snapshots._take_money

    def slow(*args: Any, **kwargs: Any) -> Any:
        seen["taken"] += 1
        pause.wait(5)
        return real(*args, **kwargs)

    monkeypatch.setattr(snapshots, "_take_money", slow)

    def unlocked(attempt_id: int) -> Any:
        found = type(attempt).objects.select_related("order", "merchant").get(pk=attempt_id)
        return found.order, found

    monkeypatch.setattr(snapshots, "lock_attempt", unlocked)
    snapshot = snapshots.gateway_of("wechat_v3").query(attempt)

    outcomes = together(
        2,
        lambda _n: (
            snapshots.apply_snapshot(attempt.pk, snapshot, actor=lin.actor, moment=now()).value
        ),
    )

    assert seen["taken"] == 2
    assert outcomes != {"applied": 1, "repeated": 1}


def test_the_last_unit_of_a_balance_is_spent_once(
    transactional_db: None, lin: Member, breaches: Breaches
) -> None:
    give_balance(lin, 1000)
    orders = [make_order(lin, 100) for _ in range(50)]

    outcomes = together(50, lambda n: pay_from_balance(orders[n].pk, actor=lin.actor).status)

    assert outcomes == {"succeeded": 10, "insufficient_balance": 40} or (
        outcomes["succeeded"] == 10
        and set(outcomes) <= {"succeeded", "insufficient_balance", "wallet_not_overdrawn"}
    )
    assert balance_of(lin.public_id) == 0
    assert breaches() == []


def test_without_the_promise_of_the_database_a_balance_is_overspent(
    transactional_db: None, lin: Member
) -> None:
    """The control: asking for the balance before spending it does not protect it."""
    give_balance(lin, 100)
    orders = [make_order(lin, 100) for _ in range(8)]
    rule = "wallet_not_overdrawn"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE payments_ledgeraccount DROP CONSTRAINT {rule}")
    try:
        together(8, lambda n: pay_from_balance(orders[n].pk, actor=lin.actor).status)
        overspent = balance_of(lin.public_id)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                f"ALTER TABLE payments_ledgeraccount ADD CONSTRAINT {rule} "
                "CHECK (balance_fen IS NULL OR balance_fen >= 0) NOT VALID"
            )

    assert overspent < 0


def refund_in_threads(order: PaymentOrder, lin: Member) -> Counter[str]:
    return together(
        12,
        lambda _n: (
            request_refund(
                order_id=order.pk,
                amount_fen=1000,
                reason=RefundReason.STAFF,
                source="staff",
                actor=CLERK,
                why="twice at once",
            ).status
        ),
    )


def test_refunds_at_once_never_exceed_what_was_paid(
    transactional_db: None, lin: Member, breaches: Breaches
) -> None:
    give_balance(lin, 3000)
    order = make_order(lin, 3000)
    pay_from_balance(order.pk, actor=lin.actor)

    outcomes = refund_in_threads(order, lin)

    assert outcomes["succeeded"] == 3
    assert balance_of(lin.public_id) == 3000
    assert breaches() == []


def test_without_the_lock_refunds_count_wrongly(
    transactional_db: None, lin: Member, breaches: Breaches, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    give_balance(lin, 3000)
    order = make_order(lin, 3000)
    pay_from_balance(order.pk, actor=lin.actor)
    monkeypatch.setattr("payments.services.refunds.lock_order", without_lock)
    monkeypatch.setattr(states, "lock_order", without_lock)

    refund_in_threads(order, lin)

    assert breaches() != []


def test_two_ways_to_pay_at_once_leave_one_open_try(till: Till, lin: Member) -> None:
    order = make_order(lin)

    outcomes = together(8, lambda _n: till.start(lin, order).status_code)

    assert outcomes["200"] >= 1
    assert set(outcomes) <= {"200", "409"}
    assert order.attempts.filter(status="submitted").count() == 1


def test_a_refund_larger_than_the_rest_is_named(transactional_db: None, lin: Member) -> None:
    give_balance(lin, 100)
    order = make_order(lin, 100)
    pay_from_balance(order.pk, actor=lin.actor)

    with pytest.raises(RefundTooLargeError):
        request_refund(
            order_id=order.pk,
            amount_fen=101,
            reason=RefundReason.STAFF,
            source="staff",
            actor=CLERK,
            why="a part",
        )
