"""The intake: told in versions, read by the two of the case, frozen by the acceptance."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from chat.models import Message
from clinic.core.clock import clinic_day, now
from clinic.core.models import AuditEntry
from clinic.records.models import MedicalRecord
from consultations.models import IntakeSheet
from doctors.models import Department
from tests.cast import Member
from tests.consultations.conftest import COMPLAINT, RECORD, Desk, person_of, post
from tests.doctors_cast import DoctorMember, make_department, make_doctor
from tests.files.samples import image, pdf

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}
FORM: dict[str, Any] = {
    "complaint": "反复胃痛三个月",
    "duration": {"value": 3, "unit": "month"},
    "allergy": "known",
    "allergies": "青霉素",
    "pregnancy": "breast_feeding",
    "drugs": "奥美拉唑，每日一次",
    "ten_questions": {
        "cold_heat": {"choices": ["chilly"], "text": "手脚凉"},
        "stool_urine": {"choices": ["loose"]},
        "past_illness": {"choices": ["heart"], "text": ""},
    },
    "height_cm": "165.0",
    "weight_kg": "52.5",
    "earlier_diagnosis": "2026年5月市中医院：慢性胃炎",
}


def upload(member: Member, data: bytes, purpose: str, name: str = "a.png") -> str:
    form = {"file": SimpleUploadedFile(name, data), "purpose": purpose}
    answer = member.client.post("/api/v1/files", form, format="multipart")
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["id"])


def tell(member: Member, public_id: str, **told: Any) -> Any:
    path = f"/api/v1/consultations/{public_id}/intake"
    return member.client.put(path, told, format="json", headers=ENGLISH)


def read(member: Member, public_id: str, query: str = "") -> Any:
    return member.client.get(f"/api/v1/consultations/{public_id}/intake{query}", headers=ENGLISH)


def test_an_intake_is_told_in_versions_read_by_two_and_begins_the_record(
    desk: Desk, lin: Member, shen: DoctorMember, ge: Member
) -> None:
    tongue = upload(lin, image(), "intake_photo")
    paper = upload(lin, pdf(), "earlier_diagnosis", "a.pdf")
    files = [{"use": "tongue", "id": tongue}, {"use": "earlier", "id": paper}]
    public_id = desk.draft(lin)
    ordered = post(lin, f"consultations/{public_id}/order", {"intake": FORM | {"files": files}})
    assert ordered.status_code == 200, ordered.json()
    assert ordered.json()["intake"] == {
        "version": 2,
        "source": "form",
        "has_earlier_diagnosis": True,
        "red_flags": [],
    }
    desk.paid(lin)
    wu = make_doctor("吴静")

    changed = tell(lin, public_id, **FORM | {"files": files, "drugs": "停药一周"})
    assert (changed.status_code, changed.json()["version"]) == (200, 3)
    seen = read(shen.member, public_id).json()
    assert (seen["version"], seen["drugs"], seen["is_frozen"]) == (3, "停药一周", False)
    assert seen["duration"] == {"value": 3, "unit": "month"}
    assert seen["ten_questions"][0] == {
        "key": "cold_heat",
        "title": "Cold and heat",
        "choices": [{"code": "chilly", "words": "Afraid of cold"}],
        "text": "手脚凉",
    }
    assert [(one["use"], one["file"]) for one in seen["files"]] == [
        ("tongue", tongue),
        ("earlier", paper),
    ]
    assert read(shen.member, public_id, "?version=2").json()["drugs"] == FORM["drugs"]
    assert read(shen.member, public_id, "?version=9").status_code == 404
    codes = Message.objects.filter(conversation=desk.row(public_id).conversation)
    assert "intake_given" in set(codes.values_list("code", flat=True))

    photo = f"/api/v1/consultations/{public_id}/intake-files/{tongue}"
    assert [one.client.get(photo).status_code for one in (lin, shen)] == [200, 200]
    assert [one.client.get(photo).status_code for one in (ge, wu)] == [404, 404]
    assert lin.client.get(f"/api/v1/files/{tongue}").status_code == 200
    assert [one.client.get(f"/api/v1/files/{tongue}").status_code for one in (shen, ge)] == [
        404,
        404,
    ]
    noted = AuditEntry.objects.filter(verb="intake.read", subject=f"consultation:{public_id}")
    assert [row.note["how"] for row in noted.order_by("pk")] == ["intake", "intake", "file"]

    post(shen.member, f"consultations/{public_id}/accept", {"fits_revisit": True})
    draft = shen.client.get(f"/api/v1/consultations/{public_id}/record").json()
    assert draft["chief_complaint"] == "反复胃痛三个月（3 个月）"
    assert draft["allergies"] == "青霉素"
    assert "怕冷" in draft["asking"]
    assert "手脚凉" in draft["asking"]
    assert "心脏病" not in draft["asking"]
    assert all(word in draft["past_history"] for word in ("心脏病", "慢性胃炎", "停药一周"))


def test_the_acceptance_freezes_the_intake_in_the_database_too(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)
    case = desk.row(public_id)
    sheet = IntakeSheet.objects.get(consultation=case)

    refused = tell(lin, public_id, **FORM)

    assert (refused.status_code, refused.json()["code"]) == (409, "intake_frozen")
    assert read(lin, public_id).json()["is_frozen"] is True
    with pytest.raises(IntegrityError, match="intake_is_frozen"), transaction.atomic():
        IntakeSheet.objects.create(consultation=case, version=2, source="form", complaint="别的")
    sheet.complaint = "改了"
    with pytest.raises(DatabaseError, match="append"), transaction.atomic():
        sheet.save(update_fields=["complaint"])


def test_an_old_body_with_a_description_alone_still_works(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)

    shown = shen.client.get(f"/api/v1/consultations/{public_id}").json()

    assert shown["intake"] == {
        "version": 1,
        "source": "description",
        "has_earlier_diagnosis": False,
        "red_flags": [],
    }
    assert read(shen.member, public_id).json()["complaint"] == COMPLAINT
    record = shen.client.get(f"/api/v1/consultations/{public_id}/record").json()
    assert record["chief_complaint"] == COMPLAINT


@pytest.mark.parametrize(
    ("told", "where", "code"),
    [
        ({"pregnancy": "yes"}, "pregnancy", "not_for_men"),
        ({"ten_questions": {"courses": {"choices": []}}}, "ten_questions.courses", "not_for_men"),
        ({"allergy": "known"}, "allergies", "allergies_unclear"),
        ({"allergy": "none", "allergies": "花粉"}, "allergies", "allergies_unclear"),
        ({"earlier_record_id": "00000000-0000-4000-8000-000000000000"}, "earlier_record_id", ""),
        ({"duration": {"value": 0, "unit": "day"}}, "duration.value", ""),
        (
            {"ten_questions": {"sweat": {"choices": ["purple"]}}},
            "ten_questions.sweat.choices.0",
            "",
        ),
        ({"height_cm": "999"}, "height_cm", ""),
        ({"state": "completed"}, "state", ""),
    ],
)
def test_nonsense_is_refused_and_nothing_is_stored(
    told: dict[str, Any], where: str, code: str, desk: Desk, lin: Member
) -> None:
    person = person_of(lin)
    person.gender = "male"
    person.save(update_fields=["gender"])
    public_id = desk.draft(lin)

    refused = tell(lin, public_id, **told)

    assert refused.status_code == 400, refused.json()
    fault = refused.json()["errors"][0]
    assert fault["attr"] == where
    assert code in {"", fault["code"]}
    assert IntakeSheet.objects.count() == 1


def test_files_are_ones_own_and_belong_to_one_case(
    desk: Desk, lin: Member, ge: Member, shen: DoctorMember
) -> None:
    mine, foreign = upload(lin, image(), "intake_photo"), upload(ge, image(), "intake_photo")
    wrong = upload(lin, image(), "earlier_diagnosis")
    first = desk.draft(lin)
    second = desk.draft(lin, kind="text_chosen", doctor_id=str(shen.doctor.public_id))

    def show(public_id: str, *files: tuple[str, str]) -> Any:
        told = [{"use": use, "id": one} for use, one in files]
        return tell(lin, public_id, **FORM | {"files": told})

    assert show(first, ("tongue", foreign)).json()["code"] == "attachment_missing"
    assert show(first, ("face", wrong)).json()["code"] == "attachment_missing"
    assert show(first, ("face", mine), ("tongue", mine)).status_code == 400
    assert show(first, ("face", mine)).status_code == 200
    assert show(first, ("tongue", mine)).status_code == 200
    assert show(second, ("face", mine)).json()["code"] == "attachment_used"


def test_an_own_earlier_record_proves_the_revisit(
    desk: Desk, lin: Member, ge: Member, shen: DoctorMember
) -> None:
    desk.completed(lin, shen)
    record = MedicalRecord.objects.get(patient=lin.user)
    mine, foreign = desk.draft(lin), desk.draft(ge)

    taken = tell(lin, mine, earlier_record_id=str(record.public_id)).json()
    refused = tell(ge, foreign, earlier_record_id=str(record.public_id))

    assert taken["has_earlier_diagnosis"] is True
    assert taken["earlier_record"]["diagnosis"] == RECORD["diagnosis"]
    assert refused.status_code == 400


def test_warning_words_give_advice_and_mark_the_case(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    started = desk.initiate(lin, complaint="胸痛半小时，伴出冷汗").json()["consultation"]
    assert started["has_red_flags"] is True
    assert started["intake"]["red_flags"][0]["word"] == "胸痛"
    assert "120" in started["intake"]["red_flags"][0]["advice"]
    calm = tell(lin, started["id"], complaint="没有胸痛，胃不舒服").json()
    assert calm["red_flags"] == []
    assert desk.row(started["id"]).has_red_flags is False

    chosen = {
        "chest_abdomen": {"choices": ["chest_pain"]},
        "past_illness": {"text": "中毒", "choices": []},
    }
    warned = tell(lin, started["id"], complaint="胃不舒服", ten_questions=chosen).json()
    assert [flag["word"] for flag in warned["red_flags"]] == ["胸痛"]
    public_id = desk.paid(lin, complaint="胃不舒服")
    assert public_id == started["id"]
    codes = Message.objects.filter(conversation=desk.row(public_id).conversation)
    assert "intake_warns" in set(codes.values_list("code", flat=True))
    row = shen.client.get("/api/v1/consultations").json()["results"][0]
    assert row["has_red_flags"] is True

    referred = post(shen.member, f"consultations/{public_id}/refer-offline").json()
    desk.run_events()
    assert referred["state"] == "referred_offline"
    order = desk.row(public_id).order
    assert order is not None
    assert order.left_fen == 0


def test_some_words_warn_of_small_children_and_the_pregnant_alone(desk: Desk, lin: Member) -> None:
    person = person_of(lin)
    public_id = desk.draft(lin)

    def words(**told: Any) -> list[str]:
        return [flag["word"] for flag in tell(lin, public_id, **told).json()["red_flags"]]

    assert words(complaint="少量出血，发烧") == []
    assert words(complaint="少量出血，发烧", pregnancy="yes") == ["出血"]
    person.birthday, person.relation = clinic_day(now()) - timedelta(days=40), "family"
    person.save(update_fields=["birthday", "relation"])
    assert words(complaint="少量出血，发烧，体温38度5") == ["发烧", "38度"]


def test_a_small_child_needs_a_guardian_and_a_fitting_doctor(
    desk: Desk, lin: Member, bao: Member
) -> None:
    child = person_of(lin, birthday=clinic_day(now()) - timedelta(days=900), relation="self")
    children = make_department("paediatrics", "中医儿科")
    Department.objects.filter(pk=children.pk).update(sees_children=True)
    for number in range(2):
        make_doctor(f"内科{number}")
    far = make_doctor("内科主任")
    chosen = {"kind": "text_chosen", "doctor_id": str(far.doctor.public_id)}
    assert desk.initiate(lin, **chosen).json()["code"] == "no_children_here"

    public_id = desk.draft(lin)
    alone = post(lin, f"consultations/{public_id}/order")
    assert (alone.status_code, alone.json()["code"]) == (409, "guardian_needed")
    child.relation = "family"
    child.save(update_fields=["relation"])
    told = {"guardian_name": "林大山", "guardian_relation": "父亲"}
    assert tell(lin, public_id, **told).json()["guardian_name"] == "林大山"
    desk.paid(lin)
    assert desk.state(public_id) == "waiting_assignment"

    fitting = make_doctor("儿科医生", department=children)
    fitting.client.post("/api/v1/doctor/presence", {"state": "busy"}, format="json")
    fitting.client.post("/api/v1/doctor/presence", {"state": "online"}, format="json")
    desk.run_events()
    assert desk.row(public_id).doctor == fitting.doctor


def test_nobody_of_unknown_age_is_ordered_for_or_seen_as_grown_up(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    person = person_of(lin)
    public_id = desk.draft(lin, complaint="体温39.5 ℃")
    assert desk.row(public_id).has_red_flags is False
    person.birthday = None
    person.save(update_fields=["birthday"])

    chosen = desk.initiate(lin, kind="text_chosen", doctor_id=str(shen.doctor.public_id))
    refused = post(lin, f"consultations/{public_id}/order")
    warned = tell(lin, public_id, complaint="体温39.5 ℃").json()["red_flags"]

    assert (chosen.status_code, chosen.json()["code"]) == (409, "birthday_needed")
    assert (refused.status_code, refused.json()["code"]) == (409, "birthday_needed")
    assert [flag["word"] for flag in warned] == ["39度"]
    door = refused.json()["door"].removeprefix("/api/v1/")
    given = {"birthday": "1990-05-01"}
    assert lin.client.patch(f"/api/v1/{door}", given, format="json").status_code == 200
    assert post(lin, f"consultations/{public_id}/order").status_code == 200


def test_the_form_is_shown_in_the_readers_language(lin: Member) -> None:
    form = lin.client.get("/api/v1/intake-form", headers={"Accept-Language": "zh-hans"}).json()

    assert [one["title"] for one in form["ten_questions"]][:2] == ["寒热", "汗"]
    assert form["files_most"] == 9


def test_reading_costs_the_same_with_more_versions_files_and_warnings(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.draft(lin)
    photos = [{"use": "face", "id": upload(lin, image(), "intake_photo")} for _ in range(3)]
    tell(lin, public_id, **FORM | {"files": photos[:1], "complaint": "胸痛"})

    def cost() -> int:
        with CaptureQueriesContext(connection) as sent:
            assert read(lin, public_id).status_code == 200
        return len(sent)

    before = cost()
    warning = "胸痛，呼吸困难，昏迷"
    tell(lin, public_id, **FORM | {"files": photos, "complaint": warning})
    assert len(read(lin, public_id).json()["red_flags"]) == 3

    assert cost() == before
