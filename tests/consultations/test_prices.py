"""The price a patient sees before is the price he is charged."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from clinic.core.ids import uuid7
from doctors.models import Doctor
from payments.models import PriceRule
from tests.cast import Member
from tests.consultations.conftest import Desk, set_price
from tests.doctors_cast import DoctorMember

PRICES = "/api/v1/prices"


def rule(amount_fen: int, scope: str, **target: Any) -> None:
    PriceRule.objects.create(
        service="text_consultation", scope=scope, amount_fen=amount_fen, **target
    )


def charged(desk: Desk, patient: Member, **told: Any) -> int:
    public_id = desk.ordered(patient, **told)
    case = patient.client.get(f"/api/v1/consultations/{public_id}").json()
    return int(case["order"]["amount_fen"])


def test_each_rule_of_a_doctor_is_shown_as_it_is_charged(
    desk: Desk, lin: Member, shen: DoctorMember, anonymous: APIClient
) -> None:
    doctor = shen.doctor
    set_price(1000)
    wanted = {"kind": "text_chosen", "doctor_id": str(doctor.public_id)}

    def both() -> tuple[int, int]:
        asked = {"doctor": str(doctor.public_id)}
        public_id = desk.draft(lin, **wanted)
        answer = anonymous.get(PRICES, asked).json()["amount_fen"]
        paid = charged(desk, lin, **wanted)
        lin.client.post(
            f"/api/v1/consultations/{public_id}/cancel", headers={"Idempotency-Key": str(uuid7())}
        )
        return answer, paid

    assert both() == (1000, 1000)
    rule(2000, "department", department_code=doctor.department.code)
    assert both() == (2000, 2000)
    rule(3000, "level", level=doctor.level)
    assert both() == (3000, 3000)
    rule(4000, "doctor", doctor_public_id=doctor.public_id)
    assert both() == (4000, 4000)
    Doctor.objects.filter(pk=doctor.pk).update(text_price_fen=5000)
    assert both() == (5000, 5000)


def test_a_level_and_a_department_are_shown_as_they_are_charged(
    desk: Desk, lin: Member, shen: DoctorMember, anonymous: APIClient
) -> None:
    set_price(1000)
    code = shen.doctor.department.code
    rule(2000, "department", department_code=code)
    rule(3000, "level", level="chief")

    by_department = anonymous.get(PRICES, {"department": code}).json()
    by_level = anonymous.get(PRICES, {"department": code, "level": "chief"}).json()

    assert (by_department["amount_fen"], by_department["source"]) == (2000, "department")
    assert (by_level["amount_fen"], by_level["source"]) == (3000, "level")
    assert charged(desk, lin, department_code=code, wanted_level="chief") == 3000


def test_an_unknown_doctor_is_a_404(db: None, anonymous: APIClient) -> None:
    set_price()

    assert anonymous.get(PRICES, {"doctor": str(uuid7())}).status_code == 404


@pytest.mark.parametrize("field", ["level", "department"])
def test_what_is_unknown_is_a_400_that_names_the_field(
    db: None, anonymous: APIClient, field: str
) -> None:
    set_price()

    answer = anonymous.get(PRICES, {field: "nowhere"})

    assert answer.status_code == 400
    assert [error["attr"] for error in answer.json()["errors"]] == [field]


def test_a_level_beside_a_doctor_is_refused(
    desk: Desk, shen: DoctorMember, anonymous: APIClient
) -> None:
    set_price()
    asked = {"doctor": str(shen.doctor.public_id), "level": "chief"}

    answer = anonymous.get(PRICES, asked)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "level"
