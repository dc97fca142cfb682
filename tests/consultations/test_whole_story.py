"""One case from the scan of an invite to the correction of its record, as its people live it.

Requests go over HTTP, talk over the sockets; the register and the bank of names are simulated.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clinic.core.actor import system_actor
from clinic.core.clock import now
from clinic.core.ids import uuid7
from clinic.core.roles import Role
from clinic.notifications.models import Notice
from clinic.patients.services.consent_texts import publish_first_texts
from clinic.realtime.threads import in_thread
from consultations.services.following_up import remind_due
from tests.cast import Member, make_member
from tests.consultations.conftest import set_price
from tests.doctors_cast import DoctorMember, make_doctor
from tests.files.samples import image
from tests.live import LiveServer, phone
from tests.payments.conftest import give_balance
from tests.simulator.support import Sim, gateway_keys, served, shop, sim

__all__ = ["gateway_keys", "served", "shop", "sim"]
pytestmark = pytest.mark.django_db(transaction=True)
PERSON = {"name": "王秀英", "relation": "self", "id_number": "11010519491231002X"}
INTAKE: dict[str, Any] = {
    "complaint": "反复胃痛三个月，饭后加重。",
    "duration": {"value": 3, "unit": "month"},
    "allergy": "known",
    "allergies": "青霉素",
    "drugs": "奥美拉唑，每日一次",
    "ten_questions": {"cold_heat": {"choices": ["chilly"], "text": "手脚凉"}},
    "earlier_diagnosis": "市中医院：慢性胃炎",
}
WORDS, ANSWER = "您好，沈医生，还反酸。", "舌苔看到了，按时服药。"
RECORD = {
    "chief_complaint": "反复胃痛三个月。",
    "present_history": "饭后加重，夜里反酸。",
    "tongue": "舌淡红，苔薄白",
    "pulse": "脉弦",
    "diagnosis": "胃脘痛（肝胃不和）",
    "principle": "疏肝和胃",
    "advice": "忌辛辣，两周后复诊。",
}


def _ask(member: Member, method: str, path: str, body: Any = None, *, want: int = 200) -> Any:
    """Send a request as a member; it must be answered as wanted."""
    answer = getattr(member.client, method)(
        f"/api/v1/{path}", body, format="json", headers={"Idempotency-Key": str(uuid7())}
    )
    assert answer.status_code == want, answer.content.decode()
    return answer.json() if answer.get("Content-Type", "").endswith("json") else answer


@pytest.fixture
def house(sim: Sim, settings: LazySettings, db: None) -> DoctorMember:
    """A clinic with a price, consent texts and a doctor; the register of names is near."""
    settings.IDENTITY_BASE_URL = sim.base_url
    settings.IDENTITY_ACCESS_KEY_ID = sim.keys.identity_access_key_id
    settings.IDENTITY_ACCESS_KEY_SECRET = sim.keys.identity_access_key_secret
    set_price()
    publish_first_texts(now=now(), by=system_actor("test"))
    return make_doctor("沈一鸣", proved=False)


def _come_and_pay(patient: Member, doctor: DoctorMember) -> str:
    """Scan, tell who one is, agree, describe, pay; return the case's id."""
    invite = _ask(doctor.member, "post", "doctor/invites", {"label": "门诊"}, want=201)
    card = _ask(patient, "post", f"invites/{invite['scene']}/scan")
    person = _ask(patient, "post", "visit-persons", PERSON, want=201)["id"]
    told = {"person_id": person, "doctor_id": card["id"], "complaint": INTAKE["complaint"]}
    case = _ask(patient, "post", "consultations", told | {"kind": "text_chosen"}, want=201)
    public_id = str(case["consultation"]["id"])
    refused = _ask(
        patient, "post", f"consultations/{public_id}/order", {"intake": INTAKE}, want=409
    )
    assert refused["code"] == "real_name_needed"
    checked = _ask(patient, "post", f"visit-persons/{person}/real-name-check")
    assert checked["state"] == "verified"
    refused = _ask(
        patient, "post", f"consultations/{public_id}/order", {"intake": INTAKE}, want=409
    )
    assert refused["code"] == "consent_needed"
    texts = [
        one["id"]
        for one in _ask(patient, "get", "consent-texts")["results"]
        if one["kind"] != "guardian"
    ]
    _ask(patient, "post", "consents", {"person_id": person, "texts": texts}, want=201)
    photo = patient.client.post(
        "/api/v1/files",
        {"file": SimpleUploadedFile("tongue.png", image()), "purpose": "intake_photo"},
        format="multipart",
    ).json()["id"]
    intake = INTAKE | {"files": [{"use": "tongue", "id": photo}]}
    ordered = _ask(patient, "post", f"consultations/{public_id}/order", {"intake": intake})
    give_balance(patient, 1_000_000)
    _ask(patient, "post", f"orders/{ordered['order']['id']}/pay", {"method": "balance"})
    return public_id


