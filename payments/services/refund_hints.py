"""Messages that speak of a refund we never asked for: they prove nothing, so the provider is asked.

Alipay tells the sum of all refunds instead of one; WeChat Pay's older interface does not sign.
"""

import logging
from datetime import datetime

from django.db.models import QuerySet

from clinic.adapters.errors import AdapterError
from clinic.core.actor import Actor
from clinic.settings import rules
from payments.enums import AttemptStatus, EventOutcome
from payments.gateways.registry import gateway_of
from payments.gateways.types import RefundSnapshot, RefundState, VerifiedEvent
from payments.models import GatewayEvent, MerchantConfig, PaymentAttempt, Refund
from payments.services.adoptions import adopt_refund
from payments.services.provider_calls import query_attempt

log = logging.getLogger(__name__)
ASKER = Actor(kind="gateway", name="refund hint")


def is_about_foreign_refund(merchant: MerchantConfig, event: VerifiedEvent) -> bool:
    """Say whether a hint names a payment of ours with a refund that is not ours."""
    if event.refund is None or not event.refund.out_refund_no:
        return False
    if Refund.objects.filter(out_refund_no=event.refund.out_refund_no).exists():
        return False
    return _attempts(merchant, event.refund).exists()


def follow_hint(row: GatewayEvent, event: VerifiedEvent, *, moment: datetime) -> None:
    """Ask the provider about a kept hint and take the refund over; without an answer, again later.

    Never in a transaction. One that stays unanswered for a day is left to the bill of its day.
    """
    outcome = None
    try:
        if event.refund is not None:
            outcome = _ask(row.merchant, event.refund, moment=moment)
    except AdapterError as error:
        log.warning("refund not found yet", extra={"why": type(error).__name__})
    if outcome is None and moment - row.received_at > rules.REFUND_HINT_WATCH:
        outcome = EventOutcome.UNCHANGED
    if outcome is not None:
        GatewayEvent.objects.filter(pk=row.pk, outcome=EventOutcome.RECEIVED).update(
            outcome=outcome, processed_at=moment
        )


def _ask(
    merchant: MerchantConfig, hint: RefundSnapshot, *, moment: datetime
) -> EventOutcome | None:
    attempt = _attempts(merchant, hint).select_related("merchant").first()
    if attempt is None:
        return EventOutcome.UNKNOWN_NUMBER
    if attempt.status != AttemptStatus.SUCCEEDED:  # the news of its payment was lost
        query_attempt(attempt.pk, actor=ASKER, moment=moment)
    found = gateway_of(merchant.provider).find_refund(attempt, hint.out_refund_no)
    if found.state == RefundState.PROCESSING:
        return None
    if found.out_trade_no != attempt.out_trade_no:
        return EventOutcome.MISMATCH
    return adopt_refund(merchant, found, actor=ASKER)


def _attempts(merchant: MerchantConfig, hint: RefundSnapshot) -> QuerySet[PaymentAttempt]:
    return PaymentAttempt.objects.filter(merchant=merchant, out_trade_no=hint.out_trade_no)
