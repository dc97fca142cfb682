"""What sets an assignment off, what is logged, and what the sweeps repair."""

from collections.abc import Callable
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import translation

from clinic.core.models import OutboxEvent
from clinic.core.roles import Role
from consultations.enums import Trigger
from consultations.errors import UnknownStrategyError
from consultations.models import Assignment, AssignmentAttempt, Consultation
from consultations.services import assignment
from consultations.services.assignment import assign_doctor
from consultations.services.ordering import open_paid
from consultations.services.reconciling import reconcile_loads
from consultations.services.strategies import Case, names, standard, strategy_named
from consultations.services.sweeping import sweep_waiting
from consultations.tasks import (
    assign_waiting_consultations,
    reconcile_doctor_loads,
    run_due_timers,
)
from doctors.models import Doctor
from doctors.services.presence import set_presence
from tests.cast import Member, make_member
from tests.consultations.conftest import Desk, post, waiting_case
from tests.doctors_cast import DoctorMember, make_department, make_doctor

pytestmark = pytest.mark.django_db
TRIGGER = "/api/admin/trigger-assignment"


def _attempts(public_id: str) -> list[tuple[str, str, str]]:
    rows = AssignmentAttempt.objects.filter(consultation__public_id=public_id).order_by("id")
    return list(rows.values_list("trigger", "outcome", "reason"))


def test_payment_sets_it_off_and_both_outcomes_are_logged(desk: Desk, lin: Member) -> None:
    public_id = desk.paid(lin)

    assert desk.state(public_id) == "waiting_assignment"
    assert _attempts(public_id) == [("payment", "waiting", "nobody_online")]


def test_a_doctor_coming_online_gets_the_longest_waiting_that_fits(
    desk: Desk, lin: Member, ge: Member
) -> None:
    for_chief = desk.paid(ge, wanted_level="chief")
    for_anybody = desk.paid(lin)
    shen = make_doctor("沈一鸣", online=False)

    set_presence(doctor_id=shen.doctor.pk, state="online", by=shen.actor)
    desk.run_events()

    assert desk.row(for_anybody).doctor_id == shen.doctor.pk
    assert desk.state(for_chief) == "waiting_assignment"
    assert _attempts(for_anybody)[-1][0] == "doctor_online"
    assert len(_attempts(for_chief)) == 1


def test_a_doctor_coming_online_is_filled_up_to_his_limit(desk: Desk) -> None:
    waiting = [desk.paid(make_member(f"病人{n}", Role.PATIENT)) for n in range(7)]
    shen = make_doctor("沈一鸣", online=False)

    set_presence(doctor_id=shen.doctor.pk, state="online", by=shen.actor)
    desk.run_events()

    states = [desk.state(public_id) for public_id in waiting]
    assert states == ["waiting_accept"] * 5 + ["waiting_assignment"] * 2


def test_a_doctor_who_becomes_free_gets_the_next_one(desk: Desk, lin: Member, ge: Member) -> None:
    shen = make_doctor("沈一鸣", max_consultations=1)
    first = desk.accepted(lin, shen)
    second = desk.paid(ge)
    assert _attempts(second) == [("payment", "waiting", "all_full")]

    post(lin, f"consultations/{first}/end")
    desk.run_events()

    assert desk.row(second).doctor_id == shen.doctor.pk
    assert _attempts(second)[-1] == ("doctor_free", "assigned", "level")


def test_a_case_that_this_doctor_may_not_get_does_not_hold_up_the_next(
    desk: Desk, lin: Member, ge: Member, shen: DoctorMember
) -> None:
    desk.accepted(lin, shen)
    blocked = waiting_case(lin)
    free = waiting_case(ge)

    assignment.assign_next_to(shen.doctor.pk, trigger=Trigger.DOCTOR_FREE)

    assert desk.row(str(blocked.public_id)).state == "waiting_assignment"
    assert desk.row(str(free.public_id)).doctor_id == shen.doctor.pk


def test_the_sweep_repairs_a_lost_payment_event(
    desk: Desk, lin: Member, shen: DoctorMember, breaches: Callable[[], list[str]]
) -> None:
    public_id = desk.paid(lin, run=False)
    OutboxEvent.objects.all().delete()

    assign_waiting_consultations()
    assign_waiting_consultations()

    assert desk.row(public_id).doctor_id == shen.doctor.pk
    assert Assignment.objects.count() == 1
    assert breaches() == []


def test_one_sweep_tries_twenty_and_the_next_one_the_rest(desk: Desk) -> None:
    for number in range(23):
        waiting_case(make_member(f"病人{number}", Role.PATIENT))

    first = sweep_waiting()
    second = sweep_waiting()

    assert len(first) == 20
    tried = {attempt.consultation_id for attempt in first + second}
    assert len(tried) == 23


def test_the_sweep_serves_the_longest_waiting_first(desk: Desk) -> None:
    cases = [waiting_case(make_member(f"病人{number}", Role.PATIENT)) for number in range(3)]
    make_doctor("沈一鸣", max_consultations=1)

    sweep_waiting()

    assert [Consultation.objects.get(pk=case.pk).state for case in cases] == [
        "waiting_accept",
        "waiting_assignment",
        "waiting_assignment",
    ]


