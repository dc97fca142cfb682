"""The main line and its branches, through HTTP."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, InternalError, transaction

from chat.models import Conversation, Message
from chat.models import Member as Seat
from clinic.core.actor import system_actor
from clinic.core.errors import IllegalTransitionError
from clinic.notifications.models import Notice
from clinic.records.models import MedicalRecord
from clinic.settings import rules as numbers
from consultations.enums import Reason, State
from consultations.models import (
    Assignment,
    AssignmentAttempt,
    Consultation,
    ConsultationEvent,
)
from consultations.services.refunding import tell_arrived
from consultations.services.state import advance, locked
from payments.models import PaymentOrder, RecognisedIncome, Refund
from payments.services.refunds import request_refund
from tests.cast import Member
from tests.consultations.conftest import COMPLAINT, PRICE_FEN, RECORD, Desk, person_of, post
from tests.doctors_cast import DoctorMember, make_department, make_doctor

pytestmark = pytest.mark.django_db


def _doctor_count(doctor: DoctorMember) -> int:
    doctor.doctor.refresh_from_db()
    return doctor.doctor.current_consultation_count


def test_a_paid_case_is_assigned_accepted_completed_and_rated(
    desk: Desk, lin: Member, shen: DoctorMember, breaches: Callable[[], list[str]]
) -> None:
    public_id = desk.paid(lin)

    shown = lin.client.get(f"/api/v1/consultations/{public_id}").json()
    assert (shown["state"], shown["status"], shown["isInvalid"]) == ("waiting_accept", 0, False)
    assert shown["doctor"]["id"] == str(shen.doctor.public_id)
    assert _doctor_count(shen) == 1
    told = {"fits_revisit": True}
    accepted = post(shen.member, f"consultations/{public_id}/accept", told).json()
    assert (accepted["state"], accepted["status"]) == ("in_progress", 1)
    completed = post(shen.member, f"consultations/{public_id}/complete", RECORD).json()
    assert completed["latest_report_id"] == completed["record"]["id"]
    assert (completed["state"], completed["status"]) == ("completed", 2)
    assert completed["record"]["diagnosis"] == RECORD["diagnosis"]
    desk.run_events()
    rated = post(lin, f"consultations/{public_id}/review", {"stars": 5, "text": "很有耐心"})
    assert rated.status_code == 201
    assert _doctor_count(shen) == 0
    income = RecognisedIncome.objects.get()
    assert (income.doctor_fen, income.clinic_fen) == (2730, 1170)
    assert breaches() == []


def test_the_conversation_opens_with_both_and_tells_them(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    case = desk.row(desk.paid(lin))

    talk = Conversation.objects.get(topic=case.topic)
    assert case.conversation_id == talk.pk
    assert set(Seat.objects.filter(conversation=talk).values_list("user_id", "role")) == {
        (lin.user.pk, "patient"),
        (shen.user.pk, "doctor"),
    }
    assert Message.objects.filter(conversation=talk, code="doctor_assigned").count() == 1
    assert Notice.objects.filter(user=lin.user, kind="doctor_assigned").count() == 1
    assert Notice.objects.filter(user=shen.user, kind="consultation_offered").count() == 1


def test_history_tells_every_move_and_who_made_it(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.completed(lin, shen)

    moves = lin.client.get(f"/api/v1/consultations/{public_id}/history").json()["results"]
    assert [(move["to_state"], move["by"], move["reason"]) for move in moves] == [
        ("draft", "patient", "initiated"),
        ("pending_payment", "patient", "ordered"),
        ("waiting_assignment", "system", "paid"),
        ("waiting_accept", "system", "assigned"),
        ("in_progress", "doctor", "accepted"),
        ("completed", "doctor", "record_signed"),
    ]


def test_initiating_again_returns_the_open_one(desk: Desk, lin: Member) -> None:
    first = desk.initiate(lin)
    second = desk.initiate(lin, complaint="头痛两天")

    assert (first.status_code, second.status_code) == (201, 200)
    assert (first.json()["created"], second.json()["created"]) == (True, False)
    assert first.json()["consultation"]["id"] == second.json()["consultation"]["id"]
    assert second.json()["consultation"]["complaint"] == "头痛两天"


def test_an_ordered_case_keeps_its_complaint(desk: Desk, lin: Member) -> None:
    public_id = desk.ordered(lin)

    again = desk.initiate(lin, complaint="别的问题").json()

    assert (again["created"], again["consultation"]["id"]) == (False, public_id)
    assert again["consultation"]["complaint"] == COMPLAINT


def test_an_assigned_case_does_not_stand_in_the_way_of_a_new_fast_one(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    desk.accepted(lin, shen)

    assert desk.initiate(lin).json()["created"] is True


def test_somebody_elses_visit_person_is_refused(desk: Desk, lin: Member, ge: Member) -> None:
    answer = desk.initiate(lin, person_id=str(person_of(ge).public_id))

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "person_id"


def test_a_chosen_doctor_gets_the_case_with_a_day_to_accept_even_offline(
    desk: Desk, lin: Member
) -> None:
    wu = make_doctor("吴静", online=False, text_price_fen=9900)
    make_doctor("沈一鸣")

    public_id = desk.paid(lin, kind="text_chosen", doctor_id=str(wu.doctor.public_id))

    case = desk.row(public_id)
    assert (case.state, case.doctor_id) == ("waiting_accept", wu.doctor.pk)
    assert case.order is not None
    assert case.order.amount_fen == 9900
    assert case.accept_by is not None
    assert case.accept_by - case.state_since == timedelta(hours=24)
    assert Assignment.objects.get(consultation=case).how == "chosen"


def test_a_chosen_doctor_who_is_full_leaves_the_case_waiting_for_him(
    desk: Desk, lin: Member, ge: Member
) -> None:
    wu = make_doctor("吴静", max_consultations=1)
    make_doctor("沈一鸣")
    first = desk.accepted(ge, wu, kind="text_chosen", doctor_id=str(wu.doctor.public_id))
    second = desk.paid(lin, kind="text_chosen", doctor_id=str(wu.doctor.public_id))
    assert desk.state(second) == "waiting_assignment"

    post(wu.member, f"consultations/{first}/complete", RECORD)
    desk.run_events()

    assert (desk.state(second), desk.row(second).doctor_id) == ("waiting_accept", wu.doctor.pk)


def test_a_doctor_cannot_consult_himself(desk: Desk, shen: DoctorMember) -> None:
    person = person_of(shen.member)
    shen.user.groups.add(Group.objects.get_or_create(name="patient")[0])

    answer = post(
        shen.member,
        "consultations",
        {
            "person_id": str(person.public_id),
            "kind": "text_chosen",
            "doctor_id": str(shen.doctor.public_id),
            "complaint": COMPLAINT,
        },
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "self_consultation")


def test_a_case_without_complaint_cannot_be_ordered(desk: Desk, lin: Member) -> None:
    public_id = desk.draft(lin, complaint="")

    answer = post(lin, f"consultations/{public_id}/order")

    assert (answer.status_code, answer.json()["code"]) == (409, "complaint_missing")


def test_ordering_twice_makes_one_order(desk: Desk, lin: Member) -> None:
    public_id = desk.ordered(lin)

    again = post(lin, f"consultations/{public_id}/order")

    assert again.json()["order"]["amount_fen"] == PRICE_FEN
    assert PaymentOrder.objects.filter(subject_kind="consultation").count() == 1


def test_a_free_case_needs_no_payment(desk: Desk, lin: Member) -> None:
    doctor = make_doctor("沈一鸣", text_price_fen=0)

    public_id = desk.ordered(lin, kind="text_chosen", doctor_id=str(doctor.doctor.public_id))
    desk.run_events()

    assert desk.state(public_id) == "waiting_accept"


def test_declining_passes_the_case_on_without_this_doctor(
    desk: Desk, lin: Member, breaches: Callable[[], list[str]]
) -> None:
    shen, wu = make_doctor("沈一鸣"), make_doctor("吴静")
    public_id = desk.paid(lin)
    first = shen if desk.row(public_id).doctor_id == shen.doctor.pk else wu
    second = wu if first is shen else shen

    answer = post(first.member, f"consultations/{public_id}/decline", {"reason": "not_my_field"})

    assert answer.status_code == 204
    desk.run_events()
    case = desk.row(public_id)
    assert (case.state, case.doctor_id, case.hops) == ("waiting_accept", second.doctor.pk, 1)
    assert (_doctor_count(first), _doctor_count(second)) == (0, 1)
    assert first.client.get(f"/api/v1/consultations/{public_id}").status_code == 404
    seat = Seat.objects.get(conversation_id=case.conversation_id, user=first.user)
    assert seat.left_seq is not None
    ended = Assignment.objects.get(consultation=case, doctor=first.doctor)
    assert ended.ended_why == "declined:not_my_field"
    desk.run_events()
    assert breaches() == []


def test_declining_with_nobody_else_waits_and_never_comes_back_to_the_same_doctor(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.paid(lin)

    post(shen.member, f"consultations/{public_id}/decline", {"reason": "busy"})
    desk.run_events()

    case = desk.row(public_id)
    assert (case.state, case.doctor_id) == ("waiting_assignment", None)
    last = AssignmentAttempt.objects.filter(consultation=case).latest("id")
    assert (last.trigger, last.outcome, last.reason) == ("return", "waiting", "blocked")


def test_the_third_return_gives_the_money_back(
    desk: Desk, lin: Member, breaches: Callable[[], list[str]]
) -> None:
    doctors = {d.doctor.pk: d for d in [make_doctor(name) for name in "甲乙丙丁"]}
    public_id = desk.paid(lin)

    for _ in range(numbers.MAX_HOPS):
        doctor = doctors[desk.row(public_id).doctor_id or 0]
        post(doctor.member, f"consultations/{public_id}/decline", {"reason": "busy"})
        desk.run_events()

    assert desk.state(public_id) == "refunded_closed"
    assert Refund.objects.get().amount_fen == PRICE_FEN
    assert all(_doctor_count(doctor) == 0 for doctor in doctors.values())
    assert breaches() == []


def test_a_doctor_may_return_an_accepted_case(desk: Desk, lin: Member) -> None:
    shen = make_doctor("沈一鸣")
    public_id = desk.accepted(lin, shen)
    wu = make_doctor("吴静")

    answer = post(shen.member, f"consultations/{public_id}/return", {"reason": "conflict"})

    assert answer.status_code == 204
    desk.run_events()
    assert desk.row(public_id).doctor_id == wu.doctor.pk


def test_an_accepted_case_cannot_be_declined(desk: Desk, lin: Member, shen: DoctorMember) -> None:
    public_id = desk.accepted(lin, shen)

    answer = post(shen.member, f"consultations/{public_id}/decline", {"reason": "busy"})

    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")


def test_cancelling_a_draft_costs_nothing(desk: Desk, lin: Member) -> None:
    answer = post(lin, f"consultations/{desk.draft(lin)}/cancel").json()

    assert answer["consultation"]["state"] == "cancelled"
    assert answer["refund"] == {"mode": "none", "amount_fen": 0}


def test_cancelling_an_unpaid_case_closes_its_order(desk: Desk, lin: Member) -> None:
    public_id = desk.ordered(lin)

    post(lin, f"consultations/{public_id}/cancel")

    order = desk.row(public_id).order
    assert order is not None
    assert order.status == "closed"


def test_cancelling_before_acceptance_refunds_all_and_frees_the_doctor(
    desk: Desk, lin: Member, shen: DoctorMember, breaches: Callable[[], list[str]]
) -> None:
    public_id = desk.paid(lin)

    answer = post(lin, f"consultations/{public_id}/cancel").json()
    desk.run_events()

    assert answer["refund"] == {"mode": "automatic", "amount_fen": PRICE_FEN}
    assert desk.state(public_id) == "cancelled"
    assert Refund.objects.get().status == "succeeded"
    told = Notice.objects.filter(user=lin.user, kind__startswith="refund").order_by("id")
    assert [notice.kind for notice in told] == ["refund_started", "refund_succeeded"]
    assert told[1].params == {"amount_fen": PRICE_FEN}
    assert told[1].subject_public_id == desk.row(public_id).public_id
    tell_arrived(desk.row(public_id).pk, refund_id=Refund.objects.get().pk)
    assert told.count() == 2
    assert _doctor_count(shen) == 0
    assert Notice.objects.filter(user=shen.user, kind="consultation_cancelled").exists()
    assert breaches() == []


def test_cancelling_a_case_whose_payment_is_not_noticed_yet_refunds_it(
    desk: Desk, lin: Member, shen: DoctorMember, breaches: Callable[[], list[str]]
) -> None:
    public_id = desk.paid(lin, run=False)

    answer = post(lin, f"consultations/{public_id}/cancel").json()
    desk.run_events()

    assert answer["refund"]["mode"] == "automatic"
    assert Refund.objects.count() == 1
    assert desk.state(public_id) == "cancelled"
    assert breaches() == []


def test_cancelling_after_acceptance_leaves_the_money_to_staff(
    desk: Desk, lin: Member, shen: DoctorMember, breaches: Callable[[], list[str]]
) -> None:
    public_id = desk.accepted(lin, shen)

    answer = post(lin, f"consultations/{public_id}/cancel").json()

    assert answer["refund"] == {"mode": "review", "amount_fen": PRICE_FEN}
    assert desk.row(public_id).staff_task == "refund_review"
    assert not Refund.objects.exists()
    assert _doctor_count(shen) == 0
    assert breaches() == []


def test_a_completed_case_cannot_be_cancelled(desk: Desk, lin: Member, shen: DoctorMember) -> None:
    answer = post(lin, f"consultations/{desk.completed(lin, shen)}/cancel")

    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert answer.json()["allowed"] == []


def test_the_patient_may_end_and_then_write_two_more_messages(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)

    answer = post(lin, f"consultations/{public_id}/end")

    assert answer.json()["state"] == "completed"
    talk = Conversation.objects.get(topic=desk.row(public_id).topic)
    said = [
        post(
            lin,
            f"conversations/{talk.public_id}/messages",
            {"cid": f"c{number}", "kind": "text", "body": "还有一个问题"},
        ).status_code
        for number in range(3)
    ]
    assert said[:2] == [201, 201]
    assert said[2] in {403, 409}


def test_a_referral_ends_the_case_and_leaves_the_money_to_staff(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)

    answer = post(shen.member, f"consultations/{public_id}/refer-offline").json()

    assert (answer["state"], answer["isInvalid"]) == ("referred_offline", False)
    assert desk.row(public_id).staff_task == "refund_review"


def test_the_doctors_first_message_accepts(desk: Desk, lin: Member, shen: DoctorMember) -> None:
    public_id = desk.paid(lin)
    talk = Conversation.objects.get(topic=desk.row(public_id).topic)
    message = {"cid": "c1", "kind": "text", "body": "您好，请问疼痛多久了？"}

    post(lin, f"conversations/{talk.public_id}/messages", message)
    desk.run_events()
    assert desk.state(public_id) == "waiting_accept"
    post(shen.member, f"conversations/{talk.public_id}/messages", message)
    desk.run_events()

    case = desk.row(public_id)
    assert (case.state, case.reply_due_at) == ("in_progress", None)


def test_a_review_is_taken_once_and_only_of_a_completed_case(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    running = desk.accepted(lin, shen)
    early = post(lin, f"consultations/{running}/review", {"stars": 5})
    post(shen.member, f"consultations/{running}/complete", RECORD)
    first = post(lin, f"consultations/{running}/review", {"stars": 4})
    second = post(lin, f"consultations/{running}/review", {"stars": 1})

    assert (early.status_code, early.json()["code"]) == (409, "not_completed")
    assert first.status_code == 201
    assert (second.status_code, second.json()["code"]) == (409, "already_reviewed")


def test_a_review_comes_too_late_after_fifteen_days(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.completed(lin, shen)
    case = desk.row(public_id)
    late = (case.ended_at or case.created_at) - timedelta(days=16)
    Consultation.objects.filter(pk=case.pk).update(ended_at=late)

    answer = post(lin, f"consultations/{public_id}/review", {"stars": 5})

    assert (answer.status_code, answer.json()["code"]) == (409, "review_too_late")


def test_a_signed_record_cannot_be_changed(desk: Desk, lin: Member, shen: DoctorMember) -> None:
    desk.completed(lin, shen)

    with pytest.raises(InternalError), transaction.atomic():
        MedicalRecord.objects.update(diagnosis="别的")


def test_history_and_assignments_cannot_be_rewritten(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    desk.completed(lin, shen)

    with pytest.raises(InternalError), transaction.atomic():
        ConsultationEvent.objects.update(reason="paid")
    with pytest.raises(InternalError), transaction.atomic():
        Assignment.objects.update(ended_why="other")
    with pytest.raises(InternalError), transaction.atomic():
        Assignment.objects.all().delete()


def test_the_database_itself_refuses_a_move_outside_the_table(desk: Desk, lin: Member) -> None:
    case = desk.row(desk.draft(lin))

    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Consultation.objects.filter(pk=case.pk).update(state="completed")


def test_a_forbidden_move_names_the_allowed_ones(desk: Desk, lin: Member) -> None:
    case = desk.row(desk.draft(lin))

    with pytest.raises(IllegalTransitionError) as caught, transaction.atomic():
        advance(
            locked(case.pk),
            State.IN_PROGRESS,
            actor=system_actor("test"),
            reason=Reason.ACCEPTED,
            now=case.created_at,
        )

    assert caught.value.extra["allowed"] == ["cancelled", "pending_payment"]


def test_a_full_refund_by_staff_closes_a_running_case(
    desk: Desk, lin: Member, an: Member, shen: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)
    case = desk.row(public_id)

    request_refund(
        order_id=case.order_id or 0,
        amount_fen=None,
        reason="staff",
        source="staff",
        actor=an.actor,
        why="agreed by phone",
    )
    desk.run_events()

    assert desk.state(public_id) == "refunded_closed"
    assert _doctor_count(shen) == 0


def test_the_last_doctor_of_the_patient_is_asked_first(desk: Desk, lin: Member) -> None:
    shen = make_doctor("沈一鸣")
    desk.completed(lin, shen)
    wu = make_doctor("吴静")
    assert wu.doctor.last_assigned_at is None

    public_id = desk.paid(lin)

    case = desk.row(public_id)
    assert case.doctor_id == shen.doctor.pk
    assert Assignment.objects.get(consultation=case).step == "same_doctor"


def test_level_and_department_are_preferred_then_level_then_upward(
    desk: Desk, lin: Member, ge: Member
) -> None:
    heart = make_department("heart", "心内科")
    chief = make_doctor("主任", level="chief", department=heart)
    equal = make_doctor("主治", level="attending")
    exact = make_doctor("同科主治", level="attending", department=heart, max_consultations=1)
    told = {"wanted_level": "attending", "department_code": "heart"}

    first = desk.row(desk.paid(lin, **told))
    second = desk.row(desk.paid(ge, **told))

    assert first.doctor_id == exact.doctor.pk
    assert second.doctor_id == equal.doctor.pk
    steps = list(Assignment.objects.order_by("id").values_list("step", flat=True))
    assert steps == ["level_and_department", "level"]
    assert chief.doctor.current_consultation_count == 0


def test_upward_costs_nothing_extra_and_downward_never_happens(desk: Desk, lin: Member) -> None:
    make_doctor("住院", level="resident")
    chief = make_doctor("主任", level="chief")

    case = desk.row(desk.paid(lin, wanted_level="attending"))

    assert case.doctor_id == chief.doctor.pk
    assert case.order is not None
    assert case.order.amount_fen == PRICE_FEN
    assert Assignment.objects.get(consultation=case).step == "higher_level"
