"""Papers that end: told 60, 30 and 7 days before, each once; on the day after the work stops."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from clinic.core.roles import Role
from clinic.notifications.models import Notice
from doctors.enums import Certification, CredentialKind, CredentialState
from doctors.models import Credential, Doctor
from doctors.rules.credentials import alert_due, has_practised_long
from doctors.tasks import watch_credentials
from tests.cast import Member, make_member
from tests.consultations.conftest import Desk, set_price
from tests.doctors.papers import approved, prove_everything
from tests.doctors_cast import DoctorMember, make_doctor
from tests.patients.test_consents import new_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]
START = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
END = date(2026, 5, 31)  # 90 days later


def watch_on(day: date) -> None:
    """Let the hourly task run in the morning of a day, twice."""
    morning = datetime(day.year, day.month, day.day, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    with time_machine.travel(morning, tick=False):
        watch_credentials()
        watch_credentials()


def told(member: Member) -> list[tuple[str, int | None]]:
    """Kinds of the member's notices about ends, oldest first, with the days left."""
    rows = Notice.objects.filter(user=member.user, kind__contains="credential_end").order_by("id")
    return [(row.kind, row.params.get("count")) for row in rows]


@pytest.fixture
def doctor(db: None) -> DoctorMember:
    """A doctor whose licence ends in ninety days."""
    with time_machine.travel(START, tick=False):
        doctor = make_doctor("沈一鸣")
        prove_everything(doctor, valid_until=END.isoformat())
    return doctor


def test_doctor_and_staff_are_told_three_times(doctor: DoctorMember, an: Member) -> None:
    for left in (61, 60, 59, 30, 7, 6, 0):
        watch_on(END - timedelta(days=left))

    days = [60, 30, 7]
    assert told(doctor.member) == [("credential_ending", left) for left in days]
    assert told(an) == [("doctor_credential_ending", left) for left in days]
    assert Credential.objects.filter(state=CredentialState.EXPIRED).count() == 0


def test_a_paper_that_is_renewed_ends_in_silence(doctor: DoctorMember) -> None:
    with time_machine.travel(START + timedelta(minutes=5), tick=False):
        licence = CredentialKind.PRACTICE_LICENCE
        approved(doctor, licence, valid_until=(END + timedelta(days=365)).isoformat())

    watch_on(END + timedelta(days=1))

    doctor.doctor.refresh_from_db()
    assert doctor.doctor.certification == Certification.CERTIFIED
    assert told(doctor.member) == []


def test_the_day_after_the_end_the_doctor_cannot_work(doctor: DoctorMember, an: Member) -> None:
    watch_on(END + timedelta(days=1))

    row = doctor.doctor
    row.refresh_from_db()
    assert (row.certification, row.presence.state, row.is_on_duty) == ("none", "offline", False)
    assert Credential.objects.get(kind=CredentialKind.PRACTICE_LICENCE).state == "expired"
    assert told(doctor.member)[-1] == ("credential_ended", None)
    assert told(an)[-1] == ("doctor_credential_ended", None)


def test_an_ended_title_is_told_but_stops_nobody(doctor: DoctorMember) -> None:
    with time_machine.travel(START, tick=False):
        approved(doctor, CredentialKind.TITLE, valid_until="2026-03-10")

    watch_on(date(2026, 3, 11))

    doctor.doctor.refresh_from_db()
    assert doctor.doctor.certification == Certification.CERTIFIED
    assert told(doctor.member) == [("credential_ended", None)]


def test_a_doctor_of_old_whose_licence_ended_is_stopped_as_well(db: None) -> None:
    with time_machine.travel(START, tick=False):
        make_doctor("吴静", licence_valid_until=END)

    watch_on(END)
    assert Doctor.objects.get().certification == Certification.CERTIFIED
    watch_on(END + timedelta(days=1))
    assert Doctor.objects.get().certification == Certification.NONE


def test_the_cases_of_a_doctor_whose_licence_ended_go_to_another(
    desk: Desk, doctor: DoctorMember
) -> None:
    with time_machine.travel(START, tick=False):
        patient = make_member("葛小兰", Role.PATIENT)
        for kind in ("service", "health_data"):
            new_version(kind)  # in force on that day
        Doctor.objects.update(is_on_duty=True)
        set_price()
        public_id = desk.paid(patient)
        assert desk.row(public_id).doctor == doctor.doctor

    with time_machine.travel(START + timedelta(days=91), tick=False):
        wu = make_doctor("吴静")
        watch_credentials()
        desk.run_events()

    assert desk.row(public_id).doctor == wu.doctor


@pytest.mark.parametrize(
    ("left", "before", "due"),
    [
        (61, (), None), (60, (), 60), (31, (60,), None), (30, (60,), 30), (5, (), 7),
        (5, (7,), None), (0, (60, 30), 7),
    ],
)  # fmt: skip
def test_alerts_by_days_left(left: int, before: tuple[int, ...], due: int | None) -> None:
    assert alert_due(left, before) == due


def test_years_of_practice_are_full_years() -> None:
    since = date(2020, 2, 29)

    assert not has_practised_long(since, date(2023, 2, 28))
    assert has_practised_long(since, date(2023, 3, 1))
