"""Calendars of doctors at one place: one statement, whatever the number of doctors and days."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from json import loads
from typing import Final

from appointments.enums import BLOCKING, SHORT
from appointments.rules import Busy, Calendar, Range, Stretch, stretches
from clinic.core.clock import CLINIC_ZONE
from clinic.core.statements import Row, Statement, rows_of
from doctors.rules.calendar import (
    NEVER,
    Hours,
    Spans,
    SpecialDay,
    Week,
    branch_day,
    doctor_day,
)
from doctors.rules.wall_clock import day_in, moment_of

ONLINE_ZONE: Final = CLINIC_ZONE.key
ONE_DAY: Final = timedelta(days=1)
BRACKETS: Final = str.maketrans("{}", "[]")
DOCTOR, RULE, OPENING, OWN, PLACE, HOUSE, LEAVE, BUSY = range(8)
STATES: Final = ", ".join(f"'{state.value}'" for state in BLOCKING)
BRIEF: Final = ", ".join(f"'{state.value}'" for state in SHORT)
TYPES: Final = (
    "bigint", "bigint", "bigint", "date", "date", "timestamptz", "timestamptz", "timestamptz",
)  # fmt: skip


# Each row: what it is, whose, three numbers, a word, two dates. The rules of a doctor are one word,
# because most doctors share a few weeks; so are his appointments, because they are many,
# with the first end of a hold among them. A hold that ran out takes no time: booking ends it first.
def _reading(only: str) -> str:
    return f"""
WITH asked AS MATERIALIZED (
  SELECT %s::bigint AS kind, %s::bigint AS branch, %s::bigint AS doctor, %s::date AS first,
    %s::date AS last, %s::timestamptz AS since, %s::timestamptz AS until, %s::timestamptz AS moment
), giving AS MATERIALIZED (
  SELECT d.id, d.licence_valid_until FROM doctors_doctor d JOIN accounts_user u ON u.id = d.user_id
  WHERE d.status = 'active' AND d.certification = 'certified' AND u.is_active
    AND d.is_appointment_open {only}
    AND d.id IN (SELECT doctor_id FROM doctors_workrule
                 WHERE coalesce(branch_id, 0) = (SELECT branch FROM asked))
    AND (d.id IN (SELECT doctor_id FROM appointments_appointmenttype_doctors
                  WHERE appointmenttype_id = (SELECT kind FROM asked))
         OR NOT EXISTS (SELECT 1 FROM appointments_appointmenttype_doctors
                        WHERE appointmenttype_id = (SELECT kind FROM asked)))
)
SELECT {DOCTOR}, id, 0::bigint, 0::bigint, 0::bigint, '',
  licence_valid_until, NULL::date
FROM giving
UNION ALL
SELECT {RULE}, doctor_id, 0, 0, 0, array_agg(ARRAY[weekday, start_minute, end_minute,
    valid_from - '0001-01-01', coalesce(valid_until, '9999-12-31') - '0001-01-01']
    ORDER BY weekday, start_minute)::text, NULL, NULL
FROM doctors_workrule
WHERE doctor_id IN (SELECT id FROM giving)
  AND coalesce(branch_id, 0) = (SELECT branch FROM asked)
  AND valid_from <= (SELECT last FROM asked)
  AND (valid_until IS NULL OR valid_until >= (SELECT first FROM asked))
GROUP BY doctor_id
UNION ALL
SELECT {OPENING}, 0, weekday, start_minute, end_minute, '', valid_from, valid_until
FROM doctors_branchhours WHERE branch_id = (SELECT branch FROM asked)
UNION ALL
SELECT
  CASE WHEN doctor_id IS NOT NULL THEN {OWN} WHEN branch_id IS NULL THEN {HOUSE} ELSE {PLACE} END,
  coalesce(doctor_id, 0), start_minute, end_minute, works_as, kind, date, NULL
FROM doctors_calendarday
WHERE date BETWEEN (SELECT first FROM asked) AND (SELECT last FROM asked)
  AND (doctor_id IN (SELECT id FROM giving)
       OR doctor_id IS NULL AND coalesce(branch_id, 0) IN (0, (SELECT branch FROM asked)))
UNION ALL
SELECT {LEAVE}, doctor_id, floor(date_part('epoch', starts_at))::bigint,
  ceil(date_part('epoch', ends_at))::bigint, 0, '', NULL, NULL
FROM doctors_leave
WHERE doctor_id IN (SELECT id FROM giving) AND cancelled_at IS NULL
  AND ends_at > (SELECT since FROM asked) AND starts_at < (SELECT until FROM asked)
UNION ALL
SELECT {BUSY}, doctor_id,
  floor(date_part('epoch', min(expires_at) FILTER (WHERE state IN ({BRIEF}))))::bigint, 0, 0,
  array_agg(ARRAY[floor(date_part('epoch', busy_from)),
    ceil(date_part('epoch', busy_until)), kind_id, floor(date_part('epoch', starts_at)),
    upper(seats) - lower(seats)]::bigint[])::text, NULL, NULL
FROM appointments_appointment
WHERE doctor_id IN (SELECT id FROM giving) AND state IN ({STATES})
  AND starts_at > (SELECT since - interval '1 day' FROM asked)
  AND starts_at < (SELECT until + interval '1 day' FROM asked)
  AND NOT (state IN ({BRIEF}) AND expires_at <= (SELECT moment FROM asked))
