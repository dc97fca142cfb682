"""A blocked side starts nothing: consultations, assignment, appointments. What goes on, goes on."""

from collections.abc import Callable
from typing import Any

import pytest

from appointments.services.filling import fill
from clinic.relations.models import Relation
from tests.appointments.front_desk import give_hours, make_branch, make_type, row_of, wish
from tests.appointments.waiting_room import join
from tests.cast import Member
from tests.consultations.conftest import Desk, post, set_price
from tests.doctors_cast import DoctorMember
from tests.relations.conftest import follow, patients

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None, run_events: Callable[[], int]) -> Desk:
    """A desk in a clinic that has a price."""
    set_price()
    return Desk(run_events)


def _block_patient(doctor: DoctorMember, patient: Member) -> None:
    relation = follow(patient, doctor)
    answer = doctor.client.patch(
        f"/api/v1/doctor/patients/{relation}", {"is_blocked": True}, format="json"
    )
    assert answer.status_code == 200


def _block_doctor(patient: Member, doctor: DoctorMember) -> None:
    assert patient.client.put(f"/api/v1/doctors/{doctor.doctor.public_id}/block").status_code == 200


def _choose(desk: Desk, patient: Member, doctor: DoctorMember) -> Any:
    return desk.initiate(patient, kind="text_chosen", doctor_id=str(doctor.doctor.public_id))


def _close(doctor: DoctorMember) -> None:
    answer = doctor.client.patch(
        "/api/v1/doctor/profile", {"is_service_open": False}, format="json"
    )
    assert answer.status_code == 200


def _told(answer: Any) -> tuple[int, str, str]:
    problem = answer.json()
    return answer.status_code, problem["code"], problem["detail"]


def test_who_is_blocked_hears_what_everybody_hears_of_a_doctor_who_is_away(
    desk: Desk, lin: Member, ge: Member, shen: DoctorMember, wu: DoctorMember
) -> None:
    _block_patient(shen, lin)
    _close(wu)

    blocked, away = _choose(desk, lin, shen), _choose(desk, ge, wu)

    assert _told(blocked) == _told(away)
    assert blocked.json()["code"] == "doctor_not_available"
    assert _choose(desk, ge, shen).status_code == 201


def test_who_blocks_a_doctor_is_told_so(desk: Desk, lin: Member, shen: DoctorMember) -> None:
    _block_doctor(lin, shen)

    assert _choose(desk, lin, shen).json()["code"] == "blocked"


def test_a_draft_from_before_the_block_is_not_ordered(
    desk: Desk, lin: Member, ge: Member, shen: DoctorMember
) -> None:
    told = {"kind": "text_chosen", "doctor_id": str(shen.doctor.public_id)}
    drafts = {patient: desk.draft(patient, **told) for patient in (lin, ge)}
    _block_patient(shen, lin)
    _block_doctor(ge, shen)

    codes = [post(patient, f"consultations/{drafts[patient]}/order").json()["code"]
             for patient in (lin, ge)]  # fmt: skip

    assert codes == ["doctor_not_available", "blocked"]


@pytest.mark.parametrize("by_doctor", [True, False])
def test_nobody_is_given_a_doctor_of_whom_one_side_blocks_the_other(
    desk: Desk, lin: Member, shen: DoctorMember, wu: DoctorMember, by_doctor: bool
) -> None:
    if by_doctor:
        _block_patient(shen, lin)
    else:
        _block_doctor(lin, shen)

    case = desk.row(desk.paid(lin))

    assert case.doctor == wu.doctor


def test_a_case_waits_rather_than_go_to_the_blocked_doctor(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    _block_doctor(lin, shen)

    assert desk.row(desk.paid(lin)).state == "waiting_assignment"


def test_what_is_under_way_goes_on(desk: Desk, lin: Member, shen: DoctorMember) -> None:
    case = desk.accepted(lin, shen)
    _block_doctor(lin, shen)

    record = {"diagnosis": "胃脘痛", "advice": "忌辛辣"}

    assert post(shen.member, f"consultations/{case}/complete", record).status_code == 200


def test_the_open_consultation_is_still_found_after_a_block(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    case = desk.accepted(lin, shen, kind="text_chosen", doctor_id=str(shen.doctor.public_id))
    _block_patient(shen, lin)

    again = _choose(desk, lin, shen)

    assert (again.status_code, again.json()["consultation"]["id"]) == (200, case)


def test_a_consultation_makes_both_known_and_gives_credit_once(
    desk: Desk, lin: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    case = desk.accepted(lin, shen)
    run_events()
    begun = patients(shen)["results"][0]
    post(shen.member, f"consultations/{case}/complete", {"diagnosis": "胃脘痛", "advice": "忌辛辣"})
    run_events()
    run_events()

    ended = patients(shen)["results"][0]
    assert (begun["source"], begun["latest_consultation_id"]) == ("consultation", case)
    assert (begun["credit"], ended["credit"]) == (0, 10)
    assert begun["latest_report_id"] is None
    assert shen.client.get(f"/api/v1/records/{ended['latest_report_id']}").status_code == 200
    assert ended["is_followed"] is False


@pytest.mark.parametrize("by_doctor", [True, False])
def test_a_blocked_side_books_no_appointment(
    lin: Member, shen: DoctorMember, wu: DoctorMember, by_doctor: bool
) -> None:
    kind, branch = make_type(), make_branch()
    give_hours(shen, branch)
    give_hours(wu, branch)
    if by_doctor:
        _block_patient(shen, lin)
    else:
        _block_doctor(lin, shen)

    named = post(lin, "appointments", wish(lin, kind, branch, doctor_id=str(shen.doctor.public_id)))
    anybody = post(lin, "appointments", wish(lin, kind, branch))

    assert named.json()["code"] == ("invalid_input" if by_doctor else "blocked")
    assert anybody.status_code == 201
    assert anybody.json()["doctor"]["id"] == str(wu.doctor.public_id)


def test_an_appointment_makes_both_known(
    lin: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    kind, branch = make_type(), make_branch()
    give_hours(shen, branch)

    post(lin, "appointments", wish(lin, kind, branch))
    run_events()

    assert Relation.objects.get(doctor=shen.doctor, patient=lin.user).source == "appointment"


def test_the_waiting_list_offers_nobody_the_place_of_a_doctor_he_blocks(
    lin: Member, ge: Member, shen: DoctorMember
) -> None:
    kind, branch = make_type(), make_branch()
    give_hours(shen, branch)
    _block_doctor(lin, shen)

    waits, refused = join(lin, kind, branch), join(ge, kind, branch)
    fill(shen.doctor.pk)

    assert refused.json()["code"] == "places_free"
    assert row_of(waits).state == "queued"
