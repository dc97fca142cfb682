"""What is owed to doctors and what the clinic earned, by doctor and month, out of the ledger.

Doctors earn from services alone: prescriptions never enter (``services.income`` refuses it).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth

from clinic.accounts.models import User
from clinic.core.clock import CLINIC_ZONE
from payments.enums import AccountKind, TransactionKind
from payments.models import LedgerPosting
from payments.selectors.bills import day_bounds


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """One doctor's month. Refunds of later months lower the month in which they happen."""

    month: date
    doctor_user_public_id: UUID
    doctor_name: str
    services: int
    doctor_fen: int
    clinic_fen: int


def settlement_sheet(*, months_from: date, months_until: date) -> Iterator[SettlementLine]:
    """Return the sheet, newest month first; both ends are first days of a month, the end open."""
    rows = (
        LedgerPosting.objects.filter(
            account__kind__in=[AccountKind.DOCTOR, AccountKind.INCOME],
            transaction__order__income__isnull=False,
            transaction__created_at__gte=day_bounds(months_from)[0],
            transaction__created_at__lt=day_bounds(months_until)[0],
        )
        .annotate(
            month=TruncMonth("transaction__created_at", tzinfo=CLINIC_ZONE),
            doctor=F("transaction__order__income__doctor_user_public_id"),
        )
        .values("month", "doctor")
        .annotate(
            services=Count(
                "transaction", distinct=True, filter=Q(transaction__kind=TransactionKind.INCOME)
            ),
            doctor_fen=Sum("amount_fen", filter=Q(account__kind=AccountKind.DOCTOR), default=0),
            clinic_fen=Sum("amount_fen", filter=Q(account__kind=AccountKind.INCOME), default=0),
        )
        .order_by("-month", "doctor")
    )
    found = list(rows)
    names = _names({row["doctor"] for row in found})
    for row in found:
        yield SettlementLine(
            month=row["month"].date(),
            doctor_user_public_id=row["doctor"],
            doctor_name=names.get(row["doctor"], ""),
            services=row["services"],
            doctor_fen=row["doctor_fen"],
            clinic_fen=row["clinic_fen"],
        )


def _names(public_ids: set[UUID]) -> dict[UUID, str]:
    rows = User.objects.filter(public_id__in=public_ids)
    return dict(rows.values_list("public_id", "name"))