GROUP BY doctor_id
"""  # noqa: S608 put together from constants


# One doctor is found by his key, whatever the number of others.
READ_ALL: Final = Statement("calendars_of_place", TYPES, _reading(""))
READ_ONE: Final = Statement(
    "calendar_of_doctor", TYPES, _reading("AND d.id = (SELECT doctor FROM asked)")
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Whose calendars are read. Branch 0 is online, doctor 0 everybody who gives the type."""

    kind_id: int
    branch_id: int
    zone: str
    doctor_id: int = 0


@dataclass(slots=True)
class _Owner:
    """What the rows say of one doctor, of the branch, or of the house."""

    licence_until: date = date.min
    rules: str = ""
    week: dict[int, list[Hours]] = field(default_factory=lambda: defaultdict(list))
    special: dict[date, list[SpecialDay]] = field(default_factory=lambda: defaultdict(list))
    leaves: list[Range] = field(default_factory=list)
    busy: list[Busy] = field(default_factory=list)
    holds_until: int = 0


def calendars_of(
    place: Place, first: date, last: date, *, step: int, moment: datetime
) -> dict[int, Calendar]:
    """Return calendars from one date to another, both inclusive, by the doctor's key; one query.

    ``step`` in seconds is the grid. Doctors who never work there or may not work are left out.
    """
    days = [first + ONE_DAY * number for number in range((last - first).days + 2)]
    read = _Read(place, days, step)
    statement = READ_ONE if place.doctor_id else READ_ALL
    for row in rows_of(
        statement, place.kind_id, place.branch_id, place.doctor_id, first, days[-1],
        moment_of(read.days[0].edge(0)), moment_of(read.days[-1].edge(1440)), moment,
    ):  # fmt: skip
        read.take(row)
    return read.calendars()


class _Read:
    """Rows on their way to calendars. The last date only says what goes on after midnight."""

    def __init__(self, place: Place, days: Sequence[date], step: int) -> None:
        self.dates = days
        self.days = [day_in(place.zone, day) for day in days]
        self.step = step
        self.doctors: dict[int, _Owner] = defaultdict(_Owner)
        self.branch, self.house = _Owner(), _Owner()
        self.known: dict[str, list[Stretch]] = {}

    def take(self, row: Row) -> None:
        """Keep one row of the statement where it belongs."""
        what, whose, a, b, c, word, since, until = row
        owner = self.doctors[whose] if whose else self.house if what == HOUSE else self.branch
        if what == DOCTOR:
            owner.licence_until = since or date.min
        elif what == BUSY:
            owner.busy = [Busy._make(one) for one in numbers(word)]
            owner.holds_until = a or 0
        elif what == LEAVE:
            owner.leaves.append((a, b))
        elif what == RULE:
            owner.rules = word
        elif what == OPENING:
            owner.week[a].append(Hours(b, c, since, until))
        else:
            owner.special[since].append(SpecialDay(word, a, b, c))

    def calendars(self) -> dict[int, Calendar]:
        """Return what the rows say."""
        places, opening = self._places()
        return {
            key: Calendar(
                self._hours(doctor, places, opening),
                doctor.leaves,
                doctor.busy,
                doctor.holds_until,
            )
            for key, doctor in self.doctors.items()
        }

    def _places(self) -> tuple[list[Sequence[SpecialDay]], list[Spans]]:
        week, branch, house = Week(self.branch.week), self.branch.special, self.house.special
        places: list[Sequence[SpecialDay]] = [
            branch.get(day) or house.get(day) or () for day in self.dates
        ]
        pairs = zip(self.dates, places, strict=True)
        return places, [branch_day(day, week, special) for day, special in pairs]

    def _hours(
        self, doctor: _Owner, places: list[Sequence[SpecialDay]], opening: list[Spans]
    ) -> list[Stretch]:
        is_usual = not doctor.special and doctor.licence_until >= self.dates[-1]
        if is_usual and doctor.rules in self.known:
            return self.known[doctor.rules]
        week = _week(doctor.rules)
        spans = [
            doctor_day(day, week, doctor.special.get(day, ()), special, opened)
            if day <= doctor.licence_until
            else NEVER
            for day, special, opened in zip(self.dates, places, opening, strict=True)
        ]
        found = stretches(list(zip(self.days, spans, strict=True)), self.step)
        if is_usual:
            self.known[doctor.rules] = found
        return found


@lru_cache(maxsize=512)
def _week(rules: str) -> Week:
    """Return the week behind the word of a doctor's rules."""
    rows: dict[int, list[Hours]] = defaultdict(list)
    for weekday, start, end, since, until in numbers(rules):
        rows[weekday].append(Hours(start, end, day(since), day(until)))
    return Week(rows)


def numbers(word: str) -> list[list[int]]:
    """Return rows of numbers from PostgreSQL's text of them; none of an empty word."""
    rows: list[list[int]] = loads(word.translate(BRACKETS)) if word else []
    return rows


def day(number: int) -> date:
    """Return the date of a number of the statements: days since the first of all dates."""
    return date.fromordinal(number + 1)


def calendar_of(place: Place, on: date, rows: Iterable[Row], *, step: int) -> Calendar:
    """Return the one doctor's calendar of a date, from rows in the form of the statement."""
    read = _Read(place, [on, on + ONE_DAY], step)
    for row in rows:
        read.take(row)
    return read.calendars()[place.doctor_id]
