"""Reading without a right: with a reason, for a quarter of an hour, told to those it concerns."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import InternalError, transaction

from clinic.core.clock import now
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.notifications.models import Notice
from clinic.privacy.enums import EmergencyReason
from clinic.privacy.errors import EmergencyOverError
from clinic.privacy.models import EmergencyAccess
from clinic.privacy.selectors.emergency import open_access
from clinic.privacy.services.emergency import open_emergency, tell_patients
from clinic.settings import rules
from tests.cast import Member, make_member
from tests.consultations.conftest import post
from tests.doctors_cast import DoctorMember, make_doctor
from tests.privacy.conftest import get
from tests.records.conftest import Signed

pytestmark = pytest.mark.django_db
WORDS = "电话里昏迷，需要过敏史"


def opened(member: Member, lin: Member, **told: Any) -> Any:
    body = {"patient": str(lin.user.phone), "reason": "danger", "words": WORDS} | told
    return post(member, "emergency-accesses", body)


def test_a_doctor_without_the_right_reads_for_a_while_and_everybody_hears(
    lin: Member, shen: DoctorMember, an: Member, jian: Member, signed: Signed
) -> None:
    record = signed(lin, shen)
    wu = make_doctor("吴静").member
    assert get(wu, f"records/{record.public_id}").status_code == 404

    access = opened(wu, lin).json()["id"]
    overview = get(wu, f"emergency-accesses/{access}").json()
    text = get(wu, f"emergency-accesses/{access}/records/{record.public_id}")

    assert overview["records"][0]["allergies"] == "青霉素"
    assert overview["persons"][0]["name"] == "林小月"
    assert text.json()["diagnosis"] == record.diagnosis
    verbs = AuditEntry.objects.filter(note__why="emergency").order_by("id")
    assert [entry.verb for entry in verbs] == ["emergency.read", "account.read", "record.read"]
    assert {entry.note["access"] for entry in verbs} == {access}
    told = Notice.objects.filter(kind="emergency_reading").values_list("user_id", flat=True)
    assert set(told) == {an.user.pk, jian.user.pk}
    assert {row["why"] for row in get(lin, "privacy/reads").json()["results"]} == {"emergency"}


def test_it_is_over_after_its_time_and_belongs_to_one_reader(
    lin: Member, ge: Member, bao: Member, shen: DoctorMember
) -> None:
    access = opened(bao, lin).json()["id"]
    path = f"emergency-accesses/{access}"

    assert get(bao, path).status_code == 200
    assert get(shen.member, path).status_code == 404
    assert get(ge, path).status_code == 403
    assert opened(bao, lin).json()["id"] == access, "the open one goes on"


def test_the_one_check_says_when_the_time_is_over(lin: Member, bao: Member) -> None:
    opened_at = now()
    access = open_emergency(
        actor=bao.actor,
        whom=str(lin.public_id),
        reason=EmergencyReason.DANGER,
        words=WORDS,
        now=opened_at,
    )

    almost = opened_at + rules.EMERGENCY_TIME - timedelta(seconds=1)
    assert open_access(bao.actor, access.public_id, almost) == access
    with pytest.raises(EmergencyOverError):
        open_access(bao.actor, access.public_id, opened_at + rules.EMERGENCY_TIME)


def test_the_patient_hears_a_day_later_and_once(lin: Member, bao: Member) -> None:
    opened(bao, lin)

    assert tell_patients(now() + timedelta(hours=23)) == 0
    assert tell_patients(now() + timedelta(hours=25)) == 1
    assert tell_patients(now() + timedelta(hours=26)) == 0
    assert Notice.objects.filter(user=lin.user, kind="data_opened").count() == 1


def test_it_needs_a_reason_a_role_and_a_patient(
    lin: Member, ge: Member, jian: Member, bao: Member, shen: DoctorMember
) -> None:
    assert opened(bao, lin, words="急").status_code == 400
    assert opened(bao, lin, reason="curious").status_code == 400
    assert opened(bao, shen.member).status_code == 404, "a doctor is no patient"
    assert opened(bao, lin, patient="林小月").status_code == 404, "names find nobody"
    for member in (lin, ge, jian):
        assert opened(member, lin).status_code == 403
    assert not EmergencyAccess.objects.exists()


def test_five_a_day_are_enough(bao: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "EMERGENCIES_A_DAY", 2)
    people = [make_member(f"患者{number}", Role.PATIENT) for number in range(3)]

    codes = [opened(bao, one).status_code for one in people]

    assert codes == [201, 201, 429]


def test_who_looks_for_nobody_is_noted_and_stopped(
    bao: Member, shen: DoctorMember, lin: Member, ge: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "EMERGENCY_MISSES_A_DAY", 2)
    open_one = opened(bao, ge).json()["id"]
    guesses = ["13900000001", "+8613900000002"]

    codes = [opened(bao, lin, patient=guess).json()["code"] for guess in guesses]

    assert codes == ["no_such_patient"] * 2
    missed = AuditEntry.objects.filter(verb="emergency.missed")
    assert {entry.actor for entry in missed} == {bao.actor.label}
    assert [entry.note for entry in missed] == [
        {"role": "customer_service", "reason": "danger"}
    ] * 2
    assert not any(guess[-11:] in str(vars(entry)) for entry in missed for guess in guesses)
    for patient in (str(lin.user.phone), "13900000003"):
        assert opened(bao, lin, patient=patient).json()["code"] == "emergency_limit"
    assert missed.count() == 2
    assert opened(bao, ge).json()["id"] == open_one, "what is open stays open"
    assert opened(shen.member, lin).status_code == 201, "the limit is one person's"


def test_what_was_opened_stays_as_it_was(lin: Member, bao: Member) -> None:
    opened(bao, lin)

    rows: Any = EmergencyAccess.objects.all()
    for act in (lambda: rows.update(words="别的"), rows.delete):
        with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
            act()
