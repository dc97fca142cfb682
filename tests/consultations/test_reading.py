"""The quick reads of cases answer exactly what the documented shapes describe."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from clinic.core.api.renderers import FastJSONRenderer
from clinic.core.clock import now
from clinic.core.crypto import encrypt
from clinic.patients.selectors import id_number_context
from consultations.api.shapes import CaseForDoctor, ConsultationRow, PatientDetail
from consultations.models import Consultation
from consultations.selectors.consultations import list_for
from doctors.models import Department
from tests.cast import Member
from tests.consultations.conftest import Desk, person_of, waiting_case
from tests.doctors_cast import DoctorMember

Case = Callable[[Desk, Member, DoctorMember], str]
CASES: dict[str, Case] = {
    "draft": lambda desk, lin, _shen: desk.draft(lin, complaint=""),
    "ordered": lambda desk, lin, _shen: desk.ordered(lin, wanted_level="chief"),
    "assigned": lambda desk, lin, _shen: desk.paid(lin),
    "accepted": lambda desk, lin, shen: desk.accepted(lin, shen),
    "completed": lambda desk, lin, shen: desk.completed(lin, shen),
}


def described(shape: Any) -> Any:
    return orjson.loads(FastJSONRenderer().render(shape.data))


def read(member: Member, public_id: str) -> Any:
    return member.client.get(f"/api/v1/consultations/{public_id}").json()


@pytest.mark.parametrize("name", CASES)
def test_a_patient_reads_what_the_shape_describes(
    name: str, desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = CASES[name](desk, lin, shen)
    Consultation.objects.update(department=Department.objects.first())

    assert read(lin, public_id) == described(PatientDetail(desk.row(public_id)))


@pytest.mark.parametrize("name", ["assigned", "accepted", "completed"])
def test_a_doctor_reads_what_the_shape_describes(
    name: str, desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    person = person_of(lin)
    person.height_cm, person.weight_kg, person.city = "165.5", "52.25", "杭州"
    person.id_number_index, person.real_name_at = "0" * 64, now()
    person.id_number_sealed = encrypt("110101199003074477", context=id_number_context(person))
    person.save()
    public_id = CASES[name](desk, lin, shen)

    body = read(shen.member, public_id)

    assert body == described(CaseForDoctor(desk.row(public_id)))
    assert body["person"]["id_number"] == "110***********4477"


def test_a_waiting_patient_reads_his_place_in_the_queue(lin: Member, ge: Member) -> None:
    first, second = waiting_case(lin), waiting_case(ge)

    assert read(lin, str(first.public_id))["ahead"] == 0
    body = read(ge, str(second.public_id))
    assert body == described(PatientDetail(second))
    assert body["ahead"] == 1


@pytest.mark.parametrize(
    "query", ["", "?state=completed", "?open=true", "?open=false", "?open=true&state=completed"]
)
def test_both_sides_list_what_the_shape_describes(
    query: str, desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    desk.completed(lin, shen)
    desk.accepted(lin, shen)
    desk.draft(lin)
    state = "completed" if "state" in query else None
    is_open = "true" in query if "open" in query else None

    for member in (lin, shen.member):
        answer = member.client.get(f"/api/v1/consultations{query}").json()
        rows = list_for(member.actor, state=state, is_open=is_open)
        assert answer["results"] == described(ConsultationRow(rows, many=True))
        assert answer["count"] == rows.count()


def test_a_full_page_tells_how_many_cases_there_are(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    for _ in range(3):
        desk.completed(lin, shen)

    answer = lin.client.get("/api/v1/consultations?page=2&page_size=1").json()

    assert (answer["count"], len(answer["results"])) == (3, 1)
