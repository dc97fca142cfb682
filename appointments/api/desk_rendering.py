"""The front desk's answers, made of plain values. Names are whole only for who works there."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from appointments.models import Appointment, AppointmentStep
from appointments.selectors.desk import Caller, FreeTime, Waiter, possible_acts
from appointments.selectors.log import part_of, side_of_step, words_of
from appointments.selectors.schedule import DoctorDay, Schedule, Visit
from appointments.selectors.walls import minute_on, zone_of_visit
from appointments.services.sides import is_desk
from clinic.core.actor import Actor
from clinic.core.clock import clinic_day, now
from clinic.core.masking import mask_name, mask_phone
from clinic.patients.models import VisitPerson
from clinic.patients.rules import age_in_years
from doctors.models import Doctor


def schedule_body(schedule: Schedule, actor: Actor) -> dict[str, Any]:
    """Return a page of the book."""
    branch = schedule.branch
    known = {doctor.pk: doctor.public_id for doctor in schedule.doctors}
    return {
        "branch": branch and {"code": branch.code, "name": branch.name},
        "time_zone": schedule.zone,
        "days": [
            {"date": day, "special": [_special(one) for one in schedule.special.get(day, ())]}
            for day in schedule.days
        ],
        "doctors": [
            _doctor(doctor) | {"days": [_day(one) for one in schedule.lanes[doctor.pk].values()]}
            for doctor in schedule.doctors
        ],
        "visits": [_visit(one, schedule, known, actor) for one in schedule.visits],
    }


def _special(row: Any) -> dict[str, Any]:
    return {"kind": row.kind, "name": row.name}


def _doctor(doctor: Doctor) -> dict[str, Any]:
    department = doctor.department.name
    return {"id": doctor.public_id, "name": doctor.name, "department": department}


def _day(one: DoctorDay) -> dict[str, Any]:
    return {
        "hours": one.hours,
        "away": one.away,
        "open_minutes": one.open_minutes,
        "booked_minutes": one.booked,
    }


def _visit(one: Visit, schedule: Schedule, known: dict[int, Any], actor: Actor) -> dict[str, Any]:
    row = one.row
    here = row["branch_id"] == (schedule.branch.pk if schedule.branch else None)
    return {
        "id": row["public_id"],
        "code": row["code"],
        "state": row["state"],
        "doctor_id": known.get(row["doctor_id"]),
        "date": one.day,
        "begins": one.begins,
        "ends": one.ends,
        "starts_at": row["starts_at"],
        "type": row["kind__name_zh"] if _is_chinese() else row["kind__name_en"],
        "mode": row["kind__mode"],
        "is_group": row["kind__capacity"] > 1,
        "person": shown_name(row["person__name"], actor),
        "is_checked_in": row["checked_in_at"] is not None,
        "elsewhere": None if here else (row["branch__name"] or ""),
        "requirements": row["requirements"],
        "source": row["source"],
    }


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def shown_name(name: str, actor: Actor) -> str:
    """Return a name as this member of staff may read it."""
    return name if is_desk(actor) else mask_name(name)


def detail_body(
    appointment: Appointment, steps: Iterable[AppointmentStep], actor: Actor
) -> dict[str, Any]:
    """Return all that the desk shows of one appointment, with the steps of ``log_of``."""
    moment, person, order = now(), appointment.person, appointment.order
    branch, doctor = appointment.branch, appointment.doctor
    return _when(appointment) | {
        "id": appointment.public_id,
        "code": appointment.code,
        "state": appointment.state,
        "state_since": appointment.state_since,
        "type": {"code": appointment.kind.code, "name": appointment.kind.name},
        "mode": appointment.kind.mode,
        "branch": branch and {"code": branch.code, "name": branch.name},
        "doctor": doctor and _doctor(doctor),
        "person": person_body(person, actor),
        "phone": mask_phone(person.phone or appointment.patient.phone),
        "source": appointment.source,
        "requirements": appointment.requirements,
        "starts_at": appointment.starts_at,
        "ends_at": appointment.ends_at,
        "expires_at": appointment.expires_at,
        "checked_in_at": appointment.checked_in_at,
        "started_at": appointment.started_at,
        "finished_at": appointment.finished_at,
        "moves": appointment.moves,
        "cancelled_by": appointment.cancelled_by,
        "cancel_reason": appointment.cancel_reason,
        "price_fen": appointment.price_fen,
        "order": order and {"number": order.number, "status": order.status,
                            "amount_fen": order.amount_fen},
        "acts": possible_acts(appointment, moment=moment) if is_desk(actor) else [],
        "steps": [_step(step) for step in steps],
    }  # fmt: skip


def _when(appointment: Appointment) -> dict[str, Any]:
    """Return date and minutes on the wall clock of the place; None while it has no time."""
    if appointment.starts_at is None or appointment.ends_at is None:
        return {"time_zone": zone_of_visit(appointment), "date": None, "begins": None, "ends": None}
    zone = ZoneInfo(zone_of_visit(appointment))
    day = appointment.starts_at.astimezone(zone).date()
    return {
        "time_zone": zone.key,
        "date": day,
        "begins": minute_on(appointment.starts_at, zone, day),
        "ends": minute_on(appointment.ends_at, zone, day),
    }


def _step(step: AppointmentStep) -> dict[str, Any]:
    return {
        "act": step.act,
        "before": step.before,
        "after": step.after,
        "actor": side_of_step(step),
        "part": part_of(step),
        "change": words_of(step),
        "note": step.note,
        "at": step.at,
    }


def row_body(appointment: Appointment, actor: Actor) -> dict[str, Any]:
    """Return an appointment as a line of what was found."""
    doctor, branch = appointment.doctor, appointment.branch
    return _when(appointment) | {
        "id": appointment.public_id,
        "code": appointment.code,
        "state": appointment.state,
        "type": appointment.kind.name,
        "person": shown_name(appointment.person.name, actor),
        "doctor": doctor.name if doctor else "",
        "doctor_id": doctor and doctor.public_id,
        "branch": branch and branch.code,
        "starts_at": appointment.starts_at,
    }


def waiter_body(waiter: Waiter, actor: Actor) -> dict[str, Any]:
    """Return somebody who waits."""
    appointment, standing = waiter.appointment, waiter.standing
    doctor = appointment.doctor or appointment.wanted_doctor
    return {
        "id": appointment.public_id,
        "position": standing and standing.position,
        "eta_minutes": standing and standing.eta_minutes,
        "code": appointment.code,
        "state": appointment.state,
        "type": appointment.kind.name,
        "person": shown_name(appointment.person.name, actor),
        "doctor": doctor.name if doctor else "",
        "priority": appointment.priority,
        "queued_at": appointment.queued_at,
        "wanted_from": appointment.wanted_from,
        "wanted_until": appointment.wanted_until,
    }


def person_body(person: VisitPerson, actor: Actor) -> dict[str, Any]:
    """Return a visit person as the desk knows him."""
    return {
        "id": person.public_id,
        "name": shown_name(person.name, actor),
        "gender": person.gender,
        "age": person.birthday and age_in_years(person.birthday, clinic_day(now())),
    }


def caller_body(caller: Caller | None, actor: Actor) -> dict[str, Any]:
    """Return whom an account books for; an unknown phone has nobody."""
    persons = caller.persons if caller else []
    return {
        "is_known": caller is not None,
        "persons": [person_body(one, actor) for one in persons],
    }


def free_time_body(one: FreeTime, zone: str) -> dict[str, Any]:
    """Return a free time on the wall clock of its place."""
    wall = one.starts_at.astimezone(ZoneInfo(zone))
    return {
        "date": wall.date(),
        "time": f"{wall:%H:%M}",
        "starts_at": one.starts_at,
        "doctor_id": one.doctor.public_id,
        "doctor": one.doctor.name,
    }
