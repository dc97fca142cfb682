"""Freed places: offered to the head of the line or taken for him, answered or not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from pytest_django import DjangoCaptureOnCommitCallbacks

from appointments.enums import State, WaitingWay
from appointments.models import Appointment, AppointmentStep, AppointmentType, Offer
from appointments.services.displacing import withdraw_type
from appointments.services.filling import fill
from appointments.services.offering import accept, withdraw
from appointments.services.sweeping import sweep
from clinic.core.actor import system_actor
from clinic.core.clock import now
from clinic.core.invariants import all_invariants
from doctors.models import Branch, Leave
from payments.models import PriceRule
from tests.appointments.front_desk import (
    PRICE_FEN,
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    row_of,
    step,
    wish,
)
from tests.appointments.waiting_room import fill_up, free, join, waiting_people
from tests.cast import Member
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
Waiting = tuple[Member, str]


@pytest.fixture
def branch(db: None) -> Branch:
    """The branch."""
    return make_branch()


@pytest.fixture
def shen(branch: Branch) -> DoctorMember:
    """The only doctor at the branch."""
    doctor = make_doctor("沈一鸣")
    give_hours(doctor, branch)
    return doctor


@pytest.fixture
def kind(db: None) -> AppointmentType:
    """An hour, free of charge."""
    return make_type(duration_minutes=60, step_minutes=60)


def _breaches() -> list[str]:
    return [line for promise in all_invariants() for line in promise.breaches()]


def _states(people: list[Waiting]) -> list[str]:
    return [_row(one).state for one in people]


def _row(one: Waiting) -> Appointment:
    return Appointment.objects.get(public_id=one[1])


def _acts(one: Waiting) -> list[str]:
    rows = AppointmentStep.objects.filter(appointment__public_id=one[1]).order_by("id")
    return list(rows.values_list("act", flat=True))


def _answer(one: Waiting, verb: str) -> Any:
    return step(*one, f"offer/{verb}")


def _run_out(one: Waiting) -> None:
    """Let the offer or the waiting of somebody be over."""
    rows = Appointment.objects.filter(public_id=one[1])
    rows.update(expires_at=now() - timedelta(seconds=1))


@pytest.fixture
def line(kind: AppointmentType, branch: Branch, shen: DoctorMember) -> list[Waiting]:
    """Three who wait for a full doctor."""
    fill_up(shen, kind, branch)
    return waiting_people(3, kind, branch)


def test_a_freed_place_is_offered_to_the_head_for_a_quarter_of_an_hour(
    line: list[Waiting], shen: DoctorMember
) -> None:
    free(shen, hours=2)

    assert fill(shen.doctor.pk) == 1

    assert _states(line) == ["offered", "queued", "queued"]
    told = line[0][0].client.get(f"/api/v1/appointments/{line[0][1]}/waiting").json()
    row = _row(line[0])
    assert (told["position"], told["offer"]["price_fen"]) == (None, 0)
    assert told["offer"]["doctor"]["id"] == str(shen.doctor.public_id)
    assert row.starts_at == in_hours(26)
    assert row.expires_at is not None
    assert row.expires_at - row.state_since == timedelta(minutes=15)
    assert _breaches() == []


def test_nobody_else_can_book_what_is_offered(
    lin: Member, line: list[Waiting], kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    free(shen, hours=2)
    fill()

    body = wish(lin, kind, branch, starts_at=in_hours(26).isoformat())
    answer = post(lin, "appointments", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")


def test_who_accepts_has_the_place_and_his_wait_is_measured(
    line: list[Waiting],
    shen: DoctorMember,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    free(shen)
    fill()
    before = REGISTRY.get_sample_value("queue_wait_time_count") or 0

    with django_capture_on_commit_callbacks(execute=True):
        answer = _answer(line[0], "accept")

    assert (answer.status_code, answer.json()["state"]) == (200, "confirmed")
    assert _acts(line[0]) == ["queued", "offered", "booked"]
    for answered in ("accept", "decline"):
        assert _answer(line[0], answered).json()["code"] == "place_is_yours"
    assert REGISTRY.get_sample_value("queue_wait_time_count") == before + 1
    assert _breaches() == []


def test_what_costs_money_is_held_and_paid_at_the_price_of_the_offer(
    kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    AppointmentType.objects.filter(pk=kind.pk).update(price_fen=PRICE_FEN)
    fill_up(shen, kind, branch)
    (one,) = waiting_people(1, kind, branch)
    free(shen)
    fill()
    PriceRule.objects.create(
        service=f"appointment_{kind.code}", scope="global", amount_fen=9 * PRICE_FEN,
        valid_from=now() - timedelta(days=1),
    )  # fmt: skip

    answer = _answer(one, "accept")

    told = answer.json()
    assert (told["state"], told["order"]["amount_fen"]) == ("held", PRICE_FEN)
    assert _breaches() == []


def test_who_declines_waits_on_where_he_stood_and_the_next_is_asked(
    line: list[Waiting], shen: DoctorMember
) -> None:
    free(shen)
    fill()
    queued_at = _row(line[0]).queued_at

    answer = _answer(line[0], "decline")
    fill(shen.doctor.pk)

    assert (answer.json()["state"], answer.json()["position"]) == ("queued", 1)
    row = _row(line[0])
    assert (row.queued_at, row.expires_at, row.doctor) == (queued_at, row.waits_until, None)
    assert _states(line) == ["queued", "offered", "queued"]
    free(shen, hours=1)
    fill(shen.doctor.pk)
    assert _states(line) == ["offered", "offered", "queued"]
    assert _breaches() == []


def test_the_second_unanswered_offer_ends_the_waiting(
    line: list[Waiting], shen: DoctorMember
) -> None:
    free(shen)
    fill()
    _run_out(line[0])

    sweep()

    assert _states(line) == ["queued", "offered", "queued"]
    free(shen, hours=3)
    fill()
    _run_out(line[0])
    sweep()
    assert _states(line) == ["expired", "offered", "offered"]
    assert _acts(line[0])[-1] == "offer_expired"
    assert _breaches() == []


def test_an_offer_that_is_over_cannot_be_accepted_even_before_the_sweep(
    line: list[Waiting], shen: DoctorMember
) -> None:
    free(shen)
    fill()
    _run_out(line[0])

    answer = _answer(line[0], "accept")

    assert (answer.status_code, answer.json()["code"]) == (409, "offer_gone")


def test_a_place_whose_offer_is_over_is_booked_by_who_comes_and_the_other_waits_on(
    lin: Member, line: list[Waiting], kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    free(shen)
    fill()
    _run_out(line[0])

    row_of(post(lin, "appointments", wish(lin, kind, branch)))

    assert _states(line) == ["queued", "queued", "queued"]
    assert _breaches() == []


def test_waiting_ends_after_two_hours(line: list[Waiting]) -> None:
    _run_out(line[1])

    sweep()

    assert _states(line) == ["queued", "expired", "queued"]
    assert _acts(line[1]) == ["queued", "timed_out"]
    assert _breaches() == []


def test_who_cancels_during_an_offer_frees_the_place(
    line: list[Waiting], shen: DoctorMember
) -> None:
    free(shen)
    fill()

    step(*line[0], "cancel")
    fill()

    assert _states(line) == ["cancelled", "offered", "queued"]
    assert _row(line[0]).doctor is None
    assert _breaches() == []


def test_the_next_in_line_is_passed_over_when_the_place_does_not_suit_him(
    lin: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    fill_up(shen, kind, branch)
    late = {"from": in_hours(27).isoformat(), "until": in_hours(29).isoformat()}
    first = (lin, join(lin, kind, branch, **late).json()["id"])
    (second,) = waiting_people(1, kind, branch)
    free(shen)

    fill()

    assert _states([first, second]) == ["queued", "offered"]


def test_a_chosen_doctor_is_waited_for(
    lin: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    wu = make_doctor("吴静")
    give_hours(wu, branch)
    for doctor in (shen, wu):
        fill_up(doctor, kind, branch)
    one = (lin, join(lin, kind, branch, doctor_id=str(wu.doctor.public_id)).json()["id"])
    free(shen)

    assert fill() == 0

    free(wu)
    assert fill() == 1
    assert _row(one).doctor == wu.doctor


def test_new_hours_are_found_by_the_sweep(line: list[Waiting], branch: Branch) -> None:
    give_hours(make_doctor("吴静"), branch)

    sweep()

    assert _states(line) == ["offered", "offered", "offered"]
    assert len({_row(one).starts_at for one in line}) == 3
    assert _breaches() == []


def test_a_type_may_take_places_without_asking(
    lin: Member, branch: Branch, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    kind = make_type(waiting_way=WaitingWay.TAKE, price_fen=PRICE_FEN, duration_minutes=60,
                     step_minutes=60)  # fmt: skip
    fill_up(shen, kind, branch)
    one = (lin, join(lin, kind, branch).json()["id"])
    free(shen)

    sweep()

    row = _row(one)
    assert (row.state, row.price_fen) == ("held", PRICE_FEN)
    assert row.order is not None
    assert row.order.amount_fen == PRICE_FEN
    assert _acts(one) == ["queued", "held"]
    assert _breaches() == []


def test_places_of_a_group_are_offered_one_by_one(branch: Branch, shen: DoctorMember) -> None:
    kind = make_type(capacity=3, duration_minutes=60, step_minutes=60)
    group = fill_up(shen, kind, branch, hours=1, people=3)
    people = waiting_people(3, kind, branch, hours=1)
    Appointment.objects.filter(pk__in=[group[0].pk, group[2].pk]).update(
        state=State.CANCELLED, ended_at=now(), cancelled_by="patient"
    )

    assert fill() == 2

    assert _states(people) == ["offered", "offered", "queued"]
    assert len({_row(one).seats.lower for one in people[:2]}) == 2  # type: ignore[union-attr]


def test_a_type_or_branch_that_is_switched_off_is_not_offered(
    line: list[Waiting], shen: DoctorMember, kind: AppointmentType, branch: Branch
) -> None:
    free(shen, hours=2)
    for row in (kind, branch):
        type(row).objects.filter(pk=row.pk).update(is_active=False)
        assert fill() == 0
        type(row).objects.filter(pk=row.pk).update(is_active=True)

    assert fill() == 1
    AppointmentType.objects.update(is_active=False)
    assert _answer(line[0], "accept").json()["code"] == "offer_gone"


def test_nobody_waits_on_for_a_type_that_is_withdrawn(
    line: list[Waiting], shen: DoctorMember, kind: AppointmentType, run_events: Callable[[], int]
) -> None:
    free(shen)
    fill()
    assert _states(line) == ["offered", "queued", "queued"]
    AppointmentType.objects.update(is_active=False)

    withdraw_type(kind.pk, by=system_actor("test"))
    run_events()

    assert _states(line) == ["expired"] * 3
    assert _breaches() == []


def test_who_waits_has_no_time_to_move(line: list[Waiting]) -> None:
    answer = step(*line[0], "move", {"starts_at": in_hours(30).isoformat()})

    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")


def test_an_offer_of_a_doctor_who_goes_on_leave_is_taken_back(
    line: list[Waiting], shen: DoctorMember
) -> None:
    free(shen)
    fill()
    Leave.objects.create(
        doctor=shen.doctor, starts_at=in_hours(20), ends_at=in_hours(40), entered_by="test"
    )

    answer = _answer(line[0], "accept")

    assert (answer.status_code, answer.json()["code"]) == (409, "offer_gone")
    sweep()
    assert _states(line) == ["queued", "queued", "queued"]
    assert _acts(line[0])[-1] == "offer_withdrawn"


def test_the_house_can_take_an_offer_back_once(line: list[Waiting], shen: DoctorMember) -> None:
    free(shen)
    fill()

    told = [withdraw(_row(line[0]).pk, actor=system_actor("leave")) for _ in range(2)]

    assert told == [True, False]
    assert _row(line[0]).state == "queued"


def test_no_place_is_offered_twice_to_one(line: list[Waiting], shen: DoctorMember) -> None:
    for one in line[1:]:
        step(*one, "cancel")
    free(shen)
    fill()
    _answer(line[0], "decline")

    assert fill() == 0
    assert Offer.objects.count() == 1


def test_offers_of_others_cannot_be_answered(
    ge: Member, line: list[Waiting], shen: DoctorMember
) -> None:
    free(shen)
    fill()

    for member, status in ((ge, 404), (line[1][0], 404), (shen.member, 403)):
        for verb in ("accept", "decline"):
            assert step(member, line[0][1], f"offer/{verb}").status_code == status
    assert _states(line) == ["offered", "queued", "queued"]


def test_promises_name_offers_left_standing_and_places_left_idle(
    line: list[Waiting], shen: DoctorMember
) -> None:
    long_ago = now() - timedelta(minutes=10)
    free(shen)
    fill()
    Appointment.objects.filter(public_id=line[0][1]).update(expires_at=long_ago)
    Appointment.objects.filter(public_id=line[1][1]).update(queued_at=long_ago)
    assert [entry for entry in _breaches() if line[0][1] in entry]
    assert not [entry for entry in _breaches() if line[1][1] in entry]

    wu = make_doctor("吴静")
    give_hours(wu, _row(line[1]).branch)

    assert [entry for entry in _breaches() if line[1][1] in entry]
    sweep()
    assert _breaches() == []


def test_the_desk_lets_somebody_go_first(
    bao: Member, line: list[Waiting], shen: DoctorMember
) -> None:
    path = f"front-desk/appointments/{line[2][1]}/priority"
    free(shen)

    assert post(line[2][0], path, {"priority": 1}).status_code == 403
    assert post(bao, path, {"priority": 10}).status_code == 400
    assert post(bao, path, {"priority": 1}).status_code == 200
    fill()

    assert _states(line) == ["queued", "queued", "offered"]
    _answer(line[2], "accept")
    assert post(bao, path, {"priority": 0}).json()["code"] == "illegal_transition"


def test_the_desk_answers_for_who_calls(
    bao: Member, line: list[Waiting], shen: DoctorMember
) -> None:
    free(shen)
    fill()

    row = accept(_row(line[0]).pk, actor=bao.actor)

    assert (row.state, row.patient_id) == ("confirmed", line[0][0].user.pk)


def test_no_place_is_offered_between_people_of_whom_one_blocks_the_other(
    line: list[Waiting], shen: DoctorMember
) -> None:
    blocking = f"/api/v1/doctors/{shen.doctor.public_id}/block"
    assert line[0][0].client.put(blocking).status_code == 200
    free(shen)

    fill()

    assert _states(line) == ["queued", "offered", "queued"]
    assert line[1][0].client.put(blocking).status_code == 200
    assert _answer(line[1], "accept").json()["code"] == "offer_gone"
