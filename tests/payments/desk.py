"""A desk of finance for pictures: orders, refunds, a day compared, a payment that waits."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from clinic.core.clock import clinic_day, now
from clinic.core.roles import Role
from payments.enums import (
    AttemptStatus,
    BillKind,
    Channel,
    Disposition,
    EventOutcome,
    ItemState,
    ProofKind,
    Provider,
    RefundReason,
    RunStatus,
    Verdict,
)
from payments.models import (
    GatewayEvent,
    MerchantConfig,
    OfflineClaim,
    PaymentAttempt,
    PaymentOrder,
    ReconciliationItem,
    ReconciliationRun,
    Refund,
    RefundRequest,
)
from payments.services import refund_steps
from payments.services.balance_offers import propose_balance
from payments.services.income import recognise
from payments.services.offline import take_offline_payment
from payments.services.offline_claims import claim_offline_payment
from payments.services.refund_requests import ask_for_refund
from payments.services.refunds import request_refund
from tests.cast import Member, make_member
from tests.payments.conftest import CLERK, give_balance, make_order, post


@dataclass(frozen=True)
class SmallDesk:
    """What the pages of money show in these tests."""

    order: PaymentOrder
    unpaid: PaymentOrder
    waiting_refund: Refund
    stuck_refund: Refund
    claim: OfflineClaim
    run: ReconciliationRun
    item: ReconciliationItem
    attempt: PaymentAttempt
    message: GatewayEvent
    request: RefundRequest


def make_desk() -> SmallDesk:
    """Store a patient's orders and what two people of finance have to decide."""
    payer = make_member("林小月", Role.PATIENT)
    clerk = make_member("方财", Role.FINANCE, is_staff=True)
    order = _earned(payer)
    large = make_order(payer, 60_000, title="视频问诊")
    item = _compared_day()
    return SmallDesk(
        order=order,
        unpaid=make_order(payer, 3900),
        waiting_refund=_large_refund(payer, clerk),
        stuck_refund=_stuck_refund(payer, clerk),
        claim=claim_offline_payment(
            large.pk,
            kind=ProofKind.TRANSFER,
            reference="ICBC-20261121-0007",
            received_at=now(),
            actor=clerk.actor,
        ),
        run=item.run,
        item=item,
        attempt=_odd_attempt(payer, item.run.merchant),
        message=_message(item.run.merchant),
        request=ask_for_refund(order.pk, amount_fen=1000, actor=payer.actor),
    )


def _odd_attempt(payer: Member, merchant: MerchantConfig) -> PaymentAttempt:
    return PaymentAttempt.objects.create(
        order=make_order(payer, 4900),
        provider=Provider.WECHAT_V3,
        channel=Channel.NATIVE,
        merchant=merchant,
        out_trade_no="XC7Q2M00000000000000000009",
        amount_fen=4900,
        status=AttemptStatus.FAILED,
        disposition=Disposition.MISMATCH,
        failure="not reached",
        time_expire=now(),
    )


def _message(merchant: MerchantConfig) -> GatewayEvent:
    return GatewayEvent.objects.create(
        merchant=merchant,
        kind="payment",
        dedup_key="payment:XC7Q2M00000000000000000009:4200002600:paid",
        gateway_event_id="EV-20261125-0001",
        body_sealed="sealed",
        outcome=EventOutcome.MISMATCH,
        processed_at=now(),
        deliveries=3,
    )


def _earned(payer: Member) -> PaymentOrder:
    doctor = make_member("沈一鸣", Role.DOCTOR)
    give_balance(payer, 100_000)
    order = make_order(payer, 3900)
    assert post(payer, f"orders/{order.public_id}/pay", {"method": "balance"}).status_code == 200
    recognise(order_id=order.pk, doctor_user_public_id=doctor.public_id, share=Decimal("0.7"))
    request_refund(
        order_id=order.pk,
        amount_fen=900,
        reason=RefundReason.PATIENT_CANCELLED,
        source="staff",
        actor=CLERK,
        why="the visit was shorter",
    )
    return order


def _large_refund(payer: Member, clerk: Member) -> Refund:
    order = make_order(payer, 60_000, subject_kind="video")
    assert post(payer, f"orders/{order.public_id}/pay", {"method": "balance"}).status_code == 200
    return request_refund(
        order_id=order.pk,
        amount_fen=None,
        reason=RefundReason.STAFF,
        source="staff",
        actor=clerk.actor,
        why="the visit did not take place",
    )


def _stuck_refund(payer: Member, clerk: Member) -> Refund:
    order = make_order(payer, 2900, subject_kind="appointment")
    take_offline_payment(
        order.pk, kind=ProofKind.CASH, reference="R-1", received_at=now(), actor=clerk.actor
    )
    refund = request_refund(
        order_id=order.pk,
        amount_fen=None,
        reason=RefundReason.NOBODY_FOUND,
        source="system",
        actor=payer.actor,
    )
    refund_steps.step_refund(refund.pk)
    propose_balance(refund.pk, actor=clerk.actor)
    refund.refresh_from_db()
    return refund


def _compared_day() -> ReconciliationItem:
    merchant = MerchantConfig.objects.create(
        provider=Provider.WECHAT_V3,
        name="香草互联网医院（微信支付）",
        merchant_number="1900000109",
        app_id="wx8888888888888888",
        secret_reference="desk",
    )
    run = ReconciliationRun.objects.create(
        merchant=merchant,
        bill_date=clinic_day(now()) - timedelta(days=1),
        status=RunStatus.DIFFERENT,
        finished_at=now(),
        line_count=128,
        matched_count=126,
        gateway_paid_fen=499_200,
        our_paid_fen=495_300,
        gateway_fee_fen=2995,
    )
    ReconciliationItem.objects.create(
        run=run,
        kind=BillKind.REFUND,
        verdict=Verdict.AMOUNT,
        number="XCR7Q2M0000000000000000001",
        gateway_fen=3900,
        our_fen=3800,
        state=ItemState.HEALED,
    )
    return ReconciliationItem.objects.create(
        run=run,
        kind=BillKind.PAYMENT,
        verdict=Verdict.ONLY_GATEWAY,
        number="XC7Q2M00000000000000000002",
        gateway_number="4200002600202611210000000001",
        gateway_fen=3900,
    )
