"""Pay, notify, poll, expire, refund and crash in any order: books and gateway agree at the end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from clinic.core.clock import now
from clinic.core.errors import ClinicError
from clinic.embedded.simulator import orders as gateway_orders
from clinic.embedded.simulator.model import GatewayRefusal
from clinic.embedded.simulator.model import Order as GatewayOrder
from clinic.embedded.simulator.state import FaultKind
from payments.enums import OPEN_ATTEMPT, RefundReason
from payments.models import MerchantConfig, PaymentAttempt, PaymentOrder, Refund
from payments.services import callbacks, closing, refund_steps
from payments.services.refunds import request_refund
from tests.cast import Member
from tests.payments.conftest import CLERK, Till, give_balance, later, make_order, post
from tests.simulator.support import Received

Breaches = Callable[[], list[str]]
METHODS = ("wechat_native", "wechat_jsapi", "alipay_qr", "balance")
ENDED = {"closed", "paid", "partially_refunded", "refunded"}


class Walk(RuleBasedStateMachine):
    """One order on its way through whatever happens."""

    def __init__(self, till: Till, lin: Member, breaches: Breaches) -> None:
        super().__init__()
        self.till, self.lin, self.breaches = till, lin, breaches
        # Else the end of the walk before would be heard in this one, and no walk be walked twice.
        list(till.sim.news())
        till.sim.state.reset()
        till.sim.state.set_setting("refund_delay_seconds", 0)
        self.order = make_order(lin)
        self.heard: list[Received] = []
        self.began, self.minutes = now(), 1
        give_balance(lin, 3900)

    def numbers(self) -> list[str]:
        rows = PaymentAttempt.objects.filter(order=self.order).exclude(merchant=None)
        return list(rows.order_by("pk").values_list("out_trade_no", flat=True))

    def next_minute(self) -> datetime:
        """Return when a sweep of this walk runs: what is due then is no matter of real seconds."""
        self.minutes += 1
        return self.began + timedelta(minutes=self.minutes)

    def collect(self) -> None:
        """Take what the gateway sent meanwhile; half of it may never be handed over."""
        self.heard.extend(self.till.sim.news())

    def hear(self, notice: Received) -> int:
        named = {name.lower(): value for name, value in notice.headers.items()}
        signed = {name: value for name, value in named.items() if name.startswith("wechatpay")}
        provider = "wechat_v3" if signed else "alipay"
        merchant = MerchantConfig.objects.get(provider=provider)
        path = f"/api/v1/payments/callbacks/{provider}/{merchant.public_id}/"
        client = Client(raise_request_exception=False)
        answer = client.post(path, notice.body, content_type=named["content-type"], headers=signed)
        return answer.status_code

    @rule(method=st.sampled_from(METHODS), is_answer_lost=st.booleans())
    def pay(self, method: str, is_answer_lost: bool) -> None:
        if is_answer_lost:
            fault = FaultKind.ERROR_AFTER_COMMIT
            self.till.sim.state.inject(fault, operation="create", times=1)
        body = {"method": method} | ({"openid": "oLin0001"} if method == "wechat_jsapi" else {})
        answer = post(self.lin, f"orders/{self.order.public_id}/pay", body)
        assert answer.status_code in {200, 409, 503}

    @precondition(lambda self: self.numbers())
    @rule(which=st.integers(0, 9), is_late=st.booleans())
    def money_moves(self, which: int, is_late: bool) -> None:
        numbers = self.numbers()
        act = gateway_orders.pay_late if is_late else gateway_orders.pay
        try:
            act(self.till.sim.state, numbers[which % len(numbers)])
        except GatewayRefusal:
            return
        self.collect()

    @precondition(lambda self: self.heard)
    @rule(which=st.integers(0, 9), times=st.integers(1, 2))
    def notify(self, which: int, times: int) -> None:
        notice = self.heard[which % len(self.heard)]
        assert {self.hear(notice) for _ in range(times)} <= {200, 204}

    @precondition(lambda self: self.heard)
    @rule(which=st.integers(0, 9))
    def crash_while_notified(self, which: int) -> None:
        with patch.object(callbacks, "_apply", side_effect=RuntimeError("crash")):
            assert self.hear(self.heard[which % len(self.heard)]) in {200, 204, 500}

    @rule()
    def poll(self) -> None:
        closing.poll_attempts(moment=self.next_minute())

    @rule()
    def expire(self) -> None:
        closing.expire_orders(moment=self.began + timedelta(minutes=32))

    @rule(amount_fen=st.none() | st.sampled_from([1, 1000]), by_rule=st.booleans())
    def refund(self, amount_fen: int | None, by_rule: bool) -> None:
        try:
            request_refund(
                order_id=self.order.pk,
                amount_fen=amount_fen,
                reason=RefundReason.NO_REPLY if by_rule else RefundReason.STAFF,
                source="system" if by_rule else "staff",
                actor=CLERK,
                why="of these tests",
            )
        except ClinicError:
            return

    @rule(is_answer_lost=st.booleans())
    def send_refunds(self, is_answer_lost: bool) -> None:
        if is_answer_lost:
            fault = FaultKind.ERROR_AFTER_COMMIT
            self.till.sim.state.inject(fault, operation="refund", times=1)
        refund_steps.work_refunds(moment=self.next_minute())
        self.collect()

    @invariant()
    def every_promise_about_money_holds(self) -> None:
        assert self.breaches() == []

    def teardown(self) -> None:
        """Let the sweeps work on; then nothing is open and both sides agree."""
        self.till.sim.control("DELETE", "faults")
        waiting = Refund.objects.filter(order=self.order).exclude(status="succeeded")
        # A payment's refunds go one after another, so each needs a moment of its own.
        for round_ in range(3 + waiting.count()):
            self.sweep(minutes=40 * (round_ + 1))
        assert self.breaches() == []
        assert PaymentOrder.objects.get(pk=self.order.pk).status in ENDED
        attempts = PaymentAttempt.objects.filter(order=self.order)
        assert not attempts.filter(status__in=OPEN_ATTEMPT).exists()
        assert list(waiting.values_list("status", "failure")) == []
        assert self.at_the_gateway() == self.in_our_books()

    def sweep(self, *, minutes: int) -> None:
        callbacks.replay_events(moment=later(minutes=minutes))
        closing.expire_orders(moment=later(minutes=minutes))
        PaymentAttempt.objects.exclude(next_poll_at=None).update(next_poll_at=later(days=-1))
        closing.poll_attempts(moment=later(minutes=minutes))
        for _ in range(3):
            Refund.objects.exclude(next_try_at=None).update(next_try_at=later(days=-1))
            refund_steps.work_refunds(moment=later(minutes=minutes))

    def at_the_gateway(self) -> dict[str, bool]:
        found = {}
        for number in self.numbers():
            order = self.till.sim.state.store.get(GatewayOrder, number)
            found[number] = bool(order and order.paid_at)
        return found

    def in_our_books(self) -> dict[str, bool]:
        rows = PaymentAttempt.objects.filter(order=self.order).exclude(merchant=None)
        return {row.out_trade_no: row.status == "succeeded" for row in rows}


def walk(till: Till, lin: Member, breaches: Breaches, **changes: Any) -> None:
    values: dict[str, Any] = {
        "deadline": None,
        "database": None,
        "suppress_health_check": list(HealthCheck),
    }
    run_state_machine_as_test(
        lambda: Walk(till, lin, breaches), settings=settings(**(values | changes))
    )


@pytest.fixture(autouse=True)
def _without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinic.core.ratelimit.limit", lambda *_args, **_more: None)


def test_any_order_of_events_ends_with_books_that_agree(
    till: Till, lin: Member, breaches: Breaches
) -> None:
    walk(till, lin, breaches, max_examples=6, stateful_step_count=12, derandomize=True)


def test_four_refunds_of_one_payment_all_arrive(
    till: Till, lin: Member, breaches: Breaches
) -> None:
    story = Walk(till, lin, breaches)
    story.pay(method="wechat_native", is_answer_lost=False)
    story.money_moves(which=0, is_late=False)
    story.notify(which=0, times=1)
    for amount_fen in (1000, 1000, 1000, None):
        story.refund(amount_fen=amount_fen, by_rule=False)

    story.teardown()

    assert Refund.objects.filter(status="succeeded").count() == 4


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_many_orders_of_events_end_with_books_that_agree(
    till: Till, lin: Member, breaches: Breaches
) -> None:
    walk(till, lin, breaches, max_examples=60, stateful_step_count=25)
