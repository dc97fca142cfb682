"""A doctor offers his case to a colleague: who may answer, what moves, what stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from chat.models import Conversation
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.notifications.models import Notice
from clinic.settings import rules as numbers
from consultations.models import Assignment, Consultation, Transfer
from consultations.services import transferring
from consultations.services.timers import run_timers
from payments.models import RecognisedIncome
from tests.cast import Member, make_member
from tests.consultations.conftest import PRICE_FEN, RECORD, Desk, post
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
Breaches = Callable[[], list[str]]


def offer(giver: DoctorMember, public_id: str, to: DoctorMember, **told: Any) -> Any:
    body = {"doctor_id": str(to.doctor.public_id), "reason": "not_my_field", "note": "请看舌象"}
    return post(giver.member, f"consultations/{public_id}/transfer", body | told)


def offered(giver: DoctorMember, public_id: str, to: DoctorMember) -> str:
    answer = offer(giver, public_id, to)
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["id"])


def answer_offer(doctor: DoctorMember, transfer_id: str, verb: str, **body: Any) -> Any:
    return post(doctor.member, f"doctor/transfers/{transfer_id}/{verb}", body)


def kinds(member: Member) -> list[str]:
    return list(Notice.objects.filter(user=member.user).values_list("kind", flat=True))


def load(doctor: DoctorMember) -> int:
    doctor.doctor.refresh_from_db()
    return doctor.doctor.current_consultation_count


def say(member: Member, talk: Conversation, cid: str) -> Any:
    body = {"cid": cid, "kind": "text", "body": "您好"}
    return post(member, f"conversations/{talk.public_id}/messages", body)


def test_a_running_case_goes_on_with_the_colleague_who_accepts(
    desk: Desk, lin: Member, breaches: Breaches
) -> None:
    shen = make_doctor("沈一鸣")
    public_id = desk.accepted(lin, shen)
    talk = Conversation.objects.get(topic=desk.row(public_id).topic)
    assert say(shen.member, talk, "1").status_code == 201
    draft = f"/api/v1/consultations/{public_id}/record"
    assert shen.client.put(draft, {"tongue": "舌淡"}, format="json").status_code == 200
    wu = make_doctor("吴静", level="chief", text_price_fen=99_000)

    transfer_id = offered(shen, public_id, wu)

    seen = wu.client.get("/api/v1/doctor/transfers?state=offered").json()["results"]
    assert [row["id"] for row in seen] == [transfer_id]
    assert (seen[0]["note"], seen[0]["consultation_id"]) == ("请看舌象", None)
    assert seen[0]["case"]["person"].keys() == {"gender", "age"}
    assert wu.client.get(f"/api/v1/consultations/{public_id}").status_code == 404
    assert (load(shen), load(wu)) == (1, 0)
    assert "transfer_offered" in kinds(wu.member)

    taken = answer_offer(wu, transfer_id, "accept")
    desk.run_events()

    assert taken.status_code == 200, taken.json()
    assert (taken.json()["state"], taken.json()["doctor"]["name"]) == ("in_progress", "吴静")
    assert (load(shen), load(wu)) == (0, 1)
    assert "doctor_took_over" in kinds(lin)
    assert "transfer_accepted" in kinds(shen.member)
    assert shen.client.get(f"/api/v1/consultations/{public_id}").status_code == 404
    assert wu.client.get(draft).json()["tongue"] == "舌淡"
    path = f"/api/v1/conversations/{talk.public_id}/messages"
    assert wu.client.get(path).json()["messages"][0]["seq"] == 1
    assert [say(m.member, talk, "2").status_code for m in (wu, shen)] == [201, 404]
    moves = lin.client.get(f"/api/v1/consultations/{public_id}/history").json()["results"]
    assert moves[-1]["reason"] == "transferred"

    record = RECORD | {"fits_revisit": True}
    assert post(wu.member, f"consultations/{public_id}/complete", record).status_code == 200
    desk.run_events()

    order = desk.row(public_id).order
    assert order is not None
    assert (order.amount_fen, RecognisedIncome.objects.count()) == (PRICE_FEN, 1)
    assert breaches() == []


def test_a_case_that_was_not_accepted_yet_is_accepted_by_the_colleague(
    desk: Desk, lin: Member, breaches: Breaches
) -> None:
    shen = make_doctor("沈一鸣")
    public_id = desk.paid(lin)
    wu = make_doctor("吴静")

    assert answer_offer(wu, offered(shen, public_id, wu), "accept").status_code == 200

    case = desk.row(public_id)
    assert (case.state, case.doctor_id, case.hops) == ("in_progress", wu.doctor.pk, 0)
    assert case.accepted_at is not None
    assert breaches() == []


@pytest.mark.parametrize("how", ["declined", "expired", "withdrawn"])
def test_a_case_stays_with_its_doctor_unless_the_colleague_accepts(
    how: str, desk: Desk, lin: Member, breaches: Breaches
) -> None:
    shen = make_doctor("沈一鸣")
    public_id = desk.accepted(lin, shen)
    wu = make_doctor("吴静")
    transfer_id = offered(shen, public_id, wu)
    assert offer(shen, public_id, wu).json()["code"] == "transfer_open"

    if how == "declined":
        assert answer_offer(wu, transfer_id, "decline", reason="busy").status_code == 204
    elif how == "withdrawn":
        path = f"/api/v1/consultations/{public_id}/transfer"
        assert shen.client.delete(path).status_code == 204
    else:
        early, late = (numbers.TRANSFER_ACCEPT_WITHIN + timedelta(minutes=m) for m in (-1, 1))
        assert "transfer" not in {k for k, v in run_timers(now() + early).items() if v}
        assert run_timers(now() + late)["transfer"] == 1
        assert run_timers(now() + late)["transfer"] == 0

    assert Transfer.objects.get().state == how
    assert answer_offer(wu, transfer_id, "accept").json()["code"] == "transfer_over"
    assert desk.row(public_id).doctor_id == shen.doctor.pk
    assert ("transfer_refused" in kinds(shen.member)) == (how != "withdrawn")
    assert wu.client.get("/api/v1/doctor/transfers").json()["results"][0]["case"] is None
    assert offer(shen, public_id, wu).status_code == 201
    assert breaches() == []


@pytest.mark.parametrize("end", ["complete", "return"])
def test_an_offer_ends_with_the_case(end: str, desk: Desk, lin: Member) -> None:
    shen = make_doctor("沈一鸣")
    public_id = desk.accepted(lin, shen)
    wu = make_doctor("吴静")
    transfer_id = offered(shen, public_id, wu)

    body = RECORD if end == "complete" else {"reason": "busy"}
    assert post(shen.member, f"consultations/{public_id}/{end}", body).status_code < 300

    assert Transfer.objects.get().state == "dropped"
    assert answer_offer(wu, transfer_id, "accept").json()["code"] == "transfer_over"


def test_only_who_fits_can_be_asked_and_only_who_was_asked_can_answer(
    desk: Desk, lin: Member, ge: Member, anonymous: APIClient
) -> None:
    shen = make_doctor("沈一鸣")
    public_id = desk.accepted(lin, shen)
    wu, closed = make_doctor("吴静"), make_doctor("罗成", is_service_open=False)
    full = make_doctor("满员", max_consultations=1)
    blocked = make_doctor("白水")
    assert lin.client.put(f"/api/v1/doctors/{blocked.doctor.public_id}/block").status_code < 300

    for doctor in (shen, closed, blocked):
        assert offer(shen, public_id, doctor).json()["code"] == "transfer_refused"
    path = f"consultations/{public_id}/transfer"
    body = {"doctor_id": str(wu.doctor.public_id), "reason": "other"}
    assert post(wu.member, path, body).status_code == 404
    assert [post(m, path, body).status_code for m in (lin, ge)] == [403, 403]
    assert anonymous.post(f"/api/v1/{path}", body, format="json").status_code == 401
    unknown = offer(shen, public_id, wu, doctor_id=str(wu.user.public_id))
    assert (unknown.status_code, unknown.json()["errors"][0]["attr"]) == (400, "doctor_id")
    assert unknown.json()["errors"][0]["detail"]
    assert offer(shen, public_id, wu, reason="nonsense").status_code == 400

    full.doctor.current_consultation_count = 1
    full.doctor.save(update_fields=["current_consultation_count"])
    transfer_id = offered(shen, public_id, full)
    for verb, told in (("accept", {}), ("decline", {"reason": "busy"})):
        assert answer_offer(shen, transfer_id, verb, **told).status_code == 404
        assert answer_offer(wu, transfer_id, verb, **told).status_code == 404
        assert post(lin, f"doctor/transfers/{transfer_id}/{verb}", told).status_code == 403
    assert answer_offer(full, transfer_id, "accept").json()["code"] == "doctor_has_no_room"
    assert desk.row(public_id).doctor_id == shen.doctor.pk


def test_who_has_not_proved_himself_cannot_take_a_case_over(desk: Desk, lin: Member) -> None:
    shen = make_doctor("沈一鸣")
    public_id = desk.accepted(lin, shen)
    wu = make_doctor("吴静", proved=False)

    answer = answer_offer(wu, offered(shen, public_id, wu), "accept")

    assert answer.json()["code"] == "identity_check_needed"
    assert desk.row(public_id).doctor_id == shen.doctor.pk


def test_a_case_is_not_offered_around_without_end(
    desk: Desk, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transferring.numbers, "TRANSFERS_MAX", 1)
    shen = make_doctor("沈一鸣")
    public_id = desk.accepted(lin, shen)
    wu = make_doctor("吴静")
    answer_offer(wu, offered(shen, public_id, wu), "decline", reason="busy")

    assert offer(shen, public_id, wu).json()["code"] == "transfer_limit"


def test_staff_offer_a_case_for_its_doctor(desk: Desk, lin: Member, an: Member) -> None:
    shen = make_doctor("沈一鸣")
    public_id = desk.accepted(lin, shen)
    wu = make_doctor("吴静")

    made = transferring.offer_for_staff(
        desk.row(public_id).pk, to=wu.doctor.public_id, actor=an.actor
    )

    assert answer_offer(wu, str(made.public_id), "accept").status_code == 200
    assert Assignment.objects.filter(ended_at=None).get().doctor_id == wu.doctor.pk
    assert "transfer_accepted" in kinds(shen.member)


def test_the_list_of_offers_costs_the_same_for_one_and_for_many(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shen = make_doctor("沈一鸣")
    patients = [make_member(name, Role.PATIENT) for name in "甲乙丙"]
    cases = [desk.accepted(patient, shen) for patient in patients]
    wu = make_doctor("吴静")

    def read(expected: int) -> None:
        with django_assert_num_queries(3):
            rows = wu.client.get("/api/v1/doctor/transfers").json()["results"]
        assert len(rows) == expected

    offered(shen, cases[0], wu)
    wu.client.get("/api/v1/doctor/transfers")
    read(1)
    for public_id in cases[1:]:
        offered(shen, public_id, wu)
    read(3)
    assert Consultation.objects.count() == 3
