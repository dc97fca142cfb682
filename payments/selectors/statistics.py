"""Figures about payments: tries of a time, what became of them, and what went back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from clinic.core.clock import CLINIC_ZONE
from payments.enums import (
    UNSETTLED_ITEM,
    AttemptStatus,
    Disposition,
    EventOutcome,
    Provider,
    RefundStatus,
)
from payments.models import (
    GatewayEvent,
    MerchantConfig,
    PaymentAttempt,
    ReconciliationItem,
    Refund,
)
from payments.selectors.bills import day_bounds


@dataclass(frozen=True, slots=True)
class PaymentFigures:
    """Tries that began in a time, what they brought, and what of it went back since."""

    label: str
    tries: int
    succeeded: int
    paid_fen: int
    refunded_fen: int

    @property
    def success_percent(self) -> float:
        """Share of tries that brought money."""
        return round(100 * self.succeeded / self.tries, 1) if self.tries else 0.0

    @property
    def refund_percent(self) -> float:
        """Share of the money that went back."""
        return round(100 * self.refunded_fen / self.paid_fen, 1) if self.paid_fen else 0.0


@dataclass(frozen=True, slots=True)
class MerchantHealth:
    """How one merchant did lately."""

    merchant: MerchantConfig
    tries: int
    succeeded: int
    unknown: int
    failed: int
    last_message_at: datetime | None
    waiting_messages: int
    stuck_refunds: int
    open_differences: int


def figures_by_day(since: date, until: date) -> list[PaymentFigures]:
    """Return one line per day of the clinic, oldest first, days without tries included."""
    found = {
        row["key"]: row
        for row in _counted(
            _tries(since, until).annotate(key=TruncDate("created_at", tzinfo=CLINIC_ZONE))
        )
    }
    days = [since + timedelta(days=step) for step in range((until - since).days)]
    return [_line(day.isoformat(), found.get(day, {})) for day in days]


def figures_by_channel(since: date, until: date) -> list[PaymentFigures]:
    """Return one line per provider and channel, largest first."""
    rows = _counted(_tries(since, until), "provider", "channel")
    lines = [_line(f"{row['provider']} / {row['channel']}", row) for row in rows]
    return sorted(lines, key=lambda line: -line.paid_fen)


def figures_by_subject(since: date, until: date) -> list[PaymentFigures]:
    """Return one line per kind of service, largest first."""
    rows = _counted(_tries(since, until), "order__subject_kind")
    lines = [_line(row["order__subject_kind"], row) for row in rows]
    return sorted(lines, key=lambda line: -line.paid_fen)


def merchant_health(moment: datetime, *, within: timedelta) -> list[MerchantHealth]:
    """Return how every merchant did in the last while."""
    since = moment - within
    return [_health(merchant, since) for merchant in MerchantConfig.objects.order_by("pk")]


def _tries(since: date, until: date) -> QuerySet[PaymentAttempt]:
    return PaymentAttempt.objects.filter(
        created_at__gte=day_bounds(since)[0], created_at__lt=day_bounds(until)[0]
    ).exclude(provider=Provider.FREE)


def _counted(rows: QuerySet[PaymentAttempt], *keys: str) -> list[dict[str, Any]]:
    applied = Q(disposition=Disposition.APPLIED)
    return list(
        rows.values(*(keys or ("key",)))
        .annotate(
            tries=Count("pk"),
            succeeded=Count("pk", filter=Q(status=AttemptStatus.SUCCEEDED)),
            paid_fen=Sum("amount_fen", filter=applied, default=0),
            refunded_fen=Sum("order__refunded_fen", filter=applied, default=0),
        )
        .order_by()
    )


def _line(label: str, row: dict[str, Any]) -> PaymentFigures:
    return PaymentFigures(
        label=label,
        tries=row.get("tries", 0),
        succeeded=row.get("succeeded", 0),
        paid_fen=row.get("paid_fen", 0),
        refunded_fen=row.get("refunded_fen", 0),
    )


def _health(merchant: MerchantConfig, since: datetime) -> MerchantHealth:
    tries = PaymentAttempt.objects.filter(merchant=merchant, created_at__gte=since).aggregate(
        tries=Count("pk"),
        succeeded=Count("pk", filter=Q(status=AttemptStatus.SUCCEEDED)),
        unknown=Count("pk", filter=Q(status=AttemptStatus.UNKNOWN)),
        failed=Count("pk", filter=Q(status=AttemptStatus.FAILED)),
    )
    messages = GatewayEvent.objects.filter(merchant=merchant)
    stuck = Refund.objects.filter(attempt__merchant=merchant, status=RefundStatus.NEEDS_STAFF)
    items = ReconciliationItem.objects.filter(run__merchant=merchant)
    differences = items.filter(state__in=UNSETTLED_ITEM)
    return MerchantHealth(
        merchant=merchant,
        **tries,
        last_message_at=messages.aggregate(last=Max("received_at"))["last"],
        waiting_messages=messages.filter(outcome=EventOutcome.RECEIVED).count(),
        stuck_refunds=stuck.count(),
        open_differences=differences.count(),
    )
