"""A doctor writes the record of a case, signs it, and corrects it."""

from typing import Any

import pytest
from django.db import InternalError, transaction

from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.records.models import MedicalRecord, RecordAddendum, RecordDiagnosis
from tests.cast import Member, make_member
from tests.consultations.conftest import RECORD, Desk, post
from tests.doctors_cast import DoctorMember
from tests.records.conftest import TOLD, Signed, make_code


def put(member: Member, path: str, body: Any) -> Any:
    return member.client.put(f"/api/v1/{path}", body, format="json")


def get(member: Member, path: str) -> Any:
    return member.client.get(f"/api/v1/{path}")


def test_a_draft_begins_with_the_complaint_and_grows(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    make_code("tcm_disease", "D01", "胃脘痛")
    make_code("tcm_pattern", "P01", "肝胃不和证")
    path = f"consultations/{desk.accepted(lin, shen)}/record"

    first = get(shen.member, path).json()
    codes = [{"system": "tcm_disease", "code": "D01"}, {"system": "tcm_pattern", "code": "P01"}]
    put(shen.member, path, {"tongue": "舌淡红", "diagnoses": codes})
    then = put(shen.member, path, {"pulse": "脉弦"})

    assert (first["number"], first["state"], first["diagnoses"]) == ("", "draft", [])
    assert first["chief_complaint"].startswith("反复胃痛")
    assert then.status_code == 200
    kept = get(shen.member, path).json()
    assert (kept["tongue"], kept["pulse"]) == ("舌淡红", "脉弦")
    assert [row["name"] for row in kept["diagnoses"]] == ["胃脘痛", "肝胃不和证"]
    assert get(lin, "records").json()["count"] == 0


def test_completing_signs_the_draft_and_the_patient_reads_it(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)
    put(shen.member, f"consultations/{public_id}/record", TOLD)

    done = post(shen.member, f"consultations/{public_id}/complete", {"advice": "清淡饮食。"})

    assert done.status_code == 200, done.json()
    short = done.json()["record"]
    record = get(lin, f"records/{short['id']}").json()
    assert (record["tongue"], record["advice"]) == (TOLD["tongue"], "清淡饮食。")
    assert (record["care_id"], record["printed"]["person"]) == (public_id, "林小月")
    assert len(record["content_hash"]) == 64
    assert get(lin, "records").json()["results"][0]["number"] == record["number"]


def test_the_short_way_still_takes_diagnosis_and_advice_alone(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.completed(lin, shen)

    told = get(lin, f"consultations/{public_id}").json()["record"]

    assert (told["diagnosis"], told["advice"]) == (RECORD["diagnosis"], RECORD["advice"])


@pytest.mark.parametrize(
    ("codes", "wanted"),
    [
        ([("tcm_disease", "D01")], "record_incomplete"),
        ([("tcm_pattern", "P01")], "record_incomplete"),
        ([("icd11", "SE91")], "record_incomplete"),
        ([("icd11", "SE91"), ("icd11", "DA42")], ""),
        ([("tcm_disease", "D01"), ("tcm_pattern", "P01")], ""),
        ([("tcm_disease", "D00"), ("tcm_pattern", "P01")], "invalid_input"),
        ([("icd10", "D01")], "invalid_input"),
    ],
)
def test_which_codes_may_be_signed_together(
    desk: Desk, lin: Member, shen: DoctorMember, codes: list[tuple[str, str]], wanted: str
) -> None:
    make_code("tcm_disease", "D00", "脾胃系病类", is_category=True)
    make_code("tcm_disease", "D01", "胃脘痛")
    make_code("tcm_pattern", "P01", "肝胃不和证")
    make_code("icd11", "SE91", "气滞证")
    make_code("icd11", "DA42", "胃炎")
    public_id = desk.accepted(lin, shen)
    diagnoses = [{"system": system, "code": code} for system, code in codes]

    body = {"advice": "忌辛辣。", "diagnoses": diagnoses}
    answer = post(shen.member, f"consultations/{public_id}/complete", body)

    assert answer.json().get("code", "") == wanted
    assert desk.state(public_id) == ("in_progress" if wanted else "completed")
    assert MedicalRecord.objects.filter(state="signed").exists() is not bool(wanted)


@pytest.mark.parametrize("missing", ["diagnosis", "advice"])
def test_an_incomplete_record_is_not_signed_and_the_case_goes_on(
    desk: Desk, lin: Member, shen: DoctorMember, missing: str
) -> None:
    public_id = desk.accepted(lin, shen)

    body = {name: text for name, text in RECORD.items() if name != missing}
    answer = post(shen.member, f"consultations/{public_id}/complete", body)

    assert (answer.status_code, answer.json()["code"]) == (400, "record_incomplete")
    assert desk.state(public_id) == "in_progress"


def test_a_record_is_signed_late_when_the_patient_ended_the_case(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)
    path = f"consultations/{public_id}/record/sign"

    early = post(shen.member, path, RECORD)
    post(lin, f"consultations/{public_id}/end")
    signed = post(shen.member, path, RECORD)
    again = post(shen.member, path, RECORD)
    draft = put(shen.member, f"consultations/{public_id}/record", RECORD)

    assert (early.status_code, early.json()["code"]) == (409, "illegal_transition")
    assert (signed.status_code, signed.json()["state"]) == (200, "signed")
    assert [again.json()["code"], draft.json()["code"]] == ["record_signed"] * 2


def test_a_draft_waits_until_the_case_runs(desk: Desk, lin: Member, shen: DoctorMember) -> None:
    public_id = desk.paid(lin)

    answer = put(shen.member, f"consultations/{public_id}/record", RECORD)

    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert not MedicalRecord.objects.exists()


def test_the_next_doctor_goes_on_with_the_draft_and_signs_it_as_his_own(
    desk: Desk, lin: Member, shen: DoctorMember, wu: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)
    first, second = (shen, wu) if desk.row(public_id).doctor_id == shen.doctor.pk else (wu, shen)
    put(first.member, f"consultations/{public_id}/record", {"tongue": "舌淡红"})
    post(first.member, f"consultations/{public_id}/return", {"reason": "other"})
    desk.run_events()
    post(second.member, f"consultations/{public_id}/accept", {"fits_revisit": True})

    gone = get(first.member, f"consultations/{public_id}/record")
    post(second.member, f"consultations/{public_id}/complete", RECORD)

    record = MedicalRecord.objects.get()
    assert gone.status_code == 404
    assert (record.tongue, record.doctor_id) == ("舌淡红", second.doctor.pk)
    assert get(first.member, f"records/{record.public_id}").status_code == 404


def test_the_database_refuses_to_change_what_is_signed(
    signed: Signed, lin: Member, shen: DoctorMember
) -> None:
    make_code("icd10", "K30", "功能性消化不良")
    record = signed(lin, shen, diagnoses=[{"system": "icd10", "code": "K30"}])
    row = RecordDiagnosis.objects.get()

    for change in (
        lambda: MedicalRecord.objects.update(advice="别的"),
        lambda: MedicalRecord.objects.all().delete(),
        lambda: RecordDiagnosis.objects.update(name="别的"),
        lambda: RecordDiagnosis.objects.all().delete(),
        lambda: RecordDiagnosis.objects.create(
            record=record, position=2, entry=make_code("icd10", "J00", "感冒"), code="J00"
        ),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            change()

    row.refresh_from_db()
    assert row.name == "功能性消化不良"


def test_a_correction_is_signed_beside_the_record(
    signed: Signed, lin: Member, shen: DoctorMember
) -> None:
    record = signed(lin, shen)
    path = f"records/{record.public_id}/addenda"

    first = post(shen.member, path, {"reason": "笔误", "text": "应为晨起反酸。"})
    second = post(shen.member, path, {"reason": "补充", "text": "既往体健。"})

    assert (first.status_code, second.status_code) == (201, 201)
    told = get(lin, path).json()["results"]
    assert [one["position"] for one in told] == [1, 2]
    assert told[0]["content_hash"] != told[1]["content_hash"]
    with pytest.raises(InternalError), transaction.atomic():
        RecordAddendum.objects.update(text="别的")
    with pytest.raises(InternalError), transaction.atomic():
        RecordAddendum.objects.all().delete()


def test_a_correction_sent_twice_is_stored_once(
    signed: Signed, lin: Member, shen: DoctorMember
) -> None:
    path = f"/api/v1/records/{signed(lin, shen).public_id}/addenda"
    body, headers = {"reason": "笔误", "text": "应为晨起反酸。"}, {"Idempotency-Key": "one"}

    answers = [
        shen.client.post(path, body, format="json", headers=headers).json()["id"] for _ in range(2)
    ]

    assert answers[0] == answers[1]
    assert RecordAddendum.objects.count() == 1


def test_a_record_has_a_last_correction(
    signed: Signed, lin: Member, shen: DoctorMember, settings: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("clinic.records.services.addenda.rules.ADDENDA_MAX", 1)
    path = f"records/{signed(lin, shen).public_id}/addenda"
    post(shen.member, path, {"reason": "笔误", "text": "一"})

    answer = post(shen.member, path, {"reason": "笔误", "text": "二"})

    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_addenda")


@pytest.mark.parametrize("way", ["", "/pdf", "/addenda"])
def test_strangers_other_patients_and_other_doctors_find_no_record(
    signed: Signed, lin: Member, ge: Member, shen: DoctorMember, wu: DoctorMember, way: str
) -> None:
    path = f"records/{signed(lin, shen).public_id}{way}"

    answers = [get(who, path).status_code for who in (ge, wu.member)]
    if way == "/addenda":
        body = {"reason": "笔误", "text": "一"}
        answers += [post(who, path, body).status_code for who in (wu.member,)]
        assert post(lin, path, body).status_code == 403

    assert set(answers) == {404}
    assert get(make_member("无角色"), path).status_code == 403


def test_what_is_not_asked_for_is_not_taken(desk: Desk, lin: Member, shen: DoctorMember) -> None:
    path = f"consultations/{desk.accepted(lin, shen)}/record"
    sly = {"state": "signed", "number": "1", "signature": "x", "verify_token": "t", "tongue": "淡"}

    put(shen.member, path, sly)

    record = MedicalRecord.objects.get()
    assert (record.state, record.signature, record.verify_token) == ("draft", "", "")
    assert record.number != "1"


def test_a_doctor_s_reading_is_noted_and_the_patient_s_is_not(
    signed: Signed, lin: Member, shen: DoctorMember, an: Member
) -> None:
    record = signed(lin, shen)

    get(lin, f"records/{record.public_id}")
    get(shen.member, f"records/{record.public_id}")

    notes = AuditEntry.objects.filter(verb="record.read")
    assert [note.actor for note in notes] == [shen.actor.label]
    assert not an.actor.has_role(Role.DOCTOR)


def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    signed: Signed, lin: Member, shen: DoctorMember, django_assert_num_queries: Any
) -> None:
    signed(lin, shen)
    with django_assert_num_queries(3):
        get(lin, "records")
    for _ in range(3):
        signed(lin, shen)

    with django_assert_num_queries(3):
        answer = get(lin, "records")

    assert answer.json()["count"] == 4
