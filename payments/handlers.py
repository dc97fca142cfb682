"""What this room does after its own facts: talk to providers, outside of any transaction."""

from clinic.core.events import handles
from payments import tasks
from payments.events import OrderClosing, RefundApproved


@handles(OrderClosing)
def close_at_provider(fact: OrderClosing) -> None:
    """End the open attempt of an order; the sweep repeats it."""
    tasks.settle_closing.delay_on_commit(fact.order_id)  # type: ignore[attr-defined]


@handles(RefundApproved)
def send_refund(fact: RefundApproved) -> None:
    """Send a refund to its provider; the sweep repeats it."""
    tasks.step_refund.delay_on_commit(fact.refund_id)  # type: ignore[attr-defined]
