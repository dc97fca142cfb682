"""The patient arrives, in time, late or never; what is left open is ended."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import segno
from django.utils.formats import date_format
from django.utils.translation import override

from appointments.models import Appointment, AppointmentStep
from appointments.services.codes import release_codes
from appointments.services.passes import pass_of, poster_of
from appointments.services.sweeping import sweep
from clinic.core.clock import CLINIC_ZONE, now
from clinic.core.invariants import all_invariants
from doctors.models import Branch
from payments.models import RecognisedIncome, Refund
from tests.appointments.front_desk import (
    PRICE_FEN,
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    row_of,
    step,
    wish,
)
from tests.cast import Member
from tests.doctors_cast import DoctorMember, make_doctor
from tests.payments.conftest import give_balance

pytestmark = pytest.mark.django_db
Events = Callable[[], int]
DESK = "appointments/check-in"


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


@pytest.fixture
def booked(lin: Member, branch: Branch, doctor: DoctorMember) -> Appointment:
    """Lin's visit, which begins in half an hour."""
    row = row_of(post(lin, "appointments", wish(lin, make_type(), branch)))
    return _shift(row, now() + timedelta(minutes=30))


def _shift(row: Appointment, start: datetime) -> Appointment:
    """Let an appointment be at another time, as if it had been booked long ago."""
    end = start + timedelta(minutes=30)
    Appointment.objects.filter(pk=row.pk).update(
        starts_at=start, ends_at=end, busy_from=start, busy_until=end
    )
    row.refresh_from_db()
    return row


def _paid(member: Member, branch: Branch, run_events: Events, hours: int = 24) -> Appointment:
    start = in_hours(hours).isoformat()
    kind = make_type(price_fen=PRICE_FEN)
    row = row_of(post(member, "appointments", wish(member, kind, branch, starts_at=start)))
    give_balance(member, PRICE_FEN)
    assert row.order is not None
    post(member, f"orders/{row.order.public_id}/pay", {"method": "balance"})
    run_events()
    row.refresh_from_db()
    assert row.state == "confirmed"
    return row


def _acts(row: Appointment) -> list[str]:
    return list(row.steps.order_by("id").values_list("act", flat=True))


def _breaches() -> list[str]:
    return [line for promise in all_invariants() for line in promise.breaches()]


def test_the_poster_at_the_entrance_checks_the_patient_in(
    lin: Member, branch: Branch, booked: Appointment
) -> None:
    told = step(lin, str(booked.public_id), "check-in", {"poster": poster_of(branch)}).json()

    assert (told["state"], told["minutes_late"]) == ("confirmed", 0)
    assert told["checked_in_at"]
    again = step(lin, str(booked.public_id), "check-in", {"poster": poster_of(branch)}).json()
    assert again["checked_in_at"] == told["checked_in_at"]
    assert _acts(booked) == ["booked", "checked_in"]
    assert AppointmentStep.objects.latest("id").note == {"way": "own", "minutes_late": 0}


def test_another_poster_or_none_is_no_proof(
    lin: Member, booked: Appointment, branch: Branch
) -> None:
    wrong = [poster_of(make_branch()), "", poster_of(branch)[:-1] + "_", pass_of(booked)]

    for poster in wrong:
        answer = step(lin, str(booked.public_id), "check-in", {"poster": poster})
        assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "poster")
    booked.refresh_from_db()
    assert booked.checked_in_at is None


def test_an_online_visit_needs_no_poster(lin: Member) -> None:
    give_hours(make_doctor("吴静"), None)
    row = row_of(post(lin, "appointments", wish(lin, make_type(mode="video"), None)))
    _shift(row, now() - timedelta(minutes=7))

    told = step(lin, str(row.public_id), "check-in").json()

    assert told["minutes_late"] == 7


