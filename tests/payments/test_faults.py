"""Each fault of the gateways, through the whole walk: at the end both sides have the same money."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from clinic.embedded.simulator import orders as gateway_orders
from clinic.embedded.simulator import refunds as gateway_refunds
from clinic.embedded.simulator.model import GatewayRefusal, RefundState
from clinic.embedded.simulator.model import Order as GatewayOrder
from clinic.embedded.simulator.state import FaultKind
from payments.enums import OPEN_ATTEMPT, AccountKind, RefundReason
from payments.errors import NothingToRefundError
from payments.models import MerchantConfig, PaymentAttempt, PaymentOrder, Refund
from payments.selectors.ledger import total_of
from payments.services import callbacks, closing, refund_steps
from payments.services.provider_keys import refresh_provider_keys
from payments.services.refunds import reject_refund, request_refund, retry_refund
from tests.cast import Member
from tests.payments.conftest import CLERK, Till, later, make_order, post
from tests.payments.test_providers import hear, use
from tests.simulator.support import Received

Breaches = Callable[[], list[str]]
PROVIDERS = {"wechat_v3": "wechat_native", "wechat_v2": "wechat_native", "alipay": "alipay_qr"}
ANSWERS = (
    FaultKind.ERROR_BEFORE_COMMIT,
    FaultKind.ERROR_AFTER_COMMIT,
    FaultKind.RESET_ANSWER,
    FaultKind.RATE_LIMITED,
    FaultKind.UNSIGNED_ANSWER,
    FaultKind.FORGED_ANSWER,
)
ANSWERS_OF_V3 = (
    *ANSWERS,
    FaultKind.SIGNTEST_ANSWER,
    FaultKind.STALE_ANSWER,
    FaultKind.FUTURE_ANSWER,
)
NOTICES = (
    FaultKind.DUPLICATE,
    FaultKind.DROP,
    FaultKind.DELAY,
    FaultKind.REORDER,
    FaultKind.WRONG_AMOUNT,
    FaultKind.WRONG_APPID,
    FaultKind.WRONG_MCHID,
    FaultKind.FOREIGN_KEY,
    FaultKind.UNKNOWN_SERIAL,
    FaultKind.SIGNTEST,
    FaultKind.STALE,
    FaultKind.FUTURE,
)


@dataclass
class Story:
    """One order from its first try to pay to the last sweep."""

    till: Till
    lin: Member
    merchant: MerchantConfig
    order: PaymentOrder

    @property
    def numbers(self) -> list[str]:
        rows = PaymentAttempt.objects.filter(order=self.order).order_by("pk")
        return list(rows.values_list("out_trade_no", flat=True))

    def start(self) -> None:
        """Ask to pay as a patient does: again when the first try went wrong."""
        method = PROVIDERS[self.merchant.provider]
        for minute in range(3):
            answer = post(self.lin, f"orders/{self.order.public_id}/pay", {"method": method})
            assert answer.status_code in {200, 409, 503}
            if answer.status_code == 200:
                return
            closing.poll_attempts(moment=later(minutes=1 + minute))
        raise AssertionError("the patient cannot pay")

    def pay(self, *, late: bool = False) -> None:
        """Let the payer pay the newest attempt."""
        act = gateway_orders.pay_late if late else gateway_orders.pay
        act(self.till.sim.state, self.numbers[-1])

    def listen(self) -> list[Received]:
        """Hand over what the gateway sent; whatever it says, we never fail at it."""
        heard: list[Received] = []
        for notice in self.till.sim.news():
            heard.append(notice)
            assert hear(self.merchant, notice).status_code in {200, 204, 401}
        return heard

    def refund(self, amount_fen: int) -> None:
        self.order.refresh_from_db()
        try:
            request_refund(
                order_id=self.order.pk,
                amount_fen=amount_fen,
                reason=RefundReason.STAFF,
                source="staff",
                actor=CLERK,
                why="of these tests",
            )
        except NothingToRefundError:  # its payment is not known yet
            return

    def sweep(self) -> None:
        """Let a few hours of sweeps pass."""
        for minutes in (3, 40, 80, 120):
            callbacks.replay_events(moment=later(minutes=minutes))
            PaymentAttempt.objects.exclude(next_poll_at=None).update(next_poll_at=later(days=-1))
            closing.poll_attempts(moment=later(minutes=3))
            if minutes > 3:
                closing.expire_orders(moment=later(minutes=minutes))
            for _ in range(3):
                Refund.objects.exclude(next_try_at=None).update(next_try_at=later(days=-1))
                if not refund_steps.work_refunds(moment=later(minutes=minutes)):
                    break  # nothing was due, nor will it be
            self.listen()

    def moved_at_the_gateway(self) -> int:
        """Return what the payer has paid there and not got back."""
        state = self.till.sim.state
        kept = 0
        for number in self.numbers:
            order = state.store.get(GatewayOrder, number)
            if order is None or order.paid_at is None:
                continue
            back = gateway_refunds.of_order(state, number)
            done = sum(item.amount_fen for item in back if item.state is RefundState.SUCCESS)
            kept += order.total_fen - done
        return kept

    def check(self, breaches: Breaches) -> None:
        """Prove that books and orders agree with the gateway and nothing is left open."""
        self.order.refresh_from_db()
        assert breaches() == []
        ours = -total_of(AccountKind.GATEWAY, self.merchant.public_id)
        assert ours == self.moved_at_the_gateway()
        assert total_of(AccountKind.SUSPENSE, "clinic") == 0
        assert total_of(AccountKind.REFUND_PENDING, "clinic") == 0
        assert ours == self.order.paid_fen - self.order.refunded_fen
        attempts = PaymentAttempt.objects.filter(order=self.order)
        assert not attempts.filter(status__in=OPEN_ATTEMPT).exists()
        assert attempts.filter(disposition="applied").count() == bool(self.order.paid_fen)


def begin(till: Till, lin: Member, provider: str) -> Story:
    return Story(till, lin, use(provider), make_order(lin))


@pytest.mark.parametrize(
    ("provider", "fault"),
    [
        *(("wechat_v3", fault) for fault in ANSWERS_OF_V3),
        *(("wechat_v2", fault) for fault in ANSWERS),
        *(("alipay", fault) for fault in ANSWERS),
    ],
)
def test_an_answer_that_goes_wrong(
    till: Till, lin: Member, breaches: Breaches, provider: str, fault: FaultKind
) -> None:
    story = begin(till, lin, provider)
    for operation in ("create", "query", "refund", "query_refund"):
        till.sim.state.inject(fault, operation=operation, times=1)

    story.start()
    story.pay()
    story.listen()
    closing.poll_attempts(moment=later(seconds=30))
    story.refund(900)
    story.sweep()

    story.check(breaches)
    assert (story.order.paid_fen, story.order.refunded_fen) == (3900, 900)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_answer_that_takes_too_long(
    till: Till, lin: Member, breaches: Breaches, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clinic.adapters.http.TOTAL_SECONDS", 0.0)  # as if six seconds passed
    story = begin(till, lin, provider)
    method = PROVIDERS[provider]
    path = f"orders/{story.order.public_id}/pay"
    assert post(lin, path, {"method": method}).status_code == 503
    monkeypatch.undo()

    story.start()
    story.pay()
    story.listen()
    story.refund(900)
    story.sweep()

    story.check(breaches)
    assert (story.order.paid_fen, story.order.refunded_fen) == (3900, 900)


@pytest.mark.parametrize("fault", NOTICES)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_notification_that_goes_wrong(
    till: Till, lin: Member, breaches: Breaches, provider: str, fault: FaultKind
) -> None:
    story = begin(till, lin, provider)
    story.start()
    till.sim.state.inject(fault, times=1, value=3)

    story.pay()
    story.listen()
    closing.poll_attempts(moment=later(seconds=30))
    story.refund(900)
    story.sweep()

    story.check(breaches)
    assert (story.order.paid_fen, story.order.refunded_fen) == (3900, 900)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_money_after_the_order_was_closed(
    till: Till, lin: Member, breaches: Breaches, provider: str
) -> None:
    story = begin(till, lin, provider)
    story.start()
    if provider == "alipay":
        gateway_orders.scan(till.sim.state, story.numbers[-1])
    closing.expire_orders(moment=later(minutes=32))
    closing.settle_closing_orders(moment=later(minutes=34))

    story.pay(late=True)
    story.listen()
    story.sweep()

    story.check(breaches)
    assert (story.order.status, story.order.paid_fen) == ("closed", 0)
    refund = Refund.objects.get(order=story.order)
    assert (refund.source, refund.status) == ("auto_late", "succeeded")


@pytest.mark.parametrize(("first", "second"), [("wechat_v3", "alipay"), ("alipay", "wechat_v3")])
def test_two_attempts_paid(
    till: Till, lin: Member, breaches: Breaches, first: str, second: str
) -> None:
    story = begin(till, lin, first)
    story.start()
    earlier = story.numbers[-1]
    other = Story(till, lin, use(second), story.order)
    other.start()
    try:
        gateway_orders.pay_late(till.sim.state, earlier)  # although it was closed
    except GatewayRefusal:
        gateway_orders.pay(till.sim.state, earlier)
    other.pay()

    for _ in range(2):
        notice = till.sim.shop.next()
        is_wechat = any(name.lower().startswith("wechatpay") for name in notice.headers)
        merchant = MerchantConfig.objects.get(provider="wechat_v3" if is_wechat else "alipay")
        assert hear(merchant, notice).status_code in {200, 204}
    for _ in range(3):
        Refund.objects.exclude(next_try_at=None).update(next_try_at=later(days=-1))
        refund_steps.work_refunds(moment=later(minutes=3))

    story.order.refresh_from_db()
    assert (story.order.status, story.order.paid_fen) == ("paid", 3900)
    assert Refund.objects.get(order=story.order).source == "auto_duplicate"
    ours = sum(
        -total_of(AccountKind.GATEWAY, row.public_id) for row in MerchantConfig.objects.all()
    )
    assert ours == story.moved_at_the_gateway() == 3900
    assert total_of(AccountKind.SUSPENSE, "clinic") == 0
    assert breaches() == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_refund_begun_outside(till: Till, lin: Member, breaches: Breaches, provider: str) -> None:
    story = begin(till, lin, provider)
    story.start()
    story.pay()
    story.listen()
    gateway_refunds.refund_outside(till.sim.state, story.numbers[-1], 1200)
    till.sim.advance(seconds=3)

    story.listen()
    story.sweep()

    story.check(breaches)
    assert (story.order.paid_fen, story.order.refunded_fen) == (3900, 1200)
    assert Refund.objects.get(order=story.order).source == "gateway"


@pytest.mark.parametrize("fault", [FaultKind.REFUND_ABNORMAL, FaultKind.REFUND_CLOSED])
@pytest.mark.parametrize("provider", ["wechat_v3", "wechat_v2"])
def test_a_refund_that_gets_stuck_is_for_staff(
    till: Till, lin: Member, breaches: Breaches, provider: str, fault: FaultKind
) -> None:
    story = begin(till, lin, provider)
    story.start()
    story.pay()
    story.listen()
    till.sim.state.inject(fault, times=1)
    story.refund(900)
    story.sweep()
    refund = Refund.objects.get(order=story.order)
    assert refund.status == "needs_staff"

    if fault is FaultKind.REFUND_CLOSED:  # its money never left
        reject_refund(refund.pk, actor=lin.actor, reason="closed there")
    else:
        gateway_refunds.settle(till.sim.state, refund.out_refund_no, RefundState.SUCCESS)
        retry_refund(refund.pk, actor=lin.actor)
    story.sweep()

    story.check(breaches)
    assert story.order.refunded_fen == (0 if fault is FaultKind.REFUND_CLOSED else 900)


def test_a_refund_of_alipay_that_takes_its_time(
    till: Till, lin: Member, breaches: Breaches
) -> None:
    story = begin(till, lin, "alipay")
    story.start()
    story.pay()
    story.listen()
    till.sim.state.inject(FaultKind.REFUND_SLOW, times=1)
    story.refund(900)
    story.sweep()

    story.check(breaches)
    assert story.order.refunded_fen == 900


@pytest.mark.parametrize("mode", ["certificate", "public_key"])
def test_keys_that_change_on_the_way(
    till: Till, lin: Member, breaches: Breaches, settings: Any, mode: str
) -> None:
    """What a key we do not know has signed is not believed, and nothing is lost meanwhile."""
    story = Story(till, lin, use("wechat_v3", mode=mode), make_order(lin))
    story.start()
    made = till.sim.control("POST", "keys/rotate", {"kind": mode}).json()

    story.pay()
    assert hear(story.merchant, till.sim.shop.next()).status_code == 401
    closing.poll_attempts(moment=later(seconds=30))
    story.order.refresh_from_db()
    assert story.order.status == "pending"
    if mode == "certificate":  # every twelve hours by beat
        assert refresh_provider_keys() == 1
    else:  # a public key is written into the merchant's secrets by a person
        settings.GATEWAY_KEYS = replace(
            till.sim.keys, platform_key_id=made["id"], platform_public_key_pem=made["public_pem"]
        )
    story.sweep()

    story.check(breaches)
    assert story.order.status == "paid"
