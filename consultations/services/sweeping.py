"""The net below the events: repairs what was missed, then assigns what waits (seed 000)."""

import logging
from collections.abc import Callable, Iterable

from django.db import Error as DatabaseError

from clinic.core.actor import Actor, system_actor
from clinic.core.errors import ClinicError
from clinic.settings import rules as numbers
from consultations.enums import Trigger
from consultations.selectors.queue import late_money, paid_but_not_opened
from consultations.selectors.repairs import refunded_but_open
from consultations.services.assignment import Attempt, assign_waiting
from consultations.services.ordering import open_paid
from consultations.services.refunding import note_full_refund

log = logging.getLogger(__name__)
SWEEP = system_actor("assignment sweep")


def sweep_waiting(
    *,
    trigger: Trigger = Trigger.SWEEP,
    limit: int = numbers.ASSIGNMENT_SWEEP_BATCH,
    actor: Actor = SWEEP,
) -> list[Attempt]:
    """Repair what lost events of payments should have done, then try who waits longest."""
    repair_paid()
    repair_refunded()
    return assign_waiting(trigger=trigger, limit=limit, actor=actor)


def repair_paid() -> int:
    """Do what a lost OrderPaid should have done; return how many cases were looked at."""
    missed = paid_but_not_opened(numbers.TIMERS_BATCH) + late_money(numbers.TIMERS_BATCH)
    return _each(missed, open_paid)


def repair_refunded() -> int:
    """Do what a lost RefundSucceeded should have done; return how many cases were closed."""
    return _each(refunded_but_open(numbers.TIMERS_BATCH), _close_refunded)


def _close_refunded(consultation_id: int) -> bool:
    note_full_refund(consultation_id, actor=SWEEP)
    return True


def _each(keys: Iterable[int], repair: Callable[[int], bool]) -> int:
    done = 0
    for key in keys:
        try:
            done += repair(key)
        except (DatabaseError, ClinicError) as error:
            log.error("repair failed", exc_info=error, extra={"consultation_id": key})
    return done