def test_too_early_and_not_confirmed_are_refused(
    lin: Member, booked: Appointment, doctor: DoctorMember
) -> None:
    assert booked.branch
    body = {"poster": poster_of(booked.branch)}
    _shift(booked, now() + timedelta(minutes=61))
    early = step(lin, str(booked.public_id), "check-in", body)
    step(lin, str(booked.public_id), "cancel")
    over = step(lin, str(booked.public_id), "check-in", body)

    opens = datetime.fromisoformat(early.json()["opens_at"])
    assert timedelta(0) < opens - now() <= timedelta(minutes=1)
    with override("zh-hans"):
        there = date_format(opens.astimezone(CLINIC_ZONE), "DATETIME_FORMAT")
    assert early.json()["detail"] == f"签到从 {there} 开始。"
    codes = [answer.json()["code"] for answer in (early, over)]
    assert codes == ["too_early", "illegal_transition"]
    assert over.json()["state"] == "cancelled"
    words = [_detail_of(lin, booked, body, language) for language in ("en", "zh-hans")]
    assert ["“Cancelled”" in words[0], "“已取消”" in words[1]] == [True, True]


def _detail_of(lin: Member, row: Appointment, body: Any, language: str) -> str:
    headers = {"Accept-Language": language}
    path = f"/api/v1/appointments/{row.public_id}/check-in"
    return str(lin.client.post(path, body, format="json", headers=headers).json()["detail"])


def test_who_has_not_paid_is_told_so(
    lin: Member, bao: Member, branch: Branch, doctor: DoctorMember
) -> None:
    row = row_of(post(lin, "appointments", wish(lin, make_type(price_fen=8000), branch)))
    own = step(lin, str(row.public_id), "check-in", {"poster": poster_of(branch)})
    at_desk = post(bao, "appointments/check-in", {"code": row.code})

    told = [(answer.status_code, answer.json()["code"]) for answer in (own, at_desk)]
    assert told == [(409, "not_paid_yet")] * 2


def test_the_desk_takes_the_code_and_the_pass(
    lin: Member, bao: Member, an: Member, doctor: DoctorMember, booked: Appointment
) -> None:
    told = post(bao, DESK, {"code": booked.code}).json()
    assert (told["person"], told["doctor"], told["minutes_late"]) == ("林*月", "沈一鸣", 0)
    again = post(an, DESK, {"visit_pass": pass_of(booked)}).json()
    his = post(doctor.member, DESK, {"code": booked.code}).json()

    assert told["id"] == again["id"] == his["id"] == str(booked.public_id)
    assert _acts(booked) == ["booked", "checked_in"]


def test_the_desk_is_for_staff_and_the_doctor_of_the_patient(
    lin: Member, bao: Member, booked: Appointment
) -> None:
    wu = make_doctor("吴静").member
    bad = [
        post(lin, DESK, {"code": booked.code}),
        post(wu, DESK, {"code": booked.code}),
        post(wu, DESK, {"visit_pass": pass_of(booked)}),
        post(bao, DESK, {"visit_pass": pass_of(booked)[:-2]}),
        post(bao, DESK, {}),
        post(bao, DESK, {"code": booked.code, "visit_pass": pass_of(booked)}),
    ]

    assert [answer.status_code for answer in bad] == [403, 404, 404, 400, 400, 400]
    booked.refresh_from_db()
    assert booked.checked_in_at is None


def test_codes_to_scan_are_drawn_for_patient_and_staff(
    lin: Member, ge: Member, bao: Member, branch: Branch, booked: Appointment
) -> None:
    mine = lin.client.get(f"/api/v1/appointments/{booked.public_id}/qr")
    poster = bao.client.get(f"/api/v1/branches/{branch.code}/poster")

    for answer, text in ((mine, pass_of(booked)), (poster, poster_of(branch))):
        wanted = BytesIO()
        segno.make(text, error="m", micro=False).save(wanted, kind="svg", scale=8, border=4)
        assert answer["Content-Type"] == "image/svg+xml"
        assert answer.content == wanted.getvalue()
    assert ge.client.get(f"/api/v1/appointments/{booked.public_id}/qr").status_code == 404
    assert lin.client.get(f"/api/v1/branches/{branch.code}/poster").status_code == 403


