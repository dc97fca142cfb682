"""Kept answers about free times are never stale: whatever moves, they equal what is computed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models.functions import Now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from appointments.enums import Mode, State
from appointments.models import Appointment, AppointmentType, CalendarMove
from appointments.selectors.kept import SLOT_ANSWERS
from appointments.services.moves import forget_old_moves
from clinic.accounts.models import DeviceSession, User
from clinic.accounts.tokens import issue_access
from clinic.patients.models import VisitPerson
from doctors.enums import DayKind
from doctors.models import Branch, BranchHours, CalendarDay, Doctor, Leave, WorkRule
from tests.appointments.calendars import LONG_AGO, make_branch, make_person, make_type, take, work
from tests.cast import Member
from tests.doctors_cast import DoctorMember

pytestmark = pytest.mark.django_db(transaction=True)
SUNDAY = datetime(2026, 11, 15, 2, 0, 30, tzinfo=UTC)  # past ten in the morning in Shanghai
MONDAY = date(2026, 11, 16)
AT_TEN = datetime(2026, 11, 16, 2, tzinfo=UTC)


@dataclass
class House:
    """A branch with two doctors, and one who asks."""

    client: APIClient
    clock: Any
    branch: Branch
    visit: AppointmentType
    group: AppointmentType
    shen: DoctorMember
    wu: DoctorMember
    person: VisitPerson

    def questions(self) -> list[str]:
        """Addresses: a doctor's day, everybody's week, a group, online, the heat map."""
        week = "start_date=2026-11-15&days=7"
        return [
            f"doctors/{self.shen.doctor.public_id}/slots?start_date=2026-11-16&days=1",
            f"doctors/{self.wu.doctor.public_id}/slots?days=2",
            f"branches/1/slots?{week}",
            f"appointment-types/group/slots?branch=1&{week}",
            f"appointment-types/video/slots?{week}",
            f"appointment-types/visit/slots/heat?branch=1&{week}",
        ]

    def answers(self) -> list[Any]:
        """Ask everything; None for a question that is refused."""
        return [self.client.get(f"/api/v1/{path}").json().get("days") for path in self.questions()]

    def computed(self) -> list[Any]:
        """Ask everything anew; the answers are kept."""
        SLOT_ANSWERS.forget()
        return self.answers()

    def take(self, kind: AppointmentType, **fields: Any) -> Appointment:
        """Store an appointment of Shen on Monday at ten."""
        return take(self.shen, kind, self.person, AT_TEN, **fields)


@pytest.fixture
def house(
    anonymous: APIClient, shen: DoctorMember, wu: DoctorMember, lin: Member
) -> Iterator[House]:
    with time_machine.travel(SUNDAY, tick=False) as clock:
        branch = make_branch("1")
        visit = make_type("visit", min_notice=timedelta(hours=1), position=1)
        group = make_type("group", capacity=2)
        make_type("video", mode=Mode.VIDEO, max_advance=timedelta(days=3, hours=2))
        for doctor in (shen, wu):
            Doctor.objects.filter(pk=doctor.doctor.pk).update(branch=branch)
            work(doctor, branch, weekdays=range(7))
        work(wu, None, [(1200, 1320)], weekdays=range(7))
        yield House(anonymous, clock, branch, visit, group, shen, wu, make_person(lin))


def booked(house: House) -> None:
    house.take(house.visit)


def cancelled(house: House) -> None:
    rows = Appointment.objects.exclude(state=State.CANCELLED)
    rows.update(state=State.CANCELLED, cancelled_by="patient", ended_at=SUNDAY)


def joined(house: House) -> None:
    house.take(house.group, seats=(0, 1))


def given_to_another(house: House) -> None:
    Appointment.objects.exclude(state=State.CANCELLED).update(doctor=house.wu.doctor)


def moved(house: House) -> None:
    later = timedelta(hours=3)
    for row in Appointment.objects.exclude(state=State.CANCELLED):
        times = ("starts_at", "ends_at", "busy_from", "busy_until")
        Appointment.objects.filter(pk=row.pk).update(
            **{name: getattr(row, name) + later for name in times}
        )


def held(house: House) -> None:
    house.take(house.visit, state=State.HELD, expires_at=house_now() + timedelta(seconds=40))


def hold_is_over(house: House) -> None:
    house.clock.shift(timedelta(seconds=41))


def left(house: House) -> None:
    Leave.objects.create(
        doctor=house.shen.doctor, starts_at=AT_TEN, ends_at=AT_TEN + timedelta(hours=2),
        entered_by="test",
    )  # fmt: skip


def came_back(house: House) -> None:
    Leave.objects.update(cancelled_at=SUNDAY)


def works_longer(house: House) -> None:
    work(house.shen, house.branch, [(1080, 1200)])


def works_less(house: House) -> None:
    WorkRule.objects.filter(start_minute__gte=780, doctor=house.shen.doctor).delete()


def closes_early(house: House) -> None:
    BranchHours.objects.create(
        branch=house.branch, weekday=0, start_minute=540, end_minute=660, valid_from=LONG_AGO
    )


def is_closed(house: House) -> None:
    CalendarDay.objects.create(branch=house.branch, date=MONDAY, kind=DayKind.CLOSED)


def is_open_again(house: House) -> None:
    CalendarDay.objects.all().delete()


def lasts_longer(house: House) -> None:
    AppointmentType.objects.filter(code__in=["visit", "video"]).update(duration_minutes=90)


def is_given_by_one(house: House) -> None:
    house.visit.doctors.set([house.wu.doctor])


def is_given_elsewhere(house: House) -> None:
    house.visit.branches.set([make_branch("2")])


def is_given_here(house: House) -> None:
    house.visit.branches.set([])


def takes_none(house: House) -> None:
    Doctor.objects.filter(pk=house.shen.doctor.pk).update(is_appointment_open=False)


def is_switched_off(house: House) -> None:
    User.objects.filter(pk=house.wu.member.user.pk).update(is_active=False)


def is_switched_on(house: House) -> None:
    User.objects.update(is_active=True)


def lies_elsewhere(house: House) -> None:
    Branch.objects.filter(pk=house.branch.pk).update(time_zone="Europe/Berlin")


def notice_is_over(house: House) -> None:
    house.clock.shift(timedelta(hours=2))


def midnight_is_over(house: House) -> None:
    house.clock.shift(timedelta(hours=18))


# In this order each changes at least one answer.
STORY: list[Callable[[House], None]] = [
    booked, moved, given_to_another, cancelled, joined, cancelled, held, hold_is_over, left,
    came_back, works_longer, works_less, notice_is_over, closes_early, is_closed, is_open_again,
    lasts_longer, is_given_by_one, is_given_elsewhere, is_given_here, takes_none, is_switched_off,
    is_switched_on, lies_elsewhere, midnight_is_over,
]  # fmt: skip
BY_THE_CLOCK = (hold_is_over, notice_is_over, midnight_is_over)


def house_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 the frozen one


def test_each_change_ends_the_answers_that_it_changes(house: House) -> None:
    before = house.computed()

    for change in STORY:
        change(house)
        after = house.answers()

        assert after == house.computed(), change
        assert after != before, change
        before = after


def test_without_the_triggers_answers_would_be_stale(house: House) -> None:
    for change in STORY:
        before = house.computed()
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # no trigger fires
            change(house)
            cursor.execute("SET session_replication_role = DEFAULT")

        if change not in BY_THE_CLOCK:
            pairs = zip(before, house.answers(), strict=True)
            assert all(old == new for old, new in pairs if old is not None), change


@settings(
    max_examples=3, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    seconds=st.lists(st.integers(1, 4000), min_size=3, max_size=3),
    changes=st.lists(
        st.sampled_from([cancelled, came_back, is_open_again, is_closed, left, held, booked]),
        min_size=3,
        max_size=3,
    ),
)
def test_at_any_moment_kept_answers_equal_computed_ones(
    house: House, seconds: list[int], changes: list[Callable[[House], None]]
) -> None:
    for pause, change in zip(seconds, changes, strict=True):
        cancelled(house)
        is_open_again(house)
        came_back(house)
        change(house)
        house.answers()
        house.clock.shift(pause if pause % 2 else pause % 60)

        assert house.answers() == house.computed()


def test_what_was_not_committed_when_an_answer_was_made_ends_it_at_its_commit(
    house: House,
) -> None:
    early, late = connection.copy(), connection.copy()
    close = "UPDATE doctors_doctor SET is_appointment_open = false WHERE id = %s"
    try:
        early.set_autocommit(False)
        with early.cursor() as first, late.cursor() as second:
            first.execute(close, [house.shen.doctor.pk])
            second.execute(close, [house.wu.doctor.pk])  # begun later, committed before

            seen = house.computed()
            assert house.answers() == seen
            early.commit()

        assert house.answers() != seen
        assert house.answers() == house.computed()
    finally:
        early.close()
        late.close()


def test_who_asks_again_gets_the_kept_answer_and_its_etag(house: House) -> None:
    path = f"/api/v1/{house.questions()[0]}"

    first, second = house.client.get(path), house.client.get(path)
    third = house.client.get(path, headers={"If-None-Match": first["ETag"]})

    assert [one["Cache-Status"] for one in (first, second, third)] == [
        "slots; fwd=miss", "slots; hit", "slots; hit",
    ]  # fmt: skip
    assert first.content == second.content
    assert (third.status_code, third.content) == (304, b"")


def test_other_doctors_bookings_leave_a_doctors_answer_alone(house: House) -> None:
    of_shen, of_wu, *_ = (f"/api/v1/{path}" for path in house.questions())
    house.computed()

    house.take(house.visit)

    assert house.client.get(of_wu)["Cache-Status"] == "slots; hit"
    assert house.client.get(of_shen)["Cache-Status"] == "slots; fwd=miss"


def test_who_is_logged_out_gets_no_kept_answer(house: House, lin: Member) -> None:
    path = f"/api/v1/{house.questions()[0]}"
    session = DeviceSession.objects.get(user=lin.user)
    login = f"Bearer {issue_access(lin.user.public_id, session.public_id, SUNDAY)}"
    told = [house.client.get(path, headers={"Authorization": login}) for _time in range(2)]
    assert [one["Cache-Status"] for one in told] == ["slots; fwd=miss", "slots; hit"]

    DeviceSession.objects.update(revoked_at=SUNDAY, revoked_why="logout")

    assert house.client.get(path, headers={"Authorization": login}).status_code == 401


def test_old_moves_are_forgotten(house: House) -> None:
    assert CalendarMove.objects.exists()
    assert forget_old_moves() == 0

    CalendarMove.objects.update(at=Now() - timedelta(hours=2))

    assert forget_old_moves() > 0
    assert not CalendarMove.objects.exists()
