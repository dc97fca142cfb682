"""Which appointments wait for something that should have happened."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from appointments.enums import (
    DESK_SOURCES,
    NOT_ACCEPTED,
    OPEN_STATES,
    SHORT,
    WAITING,
    Act,
    Mode,
    State,
)
from appointments.models import Appointment, AppointmentStep
from clinic.core.statements import Statement, rows_of
from clinic.patients.enums import ConsentKind
from clinic.patients.models import Consent
from clinic.settings import rules as numbers
from doctors.models import Doctor, Leave
from payments.enums import REFUNDABLE

BOOKING = timedelta(minutes=1)  # no booking takes so long
BUFFERS = timedelta(hours=8)  # two rows can have four hours each between them


def over(doctors: str, person: str, since: str, until: str, moment: str) -> str:
    """Return the SELECT of the keys, in order, of holds and offers that are over, in SQL.

    Those of the doctors and of the person are looked for apart, each by the index of short ones,
    behind a fence: left to itself the planner reads every place that is taken.
    """
    apart = " UNION ".join(_short(whose, moment) for whose in (
        f"doctor_id = ANY({doctors})", f"person_id = {person}",
    ))  # fmt: skip
    return f"""
    SELECT a.id FROM ({apart}) a WHERE a.starts_at < {until} AND a.ends_at > {since}
    ORDER BY a.id"""  # noqa: S608 put together from constants


def _short(whose: str, moment: str) -> str:
    states = ", ".join(f"'{state.value}'" for state in SHORT)
    return f"""(
      SELECT id, starts_at, ends_at FROM appointments_appointment
      WHERE {whose} AND expires_at <= {moment} AND state IN ({states}) OFFSET 0
    )"""  # noqa: S608 put together from constants


IN_THE_WAY: Final = Statement(
    "appointments_in_the_way",
    ("bigint[]", "bigint", "timestamptz", "timestamptz", "timestamptz"),
    f"""
    WITH asked AS MATERIALIZED (
      SELECT %s AS doctors, %s AS person, %s AS since, %s AS until, %s AS moment
    )
    SELECT found.id FROM asked CROSS JOIN LATERAL ({
        over("asked.doctors", "asked.person", "asked.since", "asked.until", "asked.moment")
    }) found
    """,  # noqa: S608 put together from constants
)
PAID = AppointmentStep.objects.filter(act=Act.PAID)


def expired_ids(moment: datetime, limit: int) -> list[int]:
    """Return appointments whose state is over by its time, the oldest first.

    Held, offered, or on the waiting list.
    """
    rows = Appointment.objects.filter(state__in=[State.HELD, *WAITING], expires_at__lte=moment)
    return list(rows.order_by("expires_at").values_list("pk", flat=True)[:limit])


def unanswered_ids(moment: datetime, limit: int) -> list[int]:
    """Return bookings that their doctor did not answer in time, the oldest first."""
    rows = Appointment.objects.filter(state=State.PENDING, expires_at__lte=moment)
    return list(rows.order_by("expires_at").values_list("pk", flat=True)[:limit])


def open_ids_of_patient(user_id: int) -> list[int]:
    """Return the appointments of an account that have not ended."""
    rows = Appointment.objects.filter(patient_id=user_id, state__in=OPEN_STATES)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def without_patient_ids(limit: int) -> list[int]:
    """Return appointments that did not begin and whose patient deleted his account."""
    rows = Appointment.objects.filter(
        state__in=OPEN_STATES, patient__anonymised_at__isnull=False
    ).exclude(state=State.IN_PROGRESS)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def without_consent(*, person_id: int | None = None) -> QuerySet[Appointment]:
    """Return what nobody accepted yet and whose consent was taken back since, of all or a person.

    A consent that went in the moment of the booking counts too. Given anew, it stands.
    """
    is_online = Q(kind__mode__in=numbers.APPOINTMENT_SERVICE_CONSENT_IN)
    lacking = _is_gone(ConsentKind.HEALTH_DATA) | _is_gone(ConsentKind.GUARDIAN)
    lacking |= is_online & _is_gone(ConsentKind.SERVICE)
    rows = Appointment.objects.filter(lacking, state__in=NOT_ACCEPTED)
    rows = rows.exclude(source__in=DESK_SOURCES, kind__mode=Mode.CLINIC)
    return rows if person_id is None else rows.filter(person_id=person_id)


def _is_gone(kind: ConsentKind) -> Q:
    given = Consent.objects.filter(person=OuterRef("person"), text__kind=kind)
    taken_back = given.filter(revoked_at__gt=OuterRef("created_at") - BOOKING)
    return Q(Exists(taken_back), ~Exists(given.filter(revoked_at=None)))


def keys_of(rows: QuerySet[Appointment], limit: int | None = None) -> list[int]:
    """Return the keys of rows in their order."""
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def in_the_way(
    *,
    doctor_ids: Sequence[int],
    person_id: int,
    starts_at: datetime,
    ends_at: datetime,
    moment: datetime,
) -> list[int]:
    """Return holds and offers around a time, of these doctors or this person, that are over."""
    around = starts_at - BUFFERS, ends_at + BUFFERS
    return [pk for (pk,) in rows_of(IN_THE_WAY, list(doctor_ids), person_id, *around, moment)]


def paid_but_held_ids(limit: int) -> list[int]:
    """Return appointments whose order was paid but that nobody told."""
    rows = Appointment.objects.filter(
        state=State.HELD, order__status__in=REFUNDABLE, order__isnull=False
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def late_money_ids(limit: int) -> list[int]:
    """Return appointments that ended before they were paid and whose order holds money."""
    rows = Appointment.objects.filter(
        ~Exists(PAID.filter(appointment=OuterRef("pk"))),
        state__in=[State.EXPIRED, State.CANCELLED],
        order__status__in=REFUNDABLE,
        order__refund_reserved_fen=0,
        order__paid_fen__gt=0,
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def was_paid_in_time(appointment: Appointment) -> bool:
    """Say whether the money came while the place was still held."""
    return PAID.filter(appointment=appointment).exists()


def missed_ids(moment: datetime, *, after: timedelta, limit: int) -> list[int]:
    """Return confirmed appointments whose patient has not come for so long after the start."""
    rows = Appointment.objects.filter(
        state=State.CONFIRMED, checked_in_at=None, starts_at__lte=moment - after
    )
    return list(rows.order_by("starts_at").values_list("pk", flat=True)[:limit])


def unanswered_offers(appointment: Appointment) -> int:
    """Return how many offers of an appointment ended because nobody answered."""
    rows = AppointmentStep.objects.filter(appointment=appointment, act=Act.OFFER_EXPIRED)
    return rows.count()


def unkept_offer_ids(limit: int) -> list[int]:
    """Return appointments with the offer of a doctor who can no longer come."""
    away = Leave.objects.filter(
        doctor=OuterRef("doctor"),
        cancelled_at=None,
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    )
    can_come = Q(doctor__in=Doctor.objects.listed().filter(is_appointment_open=True))
    rows = Appointment.objects.filter(~can_come | Exists(away), state=State.OFFERED)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
