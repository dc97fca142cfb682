"""Messages of providers: verified, kept, applied, in this order."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from clinic.core import crypto
from clinic.core.actor import Actor
from clinic.core.batches import each_alone
from clinic.core.clock import now
from clinic.core.statements import rows_of
from clinic.settings import rules
from payments.enums import EventOutcome
from payments.gateways.registry import gateway_of
from payments.gateways.types import Acknowledgement, Refused, VerifiedEvent
from payments.models import GatewayEvent, MerchantConfig, PaymentAttempt, Refund
from payments.services.adoptions import adopt_refund
from payments.services.refund_hints import follow_hint, is_about_foreign_refund
from payments.services.refund_steps import apply_refund_snapshot
from payments.services.snapshots import apply_to_locked
from payments.services.statements import FINISH_EVENT, KEEP_EVENT
from payments.services.states import lock_trade

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
    event_id, outcome = _keep(merchant, event, kept, body, moment=moment)
    if outcome != EventOutcome.RECEIVED:
        return EventOutcome.REPEATED
    return _process(event_id, merchant, event, moment=moment)


def acknowledgement_of(merchant: MerchantConfig) -> Acknowledgement:
    """Return what this merchant's provider takes for "heard"."""
    return gateway_of(merchant.provider).acknowledgement


def replay_events(*, moment: datetime | None = None, limit: int = 100) -> int:
    """Apply messages that were kept but not finished, as a crash leaves them; follow hints.

    Who has waited longest comes first, and each try that fails makes the next one later: many that
    cannot be finished hold up no other. Talks to providers: never in a transaction.
    """
    moment = moment or now()
    found = _lease_due(moment, limit)
    each_alone(found, lambda row: _replay(row, moment=moment))
    return len(found)


def _lease_due(moment: datetime, limit: int) -> list[GatewayEvent]:
    with transaction.atomic():
        due = GatewayEvent.objects.select_related("merchant").filter(
            outcome=EventOutcome.RECEIVED, next_try_at__lte=moment
        )
        rows = due.select_for_update(skip_locked=True, no_key=True, of=("self",))
        found = list(rows.order_by("next_try_at", "pk")[:limit])
        for row in found:
            row.tries += 1
            row.next_try_at = moment + _pause(row.tries)
        GatewayEvent.objects.bulk_update(found, ["tries", "next_try_at"])
    return found


def _pause(tries: int) -> timedelta:
    ladder = rules.CALLBACK_REPLAY_SECONDS
    return timedelta(seconds=ladder[min(tries, len(ladder)) - 1])


def _replay(row: GatewayEvent, *, moment: datetime) -> None:
    body = crypto.decrypt(row.body_sealed, context=_SEAL).encode()
    gateway = gateway_of(row.merchant.provider)
    event = gateway.parse_callback(row.merchant, row.headers, body, row.received_at)
    if event.is_hint:
        follow_hint(row, event, moment=moment)
    else:
        _process(row.pk, row.merchant, event, moment=moment)


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
) -> tuple[int, str]:
    """Store the message, or count that it came again; return its key and outcome so far."""
    sealed = crypto.encrypt(body.decode(), context=_SEAL)
    told = event.dedup_key, event.kind, event.event_id, json.dumps(headers)
    first_try = moment + REPLAY_AFTER
    [(event_id, outcome)] = rows_of(KEEP_EVENT, merchant.pk, *told, sealed, moment, first_try)
    return event_id, outcome


def _process(
    event_id: int, merchant: MerchantConfig, event: VerifiedEvent, *, moment: datetime
) -> EventOutcome:
    with transaction.atomic():
        outcome = _apply(merchant, event, moment=moment)
        rows_of(FINISH_EVENT, outcome.value, moment, event_id)
    return outcome


def _apply(merchant: MerchantConfig, event: VerifiedEvent, *, moment: datetime) -> EventOutcome:
    if event.trade is not None:
        locked = lock_trade(merchant, event.trade.out_trade_no)
        if locked is not None:
            return apply_to_locked(*locked, event.trade, actor=GATEWAY, moment=moment)
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
