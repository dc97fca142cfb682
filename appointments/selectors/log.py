"""The operation log as people read it: which side acted, and what a step changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, UUIDField, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Substr
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.enums import DeclineReason, Displacement, OutsideHours
from appointments.models import Appointment, AppointmentStep
from appointments.selectors.walls import zone_of_visit
from doctors.models import Doctor

SHOWN: Final = ("appointment__branch", "appointment__patient", "appointment__doctor__user")
PERSON: Final = r"^user:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
PARTS: Final[Mapping[str, Promise]] = {
    "account deletion": gettext_lazy("Account deletion"),
    "appointment sweep": gettext_lazy("Appointment sweep"),
    "displacing": gettext_lazy("Replacement of doctors"),
    "payment": gettext_lazy("Payment"),
    "refund": gettext_lazy("Refund"),
    "waiting list": gettext_lazy("Waiting list"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedStep:
    """A step without its people; times where it moved, names where another doctor got it."""

    act: str
    before: str
    after: str
    actor: str
    at: datetime
    from_time: datetime | None
    to_time: datetime | None
    from_doctor: str | None
    to_doctor: str | None


def with_changes(steps: QuerySet[AppointmentStep]) -> QuerySet[AppointmentStep]:
    """Add what ``words_of`` and ``side_of_step`` need: the people and the names of doctors."""
    person = Case(When(actor__regex=PERSON, then=Cast(Substr("actor", 6), UUIDField())))
    return (
        steps.select_related(*SHOWN)
        .annotate(
            person_id=person,
            old_id=_id_in("from_doctor"),
            offered_id=_id_in("doctor"),
            new_id=_id_in("to_doctor"),
        )
        .annotate(
            is_by_doctor=Exists(Doctor.objects.filter(user__public_id=OuterRef("person_id"))),
            old_doctor=_name("old_id"),
            offered_doctor=_name("offered_id"),
            new_doctor=_name("new_id"),
        )
    )


def log_of(appointment: Appointment) -> list[AppointmentStep]:
    """Return the steps of an appointment with what they changed, oldest first."""
    rows = AppointmentStep.objects.filter(appointment=appointment)
    return list(with_changes(rows).order_by("id"))


def logged_steps_of(appointment: Appointment) -> list[LoggedStep]:
    """Return the steps of an appointment as they are told to its parties, oldest first."""
    return [_logged(step) for step in log_of(appointment)]


def _logged(step: Any) -> LoggedStep:
    old, new = (_moment(step.note.get(key)) for key in ("from", "to"))
    moved = new is not None and old != new
    given = step.old_doctor and step.new_doctor and step.old_doctor != step.new_doctor
    return LoggedStep(
        act=step.act,
        before=step.before,
        after=step.after,
        actor=side_of_step(step),
        at=step.at,
        from_time=old if moved else None,
        to_time=new if moved else None,
        from_doctor=step.old_doctor if given else None,
        to_doctor=step.new_doctor if given else None,
    )


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def side_of_step(step: Any) -> str:
    """Return whose step of ``with_changes`` it was: patient, doctor, staff or system."""
    if step.person_id is None:
        return "system"
    if step.person_id == step.appointment.patient.public_id:
        return "patient"
    return "doctor" if step.is_by_doctor else "staff"


def part_of(step: AppointmentStep) -> str:
    """Return which part of the system acted; empty for people and for parts without a name."""
    return str(PARTS.get(step.actor.partition(":")[2], ""))


def words_of(step: Any) -> str:
    """Return what a step of ``with_changes`` changed, in words; empty when that is all in its act.

    Times stand on the clock of the appointment's place.
    """
    return " · ".join(filter(None, [_time(step), _doctor(step), *_rest(step.note)]))


def _time(step: Any) -> str:
    zone, note = ZoneInfo(zone_of_visit(step.appointment)), step.note
    if "starts_at" in note:
        return _wall(datetime.fromisoformat(note["starts_at"]), zone)
    if "from" not in note:
        return ""
    old = datetime.fromisoformat(note["from"])
    new = datetime.fromisoformat(note.get("to", note["from"]))
    if new == old:
        return _wall(old, zone)
    return f"{_wall(old, zone)} → {_wall(new, zone)}"


def _wall(moment: datetime, zone: ZoneInfo) -> str:
    return date_format(moment.astimezone(zone), "DATETIME_FORMAT")


def _doctor(step: Any) -> str:
    if step.old_doctor and step.new_doctor and step.old_doctor != step.new_doctor:
        return f"{step.old_doctor} → {step.new_doctor}"
    return str(step.offered_doctor or step.old_doctor or "")


WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "outside_hours": lambda value: _label(OutsideHours, value),
    "why": lambda value: _label(Displacement, value),
    "reason": lambda value: _label(DeclineReason, value),
    "priority": lambda value: _("Priority %(number)s") % {"number": value},
    "minutes_late": lambda value: _("%(number)s minutes late") % {"number": value} if value else "",
    "stars": lambda value: "★" * int(value),
    "forgiven": lambda value: _("Forgiven") if value else "",
    "fields": lambda _value: _("Wishes"),
}


def _rest(note: Mapping[str, Any]) -> list[str]:
    return [WORDS[key](value) for key, value in note.items() if key in WORDS]


def _label(words: Any, value: str) -> str:
    return str(dict(words.choices).get(value, ""))


def _id_in(key: str) -> Cast:
    return Cast(KT(f"note__{key}"), UUIDField())


def _name(column: str) -> Subquery:
    return Subquery(Doctor.objects.filter(public_id=OuterRef(column)).values("name")[:1])
