"""Rivals for a case that is handed on, called, followed up or pushed, on real connections."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import Error as DatabaseError

from clinic.core.clock import now
from clinic.core.errors import ConflictError
from clinic.notifications.models import Notice
from clinic.settings import rules as numbers
from consultations.enums import DeclineReason, State, TransferReason
from consultations.models import (
    Assignment,
    CallLeg,
    Consultation,
    DoctorPush,
    PhoneCall,
    Transfer,
)
from consultations.services import (
    acceptance,
    calling,
    closing,
    transferring,
)
from consultations.services.assignment import assign_doctor
from consultations.services.call_outcomes import take_report
from consultations.services.desk import assign_to_named
from consultations.services.following_up import remind_due
from consultations.services.pushing import tell_at_opening
from consultations.services.timers import run_timers
from doctors.models import Doctor
from tests.cast import Member
from tests.consultations.conftest import (
    PRICE_FEN,
    RECORD,
    Desk,
    post,
    waiting_case,
)
from tests.consultations.fakes import Provider, leg, read
from tests.consultations.rivals import check_chain, quietly, read_only
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def _offered_case(lin: Member, to: list[DoctorMember]) -> tuple[Consultation, DoctorMember]:
    shen = make_doctor("沈一鸣")
    case = waiting_case(lin, amount_fen=PRICE_FEN)
    assert assign_doctor(case.pk).outcome == "assigned"
    acceptance.accept(case.pk, actor=shen.actor, fits_revisit=True)
    to.append(make_doctor("吴静"))
    transferring.offer_transfer(
        case.pk,
        to=to[0].doctor.public_id,
        reason=TransferReason.OTHER,
        note="",
        actor=shen.actor,
    )
    return case, shen


def _answer_and_complete(lin: Member) -> tuple[Consultation, list[Any]]:
    """Let the colleague accept and decline while the doctor completes, returns and withdraws."""
    to: list[DoctorMember] = []
    case, shen = _offered_case(lin, to)
    offer, wu = Transfer.objects.get(), to[0]
    works: list[Callable[[], Any]] = [
        lambda: transferring.accept_transfer(offer, actor=wu.actor),
        lambda: closing.complete(case.pk, actor=shen.actor, told=RECORD),
        lambda: transferring.accept_transfer(offer, actor=wu.actor),
        lambda: acceptance.return_to_pool(case.pk, actor=shen.actor, why=DeclineReason.BUSY),
        lambda: transferring.withdraw_transfer(case.pk, actor=shen.actor),
        lambda: run_timers(now() + numbers.TRANSFER_ACCEPT_WITHIN),
    ]
    return case, together(len(works), lambda n: quietly(works[n]))


@pytest.mark.parametrize("round_number", range(3))
def test_transfer_completion_return_and_timer_at_once_leave_one_story(
    round_number: int, lin: Member, breaches: Callable[[], list[str]]
) -> None:
    case, results = _answer_and_complete(lin)

    assert not any(isinstance(result, DatabaseError) for result in results)
    check_chain(case.pk)
    case.refresh_from_db()
    assert Transfer.objects.get().state != "offered"
    open_now = Assignment.objects.filter(ended_at=None).count()
    assert open_now == (case.state in {State.WAITING_ACCEPT, State.IN_PROGRESS})
    assert sum(Doctor.objects.values_list("current_consultation_count", flat=True)) == open_now
    assert breaches() == []


def test_without_the_lock_transfer_and_completion_break_off_in_the_middle(
    lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (acceptance, closing, transferring):
        for name in ("locked", "locked_with_order"):
            monkeypatch.setattr(module, name, read_only, raising=False)

    _case, results = _answer_and_complete(lin)

    broken = [one for one in results if isinstance(one, (DatabaseError, ConflictError))]
    assert any(type(one) is ConflictError or isinstance(one, DatabaseError) for one in broken)


def test_two_doctors_who_take_each_other_s_case_at_once_do_not_wait_for_each_other(
    lin: Member, ge: Member, breaches: Callable[[], list[str]]
) -> None:
    shen, wu = make_doctor("沈一鸣"), make_doctor("吴静")
    offers = []
    for patient, giver, taker in ((lin, shen, wu), (ge, wu, shen)):
        case = waiting_case(patient)
        assign_to_named(
            case.pk, doctor_id=giver.doctor.pk, actor=giver.actor, reason="he knows her"
        )
        acceptance.accept(case.pk, actor=giver.actor)
        made = transferring.offer_transfer(
            case.pk,
            to=taker.doctor.public_id,
            reason=TransferReason.OTHER,
            note="",
            actor=giver.actor,
        )
        offers.append((made, taker))

    results = together(
        2,
        lambda n: quietly(
            lambda: transferring.accept_transfer(offers[n][0], actor=offers[n][1].actor)
        ),
    )

    assert not any(isinstance(result, Exception) for result in results)
    assert list(Doctor.objects.values_list("current_consultation_count", flat=True)) == [1, 1]
    assert breaches() == []


@pytest.fixture
def running_call(desk: Desk, lin: Member, provider: Provider) -> PhoneCall:
    """A call that is due, of a running phone case."""
    shen = make_doctor("沈一鸣", is_phone_open=True, phone_price_fen=PRICE_FEN)
    chosen = {"kind": "phone_chosen", "doctor_id": str(shen.doctor.public_id)}
    public_id = desk.accepted(lin, shen, **chosen)
    assert post(shen.member, f"consultations/{public_id}/calls").status_code == 201
    return PhoneCall.objects.get()


def test_workers_at_once_put_a_call_through_once(
    running_call: PhoneCall, provider: Provider
) -> None:
    together(8, lambda _n: calling.connect_due())

    assert len(provider.pairs) == 1
    assert Notice.objects.filter(kind="call_to_make").count() == 1


def test_without_the_claim_each_worker_binds_numbers(
    running_call: PhoneCall, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "_claim", lambda _pk, _now: True)

    together(4, lambda _n: calling.connect_due())

    assert len(provider.pairs) > 1


def test_reports_settlement_and_completion_at_once_tell_one_story(
    desk: Desk,
    running_call: PhoneCall,
    provider: Provider,
    breaches: Callable[[], list[str]],
) -> None:
    calling.connect_due()
    call = PhoneCall.objects.get()
    reports = read([leg(call, f"c-{n}", seconds=40) for n in range(2)])
    late = now() + numbers.CALL_WINDOW + numbers.CALL_REPORT_GRACE
    works: list[Callable[[], Any]] = [
        lambda: take_report(reports[0]),
        lambda: take_report(reports[1]),
        lambda: take_report(reports[0]),
        lambda: calling.settle_due(late),
        lambda: calling.settle_due(late),
    ]

    results = together(len(works), lambda n: quietly(works[n]))

    assert not any(isinstance(result, Exception) for result in results)
    call.refresh_from_db()
    assert (call.outcome, call.talk_seconds, CallLeg.objects.count()) == ("talked", 80, 2)
    assert not PhoneCall.objects.filter(state="planned").exists()
    assert breaches() == []


def test_sweeps_at_once_remind_once_and_tell_a_doctor_once(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.completed(lin, shen)
    due = (now() + timedelta(days=1)).isoformat()
    body = {"due_at": due, "text": "如何？"}
    assert post(shen.member, f"consultations/{public_id}/follow-ups", body).status_code == 201
    desk.draft(lin, kind="text_chosen", doctor_id=str(shen.doctor.public_id))
    DoctorPush.objects.update(told_at=None)
    Notice.objects.all().delete()
    later = now() + timedelta(days=2)

    together(8, lambda n: remind_due(later) if n % 2 else tell_at_opening())

    told = list(Notice.objects.order_by("kind").values_list("kind", flat=True))
    assert told == ["consultation_started", "follow_up_due", "follow_up_sent"]
