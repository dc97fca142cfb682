"""Broadcasts: to whom, how far, who got it, and what a crash leaves behind."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from chat.models import Message
from clinic.core.clock import now
from clinic.core.models import OutboxEvent
from clinic.core.roles import Role
from clinic.relations.models import Broadcast, Delivery
from clinic.relations.services import broadcasts
from clinic.settings import rules
from doctors.services.standing import suspend
from tests.cast import Member, make_member
from tests.consultations.conftest import post
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember, make_doctor
from tests.relations.conftest import follow, make_group

pytestmark = pytest.mark.django_db
TEXT = "周三停诊，改约周四。"


def _send(doctor: DoctorMember, audience: str = "all", **told: Any) -> Any:
    return post(doctor.member, "doctor/broadcasts", {"text": TEXT, "audience": audience} | told)


def _shown(doctor: DoctorMember, made: Any) -> Any:
    return doctor.client.get(f"/api/v1/doctor/broadcasts/{made.json()['id']}").json()


def _report(doctor: DoctorMember, made: Any) -> dict[str, tuple[str, str]]:
    path = f"/api/v1/doctor/broadcasts/{made.json()['id']}/deliveries"
    rows = doctor.client.get(path).json()["results"]
    return {row["name"]: (row["state"], row["reason"]) for row in rows}


def _talk(patient: Member) -> Any:
    (talk,) = patient.client.get("/api/v1/conversations?kind=relation").json()["results"]
    return talk


def test_every_patient_gets_the_message_and_the_doctor_sees_who(
    lin: Member, ge: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    follow(lin, shen)
    follow(ge, shen)

    made = _send(shen)
    assert (made.status_code, made.json()["state"]) == (202, "sending")
    assert (made.json()["pending_count"], made.json()["sent_count"]) == (2, 0)
    run_events()

    shown = _shown(shen, made)
    assert (shown["state"], shown["pending_count"], shown["sent_count"]) == ("done", 0, 2)
    assert _report(shen, made) == {"林小月": ("sent", ""), "葛明": ("sent", "")}
    messages = f"/api/v1/conversations/{_talk(lin)['id']}/messages"
    assert TEXT in str(lin.client.get(messages).json())
    assert lin.client.get("/api/v1/notices").json()["results"][0]["kind"] == "message_waiting"


def test_the_patient_reads_and_does_not_answer_there(
    lin: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    follow(lin, shen)
    _send(shen)
    run_events()

    answer = post(lin, f"conversations/{_talk(lin)['id']}/messages", {"cid": "1", "body": "好"})

    assert answer.json()["code"] == "writing_limit_reached"


def test_a_group_and_the_followers_are_audiences(
    lin: Member, ge: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    group = make_group(shen, "失眠").json()["id"]
    relation = follow(lin, shen)
    follow(ge, shen)
    shen.client.post(
        f"/api/v1/doctor/groups/{group}/patients", {"patients": [relation]}, format="json"
    )
    ge.client.delete(f"/api/v1/doctors/{shen.doctor.public_id}/follow")

    to_group, to_followers = _send(shen, "group", group=group), _send(shen, "followers")
    run_events()

    assert _report(shen, to_group) == {"林小月": ("sent", "")}
    assert _report(shen, to_followers) == {"林小月": ("sent", "")}
    assert to_group.json()["group"] == group


def test_who_blocks_or_wants_none_or_is_gone_is_left_out(
    shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    names = ("医生拉黑", "患者拉黑", "不收", "注销", "收")
    people = {name: make_member(name, Role.PATIENT) for name in names}
    relations = {name: follow(person, shen) for name, person in people.items()}
    tie = f"/api/v1/doctors/{shen.doctor.public_id}"
    shen.client.patch(
        f"/api/v1/doctor/patients/{relations['医生拉黑']}", {"is_blocked": True}, format="json"
    )
    people["患者拉黑"].client.put(f"{tie}/block")
    people["不收"].client.patch(f"{tie}/relation", {"takes_broadcasts": False}, format="json")
    people["注销"].user.is_active = False
    people["注销"].user.save(update_fields=["is_active"])

    made = _send(shen)
    run_events()

    assert _report(shen, made) == {
        "医生拉黑": ("skipped", "blocked"),
        "患者拉黑": ("skipped", "declined"),
        "不收": ("skipped", "declined"),
        "注销": ("skipped", "gone"),
        "收": ("sent", ""),
    }


def test_a_block_closes_the_conversation_and_the_next_broadcast_after_it_opens_it(
    lin: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    follow(lin, shen)
    _send(shen)
    run_events()
    block = f"/api/v1/doctors/{shen.doctor.public_id}/block"
    said = {"cid": "1", "body": "您好"}
    path = f"conversations/{_talk(lin)['id']}/messages"

    lin.client.put(block)
    refused = post(shen.member, path, said)
    lin.client.delete(block)
    _send(shen)
    run_events()

    assert refused.json()["code"] == "writing_closed"
    assert post(shen.member, path, said).status_code == 201


def test_a_patient_gets_few_broadcasts_a_day_and_more_tomorrow(
    lin: Member, run_events: Callable[[], int]
) -> None:
    doctors = [make_doctor(f"医{n}") for n in range(rules.BROADCASTS_TO_PATIENT_A_DAY + 1)]
    for doctor in doctors:
        follow(lin, doctor)

    for doctor in doctors:
        made = _send(doctor)
        run_events()

    assert _report(doctors[-1], made) == {"林小月": ("skipped", "limit")}
    with time_machine.travel(now() + timedelta(days=1), tick=True):
        broadcasts_tomorrow = broadcasts.told_today([lin.user.pk], now())
    assert broadcasts_tomorrow == {}


def test_a_doctor_sends_few_a_day(lin: Member, shen: DoctorMember) -> None:
    follow(lin, shen)

    codes = [_send(shen).status_code for _ in range(rules.BROADCASTS_A_DAY)]
    refused = _send(shen)

    assert codes == [202] * rules.BROADCASTS_A_DAY
    assert (refused.status_code, refused.json()["code"]) == (409, "broadcast_limit")


def test_broadcasts_do_not_use_up_what_the_doctor_may_write(
    lin: Member, shen: DoctorMember, settings: Any, run_events: Callable[[], int]
) -> None:
    settings.CHAT_SEND_RATE = "2/m"
    for number in range(5):
        follow(make_member(f"病{number}", Role.PATIENT), shen)
    follow(lin, shen)

    made = _send(shen)
    run_events()
    path = f"conversations/{_talk(lin)['id']}/messages"
    own = [post(shen.member, path, {"cid": str(n), "body": "您好"}).status_code for n in range(3)]

    assert _shown(shen, made)["sent_count"] == 6
    assert own == [201, 201, 429]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"text": ""}, "invalid_input"),
        ({"text": "\u200b"}, "invalid_input"),
        ({"text": "a\x07b"}, "invalid_input"),
        ({"text": "长" * 1001}, "invalid_input"),
        ({"audience": "world"}, "invalid_input"),
        ({"audience": "group"}, "invalid_input"),
        ({"audience": "all", "group": "0192f0c0-0000-7000-8000-000000000000"}, "invalid_input"),
        ({"audience": "followers"}, "nobody_to_tell"),
    ],
)
def test_what_cannot_be_sent_is_refused(
    lin: Member, shen: DoctorMember, told: dict[str, Any], code: str
) -> None:
    follow(lin, shen)
    lin.client.delete(f"/api/v1/doctors/{shen.doctor.public_id}/follow")

    answer = post(shen.member, "doctor/broadcasts", {"text": TEXT, "audience": "all"} | told)

    assert answer.json()["code"] == code
    assert all(fault["detail"] for fault in answer.json().get("errors", []))
    assert Broadcast.objects.count() == 0


def test_another_doctor_s_group_is_no_audience(
    lin: Member, shen: DoctorMember, wu: DoctorMember
) -> None:
    follow(lin, shen)
    group = make_group(wu, "失眠").json()["id"]

    assert _send(shen, "group", group=group).status_code == 400


def test_strangers_other_patients_and_other_doctors_are_refused(
    lin: Member, shen: DoctorMember, wu: DoctorMember, anonymous: Any
) -> None:
    follow(lin, shen)
    path = f"/api/v1/doctor/broadcasts/{_send(shen).json()['id']}"

    for client, status in ((anonymous, 401), (lin.client, 403), (wu.client, 404)):
        assert client.get(path).status_code == status
        assert client.get(f"{path}/deliveries").status_code == status
        assert client.post(f"{path}/cancel").status_code == status
    assert Broadcast.objects.get().state == "sending"


def test_a_cancelled_broadcast_tells_nobody_else(
    lin: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    follow(lin, shen)
    made = _send(shen)
    path = f"/api/v1/doctor/broadcasts/{made.json()['id']}/cancel"

    cancelled = shen.client.post(path).json()
    run_events()

    assert (cancelled["state"], cancelled["skipped_count"]) == ("cancelled", 1)
    assert Message.objects.filter(body=TEXT).count() == 0
    assert shen.client.post(path).json()["code"] == "illegal_transition"


def test_a_doctor_taken_out_of_service_tells_nobody_else(
    lin: Member, shen: DoctorMember, an: Member, run_events: Callable[[], int]
) -> None:
    follow(lin, shen)
    made = _send(shen)
    suspend(doctor_id=shen.doctor.pk, reason="complaint", by=an.actor)

    run_events()

    assert Broadcast.objects.get(public_id=made.json()["id"]).state == "cancelled"
    assert Delivery.objects.get().reason == "cancelled"
    assert Message.objects.filter(body=TEXT).count() == 0


def test_a_crash_in_a_batch_tells_nobody_twice(
    shen: DoctorMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "BROADCAST_BATCH", 2)
    for number in range(5):
        follow(make_member(f"病{number}", Role.PATIENT), shen)
    _send(shen)
    key = Broadcast.objects.get().pk
    broadcasts.send_batch(key)
    save, calls = Delivery.save, []

    def crash(self: Delivery, **fields: Any) -> None:
        calls.append(self.pk)
        if len(calls) == 2:
            raise DatabaseError
        save(self, **fields)

    monkeypatch.setattr(Delivery, "save", crash)
    with pytest.raises(DatabaseError):
        broadcasts.send_batch(key)
    monkeypatch.setattr(Delivery, "save", save)
    assert Message.objects.filter(body=TEXT).count() == 2
    while broadcasts.resume_broadcasts():
        pass

    assert Message.objects.filter(body=TEXT).count() == 5
    assert Broadcast.objects.get().state == "done"


def test_one_patient_who_cannot_be_told_does_not_stop_the_others(
    lin: Member, ge: Member, shen: DoctorMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(lin, shen)
    follow(ge, shen)
    made = _send(shen)
    talk = broadcasts.open_talk

    def fail(relation: Any, **told: Any) -> Any:
        if relation.patient_id == lin.user.pk:
            raise DatabaseError
        return talk(relation, **told)

    monkeypatch.setattr(broadcasts, "open_talk", fail)
    broadcasts.resume_broadcasts()

    assert _report(shen, made) == {"林小月": ("failed", ""), "葛明": ("sent", "")}
    assert _shown(shen, made)["state"] == "done"


def test_a_lost_event_is_made_good_by_the_sweep(lin: Member, shen: DoctorMember) -> None:
    follow(lin, shen)
    made = _send(shen)
    OutboxEvent.objects.all().delete()

    broadcasts.resume_broadcasts()

    assert _shown(shen, made)["state"] == "done"


def test_list_and_report_cost_the_same_for_one_and_for_ten(
    shen: DoctorMember, run_events: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "BROADCASTS_A_DAY", 100)
    monkeypatch.setattr(rules, "BROADCASTS_TO_PATIENT_A_DAY", 100)
    costs = []
    for count in (1, 9):
        for number in range(count):
            follow(make_member(f"病{number}", Role.PATIENT), shen)
        for _number in range(count):
            made = _send(shen)
        run_events()
        with CaptureQueriesContext(connection) as caught:
            shen.client.get("/api/v1/doctor/broadcasts")
            _report(shen, made)
        costs.append(len(caught))

    assert costs[0] == costs[1]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_workers_that_take_up_one_broadcast_together_tell_each_patient_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "BROADCAST_BATCH", 2)
    doctor = make_doctor()
    for number in range(6):
        follow(make_member(f"病{number}", Role.PATIENT), doctor)
    _send(doctor)

    together(4, lambda _number: [broadcasts.resume_broadcasts() for _ in range(2)])

    assert Message.objects.filter(body=TEXT).count() == 6
    assert Broadcast.objects.get().state == "done"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_doctors_who_write_at_once_keep_the_patient_s_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the account's lock each would count before the others wrote."""
    monkeypatch.setattr(rules, "BROADCASTS_TO_PATIENT_A_DAY", 2)
    patient = make_member("林小月", Role.PATIENT)
    doctors = [make_doctor(f"医{number}") for number in range(6)]
    for doctor in doctors:
        follow(patient, doctor)
        _send(doctor)
    keys = list(Broadcast.objects.values_list("pk", flat=True))

    together(6, lambda number: broadcasts.send_batch(keys[number]))

    assert Message.objects.filter(body=TEXT).count() == 2
