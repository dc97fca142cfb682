"""A doctor proves who he is before he accepts a consultation; a proof is good for twelve hours."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from clinic.accounts.enums import CodePurpose
from clinic.accounts.services.codes import send_code
from clinic.core.clock import now
from clinic.core.models import AuditEntry
from clinic.settings import rules
from doctors.enums import CredentialKind, IdentityMethod
from doctors.models import IdentityCheck
from tests.accounts.fakes import last_code
from tests.cast import Member
from tests.consultations.conftest import RECORD, Desk, post
from tests.doctors.papers import approved, picture, upload
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]
CHECK = "/api/v1/doctor/identity-check"
START = datetime(2026, 3, 2, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORD = {"method": "password", "password": "Cast-2026"}


def prove(doctor: DoctorMember, **proof: Any) -> Any:
    """Send a proof."""
    return doctor.client.post(CHECK, proof, format="json")


@pytest.fixture
def unproved(db: None) -> DoctorMember:
    """A doctor at work whose last proof is too old."""
    doctor = make_doctor("沈一鸣", proved=False)
    IdentityCheck.objects.create(
        doctor=doctor.doctor,
        method=IdentityMethod.CODE,
        passed_at=now() - rules.IDENTITY_CHECK_VALID,
    )
    return doctor


def test_accepting_wants_a_proof_and_goes_on_after_it(
    desk: Desk, lin: Member, unproved: DoctorMember
) -> None:
    public_id = desk.paid(lin)
    path = f"consultations/{public_id}/accept"

    refused = post(unproved.member, path)
    assert (refused.status_code, refused.json()["code"]) == (409, "identity_check_needed")
    assert refused.json()["door"] == "/api/v1/doctor/identity-check"
    assert desk.state(public_id) == "waiting_accept"

    assert prove(unproved, **PASSWORD).json()["is_confirmed"]
    assert post(unproved.member, path).status_code == 200
    assert desk.state(public_id) == "in_progress"


def test_a_proof_that_ends_mid_case_lets_the_case_be_finished_and_no_other_begin(
    desk: Desk, lin: Member, ge: Member, shen: DoctorMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = desk.accepted(lin, shen)
    conversation = desk.row(running).conversation
    assert conversation is not None
    foreign = desk.paid(ge)
    assert desk.row(foreign).doctor == shen.doctor
    wu = make_doctor("吴静")

    monkeypatch.setattr(rules, "IDENTITY_CHECK_VALID", timedelta(0))

    assert not shen.client.get(CHECK).json()["is_confirmed"]
    refused = post(shen.member, f"consultations/{foreign}/accept", {"fits_revisit": True})
    assert refused.json()["code"] == "identity_check_needed"
    handed = post(
        shen.member,
        f"consultations/{running}/transfer",
        {"doctor_id": str(wu.doctor.public_id), "reason": "experience", "note": ""},
    )
    assert handed.status_code < 300, handed.json()
    taken = post(wu.member, f"doctor/transfers/{handed.json()['id']}/accept")
    assert taken.json()["code"] == "identity_check_needed"
    said = post(
        shen.member,
        f"conversations/{conversation.public_id}/messages",
        {"cid": "1", "body": "请按时服药"},
    )
    assert said.status_code == 201
    assert shen.client.delete(f"/api/v1/consultations/{running}/transfer").status_code == 204
    done = post(shen.member, f"consultations/{running}/complete", RECORD)
    assert done.status_code == 200, done.json()
    desk.run_events()
    assert (desk.state(running), desk.state(foreign)) == ("completed", "waiting_accept")


def test_a_first_reply_accepts_only_for_who_has_proved_himself(
    desk: Desk, lin: Member, unproved: DoctorMember
) -> None:
    public_id = desk.paid(lin)
    conversation = desk.row(public_id).conversation
    assert conversation is not None

    said = {"cid": "1", "body": "您好"}
    post(unproved.member, f"conversations/{conversation.public_id}/messages", said)
    desk.run_events()

    assert desk.state(public_id) == "waiting_accept"
    kinds = [one["kind"] for one in unproved.client.get("/api/v1/notices").json()["results"]]
    assert kinds.count("identity_wanted") == 1


def test_a_proof_is_good_for_twelve_hours(db: None) -> None:
    with time_machine.travel(START, tick=False):
        doctor = make_doctor("沈一鸣")
    until = START + rules.IDENTITY_CHECK_VALID

    with time_machine.travel(START + timedelta(minutes=14), tick=False):
        shown = doctor.client.get(CHECK).json()
    with time_machine.travel(START + timedelta(minutes=14), tick=False):
        again = prove(doctor, **PASSWORD).json()

    assert datetime.fromisoformat(shown["valid_until"]) == until
    assert datetime.fromisoformat(again["valid_until"]) == until + timedelta(minutes=14)
    assert shown["methods"] == ["password", "code", "face"]


def test_a_wrong_password_proves_nothing_and_tries_are_counted(unproved: DoctorMember) -> None:
    before = IdentityCheck.objects.count()

    answers = [prove(unproved, method="password", password="no") for _ in range(6)]

    assert [one.status_code for one in answers] == [400] * 5 + [429]
    assert IdentityCheck.objects.count() == before


def test_a_code_of_this_purpose_proves_and_one_of_another_does_not(
    unproved: DoctorMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "CODES_PER_PHONE", ())
    phone = unproved.user.phone or ""

    def code(purpose: CodePurpose) -> str:
        send_code(phone=phone, purpose=purpose, address="127.0.0.1", now=now())
        return last_code(phone)

    foreign = prove(unproved, method="code", code=code(CodePurpose.LOGIN))
    right = prove(unproved, method="code", code=code(CodePurpose.IDENTITY))

    assert foreign.json()["code"] == "wrong_code"
    assert right.json()["is_confirmed"]


def test_a_face_is_compared_with_the_approved_portrait(unproved: DoctorMember) -> None:
    live = upload(unproved, purpose="identity")
    assert prove(unproved, method="face", picture=live).json()["code"] == "identity_method_away"
    approved(unproved, CredentialKind.PORTRAIT)

    other = upload(unproved, picture(turned=True), purpose="identity")
    strange = upload(unproved, purpose="chat")

    assert prove(unproved, method="face", picture=other).json()["code"] == "face_differs"
    assert prove(unproved, method="face", picture=strange).status_code == 400
    assert prove(unproved, method="face", picture=live).json()["is_confirmed"]
    notes = AuditEntry.objects.filter(verb="doctor.identity").order_by("-id")
    assert notes[0].note == {"method": "face"}
    for replay in (live, upload(unproved, purpose="identity")):
        assert prove(unproved, method="face", picture=replay).json()["code"] == "picture_used"
    assert IdentityCheck.objects.filter(method="face").count() == 1
    same = IdentityCheck.objects.exclude(picture_hash="").get().picture_hash
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityCheck.objects.create(doctor=unproved.doctor, method="face", picture_hash=same)


def test_without_a_comparer_faces_are_not_offered(unproved: DoctorMember, settings: Any) -> None:
    settings.DOCTOR_FACE_CHECK = ""

    assert unproved.client.get(CHECK).json()["methods"] == ["password", "code"]
    answer = prove(unproved, method="face", picture=upload(unproved, purpose="identity"))
    assert answer.json()["code"] == "identity_method_away"


def test_a_foreign_picture_and_a_missing_proof_are_refused(
    unproved: DoctorMember, wu: DoctorMember
) -> None:
    approved(unproved, CredentialKind.PORTRAIT)
    foreign = upload(wu, purpose="identity")

    assert prove(unproved, method="face", picture=foreign).status_code == 400
    assert prove(unproved, method="password").status_code == 400
    assert prove(unproved, method="voice").status_code == 400


def test_patients_staff_and_strangers_have_nothing_to_prove(
    lin: Member, bao: Member, anonymous: APIClient
) -> None:
    for client, status in ((lin.client, 403), (bao.client, 403), (anonymous, 401)):
        assert client.get(CHECK).status_code == status
        assert client.post(CHECK, PASSWORD, format="json").status_code == status
