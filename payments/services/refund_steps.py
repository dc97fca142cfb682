"""Sending refunds to providers and hearing back. The number is fixed, so asking again is safe."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from clinic.adapters.errors import AdapterError, DefiniteError
from clinic.core.actor import Actor, system_actor
from clinic.core.batches import each_alone
from clinic.core.clock import now
from clinic.core.events import publish
from clinic.settings import rules
from payments.enums import EventOutcome, RefundStatus
from payments.events import RefundNeedsStaff
from payments.gateways.registry import gateway_of
from payments.gateways.types import RefundSnapshot, RefundState
from payments.models import Refund
from payments.services.provider_calls import outside_transaction
from payments.services.refund_bookings import complete
from payments.services.states import lock_refund, move_refund

log = logging.getLogger(__name__)
SENDER = system_actor("refund sender")
LEASE = timedelta(seconds=60)
_ON_ITS_WAY = frozenset({RefundStatus.APPROVED, RefundStatus.SUBMITTED, RefundStatus.PROCESSING})
_OVER = frozenset({RefundStatus.SUCCEEDED, RefundStatus.FAILED})


def work_refunds(*, moment: datetime | None = None, limit: int = 100) -> int:
    """Send, send again or ask about every refund whose time has come; return how many."""
    moment = moment or now()
    keys = _lease_due(moment, limit)
    each_alone(keys, lambda key: step_refund(key, moment=moment))
    return len(keys)


def step_refund(refund_id: int, *, moment: datetime | None = None) -> None:
    """Bring one refund a step further at its provider; outcomes it cannot know stay as they are."""
    moment = moment or now()
    outside_transaction()
    refund = _begin(refund_id, moment=moment)
    if refund is None:
        return
    gateway = gateway_of(refund.attempt.provider)
    try:
        if refund.status == RefundStatus.PROCESSING:
            snapshot = gateway.query_refund(refund)
        else:
            snapshot = gateway.refund(refund)
    except DefiniteError as error:
        give_to_staff(refund_id, failure=error.code or "refused")
    except AdapterError as error:
        log.warning("refund waits", extra={"refund_id": refund_id, "why": type(error).__name__})
    else:
        apply_refund_snapshot(refund_id, snapshot, actor=SENDER, moment=moment)


def apply_refund_snapshot(
    refund_id: int, snapshot: RefundSnapshot, *, actor: Actor, moment: datetime
) -> EventOutcome:
    """Make a refund agree with what its provider says; safe to repeat, in any order."""
    with transaction.atomic():
        _order, refund = lock_refund(refund_id)
        if refund.status in _OVER:
            return EventOutcome.REPEATED
        if snapshot.amount_fen != refund.amount_fen:
            _need_staff(refund, actor=actor, failure="amount")
            return EventOutcome.MISMATCH
        if snapshot.state == RefundState.SUCCEEDED:
            complete(refund, actor=actor, gateway_refund_id=snapshot.refund_id)
            return EventOutcome.APPLIED
        if snapshot.state == RefundState.PROCESSING:
            return _wait(refund, snapshot, actor=actor, moment=moment)
        return _need_staff(refund, actor=actor, failure=snapshot.state.value)


def _begin(refund_id: int, *, moment: datetime) -> Refund | None:
    """Write down that the provider is about to be asked; None when it is not the time."""
    with transaction.atomic():
        _order, refund = lock_refund(refund_id)
        if refund.status not in _ON_ITS_WAY:
            Refund.objects.filter(pk=refund_id).update(next_try_at=None)
            return None
        wait_until = _spacing_ends(refund)
        if refund.status == RefundStatus.APPROVED and wait_until and wait_until > moment:
            Refund.objects.filter(pk=refund_id).update(next_try_at=wait_until)
            return None
        if refund.status == RefundStatus.APPROVED:
            move_refund(refund, RefundStatus.SUBMITTED, actor=SENDER, submitted_at=moment)
        refund.tries += 1
        refund.next_try_at = moment + _pause(refund)
        refund.save(update_fields=["tries", "next_try_at"])
    return refund


def _spacing_ends(refund: Refund) -> datetime | None:
    """Return when the provider takes the next refund of the same payment."""
    others = Refund.objects.filter(attempt=refund.attempt, submitted_at__isnull=False)
    last = others.exclude(pk=refund.pk).order_by("-submitted_at").first()
    if last is None or last.submitted_at is None:
        return None
    return last.submitted_at + rules.REFUND_MIN_SPACING


def _pause(refund: Refund) -> timedelta:
    is_poll = refund.status == RefundStatus.PROCESSING
    ladder = rules.REFUND_POLL_SECONDS if is_poll else rules.REFUND_RETRY_SECONDS
    return timedelta(seconds=ladder[min(refund.tries, len(ladder)) - 1])


def _wait(
    refund: Refund, snapshot: RefundSnapshot, *, actor: Actor, moment: datetime
) -> EventOutcome:
    if refund.status != RefundStatus.SUBMITTED:
        return EventOutcome.UNCHANGED
    move_refund(
        refund,
        RefundStatus.PROCESSING,
        actor=actor,
        gateway_refund_id=snapshot.refund_id[:40],
        tries=0,
        next_try_at=moment + timedelta(seconds=rules.REFUND_POLL_SECONDS[0]),
    )
    return EventOutcome.APPLIED


def give_to_staff(refund_id: int, *, failure: str) -> None:
    """Let a person decide about a refund that is on its way."""
    with transaction.atomic():
        _order, refund = lock_refund(refund_id)
        if refund.status not in _OVER:
            _need_staff(refund, actor=SENDER, failure=failure)


def _need_staff(refund: Refund, *, actor: Actor, failure: str) -> EventOutcome:
    if refund.status not in {RefundStatus.SUBMITTED, RefundStatus.PROCESSING}:
        return EventOutcome.UNCHANGED
    move_refund(
        refund,
        RefundStatus.NEEDS_STAFF,
        actor=actor,
        reason=failure,
        failure=failure[:60],
        next_try_at=None,
    )
    publish(
        RefundNeedsStaff(
            refund_id=refund.pk,
            order_id=refund.order_id,
            subject_kind=refund.order.subject_kind,
            subject_public_id=refund.order.subject_public_id,
        )
    )
    return EventOutcome.APPLIED


def _lease_due(moment: datetime, limit: int) -> list[int]:
    with transaction.atomic():
        due = Refund.objects.select_for_update(skip_locked=True, no_key=True)
        keys = list(
            due.filter(next_try_at__lte=moment)
            .order_by("next_try_at")
            .values_list("pk", flat=True)[:limit]
        )
        Refund.objects.filter(pk__in=keys).update(next_try_at=moment + LEASE)
    return keys
