"""The re-visit gate: no signature before the doctor confirms, and an end for what does not fit."""

import pgtrigger
import pytest
from django.db import IntegrityError, transaction

from clinic.core.clock import now
from clinic.core.constraints import translate
from clinic.core.ids import random_code
from clinic.notifications.models import Notice
from clinic.records.models import MedicalRecord
from consultations.errors import RevisitNotConfirmedError
from consultations.models import RevisitCheck
from consultations.selectors.invariants import signed_without_a_revisit
from tests.cast import Member
from tests.consultations.conftest import RECORD, Desk, post
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db


def _accepted(desk: Desk, lin: Member, shen: DoctorMember) -> str:
    """A case whose doctor accepted like before the gate, without a word on the re-visit."""
    public_id = desk.paid(lin)
    assert post(shen.member, f"consultations/{public_id}/accept").status_code == 200
    return public_id


def test_a_record_is_signed_only_after_the_doctor_confirms(
    desk: Desk, lin: Member, shen: DoctorMember, ge: Member
) -> None:
    public_id = _accepted(desk, lin, shen)
    wu = make_doctor("吴静")
    gate = f"consultations/{public_id}/revisit-check"

    refused = post(shen.member, f"consultations/{public_id}/complete", RECORD)
    assert (refused.status_code, refused.json()["code"]) == (409, "revisit_not_confirmed")
    assert desk.state(public_id) == "in_progress"
    told = {"fits": True}
    assert [post(one, gate, told).status_code for one in (lin, ge)] == [403, 403]
    assert post(wu.member, gate, told).status_code == 404
    assert post(shen.member, gate, told).json()["fits_revisit"] is True
    assert post(shen.member, gate, told).status_code == 200
    assert RevisitCheck.objects.count() == 1
    assert post(shen.member, f"consultations/{public_id}/complete", RECORD).status_code == 200


