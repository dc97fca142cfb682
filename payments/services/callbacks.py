"""Messages of providers: verified, kept, applied, in this order."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from clinic.core import crypto
from clinic.core.actor import Actor
from clinic.core.batches import each_alone
from clinic.core.clock import now
from payments.enums import EventOutcome
from payments.gateways.registry import gateway_of
from payments.gateways.types import Acknowledgement, Refused, VerifiedEvent
from payments.models import GatewayEvent, MerchantConfig, PaymentAttempt, Refund
from payments.services.adoptions import adopt_refund
from payments.services.refund_hints import follow_hint, is_about_foreign_refund
from payments.services.refund_steps import apply_refund_snapshot
from payments.services.snapshots import apply_snapshot

log = logging.getLogger(__name__)
GATEWAY = Actor(kind="gateway", name="callback")
KEPT_HEADERS = (
    "wechatpay-timestamp",
    "wechatpay-nonce",
    "wechatpay-serial",
    "wechatpay-signature",
    "wechatpay-signature-type",
)
REPLAY_AFTER = timedelta(minutes=1)
_SEAL = "gateway_event.body"


def take_callback(
    merchant: MerchantConfig, headers: Mapping[str, str], body: bytes, *, moment: datetime
) -> EventOutcome:
    """Apply a genuine message once and say what it meant; raises Refused for any other.

    Nothing of a refused message is stored, nor of a hint about a refund of ours. One that is
    genuine but old makes us ask the provider instead: nothing is lost.
    """
    kept = {name: value for name, value in headers.items() if name in KEPT_HEADERS}
    try:
        event = gateway_of(merchant.provider).parse_callback(merchant, dict(headers), body, moment)
    except Refused as refused:
        if refused.stale is not None:
            ask_soon(merchant, refused.stale, moment=moment)
        raise
    if event.is_hint:
        ask_soon(merchant, event, moment=moment)
        if is_about_foreign_refund(merchant, event):
            _keep(merchant, event, kept, body, moment=moment)  # the sweep follows it
        return EventOutcome.ASKED
    row = _keep(merchant, event, kept, body, moment=moment)
    if row.outcome != EventOutcome.RECEIVED:
        return EventOutcome.REPEATED
    return _process(row, event, moment=moment)


def acknowledgement_of(merchant: MerchantConfig) -> Acknowledgement:
    """Return what this merchant's provider takes for "heard"."""
    return gateway_of(merchant.provider).acknowledgement


def replay_events(*, moment: datetime | None = None, limit: int = 100) -> int:
    """Apply messages that were kept but not finished, as a crash leaves them; follow hints.

    Talks to providers: never in a transaction.
    """
    moment = moment or now()
    rows = GatewayEvent.objects.select_related("merchant").filter(
        outcome=EventOutcome.RECEIVED, received_at__lte=moment - REPLAY_AFTER
    )
    found = list(rows.order_by("received_at")[:limit])
    each_alone(found, lambda row: _replay(row, moment=moment))
    return len(found)


def _replay(row: GatewayEvent, *, moment: datetime) -> None:
    body = crypto.decrypt(row.body_sealed, context=_SEAL).encode()
    gateway = gateway_of(row.merchant.provider)
    event = gateway.parse_callback(row.merchant, row.headers, body, row.received_at)
    if event.is_hint:
        follow_hint(row, event, moment=moment)
    else:
        _process(row, event, moment=moment)


def ask_soon(merchant: MerchantConfig, event: VerifiedEvent, *, moment: datetime) -> None:
    """Let the next sweep ask the provider about what a message speaks of."""
    if event.trade is not None:
        attempts = PaymentAttempt.objects.filter(
            merchant=merchant, out_trade_no=event.trade.out_trade_no
        )
        attempts.exclude(status="succeeded").update(next_poll_at=moment)
    if event.refund is not None:
        refunds = Refund.objects.filter(
            attempt__merchant=merchant, out_refund_no=event.refund.out_refund_no
        )
        refunds.filter(status__in=["submitted", "processing"]).update(next_try_at=moment)


def _keep(
    merchant: MerchantConfig,
    event: VerifiedEvent,
    headers: dict[str, str],
    body: bytes,
    *,
    moment: datetime,
) -> GatewayEvent:
    with transaction.atomic():
        row, is_new = GatewayEvent.objects.get_or_create(
            merchant=merchant,
            dedup_key=event.dedup_key,
            defaults={
                "kind": event.kind,
                "gateway_event_id": event.event_id,
                "headers": headers,
                "body_sealed": crypto.encrypt(body.decode(), context=_SEAL),
                "received_at": moment,
            },
        )
        if not is_new:
            GatewayEvent.objects.filter(pk=row.pk).update(deliveries=F("deliveries") + 1)
    return row


def _process(row: GatewayEvent, event: VerifiedEvent, *, moment: datetime) -> EventOutcome:
    with transaction.atomic():
        outcome = _apply(row.merchant, event, moment=moment)
        GatewayEvent.objects.filter(pk=row.pk, outcome=EventOutcome.RECEIVED).update(
            outcome=outcome, processed_at=moment
        )
    return outcome


def _apply(merchant: MerchantConfig, event: VerifiedEvent, *, moment: datetime) -> EventOutcome:
    if event.trade is not None:
        attempts = PaymentAttempt.objects.filter(
            merchant=merchant, out_trade_no=event.trade.out_trade_no
        )
        attempt_id = attempts.values_list("pk", flat=True).first()
        if attempt_id is not None:
            return apply_snapshot(attempt_id, event.trade, actor=GATEWAY, moment=moment)
    if event.refund is not None:
        refunds = Refund.objects.filter(
            attempt__merchant=merchant, out_refund_no=event.refund.out_refund_no
        )
        refund_id = refunds.values_list("pk", flat=True).first()
        if refund_id is not None:
            return apply_refund_snapshot(refund_id, event.refund, actor=GATEWAY, moment=moment)
        return adopt_refund(merchant, event.refund, actor=GATEWAY)
    log.error("message about an unknown number", extra={"kind": event.kind})
    return EventOutcome.UNKNOWN_NUMBER