def test_one_failing_case_does_not_stop_the_sweep(
    desk: Desk, lin: Member, ge: Member, shen: DoctorMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, sound = waiting_case(lin), waiting_case(ge)
    real = assignment.steps_for

    def steps_for(case: Consultation, **kwargs: object) -> object:
        if case.pk == poison.pk:
            raise DatabaseError
        return real(case, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(assignment, "steps_for", steps_for)

    outcomes = {attempt.consultation_id: attempt.outcome for attempt in sweep_waiting()}

    assert outcomes == {poison.pk: "failed", sound.pk: "assigned"}


def test_the_admin_sets_it_off_by_hand_and_reads_the_reasons(
    desk: Desk, lin: Member, ge: Member, an: Member
) -> None:
    impossible = desk.paid(ge, wanted_level="chief")
    possible = desk.paid(lin)
    shen = make_doctor("沈一鸣")

    answer = an.client.post(TRIGGER, {}, format="json")

    assert answer.status_code == 200
    body = answer.json()
    assert (body["assigned"], body["waiting"], body["failed"]) == (1, 1, 0)
    assert body["results"] == [
        {"consultation_id": impossible, "outcome": "waiting", "reason": "none_of_level"},
        {"consultation_id": possible, "outcome": "assigned", "reason": "level"},
    ]
    assert desk.row(possible).doctor_id == shen.doctor.pk


def test_the_admin_may_name_one_case(desk: Desk, lin: Member, an: Member) -> None:
    public_id = desk.paid(lin)
    make_doctor("沈一鸣")

    body = an.client.post(TRIGGER, {"consultation_id": public_id}, format="json").json()

    assert body["assigned"] == 1
    unknown = {"consultation_id": "00000000-0000-0000-0000-000000000000"}
    assert an.client.post(TRIGGER, unknown, format="json").status_code == 404
    assert an.client.post(TRIGGER, {"limit": 0}, format="json").status_code == 400


def test_nobody_else_may_set_it_off(
    desk: Desk, lin: Member, bao: Member, shen: DoctorMember
) -> None:
    answers = [m.client.post(TRIGGER, {}, format="json") for m in (lin, bao, shen)]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


def test_the_command_assigns_and_says_so(desk: Desk, lin: Member, ge: Member) -> None:
    public_id = desk.paid(lin)
    desk.paid(ge)
    make_doctor("沈一鸣", max_consultations=1)
    out = StringIO()

    with translation.override("en"):
        call_command("assign_waiting", limit=5, stdout=out)

    assert f"{public_id}: assigned (level)" in out.getvalue()
    assert "1 of 2 assigned" in out.getvalue()


def test_the_command_takes_one_case_and_refuses_an_unknown_one(desk: Desk, lin: Member) -> None:
    public_id = desk.paid(lin)
    make_doctor("沈一鸣")
    out = StringIO()

    with translation.override("en"):
        call_command("assign_waiting", consultation=public_id, stdout=out)
        with pytest.raises(CommandError, match="take its id from the console"):
            call_command("assign_waiting", consultation="00000000-0000-0000-0000-000000000000")
        with pytest.raises(CommandError, match="Choose a limit"):
            call_command("assign_waiting", limit=0)

    assert "1 of 1 assigned" in out.getvalue()


def test_a_second_payment_event_changes_nothing(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.paid(lin)
    pk = desk.row(public_id).pk

    assert not open_paid(pk)
    assert assign_doctor(pk, trigger=Trigger.PAYMENT).outcome == "not_waiting"
    assert Assignment.objects.count() == 1


def test_a_patient_who_is_a_doctor_is_never_assigned_to_himself(desk: Desk) -> None:
    shen = make_doctor("沈一鸣")
    case = waiting_case(shen.member)

    assert assign_doctor(case.pk).reason == "blocked"


def test_a_doctor_with_an_open_case_of_the_patient_does_not_get_a_second_one(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    desk.accepted(lin, shen)

    second = desk.paid(lin)

    assert _attempts(second) == [("payment", "waiting", "blocked")]


def test_strategies_are_known_by_name() -> None:
    assert {"standard", "same_department"} <= set(names())
    with pytest.raises(UnknownStrategyError):
        strategy_named("astrology")


def test_the_other_strategy_never_leaves_the_department(desk: Desk, lin: Member) -> None:
    make_doctor("沈一鸣")
    make_department("heart", "心内科")
    case = waiting_case(lin, department_code="heart")

    assert assign_doctor(case.pk, strategy="same_department").outcome == "waiting"
    assert assign_doctor(case.pk, strategy="standard").outcome == "assigned"


def test_standard_widens_step_by_step() -> None:
    case = Case(level_rank=3, department_id=7, last_doctor_id=9, excluded_doctor_ids=frozenset({1}))

    steps = list(standard(case))

    assert [step.name for step in steps] == [
        "same_doctor", "level_and_department", "level", "higher_level",
    ]  # fmt: skip
    assert all(step.wanted.excluded_doctor_ids == {1} for step in steps)
    any_level = replace(case, level_rank=None, last_doctor_id=None)
    assert [step.name for step in standard(any_level)] == [
        "level_and_department", "level",
    ]  # fmt: skip


def test_a_wrong_count_is_reported_and_corrected_at_night(
    desk: Desk, lin: Member, shen: DoctorMember, breaches: Callable[[], list[str]]
) -> None:
    desk.accepted(lin, shen)
    Doctor.objects.update(current_consultation_count=3)
    assert len(breaches()) == 1

    assert reconcile_loads() == [shen.doctor.pk]
    reconcile_doctor_loads()

    assert breaches() == []


def test_tasks_run_with_nothing_to_do(desk: Desk) -> None:
    run_due_timers()
    assign_waiting_consultations()
