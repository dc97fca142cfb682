"""What people are told of the waiting list, of doctors who decline, and of leave."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from appointments.models import Appointment
from appointments.services.filling import fill
from appointments.services.sweeping import sweep
from clinic.core.clock import now
from doctors.models import Branch
from tests.appointments.front_desk import give_hours, make_branch, make_type, post, step, wish
from tests.appointments.test_notices import book, told
from tests.appointments.waiting_room import fill_up, free, join
from tests.cast import Member
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
Events = Callable[[], int]


@pytest.fixture
def branch(db: None) -> Branch:
    """The branch."""
    return make_branch()


@pytest.fixture
def doctor(branch: Branch) -> DoctorMember:
    """The only doctor at the branch."""
    shen = make_doctor("沈一鸣")
    give_hours(shen, branch)
    return shen


def _wait(member: Member, branch: Branch, doctor: DoctorMember, **fields: object) -> Appointment:
    kind = make_type(duration_minutes=60, step_minutes=60, **fields)
    fill_up(doctor, kind, branch)
    answer = join(member, kind, branch)
    assert answer.status_code == 201, answer.json()
    free(doctor)
    fill(doctor.doctor.pk)
    return Appointment.objects.get(public_id=answer.json()["id"])


def _said(member: Member, language: str) -> dict[str, Any]:
    """Return the newest notice as somebody reads it who had no socket."""
    headers = {"accept-language": language}
    newest: dict[str, Any] = member.client.get("/api/v1/notices", headers=headers).json()[
        "results"
    ][0]
    return newest


def test_an_offer_is_told_and_so_is_its_end(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    row = _wait(lin, branch, doctor)
    assert row.state == "offered"
    assert told(lin, run_events) == ["place_offered"]
    assert row.expires_at is not None
    until = f"{row.expires_at.astimezone(ZoneInfo(branch.time_zone)):%H:%M}"
    for language, words in (("en", "Accept it by"), ("zh-hans", "请在")):
        shown = _said(lin, language)
        assert "沈一鸣" in shown["body"]
        assert until in shown["body"].split(words)[1]
        assert (shown["subject_kind"], shown["subject_id"]) == ("appointment", str(row.public_id))

    Appointment.objects.filter(pk=row.pk).update(expires_at=now())
    sweep()

    assert told(lin, run_events)[1] == "place_offer_over"
    assert _said(lin, "en")["body"].endswith("You stay on the waiting list.")
    assert "候补" in _said(lin, "zh-hans")["body"]


def test_an_accepted_offer_is_confirmed_to_both(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    _wait(lin, branch, doctor)
    run_events()
    offered = _said(lin, "en")["subject_id"]

    assert post(lin, f"appointments/{offered}/offer/accept").status_code == 200

    assert told(lin, run_events) == ["place_offered", "appointment_confirmed"]
    assert told(doctor.member, run_events)[-1] == "appointment_booked"


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "appointment_confirmed"),
        ({"price_fen": 8000}, "place_to_pay"),
        ({"needs_acceptance": True}, "place_found"),
    ],
)
def test_a_place_that_was_taken_for_somebody_is_told(
    lin: Member,
    branch: Branch,
    doctor: DoctorMember,
    run_events: Events,
    fields: dict[str, object],
    kind: str,
) -> None:
    _wait(lin, branch, doctor, waiting_way="take", **fields)

    assert told(lin, run_events) == [kind]


def test_waiting_in_vain_is_told(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    kind = make_type(duration_minutes=60, step_minutes=60)
    fill_up(doctor, kind, branch)
    join(lin, kind, branch)
    Appointment.objects.filter(state="queued").update(expires_at=now(), waits_until=now())

    sweep()

    assert told(lin, run_events) == ["wait_timed_out"]
    assert "no place became free in time" in _said(lin, "en")["body"]
    assert "没有空出号源" in _said(lin, "zh-hans")["body"]


def test_who_leaves_two_offers_unanswered_is_told_that_the_waiting_ended(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    row = _wait(lin, branch, doctor)
    run_events()
    Appointment.objects.filter(pk=row.pk).update(expires_at=now())
    sweep()
    run_events()

    free(doctor, hours=1)
    fill(doctor.doctor.pk)
    Appointment.objects.filter(pk=row.pk, state="offered").update(expires_at=now())
    sweep()

    assert told(lin, run_events)[-1] == "wait_ended"
    assert "did not take the offered places" in _said(lin, "en")["body"]
    assert "没有及时接受" in _said(lin, "zh-hans")["body"]


def test_whose_waiting_is_over_with_his_first_offer_is_not_told_that_he_took_none(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    row = _wait(lin, branch, doctor)
    run_events()
    Appointment.objects.filter(pk=row.pk).update(expires_at=now(), waits_until=now())

    sweep()

    assert told(lin, run_events)[-1] == "wait_timed_out"
    row.refresh_from_db()
    assert (row.state, row.steps.latest("pk").act) == ("expired", "timed_out")


def test_a_declined_booking_tells_the_patient_and_the_next_doctor(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    row = book(lin, branch, needs_acceptance=True)
    run_events()
    wu = make_doctor("吴静")
    give_hours(wu, branch)

    answer = step(doctor.member, str(row.public_id), "decline", {"reason": "busy"})

    assert answer.status_code == 204
    assert told(lin, run_events) == ["appointment_reassigned"]
    assert told(wu.member, run_events) == ["appointment_asked"]
    assert told(doctor.member, run_events) == ["appointment_asked", "appointment_withdrawn"]


def test_what_leave_hits_is_told_with_free_times_near_it(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    kind = make_type()
    body = wish(lin, kind, branch)
    row = Appointment.objects.get(public_id=post(lin, "appointments", body).json()["id"])
    run_events()
    assert row.starts_at is not None
    assert row.ends_at is not None

    leave = {"starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat()}
    answer = post(doctor.member, "doctor/leaves", leave)

    assert answer.status_code == 201, answer.json()
    assert told(lin, run_events) == ["appointment_confirmed", "appointment_called_off_near"]
    assert told(doctor.member, run_events) == ["appointment_booked", "appointment_cancelled"]
