"""Phone consultations: price, assignment, the call by a relay number, and what its reports mean."""

import itertools
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from rest_framework.test import APIClient

from clinic.adapters.errors import DefiniteError, TransientError
from clinic.core.clock import now
from clinic.notifications.models import Notice
from clinic.settings import rules as numbers
from consultations.models import CallLeg, Consultation, PhoneCall
from consultations.services.assignment import assign_waiting
from consultations.services.call_outcomes import settle_window, take_report
from consultations.services.calling import connect_due, settle_due
from consultations.services.refunding import decide_refund
from consultations.services.timers import run_timers
from payments.models import PriceRule, RecognisedIncome, Refund
from tests.cast import Member
from tests.consultations.conftest import RECORD, Desk, post
from tests.consultations.fakes import Provider, leg, push, read
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
PHONE_FEN = 8800
AFTER_WINDOW = numbers.CALL_WINDOW + numbers.CALL_REPORT_GRACE


@pytest.fixture
def caller(db: None) -> DoctorMember:
    """A doctor who takes calls at a price of his own."""
    return make_doctor("沈一鸣", is_phone_open=True, phone_price_fen=PHONE_FEN)


def accepted(desk: Desk, patient: Member, doctor: DoctorMember) -> str:
    chosen = {"kind": "phone_chosen", "doctor_id": str(doctor.doctor.public_id)}
    return desk.accepted(patient, doctor, **chosen)


def appoint(doctor: DoctorMember, public_id: str, **told: Any) -> Any:
    return post(doctor.member, f"consultations/{public_id}/calls", told)


def bound(doctor: DoctorMember, public_id: str, **told: Any) -> PhoneCall:
    """Appoint a call now and let it be put through."""
    assert appoint(doctor, public_id, **told).status_code == 201
    assert connect_due() == 1
    return PhoneCall.objects.latest("pk")


def shown(member: Member, public_id: str) -> list[dict[str, Any]]:
    answer = member.client.get(f"/api/v1/consultations/{public_id}/calls")
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def test_a_chosen_doctor_calls_at_his_own_price_and_completes_after_the_talk(
    desk: Desk,
    lin: Member,
    caller: DoctorMember,
    provider: Provider,
    browser: Client,
    breaches: Callable[[], list[str]],
) -> None:
    public_id = accepted(desk, lin, caller)
    order = desk.row(public_id).order
    assert order is not None
    assert (order.amount_fen, order.subject_kind) == (PHONE_FEN, "consultation")
    early = post(caller.member, f"consultations/{public_id}/complete", RECORD)
    assert early.json()["code"] == "call_missing"

    later = (now() + timedelta(hours=1)).isoformat()
    assert appoint(caller, public_id, due_at=later).status_code == 201
    assert connect_due() == 0
    assert appoint(caller, public_id).json()["code"] == "call_open"
    assert connect_due(now() + timedelta(hours=1)) == 1

    pair = provider.pairs[0]
    assert (pair.doctor_phone, pair.patient_phone) == (caller.user.phone, lin.user.phone)
    assert not pair.is_recorded
    for member in (lin, caller.member):
        assert shown(member, public_id)[0]["relay_number"] == "17000000001"
    kinds = Notice.objects.filter(kind__startswith="call_to").order_by("kind")
    assert list(kinds.values_list("user_id", "kind")) == [
        (lin.user.pk, "call_to_come"), (caller.user.pk, "call_to_make"),
    ]  # fmt: skip

    call = PhoneCall.objects.get()
    assert push(browser, [leg(call, "c-1", seconds=0), leg(call, "c-2", seconds=125)]).json() == {
        "code": 0,
        "msg": "ok",
    }

    row = shown(lin, public_id)[0]
    assert (row["state"], row["outcome"], row["talk_seconds"]) == ("ended", "talked", 125)
    assert row["relay_number"] == ""
    assert desk.row(public_id).reply_due_at is None
    assert CallLeg.objects.exclude(recording_ref="").count() == 0
    assert post(caller.member, f"consultations/{public_id}/complete", RECORD).status_code == 200
    desk.run_events()
    assert RecognisedIncome.objects.count() == 1
    assert breaches() == []


