"""One story of a branch: hours, leave, bookings, moves, cancellations and time, by their doors.

Each step says what must come of it beside ``diaries``; ``check`` what must be so after any.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.db import transaction

from appointments.enums import BLOCKING, Act, State
from appointments.models import Appointment, AppointmentType
from appointments.selectors import invariants
from appointments.services.sweeping import sweep
from clinic.accounts.tokens import issue_access
from clinic.core.clock import clinic_day, now
from clinic.core.invariants import Invariant, all_invariants
from clinic.core.roles import Role
from doctors.enums import DayKind
from doctors.models import CalendarDay
from tests.appointments.diaries import Diary, Spans, at, stands
from tests.appointments.front_desk import make_branch, make_type, post, step, wish
from tests.cast import Member, make_member
from tests.consultations.conftest import person_of
from tests.doctors_cast import make_doctor

MONDAY = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)  # 08:00 in the clinic
NOT_FREE = {
    "in_past", "too_soon", "too_far", "outside_hours", "off_grid", "slot_taken", "capacity_full",
    "person_booked",
}  # fmt: skip
NOT_WAITING = {"places_free", "already_waiting", "too_soon", "too_far", "in_past", "invalid"}
ENDED = (State.COMPLETED, State.CANCELLED, State.NO_SHOW, State.EXPIRED)
MOVABLE = (State.PENDING, State.CONFIRMED)
BY_THE_SWEEP = {
    invariants.waiting_past_its_end,
    invariants.idle_places,
    invariants.bookings_into_leave,
}
PROMISES = [one for one in all_invariants() if one.breaches.__module__.startswith("appointments.")]


class Story:
    """Two doctors, three patients, three services at one branch."""

    def __init__(self, run_events: Callable[[], int]) -> None:
        self.run_events = run_events
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.clock = time_machine.travel(MONDAY, tick=False)
        self.traveller = self.clock.start()
        self.branch = make_branch()
        self.kinds = [
            make_type(duration_minutes=60, buffer_after_minutes=15),
            make_type(capacity=2, needs_acceptance=True),
            make_type(price_fen=100),
        ]
        self.diaries = [Diary(make_doctor(name)) for name in ("沈一鸣", "吴静")]
        self.patients = [make_member(name, Role.PATIENT) for name in ("林", "葛", "秦")]
        for member in self.patients:
            person_of(member)
        self.mine: list[Appointment] = []
        self.may_end: set[int] = set()
        self.queue: list[Appointment] = []
        self.told: Counter[str] = Counter()
        for diary in self.diaries:
            self.tell_hours(diary, {day: [(540, 720), (780, 1020)] for day in range(7)})

    def forget(self) -> None:
        """Undo all of it."""
        self.clock.stop()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # What doctors and the clinic say of their time.

    def tell_hours(self, diary: Diary, week: dict[int, Spans]) -> None:
        hours = [
            {"branch": self.branch.code, "weekday": day, "start_minute": start,
             "end_minute": end, "valid_from": "2026-01-01"}
            for day, spans in week.items()
            for start, end in spans
        ]  # fmt: skip
        path = "/api/v1/doctor/calendar"
        answer = diary.doctor.client.put(path, {"hours": hours}, format="json")
        assert answer.status_code == 200, answer.json()
        diary.week = week

    def hours_change(self, who: int, days: set[int], opens: int, length: int) -> None:
        span = (opens * 60, min(opens + length, 22) * 60)
        self.tell_hours(self.diaries[who], {day: [span] for day in days})

    def a_day_differs(self, who: int, ahead: int, opens: int | None) -> None:
        diary, day = self.diaries[who], clinic_day(now()) + timedelta(days=ahead)
        CalendarDay.objects.filter(doctor=diary.doctor.doctor, date=day).delete()
        values: dict[str, Any] = {"kind": DayKind.CLOSED}
        if opens is not None:
            minutes = {"start_minute": opens * 60, "end_minute": (opens + 3) * 60}
            values = {"kind": DayKind.HOURS} | minutes
        CalendarDay.objects.create(doctor=diary.doctor.doctor, date=day, **values)
        diary.special[day] = [] if opens is None else [(opens * 60, (opens + 3) * 60)]

    def leave_is_entered(self, who: int, ahead: int, hour: int, hours: int) -> None:
        diary = self.diaries[who]
        since = at(clinic_day(now()) + timedelta(days=ahead), hour * 60)
        until = since + timedelta(hours=hours)
        if since <= now() or diary.is_away(since, until):
            return
        told = {"starts_at": since.isoformat(), "ends_at": until.isoformat()}
        answer = post(diary.doctor.member, "doctor/leaves", told)
        assert answer.status_code == 201, answer.json()
        diary.leaves.append((since, until))

    # What patients do.

    def book_a_free_start(self, who: int, what: int, doctor: int | None, which: int) -> None:
        kind, member = self.kinds[what], self.patients[who]
        free = self.suiting(member, kind, doctor)
        if free:
            self.book(who, kind, doctor, free[which % len(free)])

    def book_any_time(self, who: int, what: int, doctor: int | None, ahead: int, half: int) -> None:
        day = clinic_day(now()) + timedelta(days=ahead)
        self.book(who, self.kinds[what], doctor, at(day, half * 30))

    def book_like_another(self, which: int, what: int, *, is_elsewhere: bool) -> None:
        """Want the same time: the same person with the other doctor, or a rival with the same."""
        rows = [row for row in self.mine if self.fresh(row).state in BLOCKING]
        if not rows:
            return
        row = rows[which % len(rows)]
        assert row.starts_at is not None
        who = self.patients.index(self.owner(row))
        doctor = self.diaries.index(self.diary_of(row.doctor))
        if is_elsewhere:
            self.book(who, self.kinds[what], 1 - doctor, row.starts_at)
        else:
            self.book((who + 1) % len(self.patients), self.kinds[what], doctor, row.starts_at)

    def book(self, who: int, kind: AppointmentType, doctor: int | None, start: datetime) -> None:
        member = self.patients[who]
        told = {} if doctor is None else {"doctor_id": str(self.id_of(doctor))}
        is_free = start in self.free(kind, doctor) and not self.is_busy(member, kind, start)

        answer = post(
            member, "appointments",
            wish(member, kind, self.branch, starts_at=start.isoformat(), **told),
        )  # fmt: skip

        assert (answer.status_code == 201) == is_free, answer.json()
        self.told["booked" if is_free else answer.json()["code"]] += 1
        if is_free:
            self.mine.append(Appointment.objects.get(public_id=answer.json()["id"]))
        else:
            assert answer.json()["code"] in NOT_FREE

    def move(self, which: int, doctor: int | None, to: int) -> None:
        rows = [self.one(number) for number in range(len(self.mine))]
        rows = [row for row in rows if self.is_movable(row)] or rows[:1]
        if not rows:
            return
        row = rows[which % len(rows)]
        to_whom = row.doctor if doctor is None else self.diaries[doctor].doctor.doctor
        free = sorted(self.diary_of(to_whom).places(row.kind, now()))
        if not free:
            return
        start, member = free[to % len(free)], self.owner(row)
        is_elsewhere = (start, to_whom.pk) != (row.starts_at, row.doctor_id)
        is_busy = self.is_busy(member, row.kind, start, row)
        can = self.is_movable(row) and is_elsewhere and not is_busy

        told = {"starts_at": start.isoformat()}
        told |= {} if doctor is None else {"doctor_id": str(self.id_of(doctor))}
        answer = step(member, str(row.public_id), "move", told)

        if can:
            assert answer.status_code == 200, answer.json()
        before = (row.starts_at, row.doctor_id)
        row.refresh_from_db()
        is_there = (row.starts_at, row.doctor_id) != before
        assert is_there == (answer.status_code == 200 and (start, to_whom.pk) != before)
        self.told["moved" if is_there else "not moved"] += 1

    def cancel(self, which: int) -> None:
        rows = [row for row in self.mine if self.fresh(row).state in BLOCKING] or self.mine[:1]
        if not rows:
            return
        row = rows[which % len(rows)]
        can = row.state in BLOCKING and row.state != State.IN_PROGRESS and row.starts_at > now()
        answer = step(self.owner(row), str(row.public_id), "cancel")
        assert (answer.status_code == 200) == can, answer.json()
        if can:
            self.told["cancelled"] += 1
            self.may_end.add(row.pk)

    def wait(self, who: int, what: int, doctor: int | None, hours: int) -> None:
        kind, member = self.kinds[what], self.patients[who]
        until = now() + timedelta(hours=hours)
        body = {
            "type": kind.code,
            "branch": self.branch.code,
            "person_id": str(person_of(member).public_id),
            "doctor_id": None if doctor is None else str(self.id_of(doctor)),
            "until": until.isoformat(),
        }
        answer = post(member, "appointments/waiting", body)

        if answer.status_code == 201:
            self.told["waits"] += 1
            row = Appointment.objects.get(public_id=answer.json()["id"])
            self.queue.append(row)
            assert self.would_do(row) == []
        else:
            self.told[answer.json()["code"]] += 1
            assert answer.json()["code"] in NOT_WAITING, answer.json()

    def answer_an_offer(self, which: int, verb: str) -> None:
        rows = [row for row in self.queue if self.fresh(row).state == State.OFFERED]
        if not rows:
            return
        row = rows[which % len(rows)]
        is_kept = stands(row, now())
        answer = step(self.owner(row), str(row.public_id), f"offer/{verb}")
        assert (answer.status_code == 200) == is_kept, answer.json()
        if is_kept:
            self.told[f"offer {verb}"] += 1
            assert (self.fresh(row).state in BLOCKING) == (verb == "accept")

    def leave_the_line(self, which: int) -> None:
        rows = [row for row in self.queue if self.fresh(row).state == State.QUEUED]
        if rows:
            row = rows[which % len(rows)]
            assert step(self.owner(row), str(row.public_id), "cancel").status_code == 200

    # What doctors do, and time.

    def the_doctor_works(self, which: int, verb: str) -> None:
        if not self.mine:
            return
        row = self.one(which)
        doctor = self.diary_of(row.doctor).doctor
        answer = step(doctor.member, str(row.public_id), verb)
        assert answer.status_code in {200, 404, 409}, answer.json()
        if answer.status_code == 200 and verb == "finish":
            self.may_end.add(row.pk)

    def time_passes(self, minutes: int) -> None:
        self.traveller.shift(timedelta(minutes=minutes))
        everybody = [*self.patients, *(diary.doctor.member for diary in self.diaries)]
        for member in everybody:
            session = member.user.sessions.get()
            token = issue_access(member.public_id, session.public_id, now())
            member.client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    def the_sweep_runs(self) -> None:
        sweep()
        self.run_events()
        self.every_promise_holds(PROMISES)
        for row in Appointment.objects.filter(state__in=MOVABLE, starts_at__gt=now()):
            diary = self.diary_of(row.doctor)
            assert not diary.is_away(row.starts_at, row.ends_at), "somebody is left inside a leave"
        for row in self.queue:
            if self.fresh(row).state == State.QUEUED and row.expires_at > now():
                assert self.would_do(row) == [], "a place lies idle while somebody waits for it"

    # What must be so after each step.

    def check(self, kinds: Iterable[AppointmentType]) -> None:
        """Compare what is offered of these services, and prove every promise."""
        for kind in kinds:
            self.free_starts_are_offered_and_no_others(kind)
        self.every_promise_holds(one for one in PROMISES if one.breaches not in BY_THE_SWEEP)
        self.nobody_loses_a_place()

    def free_starts_are_offered_and_no_others(self, kind: AppointmentType) -> None:
        for number, diary in enumerate(self.diaries):
            assert self.offered(kind, number) == diary.places(kind, now())

    def every_promise_holds(self, promises: Iterable[Invariant]) -> None:
        broken = [(one.sentence, line) for one in promises for line in one.breaches()]
        assert broken == [], broken

    def nobody_loses_a_place(self) -> None:
        for row in Appointment.objects.filter(pk__in=[one.pk for one in self.mine]):
            if row.state in ENDED and row.pk not in self.may_end:
                assert self.is_over(row), (row.state, row.starts_at, row.expires_at)

    # Words of the story.

    def free(self, kind: AppointmentType, doctor: int | None) -> set[datetime]:
        asked = self.diaries if doctor is None else [self.diaries[doctor]]
        return {start for diary in asked for start in diary.places(kind, now())}

    def suiting(self, member: Member, kind: AppointmentType, doctor: int | None) -> list[datetime]:
        lasting = timedelta(minutes=kind.duration_minutes)
        rows = Appointment.objects.filter(patient=member.user, state__in=BLOCKING)
        busy = [(row.starts_at, row.ends_at) for row in rows if stands(row, now())]
        return [
            start
            for start in sorted(self.free(kind, doctor))
            if not any(since < start + lasting and start < until for since, until in busy)
        ]

    def offered(self, kind: AppointmentType, doctor: int) -> dict[datetime, int]:
        path = f"/api/v1/appointment-types/{kind.code}/slots"
        told = {"branch": self.branch.code, "doctor": str(self.id_of(doctor)), "days": 9}
        answer = self.patients[0].client.get(path, told).json()
        slots = [slot for day in answer["days"] for slot in day["slots"]]
        return {datetime.fromisoformat(slot["starts_at"]): slot["places"] for slot in slots}

    def is_busy(
        self,
        member: Member,
        kind: AppointmentType,
        start: datetime,
        but: Appointment | None = None,
    ) -> bool:
        end = start + timedelta(minutes=kind.duration_minutes)
        rows = Appointment.objects.filter(
            patient=member.user, state__in=BLOCKING, starts_at__lt=end, ends_at__gt=start
        )
        return any(stands(row, now()) for row in rows if but is None or row.pk != but.pk)

    def would_do(self, row: Appointment) -> list[datetime]:
        """Return the free starts that a waiting row would take and was never offered."""
        member, wanted = self.owner(row), row.wanted_doctor
        doctor = None if wanted is None else self.diaries.index(self.diary_of(wanted))
        if row.steps.filter(act=Act.OFFERED).exists():  # what was not taken does not come again
            return []
        first = max(row.wanted_from, now() + row.kind.min_notice + timedelta(minutes=30))
        last = row.wanted_until - timedelta(minutes=row.kind.duration_minutes)
        return [at for at in self.suiting(member, row.kind, doctor) if first <= at <= last]

    def fresh(self, row: Appointment) -> Appointment:
        row.refresh_from_db()
        return row

    def is_movable(self, row: Appointment) -> bool:
        is_early = row.starts_at is not None and row.starts_at - now() >= timedelta(hours=2)
        is_alone = row.kind.capacity == 1
        return row.state in MOVABLE and is_early and is_alone and row.moves < 3

    def is_over(self, row: Appointment) -> bool:
        """Say whether a row that nobody ended may have: by its time, or because leave hit it."""
        has_begun = row.starts_at is not None and row.starts_at <= now()
        if row.state == State.CANCELLED:
            return has_begun or row.steps.filter(act=Act.DISPLACED).exists()
        return row.state == State.EXPIRED or has_begun

    def one(self, which: int) -> Appointment:
        row = self.mine[which % len(self.mine)]
        row.refresh_from_db()
        return row

    def owner(self, row: Appointment) -> Member:
        return next(member for member in self.patients if member.user.pk == row.patient_id)

    def diary_of(self, doctor: Any) -> Diary:
        return next(diary for diary in self.diaries if diary.doctor.doctor.pk == doctor.pk)

    def id_of(self, doctor: int) -> Any:
        return self.diaries[doctor].doctor.doctor.public_id
