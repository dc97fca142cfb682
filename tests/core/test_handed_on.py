"""Facts whose handlers leave the work to a task that starts with the commit."""

from collections.abc import Callable
from typing import Any

import pytest

from appointments import tasks as appointment_tasks
from appointments.events import PlaceFreed, WaitingListMoved
from clinic.core.events import Event, publish
from clinic.core.models import OutboxEvent
from payments import tasks as payment_tasks
from payments.events import OrderClosing, RefundApproved


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fact", "task"),
    [
        (OrderClosing(order_id=7), payment_tasks.settle_closing),
        (RefundApproved(refund_id=7), payment_tasks.step_refund),
        (PlaceFreed(doctor_id=7), appointment_tasks.fill_places),
        (WaitingListMoved(kind_id=7, branch_id=None), appointment_tasks.tell_waiting),
    ],
)
def test_a_fact_is_done_once_its_task_is_sent(
    fact: Event,
    task: Any,
    run_events: Callable[[], int],
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(type(task._get_current_object()), "delay", lambda _task, *a: sent.append(a))
    publish(fact)

    with django_capture_on_commit_callbacks(execute=True):
        run_events()

    assert list(OutboxEvent.objects.values_list("pending", "attempts")) == [([], 0)]
    assert [told[0] for told in sent] == [7]
