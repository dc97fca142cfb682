"""Deadlines: each fires once, at its time, with the right money and the doctor's place free."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chat.models import Conversation
from clinic.accounts.services.accounts import anonymise_account
from clinic.core.actor import system_actor
from clinic.core.clock import now
from clinic.core.models import OutboxEvent
from clinic.core.roles import Role
from clinic.notifications.models import Notice
from clinic.settings import rules as numbers
from consultations.models import Assignment, Consultation
from consultations.services.cancelling import expire
from consultations.services.sweeping import repair_paid, sweep_waiting
from consultations.services.timers import run_timers
from payments.enums import RefundReason, RefundSource
from payments.models import PaymentOrder, RecognisedIncome, Refund
from payments.services.orders import begin_expired, cancel_order
from payments.services.refunds import request_refund
from tests.cast import Member, make_member
from tests.consultations.conftest import PRICE_FEN, Desk, post
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
Breaches = Callable[[], list[str]]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def _after(duration: timedelta) -> dict[str, int]:
    """Run the timers as if so much time had passed; return those that fired."""
    fired = run_timers(now() + duration)
    return {name: count for name, count in fired.items() if count}


def _say(desk: Desk, public_id: str, member: Member, number: int = 1) -> None:
    talk = Conversation.objects.get(topic=desk.row(public_id).topic)
    body = {"cid": f"{member.user.pk}-{number}", "kind": "text", "body": "您好"}
    assert post(member, f"conversations/{talk.public_id}/messages", body).status_code == 201
    desk.run_events()


def _count(doctor: DoctorMember) -> int:
    doctor.doctor.refresh_from_db()
    return doctor.doctor.current_consultation_count


def test_an_unpaid_case_expires_after_half_an_hour(
    desk: Desk, lin: Member, breaches: Breaches
) -> None:
    public_id = desk.ordered(lin)

    assert _after(29 * MINUTE) == {}
    assert _after(31 * MINUTE) == {"unpaid": 1}

    case = desk.row(public_id)
    assert case.state == "expired"
    assert case.order is not None
    assert case.order.status == "closed"
    assert breaches() == []


@pytest.mark.parametrize("by_timer", [False, True])
def test_a_case_whose_payer_cancels_the_order_is_cancelled(
    desk: Desk, lin: Member, by_timer: bool
) -> None:
    public_id = desk.ordered(lin)
    case = desk.row(public_id)
    assert case.order is not None

    assert post(lin, f"orders/{case.order.public_id}/cancel").status_code == 200
    if by_timer:
        expire(case.pk)
    desk.run_events()

    assert desk.state(public_id) == "cancelled"
    assert case.history.order_by("-pk").values_list("reason", flat=True)[0] == "patient_cancelled"


def test_a_case_whose_order_staff_cancel_is_cancelled(desk: Desk, lin: Member, an: Member) -> None:
    public_id = desk.ordered(lin)
    case = desk.row(public_id)
    assert case.order is not None

    cancel_order(case.order.pk, actor=an.actor, reason="asked by phone")
    desk.run_events()

    assert desk.state(public_id) == "cancelled"
    assert case.history.order_by("-pk").values_list("reason", flat=True)[0] == "order_closed"


def test_a_case_whose_order_ran_out_of_time_expires(desk: Desk, lin: Member) -> None:
    public_id = desk.ordered(lin)
    order_id = desk.row(public_id).order_id
    PaymentOrder.objects.filter(pk=order_id).update(expires_at=now() - MINUTE)

    begin_expired(moment=now())
    desk.run_events()

    assert desk.state(public_id) == "expired"


def test_money_that_comes_after_the_end_goes_back_and_never_revives(
    desk: Desk, lin: Member, breaches: Breaches
) -> None:
    public_id = desk.paid(lin, run=False)
    case = desk.row(public_id)
    assert not expire(case.pk)
    PaymentOrder.objects.filter(pk=case.order_id).update(status="pending", paid_fen=0, paid_at=None)
    assert expire(case.pk)
    PaymentOrder.objects.filter(pk=case.order_id).update(
        status="paid", paid_fen=PRICE_FEN, paid_at=now(), closed_at=None
    )

    repair_paid()
    repair_paid()

    assert desk.state(public_id) == "expired"
    assert Refund.objects.get().reason == "late_payment"


def test_a_case_whose_money_went_back_still_expires(desk: Desk, lin: Member) -> None:
    public_id = desk.paid(lin, run=False)
    order_id = desk.row(public_id).order_id
    PaymentOrder.objects.filter(pk=order_id).update(status="refunded")

    assert _after(31 * MINUTE) == {"unpaid": 1}
    assert desk.state(public_id) == "expired"


@pytest.mark.parametrize("is_event_lost", [False, True])
def test_money_that_went_back_before_the_case_was_opened_closes_the_case(
    is_event_lost: bool, desk: Desk, lin: Member, breaches: Breaches
) -> None:
    public_id = desk.paid(lin, run=False)
    case = desk.row(public_id)
    OutboxEvent.objects.all().delete()  # the payment was not noticed
    request_refund(
        order_id=case.order_id or 0,
        amount_fen=None,
        reason=RefundReason.STAFF,
        source=RefundSource.STAFF,
        actor=system_actor("test"),
        why="agreed by phone",
    )
    if is_event_lost:
        OutboxEvent.objects.all().delete()
        sweep_waiting()
    desk.run_events()

    assert desk.state(public_id) == "refunded_closed"
    assert desk.initiate(lin).status_code == 201
    assert breaches() == []


def test_a_case_that_staff_was_called_for_leaves_their_list_when_it_is_cancelled(
    desk: Desk, lin: Member
) -> None:
    public_id = desk.paid(lin)
    assert _after(6 * MINUTE) == {"escalation": 1, "nudge": 1}

    assert post(lin, f"consultations/{public_id}/cancel").status_code == 200

    assert desk.row(public_id).staff_task == ""


def test_an_account_that_loses_its_person_leaves_no_paid_case_behind(
    desk: Desk, lin: Member, breaches: Breaches
) -> None:
    public_id = desk.paid(lin)
    anonymise_account(user_id=lin.user.pk, by=lin.actor, now=now())
    desk.run_events()

    assert _after(timedelta(0)) == {"deleted": 1}
    desk.run_events()

    assert desk.state(public_id) == "cancelled"
    assert Refund.objects.get().status == "succeeded"
    assert breaches() == []


def test_nobody_found_in_a_day_gives_the_money_back(
    desk: Desk, lin: Member, breaches: Breaches
) -> None:
    public_id = desk.paid(lin)

    assert "nobody_found" not in _after(23 * HOUR)
    assert _after(24 * HOUR + MINUTE)["nobody_found"] == 1
    assert "nobody_found" not in _after(25 * HOUR)
    desk.run_events()

    assert desk.state(public_id) == "refunded_closed"
    refund = Refund.objects.get()
    assert (refund.amount_fen, refund.reason, refund.status) == (
        PRICE_FEN, "nobody_found", "succeeded",
    )  # fmt: skip
    assert Notice.objects.filter(user=lin.user, kind="nobody_found").count() == 1
    assert breaches() == []


def test_the_instant_product_gives_up_after_ten_minutes(desk: Desk, lin: Member) -> None:
    public_id = desk.paid(lin, is_instant=True)

    assert "nobody_found" not in _after(9 * MINUTE)
    assert _after(11 * MINUTE)["nobody_found"] == 1
    assert desk.state(public_id) == "refunded_closed"


def test_waiting_is_escalated_at_three_marks_once_each(
    desk: Desk, lin: Member, bao: Member, an: Member
) -> None:
    public_id = desk.paid(lin)

    fired = [_after(minutes * MINUTE).get("escalation") for minutes in (4, 6, 7, 16, 31, 40)]

    assert fired == [None, 1, None, 1, 1, None]
    case = desk.row(public_id)
    assert (case.escalation, case.staff_task) == (3, "long_wait")
    assert Notice.objects.filter(user=bao.user, kind="staff_attention").count() == 3
    assert Notice.objects.filter(user=an.user, kind="staff_attention").count() == 3


def test_a_doctor_who_does_not_accept_loses_the_case_to_another(
    desk: Desk, lin: Member, breaches: Breaches
) -> None:
    shen = make_doctor("沈一鸣")
    public_id = desk.paid(lin)
    wu = make_doctor("吴静")

    assert _after(9 * MINUTE) == {}
    assert _after(11 * MINUTE)["not_accepted"] == 1
    desk.run_events()

    case = desk.row(public_id)
    assert (case.state, case.doctor_id, case.hops) == ("waiting_accept", wu.doctor.pk, 1)
    assert (_count(shen), _count(wu)) == (0, 1)
    assert breaches() == []


def test_a_doctor_who_replied_in_time_keeps_the_case_when_the_event_is_late(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.paid(lin)
    talk = Conversation.objects.get(topic=desk.row(public_id).topic)
    body = {"cid": "first", "kind": "text", "body": "您好，我来看一下。"}
    assert post(shen.member, f"conversations/{talk.public_id}/messages", body).status_code == 201

    assert _after(11 * MINUTE) == {"not_accepted": 1}
    desk.run_events()

    case = desk.row(public_id)
    assert (case.state, case.doctor_id, case.hops) == ("in_progress", shen.doctor.pk, 0)


def test_accepting_too_late_is_refused(desk: Desk, lin: Member, shen: DoctorMember) -> None:
    public_id = desk.paid(lin)
    Consultation.objects.filter(public_id=public_id).update(accept_by=now() - MINUTE)

    answer = post(shen.member, f"consultations/{public_id}/accept")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_accepted_in_time")


def test_a_silent_doctor_goes_to_staff_after_a_day_and_pays_back_after_two(
    desk: Desk, lin: Member, bao: Member, shen: DoctorMember, breaches: Breaches
) -> None:
    public_id = desk.accepted(lin, shen)

    assert _after(23 * HOUR) == {}
    assert _after(25 * HOUR) == {"reply": 1}
    assert desk.row(public_id).staff_task == "no_reply"
    assert _after(26 * HOUR) == {}
    assert _after(49 * HOUR) == {"reply": 1}
    desk.run_events()

    assert desk.state(public_id) == "refunded_closed"
    assert Refund.objects.get().reason == "no_reply"
    assert _count(shen) == 0
    assert breaches() == []


def test_a_reply_stops_the_clock_and_the_next_question_starts_it_again(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)
    _say(desk, public_id, shen.member)
    _after(MINUTE)
    assert desk.row(public_id).reply_due_at is None

    _say(desk, public_id, lin)
    _after(MINUTE)

    case = desk.row(public_id)
    assert case.conversation is not None
    assert case.unanswered_since == case.conversation.last_patient_message_at
    assert case.unanswered_since is not None
    assert case.reply_due_at == case.unanswered_since + numbers.NO_REPLY_REVIEW_AFTER


def test_cancelling_while_the_doctor_is_overdue_refunds_at_once(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)
    Consultation.objects.filter(public_id=public_id).update(unanswered_since=now() - 25 * HOUR)

    answer = post(lin, f"consultations/{public_id}/cancel").json()

    assert answer["refund"]["mode"] == "automatic"


def test_the_service_ends_after_two_days_when_the_doctor_wrote_last(
    desk: Desk, lin: Member, shen: DoctorMember, breaches: Breaches
) -> None:
    public_id = desk.accepted(lin, shen)
    _say(desk, public_id, lin)
    _say(desk, public_id, shen.member)

    assert _after(47 * HOUR) == {}
    assert _after(49 * HOUR) == {"service": 1}

    assert desk.state(public_id) == "completed"
    assert RecognisedIncome.objects.count() == 1
    assert _count(shen) == 0
    assert breaches() == []


def test_the_service_does_not_end_while_a_question_is_open(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)
    _say(desk, public_id, shen.member)
    _say(desk, public_id, lin)
    Consultation.objects.filter(public_id=public_id).update(service_until=now() - MINUTE)

    assert _after(MINUTE) == {}
    assert desk.state(public_id) == "in_progress"
    _say(desk, public_id, shen.member, 2)
    assert _after(2 * MINUTE) == {"service": 1}


def test_timers_run_twice_do_nothing_twice(
    desk: Desk, lin: Member, shen: DoctorMember, breaches: Breaches
) -> None:
    desk.paid(lin)

    first, second = _after(11 * MINUTE), _after(11 * MINUTE)

    assert first["not_accepted"] == 1
    assert "not_accepted" not in second
    assert Assignment.objects.count() == 1
    assert breaches() == []


@pytest.mark.parametrize(("refund_fen", "doctor_fen"), [(0, 2730), (1900, 1400), (PRICE_FEN, None)])
def test_staff_decide_about_a_case_cancelled_after_acceptance(
    refund_fen: int, doctor_fen: int | None, desk: Desk, an: Member, breaches: Breaches
) -> None:
    lin, shen = make_member("林小月", Role.PATIENT), make_doctor("沈一鸣")
    public_id = desk.accepted(lin, shen)
    post(lin, f"consultations/{public_id}/cancel")

    address = reverse(
        "admin:consultations_consultation_step", args=[desk.row(public_id).pk, "decide-refund"]
    )
    console = Client()
    console.force_login(an.user)
    console.post(address, {"amount": f"{refund_fen / 100:.2f}"})  # without why nothing moves
    assert desk.row(public_id).staff_task == "refund_review"
    console.post(address, {"amount": f"{refund_fen / 100:.2f}", "reason": "he was ill"})
    desk.run_events()

    assert desk.row(public_id).staff_task == ""
    income = RecognisedIncome.objects.first()
    assert (income.doctor_fen if income else None) == doctor_fen
    notices = lin.client.get("/api/v1/notices").json()["results"]
    assert any(row["kind"] == "refund_refused" for row in notices) == (refund_fen == 0)
    assert breaches() == []
