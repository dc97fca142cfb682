"""The clinic's side of the killed worker: pays, kills, starts again, looks; prints JSON.

Runs as its own process beside real servers whose data folder the environment names.
"""

import io
import json
import sys
import threading
import time
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 needs Django set up
from django.db.models import Count, QuerySet  # noqa: E402

from bench import seed, till  # noqa: E402
from bench.stack import Stack, run_tool  # noqa: E402
from clinic.core.clock import now  # noqa: E402
from clinic.core.models import OutboxEvent  # noqa: E402
from clinic.notifications.models import Notice  # noqa: E402
from consultations.enums import Reason, State  # noqa: E402
from consultations.models import Assignment, Consultation, ConsultationEvent  # noqa: E402
from consultations.services.ordering import create_order_for  # noqa: E402
from doctors.models import DoctorPresence  # noqa: E402
from payments.models import LedgerTransaction, PaymentOrder, Refund  # noqa: E402
from payments.services.merchants import ensure_embedded_merchant  # noqa: E402

ORDERS = 240
KILL_AFTER = 60  # cases that have a doctor when the worker dies
PATIENCE_SECONDS = 90


def main() -> None:
    """Run the whole story once and print its figures."""
    stack = Stack.from_environment(web_workers=1)
    try:
        sys.stdout.write(json.dumps(story(stack)))
    finally:
        stack.stop_children()


def story(stack: Stack) -> dict[str, Any]:
    """Pay orders, kill the worker in between, start it again and wait until all is settled."""
    cases = unpaid_cases(ORDERS)
    stack.start("web", "relay", "worker")
    callbacks: dict[str, Any] = {}
    sender = threading.Thread(target=send_callbacks, args=(stack, cases, callbacks))
    sender.start()
    wait(lambda: with_doctor(cases).count() >= KILL_AFTER, "no doctor for anybody")
    stack.started["worker"].kill()
    stack.stop("worker")  # collects what is left of it
    sender.join()
    at_kill = figures(cases)
    stack.start("worker")
    restarted = time.monotonic()
    wait(lambda: with_doctor(cases).count() == ORDERS and not pending().exists(), "some are left")
    seconds = time.monotonic() - restarted
    call_command("check_invariants", stdout=io.StringIO())
    after = figures(cases) | doubles(cases)
    return {"callbacks": callbacks, "killed": at_kill, "after": after, "seconds": seconds}


def unpaid_cases(count: int) -> list[int]:
    """Store cases of as many patients with an order each, and doctors who could take them."""
    seed.doctors(20, limit=100)
    seed.refresh_doctors()
    seed.price(till.AMOUNT_FEN)
    drafts = seed.drafts(count)
    ConsultationEvent.objects.bulk_create(
        ConsultationEvent(
            consultation=case, to_state=State.DRAFT, actor="test", reason=Reason.INITIATED
        )
        for _person, case in drafts
    )
    for person, case in drafts:
        create_order_for(case.pk, actor=person.actor)
    return [case.pk for _person, case in drafts]


def send_callbacks(stack: Stack, cases: list[int], answers: dict[str, Any]) -> None:
    """Pay every order as the gateway does, a few at a time."""
    attempts = till.attempts(list(orders_of(cases)))
    merchant = ensure_embedded_merchant()
    texts = [
        till.request_text(merchant, message, stack.options.port)
        for message in till.messages(attempts)
    ]
    given: dict[str, object] = {
        "port": stack.options.port,
        "requests": texts,
        "is_endless": False,
        "warm_up": 0,
        "connections": 4,
        "seconds": PATIENCE_SECONDS,
    }
    answers.update(run_tool("bench.http_load", given, stack)["statuses"])  # type: ignore[call-overload]


def wait(is_reached: Any, complaint: str) -> None:
    """Return once something is so; doctors stay online meanwhile."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_reached():
        if time.monotonic() > deadline:
            raise TimeoutError(complaint)
        DoctorPresence.objects.update(heartbeat_at=now())
        time.sleep(0.1)


def figures(cases: list[int]) -> dict[str, int]:
    """Count where the cases stand."""
    orders = orders_of(cases)
    queued = Consultation.objects.filter(pk__in=cases, state=State.WAITING_ASSIGNMENT)
    return {
        "paid": orders.filter(status="paid").count(),
        "with_doctor": with_doctor(cases).count(),
        "queued": queued.count(),
        "refunded": Refund.objects.filter(order__in=orders).count(),
        "unfinished_facts": pending().count(),
    }


def doubles(cases: list[int]) -> dict[str, int]:
    """Count cases for which anything happened twice."""
    moves = ConsultationEvent.objects.filter(consultation_id__in=cases)
    subjects = Consultation.objects.filter(pk__in=cases).values("public_id")
    notices = Notice.objects.filter(subject_public_id__in=subjects)
    return {
        "assigned_twice": twice(Assignment.objects.filter(consultation__in=cases), "consultation"),
        "moved_twice": twice(moves, "consultation", "to_state"),
        "booked_twice": twice(
            LedgerTransaction.objects.filter(order__in=orders_of(cases)), "order"
        ),
        "told_twice": twice(notices, "subject_public_id", "user", "kind"),
    }


def twice(rows: QuerySet[Any], *names: str) -> int:
    """Return how many groups of equal values have more than one row."""
    groups = rows.order_by().values(*names).annotate(times=Count("pk"))
    return int(groups.filter(times__gt=1).count())


def with_doctor(cases: list[int]) -> QuerySet[Consultation]:
    """Return the cases that have a doctor."""
    return Consultation.objects.filter(pk__in=cases, doctor__isnull=False)


def orders_of(cases: list[int]) -> QuerySet[PaymentOrder]:
    """Return the orders of the cases."""
    subjects = Consultation.objects.filter(pk__in=cases).values("public_id")
    return PaymentOrder.objects.filter(subject_public_id__in=subjects)


def pending() -> QuerySet[OutboxEvent]:
    """Return the facts that some room has not heard of."""
    return OutboxEvent.objects.exclude(pending=[])


if __name__ == "__main__":
    main()
