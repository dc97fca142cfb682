"""What a wish that names its doctor is judged by: columns for the statement that reads its rows."""

# ruff: noqa: S608 put together from constants

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import orjson

from appointments.models import AppointmentType
from appointments.rules import Calendar
from appointments.selectors import calendars as form
from appointments.selectors.due import over
from appointments.selectors.slots import place_of
from clinic.core.statements import Row
from doctors.models import Branch
from payments.selectors.prices import COLUMNS, holding

SERVICE: Final = "appointment_"  # before the code of a type: what price rules call it
# A visit of another day is never longer than one; its buffers neither.
AROUND: Final = "interval '1 day'"
BUFFERS: Final = "interval '8 hours'"  # as ``due.BUFFERS``
HOURS: Final = """array_agg(ARRAY[weekday, start_minute, end_minute, valid_from - '0001-01-01',
    coalesce(valid_until, '9999-12-31') - '0001-01-01'] ORDER BY weekday, start_minute)::text"""


def _epochs(since: str, until: str) -> str:
    return f"floor(date_part('epoch', {since})), ceil(date_part('epoch', {until}))"


# ``k``, ``b``, ``p``, ``d``, ``dd`` and ``asked`` are those of ``named.READ``. Rules and busy times
# of a doctor are one word each, as ``calendars`` reads them.
FACTS: Final = {
    "licence_until": "d.licence_valid_until",
    "rules": f"""(SELECT {HOURS} FROM doctors_workrule
  WHERE doctor_id = d.id AND coalesce(branch_id, 0) = coalesce(b.id, 0))""",
    "opening": f"(SELECT {HOURS} FROM doctors_branchhours WHERE branch_id = b.id)",
    "special": f"""(SELECT json_agg(json_build_array(doctor_id, branch_id, start_minute, end_minute,
    works_as, kind, date))::text FROM doctors_calendarday
  WHERE (doctor_id = d.id OR doctor_id IS NULL AND coalesce(branch_id, 0) IN (0, coalesce(b.id, 0)))
    AND date BETWEEN (asked.starts_at - {AROUND})::date
      AND (asked.starts_at + {AROUND} * 2)::date)""",
    "leaves": f"""(SELECT array_agg(ARRAY[{_epochs("starts_at", "ends_at")}]::bigint[])::text
  FROM doctors_leave WHERE doctor_id = d.id AND cancelled_at IS NULL
    AND ends_at > asked.starts_at AND starts_at < asked.starts_at + {AROUND})""",
    "busy": f"""(SELECT array_agg(ARRAY[{_epochs("busy_from", "busy_until")}, kind_id,
    floor(date_part('epoch', starts_at)), upper(seats) - lower(seats)]::bigint[])::text
  FROM appointments_appointment WHERE doctor_id = d.id AND state IN ({form.STATES})
    AND starts_at > asked.starts_at - {AROUND} AND starts_at < asked.starts_at + {AROUND} * 2
    AND NOT (state IN ({form.BRIEF}) AND expires_at <= asked.moment))""",
    "over": f"""ARRAY({
        over("ARRAY[d.id]", "p.id", f"asked.starts_at - {BUFFERS}",
             f"asked.starts_at + k.duration_minutes * interval '1 minute' + {BUFFERS}",
             "asked.moment")})""",
    "prices": f"""(SELECT json_agg(json_build_array({COLUMNS}))::text {
        holding(service=f"'{SERVICE}' || k.code", doctor="d.public_id", level="d.level",
                department="dd.code", moment="asked.moment")})""",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What the columns of FACTS say, in their order. Without ``rules`` he never works there."""

    licence_until: date
    rules: str | None
    opening: str | None
    special: str | None
    leaves: str | None
    busy: str | None
    over: list[int]
    prices: str | None

    @property
    def price_rules(self) -> list[Sequence[object]]:
        """The rules of prices that hold, as ``prices.narrowest`` wants them."""
        return [
            (*rule, until and datetime.fromisoformat(until))
            for *rule, until in orjson.loads(self.prices or "[]")
        ]

    def calendar(
        self, kind: AppointmentType, branch: Branch | None, doctor_id: int, starts_at: datetime
    ) -> Calendar | None:
        """Return the doctor's calendar on the date of a time; None if he never works there."""
        if self.rules is None:
            return None
        place = place_of(kind, branch, doctor_id)
        day = starts_at.astimezone(ZoneInfo(place.zone)).date()
        rows = self._rows(doctor_id)
        return form.calendar_of(place, day, rows, step=kind.step_minutes * 60)

    def _rows(self, pk: int) -> Iterator[Row]:
        yield form.DOCTOR, pk, 0, 0, 0, "", self.licence_until, None
        yield form.RULE, pk, 0, 0, 0, self.rules, None, None
        yield form.BUSY, pk, 0, 0, 0, self.busy or "", None, None
        for weekday, start, end, since, until in form.numbers(self.opening or ""):
            yield form.OPENING, 0, weekday, start, end, "", form.day(since), form.day(until)
        for begins, ends in form.numbers(self.leaves or ""):
            yield form.LEAVE, pk, begins, ends, 0, "", None, None
        for doctor, branch, start, end, works_as, kind, day in orjson.loads(self.special or "[]"):
            what = form.OWN if doctor else form.PLACE if branch else form.HOUSE
            yield what, doctor or 0, start, end, works_as, kind, date.fromisoformat(day), None
