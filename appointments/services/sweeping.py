"""The sweep: what is due by the clock, and what a lost event should have done."""

import logging
from collections.abc import Callable, Iterable
from functools import partial

from django.db import Error as DatabaseError

from appointments.enums import Displacement
from appointments.selectors.due import (
    expired_ids,
    keys_of,
    late_money_ids,
    missed_ids,
    paid_but_held_ids,
    unanswered_ids,
    unkept_offer_ids,
    without_consent,
    without_patient_ids,
)
from appointments.selectors.hits import beside_fresh_days, stranded_ids
from appointments.selectors.missed import never_begun_ids, never_finished_ids
from appointments.services.cancelling import cancel_without_consent, cancel_without_patient
from appointments.services.displacing import displace, pass_unanswered
from appointments.services.filling import fill
from appointments.services.holding import mark_missed, release, settle_paid
from appointments.services.offering import withdraw
from appointments.services.putting_right import end_never_begun, finish_forgotten
from clinic.core.clock import now as current_moment
from clinic.core.errors import ClinicError
from clinic.settings import rules as numbers

log = logging.getLogger(__name__)


def sweep() -> int:
    """Do what is due and what lost events should have done; return how many moved.

    At last, what is free goes to those who wait: also hours and switches free places.
    """
    now, limit = current_moment(), numbers.TIMERS_BATCH
    done = _each(paid_but_held_ids(limit) + late_money_ids(limit), settle_paid)
    done += _each(expired_ids(now, limit), release)
    done += _each(unanswered_ids(now, limit), pass_unanswered)
    done += _each(without_patient_ids(limit), cancel_without_patient)
    done += _each(keys_of(without_consent(), limit), cancel_without_consent)
    for key, why in stranded_ids(now, limit):
        done += _each([key], partial(displace, why=why))
    done += _each(beside_fresh_days(now), partial(displace, why=Displacement.CLOSED))
    after = numbers.APPOINTMENT_NO_SHOW_AFTER
    done += _each(missed_ids(now, after=after, limit=limit), mark_missed)
    since = now - numbers.APPOINTMENT_PUT_RIGHT_WITHIN
    done += _each(never_begun_ids(since, limit), end_never_begun)
    done += _each(never_finished_ids(since, limit), finish_forgotten)
    done += _each(unkept_offer_ids(limit), withdraw)
    return done + fill()


def _each(keys: Iterable[int], act: Callable[[int], bool]) -> int:
    done = 0
    for key in keys:
        try:
            done += act(key)
        except (DatabaseError, ClinicError) as error:
            log.error("sweep failed", exc_info=error, extra={"appointment_id": key})
    return done
