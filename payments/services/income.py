"""Income: money is earned when the service is done, not when it is paid."""

from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from django.db import transaction

from clinic.core.clock import now
from payments.enums import DRUG_SUBJECTS, REFUNDABLE, AccountKind, TransactionKind
from payments.models import RecognisedIncome
from payments.services.ledger import CLINIC, Leg, book
from payments.services.states import lock_order


def recognise(
    *, order_id: int, doctor_user_public_id: UUID, share: Decimal
) -> RecognisedIncome | None:
    """Split what an order still holds between its doctor (``share`` of 1) and the clinic, once.

    The doctor's part is rounded down to the fen. Returns None when the order holds no money.
    """
    if not Decimal(0) <= share <= Decimal(1):
        raise ValueError("share is between 0 and 1")
    with transaction.atomic():
        order = lock_order(order_id)
        if share and order.subject_kind in DRUG_SUBJECTS:
            raise ValueError("doctors earn nothing from drugs")
        known = RecognisedIncome.objects.filter(order=order).first()
        if known is not None or order.status not in REFUNDABLE or order.left_fen == 0:
            return known
        doctor = int((order.left_fen * share).to_integral_value(rounding=ROUND_DOWN))
        income = RecognisedIncome.objects.create(
            order=order,
            doctor_user_public_id=doctor_user_public_id,
            doctor_fen=doctor,
            clinic_fen=order.left_fen - doctor,
            created_at=now(),
        )
        legs = [
            Leg(AccountKind.HELD, order.subject_kind, -order.left_fen),
            Leg(AccountKind.DOCTOR, doctor_user_public_id, income.doctor_fen),
            Leg(AccountKind.INCOME, CLINIC, income.clinic_fen),
        ]
        book(key=f"income:{order.pk}", kind=TransactionKind.INCOME, order=order, legs=legs)
    return income
