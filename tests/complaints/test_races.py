"""Rivals for one complaint, on real connections."""

from threading import Barrier
from uuid import UUID

import pytest
from django.db import DatabaseError

from clinic.complaints.enums import Kind, State, Subject
from clinic.complaints.models import Compensation, Complaint, ComplaintStep
from clinic.complaints.services import handling
from clinic.complaints.services.handling import Decision
from clinic.complaints.services.opening import Grievance, open_complaint
from clinic.core.clock import now
from clinic.core.errors import ClinicError
from clinic.core.roles import Role
from clinic.relations.enums import Source
from clinic.relations.models import Relation
from payments.models import RefundRequest
from tests.cast import Member, make_member
from tests.consultations.conftest import Desk
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def grievance(patient: Member) -> Grievance:
    """A complaint about a doctor whom the patient knows."""
    doctor = make_doctor().doctor
    Relation.objects.create(doctor=doctor, patient=patient.user, source=Source.SEARCH)
    return Grievance(
        subject=Subject.DOCTOR, subject_id=doctor.public_id, kind=Kind.ATTITUDE, text="态度差"
    )


def rivals_claim() -> list[str]:
    """Let four agents take one complaint at once; return what each was told."""
    lin = make_member("林小月", Role.PATIENT)
    complaint = open_complaint(told=grievance(lin), actor=lin.actor, now=now())
    agents = [make_member(f"客服{number}", Role.CUSTOMER_SERVICE) for number in range(4)]

    def claim(number: int) -> str:
        try:
            handling.claim(complaint.pk, actor=agents[number].actor, now=now())
        except ClinicError as error:
            return error.code
        return "mine"

    return sorted(together(4, claim))


def test_of_four_agents_one_gets_the_complaint() -> None:
    """Without the lock several of them believe that it is theirs."""
    assert rivals_claim() == ["complaint_taken"] * 3 + ["mine"]
    assert ComplaintStep.objects.filter(act="claimed").count() == 1


def test_without_the_lock_several_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handling, "locked", lambda key: Complaint.objects.get(pk=key))

    assert rivals_claim().count("mine") > 1


def rivals_decide(case: str, patient: Member) -> list[str]:
    """Let the handler's two windows decide at once with money; return what each was told."""
    told = Grievance(
        subject=Subject.CONSULTATION, subject_id=UUID(case), kind=Kind.LATE, text="太慢"
    )
    complaint = open_complaint(told=told, actor=patient.actor, now=now())
    agent = make_member("鲍文", Role.CUSTOMER_SERVICE)
    handling.claim(complaint.pk, actor=agent.actor, now=now())
    decision = Decision(is_justified=True, outcome="属实", compensation_fen=100)

    def decide(_number: int) -> str:
        try:
            handling.decide(complaint.pk, decision=decision, actor=agent.actor, now=now())
        except (ClinicError, DatabaseError):
            return "refused"
        return "decided"

    return sorted(together(2, decide))


@pytest.mark.parametrize("is_locked", [True, False])
def test_of_two_decisions_one_gives_money_by_the_lock_and_by_the_constraints(
    desk: Desk, lin: Member, shen: DoctorMember, monkeypatch: pytest.MonkeyPatch, *, is_locked: bool
) -> None:
    case = desk.completed(lin, shen)
    if not is_locked:
        looked = Barrier(2)

        def look(key: int) -> Complaint:
            found = Complaint.objects.get(pk=key)
            if found.state == State.IN_REVIEW:
                looked.wait(20)
            return found

        monkeypatch.setattr(handling, "locked", look)

    assert rivals_decide(case, lin) == ["decided", "refused"]
    assert Compensation.objects.count() == RefundRequest.objects.count() == 1


def test_a_patient_who_complains_twice_at_once_has_one_complaint() -> None:
    lin = make_member("林小月", Role.PATIENT)
    told = grievance(lin)

    def complain(_number: int) -> str:
        try:
            return str(open_complaint(told=told, actor=lin.actor, now=now()).state)
        except ClinicError as error:
            return error.code

    assert sorted(together(3, complain)) == ["complaint_open"] * 2 + [State.OPEN]
