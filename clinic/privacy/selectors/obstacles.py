"""What keeps an account from losing its person now, and what stays of it afterwards."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from appointments.enums import OPEN_STATES as OPEN_APPOINTMENTS
from appointments.models import Appointment
from clinic.accounts.models import User
from clinic.complaints.models import Complaint
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.customer_service.enums import ChatState
from clinic.customer_service.models import ServiceChat
from clinic.privacy.enums import Kept, Obstacle
from clinic.records.enums import State as RecordState
from clinic.records.models import MedicalRecord
from consultations.enums import State as CaseState
from consultations.models import Consultation
from payments.enums import UNPAID, AttemptStatus, RefundStatus, RequestState
from payments.models import PaymentAttempt, PaymentOrder, Refund, RefundRequest
from payments.selectors.ledger import balance_of

SETTLED_REFUNDS: Final = (RefundStatus.SUCCEEDED, RefundStatus.FAILED)
UNSURE: Final = (AttemptStatus.CREATED, AttemptStatus.SUBMITTED, AttemptStatus.UNKNOWN)
Check = Callable[[User], bool]


def obstacles_of(account: User) -> list[str]:
    """Return codes of ``Obstacle`` in a fixed order; empty when nothing is open.

    What this says holds as long as the caller keeps the account's row locked: a new order waits.
    """
    return [str(code) for code, stands in CHECKS.items() if stands(account)]


def in_words(codes: Iterable[str]) -> list[dict[str, str]]:
    """Return codes of ``Obstacle`` with their sentences in the active language."""
    return [{"code": str(code), "detail": str(Obstacle(code).label)} for code in codes]


def kept_of(account: User) -> dict[str, int]:
    """Return how many rows of each kind of ``Kept`` the law keeps."""
    return {
        str(Kept.RECORDS): MedicalRecord.objects.filter(
            patient=account, state=RecordState.SIGNED
        ).count(),
        str(Kept.DIALOGUES): Consultation.objects.filter(
            patient=account, conversation__isnull=False
        ).count(),
        str(Kept.PAYMENTS): PaymentOrder.objects.filter(payer=account).count(),
        str(Kept.AUDIT): AuditEntry.objects.filter(patient=account.public_id).count(),
    }


def _has_duties(account: User) -> bool:
    others = account.groups.exclude(name=Role.PATIENT.value)
    return account.is_superuser or others.exists()


def _has_case(account: User) -> bool:
    """A draft binds nobody."""
    rows = Consultation.objects.open().filter(patient=account)
    return rows.exclude(state=CaseState.DRAFT).exists()


def _has_appointment(account: User) -> bool:
    return Appointment.objects.filter(patient=account, state__in=OPEN_APPOINTMENTS).exists()


def _has_chat(account: User) -> bool:
    return ServiceChat.objects.filter(customer=account).exclude(state=ChatState.ENDED).exists()


def _has_order(account: User) -> bool:
    return (
        PaymentOrder.objects.filter(payer=account, status__in=UNPAID).exists()
        or PaymentAttempt.objects.filter(order__payer=account, status__in=UNSURE).exists()
    )


def _has_refund(account: User) -> bool:
    refunds = Refund.objects.filter(order__payer=account).exclude(status__in=SETTLED_REFUNDS)
    wishes = RefundRequest.objects.filter(order__payer=account, state=RequestState.WAITING)
    return refunds.exists() or wishes.exists()


def _has_balance(account: User) -> bool:
    return balance_of(account.public_id) != 0


def _has_complaint(account: User) -> bool:
    return Complaint.objects.pending().filter(patient=account).exists()


CHECKS: Final[Mapping[Obstacle, Check]] = {
    Obstacle.DUTIES: _has_duties,
    Obstacle.OPEN_CONSULTATION: _has_case,
    Obstacle.OPEN_APPOINTMENT: _has_appointment,
    Obstacle.OPEN_SERVICE_CHAT: _has_chat,
    Obstacle.OPEN_ORDER: _has_order,
    Obstacle.OPEN_REFUND: _has_refund,
    Obstacle.BALANCE: _has_balance,
    Obstacle.OPEN_COMPLAINT: _has_complaint,
}