def test_a_fast_phone_case_goes_to_who_takes_calls_at_the_price_of_the_service(
    desk: Desk, lin: Member, shen: DoctorMember, breaches: Callable[[], list[str]]
) -> None:
    body = {"kind": "phone_fast", "is_instant": True}
    assert desk.initiate(lin, **body).status_code == 400
    draft = desk.draft(lin, kind="phone_fast")
    assert post(lin, f"consultations/{draft}/order").json()["code"] == "price_not_set"
    PriceRule.objects.create(
        service="phone_consultation", scope="global", amount_fen=5900, valid_from=now()
    )
    public_id = desk.paid(lin, kind="phone_fast")
    text = desk.paid(lin, kind="text_fast")

    assert desk.state(public_id) == "waiting_assignment"
    assert desk.row(text).doctor_id == shen.doctor.pk
    order = desk.row(public_id).order
    assert order is not None
    assert order.amount_fen == 5900

    answer = shen.client.patch("/api/v1/doctor/profile", {"is_phone_open": True}, format="json")
    assert answer.status_code == 200, answer.json()
    desk.run_events()
    # Lin has a text case with him: a pair has one open case, so another doctor is needed.
    assert desk.state(public_id) == "waiting_assignment"
    wu = make_doctor("吴静", is_phone_open=True, is_text_open=False)
    assign_waiting()
    assert desk.row(public_id).doctor_id == wu.doctor.pk
    assert breaches() == []


def test_text_and_phone_doctors_are_kept_apart(
    desk: Desk, lin: Member, shen: DoctorMember, caller: DoctorMember
) -> None:
    silent = {"kind": "phone_chosen", "doctor_id": str(shen.doctor.public_id)}
    assert desk.initiate(lin, **silent).json()["code"] == "doctor_not_available"
    chosen = {"doctor_id": str(caller.doctor.public_id)}
    desk.draft(lin, kind="phone_chosen", **chosen)
    assert desk.initiate(lin, kind="text_chosen", **chosen).json()["code"] == "consultation_open"

    lin.user.phone = "+85291234567"
    lin.user.save(update_fields=["phone"])
    draft = desk.draft(lin, kind="phone_chosen", **chosen)
    assert post(lin, f"consultations/{draft}/order").json()["code"] == "phone_unreachable"


@pytest.mark.parametrize(
    ("legs", "outcome", "end"),
    [
        ([], "doctor_missed", "refunded_closed"),
        ([(0, False)], "doctor_missed", "refunded_closed"),
        ([(0, True)], "patient_missed", "in_progress"),
        ([(20, True)], "short", "in_progress"),
    ],
)
def test_calls_that_did_not_come_about_are_tried_again_and_then_settled_by_rule(
    legs: list[tuple[int, bool]],
    outcome: str,
    end: str,
    desk: Desk,
    lin: Member,
    bao: Member,
    caller: DoctorMember,
    provider: Provider,
    browser: Client,
    breaches: Callable[[], list[str]],
) -> None:
    public_id = accepted(desk, lin, caller)
    appoint(caller, public_id)
    moment = now()
    for number in range(numbers.CALL_TRIES_MAX):
        assert connect_due(moment) == 1
        call = PhoneCall.objects.latest("pk")
        told = [
            leg(call, f"c-{number}-{n}", seconds=seconds, by_doctor=by_doctor)
            for n, (seconds, by_doctor) in enumerate(legs)
        ]
        assert push(browser, told).status_code == 200
        assert settle_due(moment + numbers.CALL_WINDOW) == 0
        assert settle_due(moment + AFTER_WINDOW) == 1
        moment += AFTER_WINDOW + numbers.CALL_RETRY_AFTER
    desk.run_events()

    rows = shown(lin, public_id)
    assert [row["outcome"] for row in rows] == [outcome] * numbers.CALL_TRIES_MAX
    assert desk.state(public_id) == end
    is_back = end == "refunded_closed"
    assert sum(Refund.objects.values_list("amount_fen", flat=True)) == PHONE_FEN * is_back
    assert desk.row(public_id).staff_task == ("" if is_back else "call_missed")
    assert connect_due(moment + timedelta(days=1)) == 0
    assert breaches() == []