async def test_from_the_scan_of_an_invite_to_the_correction_of_the_record(
    house: DoctorMember,
    live_server_ws: LiveServer,
    run_events: Callable[[], int],
    breaches: Callable[[], list[str]],
) -> None:
    doctor, patient = house.member, await in_thread(make_member, "王秀英", Role.PATIENT)
    stranger = await in_thread(make_member, "葛明", Role.PATIENT)

    async with phone(live_server_ws, patient) as hers, phone(live_server_ws, doctor) as his:
        public_id = await in_thread(_come_and_pay, patient, house)
        path = f"consultations/{public_id}"
        await in_thread(run_events)
        talk = (await hers.hear("assigned", id=public_id))["conversation_id"]

        await in_thread(_may_not_accept_unproved, doctor, path)
        await hers.hear("consultation", id=public_id, state="in_progress")
        said = await hers.ask(t="send", conv=talk, cid="a1", body=WORDS)
        assert said["t"] == "ok"
        assert (await his.hear("msg", conv=talk, body=WORDS))["seq"]
        await his.ask(t="send", conv=talk, cid="b1", body=ANSWER)
        await hers.hear("msg", conv=talk, body=ANSWER)
        record = await in_thread(_sign, doctor, path)
        await hers.hear("consultation", id=public_id, state="completed")

    await in_thread(_rate_follow_correct_and_prove, patient, doctor, stranger, path, record)
    await in_thread(run_events)
    assert await in_thread(breaches) == []
    sources = await in_thread(_ask, doctor, "get", "doctor/patients")
    assert [one["source"] for one in sources["results"]] == ["qr_scan"]


def _may_not_accept_unproved(doctor: Member, path: str) -> None:
    body = {"fits_revisit": True}
    assert _ask(doctor, "post", f"{path}/accept", body, want=409)["code"] == "identity_check_needed"
    proof = {"method": "password", "password": "Cast-2026"}
    _ask(doctor, "post", "doctor/identity-check", proof)
    intake = _ask(doctor, "get", f"{path}/intake")
    assert (intake["drugs"], len(intake["files"])) == (INTAKE["drugs"], 1)
    assert _ask(doctor, "post", f"{path}/accept", body)["state"] == "in_progress"


def _sign(doctor: Member, path: str) -> str:
    draft = _ask(doctor, "get", f"{path}/record")
    assert "青霉素" in draft["allergies"]
    _ask(doctor, "put", f"{path}/record", RECORD)
    done = _ask(doctor, "post", f"{path}/complete", RECORD)
    assert _ask(doctor, "put", f"{path}/record", RECORD, want=409)["code"]
    return str(done["record"]["id"])


def _rate_follow_correct_and_prove(
    patient: Member, doctor: Member, stranger: Member, path: str, record: str
) -> None:
    _ask(patient, "post", f"{path}/review", {"stars": 5, "text": "很有耐心"}, want=201)
    due = {"due_at": (now() + timedelta(days=3)).isoformat(), "text": "胃还痛吗？"}
    _ask(doctor, "post", f"{path}/follow-ups", due, want=201)
    assert remind_due(now() + timedelta(days=3)) == 1
    assert Notice.objects.filter(user=patient.user, kind="follow_up_due").count() == 1
    correction = {"reason": "笔误", "text": "应为晨起反酸。"}
    _ask(doctor, "post", f"records/{record}/addenda", correction, want=201)
    (told,) = _ask(patient, "get", f"records/{record}/addenda")["results"]
    assert told["text"] == correction["text"]
    paper = _ask(patient, "get", f"records/{record}/pdf")
    assert paper.content.startswith(b"%PDF")
    _ask(stranger, "get", f"records/{record}/pdf", want=404)
    token = _ask(patient, "get", f"records/{record}")["verify_token"]
    assert Client().get(f"/verify/{token}").status_code == 200
    given = _ask(patient, "get", "consents/export")
    assert len(given["consents"]) == 2
