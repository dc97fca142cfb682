"""How often an assignment goes to the database, and that what it tells leaves at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.models import Message
from clinic.core.roles import Role
from clinic.notifications.models import Notice
from clinic.realtime import push
from clinic.realtime.frames import Push
from consultations.models import AssignmentAttempt, ConsultationEvent
from consultations.services.assignment import Attempt, assign_doctor
from doctors.enums import Level
from tests.cast import Member, make_member
from tests.consultations.conftest import Desk, waiting_case
from tests.doctors_cast import DoctorMember, make_department, make_doctor

pytestmark = pytest.mark.django_db
# Lock and look; take a place; note it; open the conversation and greet; two notices; move the case.
TRIPS = 6


def _trips(work: Callable[[], Attempt]) -> tuple[str, list[str]]:
    """Return the outcome and the statements sent, without the frame of the transaction."""
    with CaptureQueriesContext(connection) as sent:
        outcome = work().outcome
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return outcome, [q["sql"] for q in sent if not q["sql"].startswith(frame)]


def test_one_assignment_goes_to_the_database_six_times(desk: Desk, lin: Member) -> None:
    make_doctor("沈一鸣")
    case = waiting_case(lin)

    outcome, sent = _trips(lambda: assign_doctor(case.pk))

    assert outcome == "assigned"
    assert len(sent) == TRIPS, "\n\n".join(sent)
    assert AssignmentAttempt.objects.filter(consultation=case).count() == 1
    assert ConsultationEvent.objects.filter(consultation=case, reason="assigned").count() == 1
    assert Message.objects.filter(code="doctor_assigned").count() == 1
    assert Notice.objects.filter(subject_public_id=case.public_id).count() >= 2


def test_more_steps_doctors_and_history_send_nothing_more(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    desk.completed(lin, shen)
    for number in range(20):
        make_doctor(f"医生{number}", level=Level.CHIEF, online=number % 2 == 0)
    make_department("heart", "心内科")
    case = waiting_case(lin, department_code="heart", wanted_level="attending")

    outcome, sent = _trips(lambda: assign_doctor(case.pk))

    assert outcome == "assigned"
    assert len(sent) == TRIPS


def test_a_fruitless_try_goes_to_the_database_four_times(desk: Desk) -> None:
    case = waiting_case(make_member("病人", Role.PATIENT))

    outcome, sent = _trips(lambda: assign_doctor(case.pk))

    assert outcome == "waiting"
    assert len(sent) == 4


def test_all_frames_of_an_assignment_leave_as_one_parcel(
    desk: Desk,
    lin: Member,
    shen: DoctorMember,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    case = waiting_case(lin)
    parcels: list[list[Push]] = []
    monkeypatch.setattr(push, "push_now", parcels.append)

    with django_capture_on_commit_callbacks(execute=True):
        assign_doctor(case.pk)

    both = {lin.user.public_id.hex, shen.user.public_id.hex}
    assert len(parcels) == 1
    frames = [(one.text("")[:40].split('"')[3], set(one.users)) for one in parcels[0]]
    assert frames == [
        ("conversation", both),
        ("msg", both),
        ("notice", {lin.user.public_id.hex}),
        ("notice", {shen.user.public_id.hex}),
        ("consultation", both),
        ("assigned", both),
    ]
