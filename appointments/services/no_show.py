"""Nobody came: the first time in a year is forgiven and the money goes back, later it is earned."""

from datetime import datetime
from typing import Final

from django.db import connection

from appointments.enums import Act, State
from appointments.models import Appointment
from appointments.selectors.missed import has_missed_since
from appointments.services.ending import earn, end
from clinic.core.actor import Actor
from clinic.settings import rules as numbers
from payments.enums import REFUNDABLE, RefundReason, RefundSource
from payments.services.refunds import request_refund

PATIENTS: Final = 0x61707061  # "appa": the first key of locks of patients' no-shows


def miss(appointment: Appointment, *, actor: Actor, now: datetime) -> None:
    """Say of a locked appointment that nobody came, and decide about its money.

    No-shows of one patient are decided one after the other, so only one of them is the first.
    """
    _one_at_a_time(appointment.patient_id)
    since = now - numbers.APPOINTMENT_FORGIVE_EVERY
    is_forgiven = not has_missed_since(appointment.patient_id, since)
    note = {"forgiven": is_forgiven}
    end(appointment, State.NO_SHOW, actor=actor, act=Act.MISSED, now=now, note=note)
    if is_forgiven:
        _give_back(appointment, actor)
    earn(appointment)


def _one_at_a_time(patient_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s::int)", [PATIENTS, patient_id])


def _give_back(appointment: Appointment, actor: Actor) -> None:
    order = appointment.order
    if order is None or order.status not in REFUNDABLE or order.left_fen <= 0:
        return
    request_refund(
        order_id=order.pk,
        amount_fen=None,
        reason=RefundReason.STAFF,
        source=RefundSource.SYSTEM,
        actor=actor,
    )
