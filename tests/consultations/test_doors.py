"""Every verb refuses the stranger, the other patient, the other doctor and the wrong role."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from clinic.core.clock import now
from clinic.core.crypto import encrypt
from clinic.patients.models import VisitPerson
from clinic.patients.selectors import id_number_context
from consultations.models import Consultation
from tests.cast import Member
from tests.consultations.conftest import RECORD, Desk, person_of, post
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db

# verb: (body, side that may, state that the case must be in)
VERBS: dict[str, tuple[dict[str, Any], str, str]] = {
    "order": ({}, "patient", "draft"),
    "cancel": ({}, "patient", "paid"),
    "end": ({}, "patient", "accepted"),
    "review": ({"stars": 5}, "patient", "completed"),
    "accept": ({}, "doctor", "paid"),
    "decline": ({"reason": "busy"}, "doctor", "paid"),
    "return": ({"reason": "busy"}, "doctor", "accepted"),
    "complete": (RECORD, "doctor", "accepted"),
    "refer-offline": ({}, "doctor", "accepted"),
}


Others = tuple[Member, Member, APIClient]


@pytest.fixture
def others(ge: Member, bao: Member, anonymous: APIClient) -> Others:
    """The other patient, an agent and a stranger."""
    return ge, bao, anonymous


def _case(desk: Desk, patient: Member, doctor: DoctorMember, stage: str) -> str:
    if stage == "draft":
        return desk.draft(patient)
    if stage == "paid":
        return desk.paid(patient)
    if stage == "accepted":
        return desk.accepted(patient, doctor)
    return desk.completed(patient, doctor)


@pytest.mark.parametrize("verb", VERBS)
def test_only_the_right_person_of_the_right_case_may(
    verb: str, desk: Desk, lin: Member, others: Others, shen: DoctorMember
) -> None:
    body, side, stage = VERBS[verb]
    ge, bao, anonymous = others
    public_id = _case(desk, lin, shen, stage)
    wu = make_doctor("吴静")
    path = f"consultations/{public_id}/{verb}"
    right, other = (lin, ge) if side == "patient" else (shen.member, wu.member)
    wrong_role = shen.member if side == "patient" else lin
    state = desk.state(public_id)

    assert anonymous.post(f"/api/v1/{path}", body, format="json").status_code == 401
    assert post(wrong_role, path, body).status_code == 403
    assert post(bao, path, body).status_code == 403
    assert post(other, path, body).status_code == 404
    assert desk.state(public_id) == state
    assert post(right, path, body).status_code in {200, 201, 204}


@pytest.mark.parametrize("path", ["", "/history"])
def test_reading_is_for_the_two_of_the_case(
    path: str, desk: Desk, lin: Member, others: Others, shen: DoctorMember
) -> None:
    ge, bao, anonymous = others
    public_id = desk.paid(lin)
    wu = make_doctor("吴静")
    address = f"/api/v1/consultations/{public_id}{path}"

    assert [m.client.get(address).status_code for m in (lin, shen)] == [200, 200]
    assert [m.client.get(address).status_code for m in (ge, wu)] == [404, 404]
    assert bao.client.get(address).status_code == 403
    assert anonymous.get(address).status_code == 401


def test_a_chosen_doctor_does_not_see_a_case_before_it_is_his(desk: Desk, lin: Member) -> None:
    shen = make_doctor("沈一鸣")
    public_id = desk.ordered(lin, kind="text_chosen", doctor_id=str(shen.doctor.public_id))

    assert shen.client.get(f"/api/v1/consultations/{public_id}").status_code == 404
    assert shen.client.get("/api/v1/consultations").json()["count"] == 0


def test_the_doctor_sees_the_person_but_no_phone_and_a_masked_id_number(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    person = person_of(lin)
    sealed = encrypt("110101199003074514", context=id_number_context(person))
    VisitPerson.objects.filter(pk=person.pk).update(
        id_number_sealed=sealed, id_number_index="x" * 64, real_name_at=now()
    )
    public_id = desk.paid(lin)

    answer = shen.client.get(f"/api/v1/consultations/{public_id}")
    shown = answer.json()

    assert shown["person"]["name"] == lin.user.name
    assert shown["person"]["age"] >= 36
    assert shown["person"]["id_number"].startswith("110***")
    text = answer.content.decode()
    assert "110101199003074514" not in text
    assert person.phone not in text
    assert (lin.user.phone or "?") not in text
    assert "order" not in shown


def test_the_patient_sees_his_order_and_how_many_wait_before_him(
    desk: Desk, lin: Member, ge: Member
) -> None:
    desk.paid(ge)
    public_id = desk.paid(lin)

    shown = lin.client.get(f"/api/v1/consultations/{public_id}").json()

    assert (shown["state"], shown["ahead"]) == ("waiting_assignment", 1)
    assert shown["order"]["status"] == "paid"
    assert "id_number" not in shown["person"]


def test_the_list_holds_the_own_cases_and_filters_by_state(
    desk: Desk, lin: Member, ge: Member, shen: DoctorMember
) -> None:
    done = desk.completed(lin, shen)
    running = desk.paid(lin)
    desk.paid(ge)

    def ids(member: Member, query: str = "") -> list[str]:
        rows = member.client.get(f"/api/v1/consultations{query}").json()["results"]
        return [row["id"] for row in rows]

    assert ids(lin) == [running, done]
    assert ids(lin, "?state=completed") == [done]
    assert ids(lin, "?open=true") == [running]
    assert len(ids(shen.member)) == 3
    assert lin.client.get("/api/v1/consultations?state=nonsense").status_code == 400


def test_the_list_costs_the_same_queries_for_one_and_for_many(
    desk: Desk, lin: Member, shen: DoctorMember, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    desk.completed(lin, shen)

    def read() -> None:
        assert lin.client.get("/api/v1/consultations").status_code == 200

    read()
    with django_assert_num_queries(2):
        read()
    for _ in range(4):
        desk.completed(lin, shen)
    with django_assert_num_queries(2):
        read()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"person_id": "1"},
        {"person_id": None},
        {"person_id": "00000000-0000-0000-0000-000000000000"},
        {"kind": "video"},
        {"kind": "text_chosen"},
        {"kind": "text_chosen", "doctor_id": "00000000-0000-0000-0000-000000000000"},
        {"kind": "text_chosen", "is_instant": True},
        {"kind": "text_fast", "doctor_id": "00000000-0000-0000-0000-000000000000"},
        {"wanted_level": "professor"},
        {"department_code": "no-such"},
        {"complaint": "痛" * 2001},
        {"complaint": {"a": 1}},
    ],
)
def test_an_unusable_intake_is_a_400(body: dict[str, Any], desk: Desk, lin: Member) -> None:
    known = {"person_id": str(person_of(lin).public_id)} if "person_id" not in body else {}

    answer = post(lin, "consultations", (known if body else {}) | body)

    assert answer.status_code == 400, answer.json()
    assert all(fault["detail"] for fault in answer.json()["errors"])
    assert {fault["attr"] for fault in answer.json()["errors"]} <= {"person_id", "doctor_id", *body}
    assert not Consultation.objects.exists()


def test_an_order_needs_an_idempotency_key(desk: Desk, lin: Member) -> None:
    public_id = desk.draft(lin)

    answer = lin.client.post(f"/api/v1/consultations/{public_id}/order", {}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")


def test_the_seed_address_starts_a_case_with_a_chosen_doctor(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    body = {
        "doctorId": str(shen.doctor.public_id),
        "patientId": str(person_of(lin).public_id),
    }

    first, second = (
        lin.client.post("/1.1/functions/initiateConsultation", body, format="json").json()["result"]
        for _ in range(2)
    )

    assert (first["success"], first["isOld"], first["status"]) == (True, False, "0")
    assert (second["isOld"], second["consultationId"]) == (True, first["consultationId"])
    assert first["startAt"] > 1_700_000_000_000
    for name in body:
        wrong = body | {name: "00000000-0000-0000-0000-000000000000"}
        answer = lin.client.post("/1.1/functions/initiateConsultation", wrong, format="json")
        assert [fault["attr"] for fault in answer.json()["errors"]] == [name]
