"""Facts about money. Rooms above subscribe; only ids, kinds and amounts travel."""

from uuid import UUID

from clinic.core.events import Event, event


@event
class OrderPaid(Event):
    """An order was paid, once and for all."""

    order_id: int
    subject_kind: str
    subject_public_id: UUID


@event
class OrderClosing(Event):
    """An order is being closed: its open attempts must be ended at the provider."""

    order_id: int


@event
class OrderClosed(Event):
    """An unpaid order ended; money that arrives later is sent back."""

    order_id: int
    subject_kind: str
    subject_public_id: UUID


@event
class RefundApproved(Event):
    """A refund may be sent to the provider now."""

    refund_id: int


@event
class RefundSucceeded(Event):
    """The payer has the money back. ``is_full``: nothing of the order is left."""

    refund_id: int
    order_id: int
    subject_kind: str
    subject_public_id: UUID
    amount_fen: int
    is_full: bool


@event
class RefundNeedsStaff(Event):
    """The provider could not give the money back; a person must decide."""

    refund_id: int
    order_id: int
    subject_kind: str
    subject_public_id: UUID


@event
class StrayMoneyArrived(Event):
    """Money came for an order that could not take it (late, duplicate); it goes back by itself."""

    attempt_id: int
    order_id: int
    disposition: str


@event
class PaymentMismatched(Event):
    """A provider reports a payment that does not match our attempt; staff must look."""

    attempt_id: int
    order_id: int