@pytest.mark.parametrize(("has_dialled", "end"), [(False, "refunded_closed"), (True, "completed")])
def test_time_alone_earns_nothing_without_a_talk_whether_or_not_the_doctor_dialled(
    has_dialled: bool,
    end: str,
    desk: Desk,
    lin: Member,
    an: Member,
    caller: DoctorMember,
    provider: Provider,
    browser: Client,
    breaches: Callable[[], list[str]],
) -> None:
    public_id = accepted(desk, lin, caller)
    if has_dialled:
        call = bound(caller, public_id)
        assert push(browser, [leg(call, "c-1", seconds=0)]).status_code == 200
        assert settle_due(now() + AFTER_WINDOW) == 1
        retry = PhoneCall.objects.get(state="planned")
        assert caller.client.delete(f"/api/v1/calls/{retry.public_id}").status_code == 204
    talk = desk.row(public_id).conversation
    assert talk is not None
    told = {"cid": "later", "kind": "text", "body": "稍后给您打电话。"}
    assert post(caller.member, f"conversations/{talk.public_id}/messages", told).status_code == 201

    run_timers(now() + numbers.SERVICE_TIME + timedelta(seconds=5))
    desk.run_events()

    assert desk.state(public_id) == end
    assert RecognisedIncome.objects.count() == 0
    assert Refund.objects.count() == (not has_dialled)
    assert desk.row(public_id).staff_task == ("refund_review" if has_dialled else "")
    decide_refund(desk.row(public_id).pk, refund_fen=0, why="he was called", actor=an.actor)
    assert RecognisedIncome.objects.count() == has_dialled
    assert breaches() == []


def test_a_patient_who_ends_a_case_without_a_talk_pays_only_what_staff_decide(
    lin: Member,
    an: Member,
    caller: DoctorMember,
    desk: Desk,
    breaches: Callable[[], list[str]],
) -> None:
    public_id = accepted(desk, lin, caller)

    ended = post(lin, f"consultations/{public_id}/end")
    case = Consultation.objects.get(public_id=public_id)
    before = RecognisedIncome.objects.count()
    decide_refund(case.pk, refund_fen=PHONE_FEN, why="no talk", actor=an.actor)
    desk.run_events()

    assert (ended.status_code, case.state) == (200, "completed")
    assert (case.staff_task, before) == ("refund_review", 0)
    assert Refund.objects.get().amount_fen == PHONE_FEN
    assert RecognisedIncome.objects.count() == 0
    assert breaches() == []


def test_reports_in_any_order_twice_and_late_lead_to_the_same_end(
    desk: Desk, lin: Member, caller: DoctorMember, provider: Provider
) -> None:
    public_id = accepted(desk, lin, caller)
    call = bound(caller, public_id)
    late = now() + AFTER_WINDOW
    told = [leg(call, "c-1", seconds=0), leg(call, "c-2", seconds=30), leg(call, "c-3", seconds=45)]
    (first, second, third) = read(told)
    steps: list[Callable[[], Any]] = [
        lambda: take_report(first),
        lambda: take_report(second),
        lambda: take_report(third),
        lambda: settle_window(call.pk, late),
    ]
    ends = set()
    for order in itertools.permutations(steps):
        with transaction.atomic():
            for step in (*order, steps[1]):
                step()
            call.refresh_from_db()
            case = desk.row(public_id)
            retries = PhoneCall.objects.filter(state="planned").count()
            ends.add(
                (call.state, call.outcome, call.talk_seconds, CallLeg.objects.count(), retries,
                 case.state, case.staff_task, case.reply_due_at)
            )  # fmt: skip
            transaction.set_rollback(True)

    assert ends == {("ended", "talked", 75, 3, 0, "in_progress", "", None)}


