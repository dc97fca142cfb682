"""What bookings are judged by is kept by a process, and never stale: it is as if read anew."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import Mock
from uuid import UUID

import pytest
import time_machine
from django.db import connection

from appointments.models import Appointment, AppointmentType
from appointments.selectors import practices
from appointments.selectors.columns import COLUMNS
from appointments.selectors.practices import PRACTICES, Asked, KeptPractices, Practice
from clinic.accounts.models import User
from clinic.core.clock import now
from clinic.patients.models import Consent, ConsentText
from clinic.relations.models import Relation
from clinic.settings import rules as numbers
from doctors.enums import DayKind
from doctors.models import Branch, BranchHours, CalendarDay, Department, Doctor, Leave, WorkRule
from payments.enums import PriceScope
from payments.models import PriceRule
from tests.appointments.front_desk import (
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    wish,
)
from tests.cast import Member
from tests.consultations.conftest import person_of
from tests.doctors_cast import make_doctor

pytestmark = pytest.mark.django_db(transaction=True)
SOON = timedelta(seconds=30)
READ = ("price_fen", "state", "starts_at", "ends_at", "type", "branch", "doctor")


@dataclass
class House:
    """A branch with a doctor, a type, and a patient who books."""

    lin: Member
    kind: AppointmentType
    branch: Branch
    doctor: Doctor
    clock: Any

    def told(self) -> Any:
        """Book tomorrow and give it back; return what the patient reads of it."""
        body = wish(self.lin, self.kind, self.branch, doctor_id=str(self.doctor.public_id))
        answer = post(self.lin, "appointments", body)
        Appointment.objects.exclude(state="cancelled").update(
            state="cancelled", cancelled_by="patient", ended_at=now(), is_code_taken=False
        )
        names = READ if answer.status_code == 201 else ("code", "errors")
        return [answer.status_code, *map(answer.json().get, names)]

    def read(self) -> Any:
        """Do the same with nothing kept."""
        PRACTICES.forget()
        return self.told()


@pytest.fixture
def house(lin: Member) -> Iterator[House]:
    with time_machine.travel(now(), tick=False) as clock:
        branch, shen = make_branch(address="香草路 1 号"), make_doctor("沈一鸣")
        give_hours(shen, branch)
        yield House(lin, make_type(), branch, shen.doctor, clock)


def costs(house: House) -> None:
    service, until = f"appointment_{house.kind.code}", now() + SOON
    PriceRule.objects.create(
        service=service, scope=PriceScope.GLOBAL, amount_fen=5000, valid_until=until
    )
    PriceRule.objects.create(
        service=service, scope=PriceScope.GLOBAL, amount_fen=7000, valid_from=until
    )


def costs_less(_house: House) -> None:
    PriceRule.objects.filter(amount_fen=5000).update(amount_fen=4000)


def costs_more_later(house: House) -> None:
    house.clock.shift(SOON)


def costs_nothing_again(_house: House) -> None:
    PriceRule.objects.all().delete()


def is_called_otherwise(house: House) -> None:
    Doctor.objects.filter(pk=house.doctor.pk).update(name="沈一明")


def rises(house: House) -> None:
    Doctor.objects.filter(pk=house.doctor.pk).update(level="chief")


def changes_the_department(house: House) -> None:
    other = Department.objects.create(code="other", name="别科")
    Doctor.objects.filter(pk=house.doctor.pk).update(department=other)


def department_is_called_otherwise(_house: House) -> None:
    Department.objects.filter(code="other").update(name="又一科", code="again")


def branch_is_called_otherwise(house: House) -> None:
    Branch.objects.filter(pk=house.branch.pk).update(name="香草新店")


def branch_lies_elsewhere(house: House) -> None:
    Branch.objects.filter(pk=house.branch.pk).update(address="香草路 2 号")


def type_is_called_otherwise(house: House) -> None:
    AppointmentType.objects.filter(pk=house.kind.pk).update(name_zh="复诊", name_en="Again")


def lasts_longer(house: House) -> None:
    AppointmentType.objects.filter(pk=house.kind.pk).update(duration_minutes=60)


def wants_the_doctors_word(house: House) -> None:
    AppointmentType.objects.filter(pk=house.kind.pk).update(needs_acceptance=True)


def is_on_leave(house: House) -> None:
    Leave.objects.create(
        doctor=house.doctor, starts_at=in_hours(), ends_at=in_hours(26), entered_by="test"
    )


def is_back(_house: House) -> None:
    Leave.objects.update(cancelled_at=now())


def is_closed(house: House) -> None:
    for days in range(3):
        on = now().date() + timedelta(days=days)
        CalendarDay.objects.create(branch=house.branch, date=on, kind=DayKind.CLOSED)


def is_open_again(_house: House) -> None:
    CalendarDay.objects.all().delete()


def doctor_is_off(house: House) -> None:
    for days in range(3):
        CalendarDay.objects.create(
            doctor=house.doctor, date=now().date() + timedelta(days=days), kind=DayKind.CLOSED
        )


def opens_for_a_minute(house: House) -> None:
    for weekday in range(7):
        BranchHours.objects.create(
            branch=house.branch, weekday=weekday, start_minute=1, end_minute=2,
            valid_from=date(2020, 1, 1),
        )  # fmt: skip


def opens_as_ever(_house: House) -> None:
    BranchHours.objects.all().delete()


def is_given_elsewhere(house: House) -> None:
    house.kind.branches.set([make_branch()])


def is_given_here(house: House) -> None:
    house.kind.branches.set([])


def is_given_by_another(house: House) -> None:
    house.kind.doctors.set([make_doctor("吴双").doctor])


def is_given_by_all(house: House) -> None:
    house.kind.doctors.set([])


def takes_none(house: House) -> None:
    Doctor.objects.filter(pk=house.doctor.pk).update(is_appointment_open=False)


def takes_some(house: House) -> None:
    Doctor.objects.filter(pk=house.doctor.pk).update(is_appointment_open=True)


def lies_in_another_zone(house: House) -> None:
    Branch.objects.filter(pk=house.branch.pk).update(time_zone="Europe/Berlin")


def text_counts_at_once(_house: House) -> None:
    _new_text(now())


def text_is_new(_house: House) -> None:
    _new_text(now() + SOON)


def _new_text(since: datetime) -> None:
    text = ConsentText.objects.filter(kind="health_data").latest("version")
    ConsentText.objects.create(
        kind=text.kind, version=text.version + 1, title_zh="新", title_en="New", body_zh="新",
        body_en="New", effective_from=since,
    )  # fmt: skip


def text_is_in_force(house: House) -> None:
    house.clock.shift(SOON)


def is_agreed_to(house: House) -> None:
    text = ConsentText.objects.filter(kind="health_data").latest("version")
    Consent.objects.create(account=house.lin.user, person=person_of(house.lin), text=text)


def is_blocked(house: House) -> None:
    Relation.objects.create(doctor=house.doctor, patient=house.lin.user, is_blocked_by_patient=True)


def is_not_blocked(_house: House) -> None:
    Relation.objects.all().delete()


def has_no_valid_licence(house: House) -> None:
    Doctor.objects.filter(pk=house.doctor.pk).update(licence_valid_until=date(2020, 1, 1))


def has_a_valid_licence(house: House) -> None:
    Doctor.objects.filter(pk=house.doctor.pk).update(licence_valid_until=date(2099, 1, 1))


def is_switched_off(house: House) -> None:
    User.objects.filter(pk=house.doctor.user_id).update(is_active=False)


def is_switched_on(house: House) -> None:
    User.objects.filter(pk=house.doctor.user_id).update(is_active=True)


def works_no_more(_house: House) -> None:
    WorkRule.objects.all().delete()


def is_given_no_more(house: House) -> None:
    AppointmentType.objects.filter(pk=house.kind.pk).update(is_active=False)


Story = list[Callable[[House], None]]
NAMES_AND_PRICES: Story = [
    costs, costs_less, costs_more_later, costs_nothing_again, is_called_otherwise, rises,
    changes_the_department, department_is_called_otherwise, branch_is_called_otherwise,
    branch_lies_elsewhere, type_is_called_otherwise, lasts_longer, wants_the_doctors_word,
]  # fmt: skip
TIMES_AND_PLACES: Story = [
    is_on_leave, is_back, is_closed, is_open_again, doctor_is_off, is_open_again,
    opens_for_a_minute, opens_as_ever, is_given_elsewhere, is_given_here, is_given_by_another,
    is_given_by_all, takes_none, takes_some, lies_in_another_zone, works_no_more, is_given_no_more,
]  # fmt: skip
PEOPLE_AND_PAPERS: Story = [
    text_counts_at_once, is_agreed_to, text_is_new, text_is_in_force, is_agreed_to, is_blocked,
    is_not_blocked, has_no_valid_licence, has_a_valid_licence, is_switched_off, is_switched_on,
]  # fmt: skip
STORIES = pytest.mark.parametrize("story", [NAMES_AND_PRICES, TIMES_AND_PLACES, PEOPLE_AND_PAPERS])
# This shows later, by the clock.
SILENT = {text_is_new}
# What is the patient's own, passes with time or is asked by the write is judged anew each time; and
# where somebody is missing nothing is kept.
NEVER_KEPT = {
    costs_more_later, is_on_leave, is_back, text_is_in_force, is_agreed_to, is_blocked,
    is_not_blocked, is_switched_on, is_given_here, is_given_by_all, takes_none, takes_some,
}  # fmt: skip


@STORIES
def test_each_change_is_met_by_the_next_booking(house: House, story: Story) -> None:
    before = house.read()

    for change in story:
        change(house)
        after = house.told()

        assert after == house.read(), change
        assert (after != before) == (change not in SILENT), change
        before = after


@STORIES
def test_without_the_triggers_bookings_would_be_judged_by_what_was(
    house: House, story: Story
) -> None:
    for change in story:
        before = house.read()
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # no trigger fires
            change(house)
            cursor.execute("SET session_replication_role = DEFAULT")

        if change not in NEVER_KEPT:
            assert house.told() == before, change


def test_a_price_of_the_level_or_department_holds_from_the_change_on(house: House) -> None:
    for scope, fields in (("level", {"level": "chief"}), ("department", {"department_code": "x"})):
        PriceRule.objects.create(
            service=f"appointment_{house.kind.code}", scope=scope, amount_fen=3000, **fields
        )
    free = house.told()[1]

    rises(house)
    by_level = house.told()[1]
    Doctor.objects.update(level="resident")
    Department.objects.filter(pk=house.doctor.department_id).update(code="x")
    by_department = house.told()[1]

    assert (free, by_level, by_department) == (0, 3000, 3000)


def test_what_was_not_committed_when_it_was_read_counts_from_its_commit(house: House) -> None:
    early, late = connection.copy(), connection.copy()
    rename = "UPDATE doctors_doctor SET name = %s WHERE id = %s"
    try:
        early.set_autocommit(False)
        with early.cursor() as first, late.cursor() as second:
            first.execute(rename, ["沈二鸣", house.doctor.pk])
            second.execute("UPDATE doctors_branch SET address = '别处'")  # begun later, seen
            seen = house.read()
            assert house.told() == seen
            early.commit()

        assert house.told() != seen
        assert house.told() == house.read()
    finally:
        early.close()
        late.close()


def test_a_process_reads_a_practice_once_while_nothing_moves(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Mock(wraps=practices.practice_of)
    monkeypatch.setattr("appointments.selectors.named.practice_of", read)
    monkeypatch.setattr(numbers, "APPOINTMENT_PRACTICE_FOR", SOON)

    for _time in range(3):
        house.told()
    house.clock.shift(SOON)  # moves may be forgotten by then
    house.told()

    assert read.call_count == 2


def test_as_many_are_kept_as_there_is_room_for(house: House) -> None:
    few, moment = KeptPractices(2), datetime(2026, 11, 1, tzinfo=UTC)
    one = Practice(
        snapshot="1:1:", read_at=moment, timetable=None, prices=(), texts=(), columns=()
    )  # fmt: skip
    first, second, third = (Asked(f"t{n}", "", UUID(int=n)) for n in range(3))

    few.keep(first, one)
    few.keep(second, replace(one))
    assert few.last(first, moment) is one
    few.keep(third, replace(one))

    assert few.last(second, moment) is None
    assert few.last(first, moment) is one


def test_names_of_nothing_are_not_kept(house: House) -> None:
    body = wish(house.lin, house.kind, house.branch, doctor_id=str(house.lin.user.public_id))

    post(house.lin, "appointments", body)
    post(house.lin, "appointments", body | {"type": "nothing"})

    for asked in (
        Asked(house.kind.code, house.branch.code, house.lin.user.public_id),
        Asked("nothing", house.branch.code, house.lin.user.public_id),
    ):
        assert PRACTICES.last(asked, now()) is None


def test_each_kept_column_has_a_trigger_that_tells_of_its_change(house: House) -> None:
    never = {"id"}, {("u", "public_id")}
    for alias in practices.TABLES:
        model, names = COLUMNS[alias]
        told = _triggers(model._meta.db_table)
        if any("AFTER INSERT OR DELETE OR UPDATE ON" in one for one in told):
            continue
        (parts,) = [one for one in told if "UPDATE OF" in one]
        watched = {name.strip() for name in parts.partition(" OF ")[2].split(" ON ")[0].split(",")}
        kept = {name for name in names if (alias, name) not in never[1]} - never[0]
        assert kept <= watched, alias


def _triggers(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass"
            " AND tgname LIKE 'calendar_moved%%'",
            [table],
        )
        return [one for (one,) in cursor.fetchall()]
