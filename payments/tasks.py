"""Background work of money; deadlines stand in the tables."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from payments.services import books, callbacks, closing, provider_keys, reconciliation, refund_steps


@shared_task(name="payments.expire_orders")
def expire_orders() -> None:
    """End orders whose time is over and carry closing ones on."""
    closing.expire_orders()


@shared_task(name="payments.settle_closing")
def settle_closing(order_id: int) -> None:
    """Carry one closing order on."""
    closing.settle_closing(order_id)


@shared_task(name="payments.poll_attempts")
def poll_attempts() -> None:
    """Ask providers about attempts that are due."""
    closing.poll_attempts()


@shared_task(name="payments.step_refund")
def step_refund(refund_id: int) -> None:
    """Bring one refund a step further."""
    refund_steps.step_refund(refund_id)


@shared_task(name="payments.work_refunds")
def work_refunds() -> None:
    """Bring every due refund a step further."""
    refund_steps.work_refunds()


@shared_task(name="payments.replay_events")
def replay_events() -> None:
    """Finish messages that a crash left."""
    callbacks.replay_events()


@shared_task(name="payments.reconcile")
def reconcile() -> None:
    """Compare the last days with the bills of the providers."""
    reconciliation.reconcile_due()


@shared_task(name="payments.check_ledger")
def check_ledger() -> None:
    """Prove the promises of the ledger and raise an alarm when one is broken."""
    books.check_ledger()


@shared_task(name="payments.refresh_provider_keys")
def refresh_provider_keys() -> None:
    """Learn new certificates before the old ones end, and compare clocks."""
    provider_keys.refresh_provider_keys()
    provider_keys.check_clocks()


@worker_ready.connect
def begin(**_kwargs: Any) -> None:
    """Do that first of all: a wrong clock is found at the start and not at the first payment."""
    refresh_provider_keys.delay()  # type: ignore[attr-defined]
