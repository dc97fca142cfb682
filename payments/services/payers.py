"""Telling payers about their money."""

from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import notify
from payments.models import PaymentOrder


def tell_payer(order: PaymentOrder, amount_fen: int, kind: NoticeKind) -> None:
    """Send the payer of an order a notice about an amount, in the caller's transaction."""
    notify(
        user_id=order.payer_id,
        kind=kind,
        params={"amount_fen": amount_fen},
        subject_kind="order",
        subject_public_id=order.public_id,
    )