def test_a_report_after_the_refund_is_kept_and_changes_no_end(
    desk: Desk, lin: Member, caller: DoctorMember, provider: Provider, browser: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(numbers, "CALL_TRIES_MAX", 1)
    public_id = accepted(desk, lin, caller)
    call = bound(caller, public_id)
    settle_due(now() + AFTER_WINDOW)
    assert desk.state(public_id) == "refunded_closed"

    assert push(browser, [leg(call, "c-1", seconds=300)]).status_code == 200

    call.refresh_from_db()
    assert (call.outcome, call.talk_seconds) == ("talked", 300)
    assert desk.state(public_id) == "refunded_closed"
    assert Refund.objects.count() == 1


def test_a_recording_is_kept_only_when_the_patient_agreed(
    desk: Desk, lin: Member, caller: DoctorMember, provider: Provider, browser: Client
) -> None:
    public_id = accepted(desk, lin, caller)
    later = (now() + timedelta(minutes=5)).isoformat()
    call_id = appoint(caller, public_id, due_at=later, wants_recording=True).json()["id"]
    agreed = post(lin, f"calls/{call_id}/recording-consent", {"agrees": True})
    assert agreed.json()["recording_agreed_at"] is not None
    assert agreed.json()["is_recorded"] is False  # nobody can dial yet
    connect_due(now() + timedelta(minutes=6))
    assert shown(lin, public_id)[0]["is_recorded"] is True
    call = PhoneCall.objects.get()
    assert post(lin, f"calls/{call_id}/recording-consent", {"agrees": False}).status_code == 409

    push(browser, [leg(call, "c-1", seconds=90)])

    assert provider.pairs[0].is_recorded
    assert CallLeg.objects.get().recording_ref.startswith("https://")
    assert "recording_ref" not in shown(lin, public_id)[0]


def test_a_provider_that_is_away_is_asked_again_and_one_that_refuses_is_not(
    desk: Desk, lin: Member, caller: DoctorMember, provider: Provider,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    public_id = accepted(desk, lin, caller)
    appoint(caller, public_id)
    start = now()
    provider.failure = TransientError("HTTP 503")
    connect_due(start)
    assert PhoneCall.objects.get().state == "planned"
    provider.failure = None
    connect_due(start + timedelta(minutes=1))
    assert PhoneCall.objects.get().state == "bound"
    settle_due(start + timedelta(minutes=1) + AFTER_WINDOW)

    provider.failure = DefiniteError("HTTP 200 isv.NO_AVAILABLE_NUMBER")
    connect_due(start + timedelta(hours=1))

    outcomes = list(PhoneCall.objects.order_by("id").values_list("outcome", flat=True))
    assert outcomes == ["doctor_missed", "failed", ""]
    for phone in (lin.user.phone, caller.user.phone):
        assert (phone or "?").removeprefix("+86") not in caplog.text


def test_a_call_that_nobody_waits_for_any_more_is_not_put_through(
    desk: Desk, lin: Member, caller: DoctorMember, provider: Provider
) -> None:
    public_id = accepted(desk, lin, caller)
    call_id = appoint(caller, public_id).json()["id"]
    assert caller.client.delete(f"/api/v1/calls/{call_id}").status_code == 204
    assert caller.client.delete(f"/api/v1/calls/{call_id}").json()["code"] == "call_closed"
    appoint(caller, public_id)
    assert post(lin, f"consultations/{public_id}/cancel").status_code == 200

    assert connect_due() == 0
    assert set(PhoneCall.objects.values_list("outcome", flat=True)) == {"cancelled"}
    assert provider.pairs == []


def test_reports_that_are_not_believed_change_nothing(
    desk: Desk, lin: Member, caller: DoctorMember, provider: Provider, browser: Client
) -> None:
    public_id = accepted(desk, lin, caller)
    call = bound(caller, public_id)
    report = leg(call, "c-1", seconds=90)

    assert push(browser, [report], secret="forged").status_code == 401
    assert browser.post("/api/v1/calls/reports", b"[]", content_type="x/y").status_code == 401
    assert browser.get("/api/v1/calls/reports").status_code == 405
    for bad in ({"call_time": "x"}, {"call_id": "a\x00b"}, {"unconnected_cause": "x"}):
        assert push(browser, [report | bad]).status_code == 401
    assert push(browser, [report | {"sub_id": "elsewhere"}]).status_code == 200
    assert push(browser, [report | {"call_type": 2}]).status_code == 200
    assert not CallLeg.objects.exists()


def test_calls_are_for_the_two_of_the_case(
    desk: Desk, lin: Member, ge: Member, caller: DoctorMember, anonymous: APIClient
) -> None:
    public_id = accepted(desk, lin, caller)
    wu = make_doctor("吴静", is_phone_open=True)
    call_id = appoint(caller, public_id).json()["id"]
    of_case, one = f"consultations/{public_id}/calls", f"calls/{call_id}"

    assert anonymous.get(f"/api/v1/{of_case}").status_code == 401
    assert [m.client.get(f"/api/v1/{of_case}").status_code for m in (ge, wu)] == [404, 404]
    assert [post(m, of_case).status_code for m in (lin, wu.member)] == [403, 404]
    assert [m.client.delete(f"/api/v1/{one}").status_code for m in (lin, wu)] == [403, 404]
    agree = [
        post(m, f"{one}/recording-consent", {"agrees": True}).status_code
        for m in (ge, caller.member)
    ]
    assert agree == [404, 403]
    past = (now() - timedelta(hours=1)).isoformat()
    caller.client.delete(f"/api/v1/{one}")
    assert appoint(caller, public_id, due_at=past).status_code == 400
    text = desk.accepted(ge, wu)
    assert appoint(wu, text).json()["code"] == "no_phone_case"
    assert Consultation.objects.count() == 2