def test_who_is_there_is_never_a_no_show(
    bao: Member, doctor: DoctorMember, booked: Appointment
) -> None:
    post(bao, DESK, {"code": booked.code})
    _shift(booked, now() - timedelta(minutes=40))

    answer = step(doctor.member, str(booked.public_id), "no-show")

    assert (answer.status_code, answer.json()["code"]) == (409, "patient_is_here")
    assert sweep() == 0


def test_the_first_no_show_of_a_year_is_forgiven_the_next_is_earned(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    first = _paid(lin, branch, run_events)
    second = _paid(lin, branch, run_events, hours=30)
    _shift(first, now() - timedelta(minutes=50))
    assert sweep() == 1
    _shift(second, now() - timedelta(minutes=16))
    assert step(doctor.member, str(second.public_id), "no-show").json()["state"] == "no_show"
    run_events()

    assert [refund.amount_fen for refund in Refund.objects.all()] == [PRICE_FEN]
    income = RecognisedIncome.objects.get()
    assert income.doctor_fen + income.clinic_fen == PRICE_FEN
    notes = AppointmentStep.objects.filter(act="missed").order_by("id")
    assert [one.note["forgiven"] for one in notes] == [True, False]
    assert _breaches() == []


def test_a_no_show_of_long_ago_is_forgotten(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    old, new = _paid(lin, branch, run_events), _paid(lin, branch, run_events, hours=30)
    _shift(old, now() - timedelta(minutes=50))
    assert sweep() == 1
    Appointment.objects.filter(pk=old.pk).update(ended_at=now() - timedelta(days=366))
    _shift(new, now() - timedelta(minutes=16))

    assert sweep() == 1

    assert Refund.objects.count() == 2
    assert not RecognisedIncome.objects.exists()


def test_a_visit_that_the_doctor_never_began_is_paid_back(
    lin: Member, bao: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    row = _shift(_paid(lin, branch, run_events), now())
    post(bao, DESK, {"code": row.code})
    _shift(row, now() - timedelta(hours=24))
    assert sweep() == 0
    _shift(row, now() - timedelta(hours=24, minutes=31))

    assert sweep() == 1

    row.refresh_from_db()
    assert (row.state, row.cancelled_by) == ("cancelled", "doctor")
    assert Refund.objects.get().amount_fen == PRICE_FEN
    assert _breaches() == []


def test_a_visit_whose_end_was_forgotten_is_finished(
    doctor: DoctorMember, booked: Appointment
) -> None:
    step(doctor.member, str(booked.public_id), "start")
    _shift(booked, now() - timedelta(hours=25))

    assert sweep() == 1

    booked.refresh_from_db()
    assert booked.state == "completed"
    assert sweep() == 0


def test_codes_are_used_again_after_ninety_days(lin: Member, booked: Appointment) -> None:
    step(lin, str(booked.public_id), "cancel")
    Appointment.objects.filter(pk=booked.pk).update(ended_at=now() - timedelta(days=89))
    assert release_codes() == 0
    Appointment.objects.filter(pk=booked.pk).update(ended_at=now() - timedelta(days=90))

    assert (release_codes(), release_codes()) == (1, 0)

    booked.refresh_from_db()
    assert not booked.is_code_taken


def test_wishes_are_changed_until_the_visit(
    lin: Member, ge: Member, doctor: DoctorMember, booked: Appointment
) -> None:
    address = f"/api/v1/appointments/{booked.public_id}"
    body = {"requirements": "需要轮椅"}
    for _ in range(2):
        told = lin.client.patch(address, body, format="json").json()
        assert told["requirements"] == "需要轮椅"
    assert _acts(booked) == ["booked", "changed"]

    assert ge.client.patch(address, body, format="json").status_code == 404
    assert doctor.member.client.patch(address, body, format="json").status_code == 403
    assert lin.client.patch(address, {}, format="json").status_code == 400
    _shift(booked, now() - timedelta(minutes=1))
    late = lin.client.patch(address, {"requirements": ""}, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "change_too_late")
