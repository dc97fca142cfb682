"""Places for those who wait: offered to them or taken for them, accepted, declined."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from appointments.enums import BLOCKING, Act, CancelledBy, State, WaitingWay
from appointments.errors import OfferGoneError, PlaceIsYoursError
from appointments.models import Appointment, Offer
from appointments.selectors.choosing import doctors_of
from appointments.selectors.due import in_the_way
from appointments.selectors.openings import is_away
from appointments.selectors.slots import list_terms, place_of, why_not
from appointments.services import holding, offers, places
from appointments.services.locks import lock_times, patience
from appointments.services.pricing import price_of
from appointments.services.sides import side_of
from appointments.services.state import advance, locked
from clinic.core.actor import Actor, system_actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import NotFoundError
from clinic.core.metrics import QUEUE_WAIT
from clinic.relations.selectors.relations import may_start
from clinic.settings import rules as numbers
from doctors.models import Doctor
from payments.selectors.prices import Price

LIST = system_actor("waiting list")


def give(waiting: Appointment, doctor: Doctor, starts_at: datetime) -> bool:
    """Offer a free place to somebody who waits, or take it for him; say whether he has it now.

    False when it is no longer free, when he is elsewhere then, or waits no more: rivals are
    decided by the constraints. Nothing of his is changed then. Raises BusyError.
    """
    with transaction.atomic():
        lock_times(doctor_ids=[doctor.pk], person_ids=[waiting.person_id])
        now = current_moment()
        if not _is_free(waiting, doctor, starts_at, now):
            return False
        with patience():
            row = locked(waiting.pk)
        if row.state != State.QUEUED or row.expires_at is None or row.expires_at <= now:
            return False
        if not places.put(row, doctor, starts_at):
            return False
        try:
            with transaction.atomic():
                return _hand_over(row, doctor, starts_at, now)
        except IntegrityError:
            return False


def accept(appointment_id: int, *, actor: Actor) -> Appointment:
    """Take the place that is offered: held while it is to be paid, else pending or confirmed.

    It costs what the offer said. Raises NotFoundError, PlaceIsYoursError when he has it already,
    and OfferGoneError when the offer is over or its doctor can no longer come: the sweep
    withdraws that one.
    """
    with transaction.atomic():
        row = _own(appointment_id, actor)
        now = current_moment()
        _check_offered(row)
        if row.expires_at is None or row.expires_at <= now:
            raise OfferGoneError
        if not _has_doctor(row, now):
            raise OfferGoneError
        _settle(row, _offered_price(row, now), actor=actor, now=now)
    return row


def decline(appointment_id: int, *, actor: Actor) -> Appointment:
    """Leave the offered place to the next and wait on for another one.

    Raises NotFoundError, OfferGoneError, PlaceIsYoursError.
    """
    with transaction.atomic():
        row = _own(appointment_id, actor)
        _check_offered(row)
        now = current_moment()
        offers.send_back(row, act=Act.OFFER_DECLINED, actor=actor, now=now)
    return row


def withdraw(appointment_id: int, *, actor: Actor = LIST) -> bool:
    """Take an offer back that cannot be kept; say whether there was one. Repeatable."""
    with transaction.atomic():
        row = locked(appointment_id)
        if row.state != State.OFFERED:
            return False
        now = current_moment()
        offers.send_back(row, act=Act.OFFER_WITHDRAWN, actor=actor, now=now)
    return True


def offer_until(row: Appointment, starts_at: datetime, now: datetime) -> datetime:
    """Return when an offer ends: in time to be booked, and never after the waiting itself."""
    latest = min(now + numbers.APPOINTMENT_OFFER, starts_at - row.kind.min_notice)
    return min(latest, row.waits_until) if row.waits_until is not None else latest


def _check_offered(row: Appointment) -> None:
    if row.state == State.OFFERED:
        return
    raise PlaceIsYoursError if row.state in BLOCKING else OfferGoneError


def _is_free(waiting: Appointment, doctor: Doctor, starts_at: datetime, now: datetime) -> bool:
    """Look again under the locks, and end holds that are over but still stand."""
    kind = waiting.kind
    ends_at = starts_at + timedelta(minutes=kind.duration_minutes)
    if not may_start(doctor_id=doctor.pk, patient_id=waiting.patient_id):
        return False
    place = place_of(kind, waiting.branch, doctor.pk)
    terms = list_terms(kind, at_desk=waiting.is_at_the_desk)
    if why_not(place, terms, starts_at, ends_at, now) is not None:
        return False
    over = in_the_way(
        doctor_ids=[doctor.pk],
        person_id=waiting.person_id,
        starts_at=starts_at,
        ends_at=ends_at,
        moment=now,
    )
    for appointment_id in over:
        holding.release(appointment_id)
    return True


def _hand_over(row: Appointment, doctor: Doctor, starts_at: datetime, now: datetime) -> bool:
    price = price_of(row.kind, doctor, now=now)
    row.price_fen = price.amount_fen
    if row.kind.waiting_way == WaitingWay.TAKE or row.is_at_the_desk:
        _settle(row, price, actor=LIST, now=now)
        return True
    row.expires_at = offer_until(row, starts_at, now)
    if row.expires_at < now + numbers.APPOINTMENT_OFFER_AT_LEAST:
        return False
    note = {"doctor": str(doctor.public_id), "starts_at": f"{starts_at:%Y-%m-%dT%H:%M%z}"}
    advance(row, State.OFFERED, actor=LIST, act=Act.OFFERED, now=now, note=note)
    Offer.objects.create(appointment=row, doctor=doctor, starts_at=starts_at)
    return True


def _settle(row: Appointment, price: Price, *, actor: Actor, now: datetime) -> None:
    """Give a locked appointment the place that stands on it; it waits no longer."""
    starts_at = row.starts_at or now
    state, row.expires_at = holding.first_state(
        row.kind, price, starts_at, source=row.source, now=now
    )
    act = Act.HELD if state is State.HELD else Act.BOOKED
    advance(row, state, actor=actor, act=act, now=now)
    holding.ask_for_money(row, price, actor=actor)
    waited = now - (row.queued_at or now)
    transaction.on_commit(lambda: QUEUE_WAIT.observe(waited.total_seconds()), robust=True)


def _own(appointment_id: int, actor: Actor) -> Appointment:
    row = locked(appointment_id)
    if side_of(row, actor) is CancelledBy.DOCTOR:
        raise NotFoundError
    return row


def _has_doctor(row: Appointment, now: datetime) -> bool:
    if row.doctor is None or row.starts_at is None or row.ends_at is None:
        return False
    if not may_start(doctor_id=row.doctor.pk, patient_id=row.patient_id):
        return False
    is_open = doctors_of(row.kind, now).filter(pk=row.doctor.pk).exists()
    return row.kind.is_active and is_open and not is_away(row.doctor, row.starts_at, row.ends_at)


def _offered_price(row: Appointment, now: datetime) -> Price:
    """Return the price that the offer told, whatever the rules say meanwhile."""
    if row.doctor is None:
        raise OfferGoneError
    price = price_of(row.kind, row.doctor, now=now)
    if price.amount_fen == row.price_fen:
        return price
    return replace(price, amount_fen=row.price_fen, source="offer", rule_id=None)
