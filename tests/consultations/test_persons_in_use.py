"""Who a visit person is stays from the order to the end of the case, and of a visit."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from clinic.core.roles import Role
from clinic.patients.models import VisitPerson
from consultations.services import ordering
from tests.appointments.front_desk import (
    give_hours,
    make_branch,
    make_type,
    row_of,
    wish,
)
from tests.cast import Member, make_member
from tests.consultations.conftest import RECORD, Desk, person_of, post, set_price
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember, make_doctor

OTHER = {"name": "王秀英", "id_number": "11010519491231002X"}
OWN_NUMBER = "110105199005010026"
HARMLESS = {
    "phone": "13900002222",
    "height_cm": "165.0",
    "weight_kg": "50.00",
    "relation": "family",
}


def _change(member: Member, person: VisitPerson, **told: Any) -> Any:
    path = f"/api/v1/visit-persons/{person.public_id}"
    return member.client.patch(path, told, format="json", headers={"Accept-Language": "en"})


def _remove(member: Member, person: VisitPerson) -> Any:
    return member.client.delete(f"/api/v1/visit-persons/{person.public_id}")


def _refused(answer: Any) -> bool:
    return (answer.status_code, answer.json().get("code")) == (409, "visit_person_in_use")


@pytest.mark.django_db
def test_who_is_treated_stays_from_the_order_to_the_signed_record(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    person = person_of(lin)
    desk.draft(lin)
    assert _change(lin, person, birthday="1990-05-02").status_code == 200  # a draft binds nobody
    assert _change(lin, person, birthday="1990-05-01").status_code == 200
    VisitPerson.objects.update(real_name_state="verified")
    case = desk.ordered(lin)

    for told in (
        OTHER | {"birthday": "1949-12-31"}, {"name": OTHER["name"]}, {"birthday": "1990-05-02"},
        {"gender": "male"}, {"id_number": OWN_NUMBER},
    ):  # fmt: skip
        assert _refused(_change(lin, person, **told)), told
    refused = _change(lin, person, name=OTHER["name"])
    assert _refused(refused)
    assert "customer service" in refused.json()["detail"]
    assert _change(lin, person, name=person.name, **HARMLESS).status_code == 200

    desk.paid(lin)
    assert (
        post(shen.member, f"consultations/{case}/accept", {"fits_revisit": True}).status_code == 200
    )
    assert _refused(_change(lin, person, gender="male"))
    assert _refused(_remove(lin, person))
    assert post(shen.member, f"consultations/{case}/complete", RECORD).status_code == 200
    assert _change(lin, person, name=OTHER["name"]).status_code == 200
    person.refresh_from_db()
    assert (person.name, person.real_name_state) == (OTHER["name"], "stale")
    assert _remove(lin, person).status_code == 204


@pytest.mark.django_db
def test_an_order_that_ends_unpaid_lets_the_person_be_corrected(desk: Desk, lin: Member) -> None:
    case, person = desk.ordered(lin), person_of(lin)
    assert _refused(_change(lin, person, name=OTHER["name"]))

    assert post(lin, f"consultations/{case}/cancel").status_code == 200

    assert _change(lin, person, name=OTHER["name"]).status_code == 200


@pytest.mark.django_db
def test_an_open_appointment_holds_what_is_known_and_lets_the_rest_be_told(lin: Member) -> None:
    branch, doctor = make_branch(), make_doctor("沈一鸣")
    give_hours(doctor, branch)
    row = row_of(post(lin, "appointments", wish(lin, make_type(), branch)))
    person = row.person
    VisitPerson.objects.update(birthday=None, gender="unknown")

    assert _refused(_change(lin, person, name="林大月", birthday="1990-05-01", gender="female"))
    assert _change(lin, person, birthday="1990-05-01", gender="female").status_code == 200
    assert _refused(_change(lin, person, birthday="1990-05-02"))
    assert _refused(_remove(lin, person))
    assert post(lin, f"appointments/{row.public_id}/cancel").status_code == 200
    assert _change(lin, person, birthday="1990-05-02").status_code == 200
    assert _remove(lin, person).status_code == 204


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
def test_a_change_waits_for_the_order_it_meets_but_without_the_lock(
    run_events: Callable[[], int], monkeypatch: pytest.MonkeyPatch, *, is_locked: bool
) -> None:
    set_price()
    desk, member = Desk(run_events), make_member("林小月", Role.PATIENT)
    case, person = desk.draft(member), person_of(member)
    use_consents = ordering.use_consents

    def use_late(*told: Any, **named: Any) -> None:
        """Give the rival time between the check and the order."""
        _sleep(0.6)
        use_consents(*told, **named)

    def change() -> Any:
        _sleep(0.2)
        return _change(member, person, name=OTHER["name"])

    monkeypatch.setattr(ordering, "use_consents", use_late)
    if not is_locked:
        monkeypatch.setattr(
            ordering, "locked_person", lambda _account, key: VisitPerson.objects.get(pk=key)
        )
    work = [lambda: post(member, f"consultations/{case}/order"), change]

    ordered, changed = together(2, lambda number: work[number]())

    assert ordered.status_code == 200
    assert _refused(changed) is is_locked


def _sleep(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])
