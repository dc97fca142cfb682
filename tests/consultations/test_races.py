"""Rivals for one case, on real connections. Each lock has a control that fails without it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction

from clinic.core import outbox
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.events import publish
from clinic.core.models import OutboxEvent
from clinic.core.roles import Role
from clinic.settings import rules as numbers
from consultations.enums import DeclineReason, State, Trigger
from consultations.models import (
    Assignment,
    Consultation,
    ConsultationEvent,
)
from consultations.services import (
    acceptance,
    assignment,
    cancelling,
    cases,
    initiation,
    timers,
)
from consultations.services.assignment import assign_doctor, assign_next_to
from consultations.services.cases import Past
from consultations.services.initiation import Intake, initiate
from consultations.services.sweeping import sweep_waiting
from consultations.services.timers import run_timers
from doctors.models import Doctor
from payments.events import OrderPaid
from payments.models import Refund
from tests.cast import Member, make_member
from tests.consultations.conftest import (
    COMPLAINT,
    PRICE_FEN,
    Desk,
    person_of,
    post,
    waiting_case,
)
from tests.consultations.rivals import check_chain, quietly, read_only
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
RIVALS = 16
ROUNDS = 6


def _look_only(consultation_id: int) -> tuple[Consultation, Past]:
    """The same for a search with the past of the case."""
    found = cases.locked_with_past(consultation_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.1)")
    return found


def test_sixteen_assignments_of_one_case_give_it_one_doctor(
    lin: Member, breaches: Callable[[], list[str]]
) -> None:
    for name in "甲乙丙丁":
        make_doctor(name)
    case = waiting_case(lin)

    results = together(RIVALS, lambda _n: assign_doctor(case.pk))

    outcomes = [result.outcome for result in results]
    assert outcomes.count("assigned") == 1
    assert outcomes.count("not_waiting") == RIVALS - 1
    assert Assignment.objects.count() == 1
    assert sum(Doctor.objects.values_list("current_consultation_count", flat=True)) == 1
    assert breaches() == []


def test_without_the_lock_several_rivals_try_to_give_the_case_away(
    lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "甲乙丙丁":
        make_doctor(name)
    case = waiting_case(lin)
    monkeypatch.setattr(cases, "LOCK_CASE", "")
    monkeypatch.setattr(assignment, "locked_with_past", _look_only)

    results = together(RIVALS, lambda _n: quietly(lambda: assign_doctor(case.pk)))

    # The unique index still saves the data, but the callers break instead of standing aside.
    assert any(isinstance(result, Exception) for result in results)


def _initiate(lin: Member) -> Any:
    intake = Intake(person_id=person_of(lin).public_id, kind="text_fast", complaint=COMPLAINT)
    return quietly(lambda: initiate(actor=lin.actor, intake=intake))


def test_sixteen_starts_at_once_make_one_case(lin: Member) -> None:
    person_of(lin)

    results = together(RIVALS, lambda _n: _initiate(lin))

    assert sum(created for _case, created in results) == 1
    assert len({case.pk for case, _created in results}) == 1
    assert Consultation.objects.count() == 1
    assert ConsultationEvent.objects.count() == 1


def test_starts_over_http_at_once_make_one_case(lin: Member, shen: DoctorMember) -> None:
    body = {
        "person_id": str(person_of(lin).public_id),
        "kind": "text_chosen",
        "doctor_id": str(shen.doctor.public_id),
        "complaint": COMPLAINT,
    }

    answers = together(8, lambda _n: post(lin, "consultations", body))

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["consultation"]["id"] for answer in answers}) == 1


@pytest.fixture
def no_promise() -> Iterator[None]:
    """A database that forgot its promise of one open fast case."""
    name = "one_open_fast_consultation"
    constraint = next(c for c in Consultation._meta.constraints if c.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Consultation, constraint)
    yield
    _forget_all_but_one()
    with connection.schema_editor() as editor:
        editor.add_constraint(Consultation, constraint)


def _forget_all_but_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE consultations_consultation CASCADE")


def test_without_the_constraint_looking_first_makes_many_cases(
    lin: Member, no_promise: None
) -> None:
    person_of(lin)

    def look_then_make(_number: int) -> None:
        if initiation.open_twin(patient_id=lin.user.pk, kind="text_fast", doctor_id=None):
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05)")
        _initiate(lin)

    together(RIVALS, look_then_make)

    assert Consultation.objects.count() > 1


def _rivals_for_one_assigned_case(lin: Member) -> tuple[int, list[Any]]:
    """Let accept, decline, cancel and the timer meet on a case whose time is just over."""
    shen = make_doctor("沈一鸣")
    make_doctor("吴静")
    case = waiting_case(lin, amount_fen=PRICE_FEN)
    assert assign_doctor(case.pk).outcome == "assigned"
    case.refresh_from_db()
    actor = Doctor.objects.get(pk=case.doctor_id).user
    holder = shen.actor if actor.pk == shen.user.pk else None
    user_actor = holder or Actor(kind="user", user_id=actor.pk, public_id=actor.public_id)
    later = now() + numbers.ACCEPT_WITHIN
    works: list[Callable[[], Any]] = [
        lambda: acceptance.accept(case.pk, actor=user_actor),
        lambda: run_timers(later),
        lambda: cancelling.cancel(case.pk, actor=lin.actor),
        lambda: acceptance.decline(case.pk, actor=user_actor, why=DeclineReason.BUSY),
    ]
    return case.pk, together(len(works), lambda n: quietly(works[n]))


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_accept_timer_cancel_and_decline_leave_one_story_and_free_each_place_once(
    round_number: int, lin: Member, breaches: Callable[[], list[str]]
) -> None:
    pk, results = _rivals_for_one_assigned_case(lin)

    assert not any(isinstance(result, DatabaseError) for result in results)
    check_chain(pk)
    open_now = Assignment.objects.filter(ended_at=None).count()
    assert sum(Doctor.objects.values_list("current_consultation_count", flat=True)) == open_now
    state = Consultation.objects.get(pk=pk).state
    assert open_now == (state in {State.WAITING_ACCEPT, State.IN_PROGRESS})
    was_accepted = ConsultationEvent.objects.filter(to_state=State.IN_PROGRESS).exists()
    refunded = sum(Refund.objects.values_list("amount_fen", flat=True))
    is_back = state in {State.CANCELLED, State.REFUNDED_CLOSED} and not was_accepted
    assert refunded == (PRICE_FEN if is_back else 0)
    assert breaches() == []


def test_without_the_lock_rivals_break_off_in_the_middle(
    lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acceptance, "locked", read_only)
    monkeypatch.setattr(acceptance, "locked_with_order", read_only)
    monkeypatch.setattr(cancelling, "locked_with_order", read_only)

    def free(consultation_id: int, *, state: State) -> Consultation | None:
        row = read_only(consultation_id)
        return row if row.state == state else None

    monkeypatch.setattr(timers, "due_and_free", free)

    _pk, results = _rivals_for_one_assigned_case(lin)

    # Each had read "waiting_accept"; the guarded write and the indexes stop the losers late.
    assert sum(isinstance(result, Exception) for result in results) >= 1


def test_one_payment_delivered_twice_at_once_opens_and_assigns_once(
    desk: Desk, lin: Member, shen: DoctorMember, breaches: Callable[[], list[str]]
) -> None:
    public_id = desk.paid(lin, run=False)
    case = desk.row(public_id)
    fact = OrderPaid(
        order_id=case.order_id or 0,
        subject_kind="consultation",
        subject_public_id=case.public_id,
    )
    with transaction.atomic():
        publish(fact)
    keys = list(OutboxEvent.objects.filter(kind="payments.OrderPaid").values_list("pk", flat=True))
    assert len(keys) == 2

    together(8, lambda n: outbox.deliver(keys[n % 2]))

    assert desk.state(public_id) == "waiting_accept"
    assert Assignment.objects.count() == 1
    assert ConsultationEvent.objects.filter(to_state="waiting_assignment").count() == 1
    assert breaches() == []


def test_sweeps_events_and_staff_at_once_serve_every_case_within_the_limits(
    desk: Desk, breaches: Callable[[], list[str]]
) -> None:
    doctors = [make_doctor(name, max_consultations=2) for name in "甲乙丙"]
    for number in range(8):
        waiting_case(make_member(f"病人{number}", Role.PATIENT))
    works: list[Callable[[], Any]] = [
        sweep_waiting,
        sweep_waiting,
        *(partial(assign_next_to, d.doctor.pk, trigger=Trigger.DOCTOR_FREE) for d in doctors),
        run_timers,
    ]

    together(len(works), lambda n: works[n]())

    assert Consultation.objects.filter(state="waiting_accept").count() == 6
    assert list(Doctor.objects.values_list("current_consultation_count", flat=True)) == [2, 2, 2]
    assert breaches() == []


def test_timers_of_two_processes_refund_a_case_once(
    desk: Desk, lin: Member, breaches: Callable[[], list[str]]
) -> None:
    public_id = desk.paid(lin)
    late = now() + numbers.REFUND_WHEN_UNASSIGNED_AFTER

    together(6, lambda _n: run_timers(late))

    assert desk.state(public_id) == "refunded_closed"
    assert Refund.objects.count() == 1
    assert breaches() == []
