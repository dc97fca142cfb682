"""What an appointment costs, and the order that asks for it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from appointments.models import Appointment, AppointmentType
from appointments.selectors.appointments import SUBJECT_KIND
from appointments.selectors.practices import SERVICE
from appointments.selectors.walls import on_the_clock
from clinic.core.actor import Actor
from doctors.models import Doctor
from payments.errors import PriceNotSetError
from payments.models import PaymentOrder
from payments.selectors.prices import Price, PriceQuery, narrowest, resolve_price
from payments.services.orders import create_order
from payments.titles import PART


def price_of(kind: AppointmentType, doctor: Doctor, *, now: datetime) -> Price:
    """Return what a type costs with a doctor: the rule ``appointment_<code>``, else its price."""
    query = PriceQuery(
        service=f"{SERVICE}{kind.code}",
        doctor_public_id=doctor.public_id,
        level=doctor.level,
        department_code=doctor.department.code,
    )
    return _price(kind, lambda: resolve_price(query, now=now))


def price_by(kind: AppointmentType, rules: Sequence[Sequence[Any]]) -> Price:
    """Return the same, from the rules that hold for it."""
    return _price(kind, lambda: narrowest(rules)) if rules else _of_type(kind)


def _price(kind: AppointmentType, by_rule: Callable[[], Price]) -> Price:
    try:
        return by_rule()
    except PriceNotSetError:
        return _of_type(kind)


def _of_type(kind: AppointmentType) -> Price:
    return Price(amount_fen=kind.price_fen, source="type")


def order_for(
    appointment: Appointment, price: Price, *, expires_at: datetime, actor: Actor
) -> PaymentOrder:
    """Return the order of an appointment, made now; it ends when the place is no longer held."""
    return create_order(
        payer_id=appointment.patient_id,
        subject_kind=SUBJECT_KIND,
        subject_public_id=appointment.public_id,
        price=price,
        title=_title(appointment),
        expires_at=expires_at,
        actor=actor,
    )


def _title(appointment: Appointment) -> str:
    """Say what is paid for, as it was booked: type and time on the clock there, never who comes."""
    parts = [_("Appointment"), appointment.kind.name]
    if appointment.starts_at is not None:
        parts.append(f"{on_the_clock(appointment, appointment.starts_at):%Y-%m-%d %H:%M}")
    return PART.join(parts)