def test_the_confirmation_may_come_with_the_record(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = _accepted(desk, lin, shen)

    done = post(shen.member, f"consultations/{public_id}/complete", RECORD | {"fits_revisit": True})

    assert (done.status_code, done.json()["fits_revisit"]) == (200, True)


def test_what_the_patient_ended_is_signed_late_after_the_confirmation(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = _accepted(desk, lin, shen)
    post(lin, f"consultations/{public_id}/end")
    sign = f"consultations/{public_id}/record/sign"
    gate = f"consultations/{public_id}/revisit-check"

    assert post(shen.member, sign, RECORD).json()["code"] == "revisit_not_confirmed"
    assert post(shen.member, gate, {"fits": False}).json()["code"] == "illegal_transition"
    assert post(shen.member, gate, {"fits": True}).status_code == 200
    assert post(shen.member, sign, RECORD).status_code == 200


def test_what_does_not_fit_is_not_accepted_and_all_money_goes_back(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.paid(lin)

    ended = post(shen.member, f"consultations/{public_id}/accept", {"fits_revisit": False})
    again = post(shen.member, f"consultations/{public_id}/accept", {"fits_revisit": False})
    desk.run_events()

    assert (ended.json()["state"], ended.json()["fits_revisit"]) == ("referred_offline", False)
    assert again.status_code == 200
    case = desk.row(public_id)
    assert case.order is not None
    assert (case.order.left_fen, case.staff_task, case.accepted_at) == (0, "", None)
    moves = lin.client.get(f"/api/v1/consultations/{public_id}/history").json()["results"]
    assert moves[-1]["reason"] == "not_a_revisit"
    notices = Notice.objects.filter(user=lin.user, subject_public_id=public_id)
    assert notices.filter(kind="not_a_revisit").count() == 1
    shown = lin.client.get("/api/v1/notices", headers={"Accept-Language": "en"}).json()["results"]
    told = next(one for one in shown if one["kind"] == "not_a_revisit")
    assert "120" in str(told)


def test_what_turns_out_not_to_fit_later_leaves_the_money_to_staff(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)

    ended = post(shen.member, f"consultations/{public_id}/revisit-check", {"fits": False})

    assert ended.json()["state"] == "referred_offline"
    assert desk.row(public_id).staff_task == "refund_review"


def test_the_next_doctor_confirms_for_himself(desk: Desk, lin: Member, shen: DoctorMember) -> None:
    public_id = desk.accepted(lin, shen)
    wu = make_doctor("吴静")
    post(shen.member, f"consultations/{public_id}/return", {"reason": "other"})
    desk.run_events()
    post(wu.member, f"consultations/{public_id}/accept")

    refused = post(wu.member, f"consultations/{public_id}/complete", RECORD)

    assert refused.json()["code"] == "revisit_not_confirmed"


@pytest.mark.parametrize("told", [{}, {"fits_revisit": True}])
def test_who_takes_a_case_over_confirms_with_it_or_later_and_the_former_word_stays(
    told: dict[str, bool], desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)
    wu = make_doctor("吴静")
    asked = {"doctor_id": str(wu.doctor.public_id), "reason": "not_my_field"}
    offer = post(shen.member, f"consultations/{public_id}/transfer", asked).json()["id"]

    taken = post(wu.member, f"doctor/transfers/{offer}/accept", told).json()

    confirmed = True if told else None
    assert taken["fits_revisit"] is confirmed
    checks = RevisitCheck.objects.order_by("id").values_list("doctor__name", "fits")
    assert list(checks) == [("沈一鸣", True), *([("吴静", True)] if told else [])]
    signed = post(wu.member, f"consultations/{public_id}/complete", RECORD)
    assert signed.status_code == (200 if told else 409), signed.json()


def _said(member: Member, desk: Desk, public_id: str, language: str) -> list[str]:
    conversation = desk.row(public_id).conversation
    assert conversation is not None
    path = f"/api/v1/conversations/{conversation.public_id}/messages"
    shown = member.client.get(path, headers={"Accept-Language": language}).json()["messages"]
    return [str(message["body"]) for message in shown]


def test_the_patient_is_told_what_to_send_when_nothing_shows_a_revisit(
    desk: Desk, lin: Member, shen: DoctorMember, ge: Member
) -> None:
    bare = _accepted(desk, lin, shen)
    known = desk.draft(ge)
    told = {"complaint": "胃痛", "earlier_diagnosis": "市中医院：慢性胃炎"}
    ge.client.put(f"/api/v1/consultations/{known}/intake", told, format="json")
    desk.paid(ge)
    assert post(shen.member, f"consultations/{known}/accept").status_code == 200

    assert any("photo of the medical record" in text for text in _said(lin, desk, bare, "en"))
    assert any("既往诊断" in text for text in _said(lin, desk, bare, "zh-hans"))
    assert not any("既往诊断" in text for text in _said(ge, desk, known, "zh-hans"))


def _sign_behind_the_service() -> None:
    with transaction.atomic():
        MedicalRecord.objects.update(
            diagnosis="胃脘痛",
            advice="忌辛辣",
            state="signed",
            signed_at=now(),
            verify_token=random_code(22),
        )


def test_the_database_signs_no_case_whose_doctor_has_not_confirmed(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)
    wu = make_doctor("吴静")
    post(shen.member, f"consultations/{public_id}/return", {"reason": "other"})
    desk.run_events()
    post(wu.member, f"consultations/{public_id}/accept")
    path = f"/api/v1/consultations/{public_id}/record"
    assert wu.client.put(path, RECORD, format="json").status_code == 200

    with pytest.raises(IntegrityError) as refused:
        _sign_behind_the_service()

    assert isinstance(translate(refused.value), RevisitNotConfirmedError)
    with pgtrigger.ignore("consultations.SignedCase:signed_case_is_a_revisit"):
        _sign_behind_the_service()
    assert len(signed_without_a_revisit()) == 1
    post(wu.member, f"consultations/{public_id}/revisit-check", {"fits": True})
    assert signed_without_a_revisit() == []


def test_the_record_of_a_referral_is_signed_without_a_confirmation(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = _accepted(desk, lin, shen)
    assert post(shen.member, f"consultations/{public_id}/refer-offline").status_code == 200

    assert post(shen.member, f"consultations/{public_id}/record/sign", RECORD).status_code == 200
    assert signed_without_a_revisit() == []
