"""Many who wait, places that become free at once, answers that cross: on real connections."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from appointments.enums import State
from appointments.models import Appointment, AppointmentType
from appointments.services import cancelling, holding, offering
from appointments.services.filling import fill
from appointments.services.sweeping import sweep
from appointments.services.waiting import WaitingWish, join
from clinic.core.clock import now
from clinic.core.errors import ClinicError
from clinic.core.invariants import all_invariants
from clinic.core.roles import Role
from doctors.models import Branch
from tests.appointments.front_desk import give_hours, in_hours, make_branch, make_type
from tests.appointments.waiting_room import HOURS, fill_up, free
from tests.cast import Member, make_member
from tests.consultations.conftest import person_of
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 4


@pytest.fixture
def branch(transactional_db: None) -> Branch:
    """The branch."""
    return make_branch()


@pytest.fixture
def kind(transactional_db: None) -> AppointmentType:
    """An hour, free of charge."""
    return make_type(duration_minutes=60, step_minutes=60)


def _doctors(count: int, branch: Branch) -> list[DoctorMember]:
    doctors = [make_doctor(f"医生{number}") for number in range(count)]
    for doctor in doctors:
        give_hours(doctor, branch)
    return doctors


def _join(
    member: Member, kind: AppointmentType, branch: Branch, hours: tuple[int, int] = (0, HOURS)
) -> Appointment:
    return join(
        actor=member.actor,
        wish=WaitingWish(
            kind=kind.code,
            person_id=person_of(member).public_id,
            branch=branch.code,
            wanted_from=in_hours() + timedelta(hours=hours[0]),
            wanted_until=in_hours() + timedelta(hours=hours[1]),
        ),
    )


def _line(count: int, kind: AppointmentType, branch: Branch) -> list[tuple[Member, int]]:
    members = [make_member(f"等候{number}", Role.PATIENT) for number in range(count)]
    return [(member, _join(member, kind, branch).pk) for member in members]


def _one_an_hour(count: int, kind: AppointmentType, branch: Branch) -> list[tuple[Member, int]]:
    """Let each wait for an hour that nobody else wants."""
    members = [make_member(f"等候{number}", Role.PATIENT) for number in range(count)]
    return [
        (member, _join(member, kind, branch, (number, number + 1)).pk)
        for number, member in enumerate(members)
    ]


def _states(line: list[tuple[Member, int]]) -> list[str]:
    known = dict(Appointment.objects.values_list("pk", "state"))
    return [known[pk] for _member, pk in line]


def _breaches() -> list[str]:
    return [entry for promise in all_invariants() for entry in promise.breaches()]


def _outcome(act: Callable[[], object]) -> str:
    """Return "done", "nothing", or the code of the refusal."""
    try:
        told = act()
    except ClinicError as error:
        return error.code
    return "nothing" if told is False else "done"


def test_fifty_who_wait_get_five_places_in_their_order(
    branch: Branch, kind: AppointmentType
) -> None:
    doctors = _doctors(5, branch)
    for doctor in doctors:
        fill_up(doctor, kind, branch, hours=HOURS)
    line = _line(50, kind, branch)
    for doctor in doctors:
        free(doctor)

    together(6, lambda n: fill(doctors[n].doctor.pk) if n < 5 else sweep())

    assert _states(line) == ["offered"] * 5 + ["queued"] * 45
    offered = Appointment.objects.filter(state=State.OFFERED)
    assert len({row.doctor_id for row in offered}) == 5
    assert _breaches() == []


def test_two_places_freed_at_once_go_to_the_first_two(
    branch: Branch, kind: AppointmentType
) -> None:
    doctors = _doctors(2, branch)
    for doctor in doctors:
        fill_up(doctor, kind, branch)
    line = _line(3, kind, branch)

    def leave(number: int) -> int:
        free(doctors[number])
        return fill(doctors[number].doctor.pk)

    together(2, leave)
    fill()  # whoever looked before the other had committed

    assert _states(line) == ["offered", "offered", "queued"]
    assert _breaches() == []


def test_seats_of_a_group_given_at_once_are_all_given(branch: Branch) -> None:
    """Without the lock of the doctor rivals reach for one seat and leave others empty."""
    kind = make_type(capacity=6, duration_minutes=60, step_minutes=60)
    (doctor,) = _doctors(1, branch)
    rows = fill_up(doctor, kind, branch, people=6)
    line = _line(6, kind, branch)
    for row in rows:
        if row.starts_at == in_hours():
            cancelling.cancel(row.pk, actor=doctor.member.actor)
    waiting = {row.pk: row for row in Appointment.objects.select_related("kind", "branch")}

    told = together(6, lambda n: offering.give(waiting[line[n][1]], doctor.doctor, in_hours()))

    assert told == [True] * 6
    assert _states(line) == ["offered"] * 6
    assert _breaches() == []


def test_one_person_who_joins_at_many_doors_waits_once(
    branch: Branch, kind: AppointmentType
) -> None:
    (doctor,) = _doctors(1, branch)
    fill_up(doctor, kind, branch)
    member = make_member("林小月", Role.PATIENT)
    person_of(member)

    told = Counter(together(8, lambda _n: _outcome(lambda: _join(member, kind, branch))))

    assert told == {"done": 1, "already_waiting": 7}


def test_of_answers_that_cross_one_counts(branch: Branch, kind: AppointmentType) -> None:
    (doctor,) = _doctors(1, branch)
    fill_up(doctor, kind, branch)
    line = _one_an_hour(ROUNDS, kind, branch)

    for number, (member, pk) in enumerate(line):
        free(doctor, hours=number)
        assert fill() == 1

        def answer(n: int, pk: int = pk, member: Member = member) -> str:
            acts: list[Callable[[], object]] = [
                lambda: offering.accept(pk, actor=member.actor),
                lambda: offering.decline(pk, actor=member.actor),
                lambda: offering.withdraw(pk),
                lambda: cancelling.cancel(pk, actor=member.actor),
            ]
            return _outcome(acts[n])

        told = together(4, answer)

        # Cancelling is always possible; of the other three only one finds the offer there.
        assert told[3] == "done"
        assert told[:3].count("done") <= 1
        assert _states([(member, pk)]) == ["cancelled"]
    assert _breaches() == []


def test_an_offer_that_ends_while_it_is_accepted_goes_to_one(
    branch: Branch, kind: AppointmentType
) -> None:
    (doctor,) = _doctors(1, branch)
    fill_up(doctor, kind, branch)
    line = _one_an_hour(ROUNDS, kind, branch)

    for number, (member, pk) in enumerate(line):
        free(doctor, hours=number)
        assert fill() == 1
        soon = now() + timedelta(milliseconds=15)
        Appointment.objects.filter(pk=pk).update(expires_at=soon)

        def rival(n: int, pk: int = pk, member: Member = member) -> str:
            if n == 0:
                return _outcome(lambda: offering.accept(pk, actor=member.actor))
            return _until_over(pk)

        told = together(2, rival)

        state = _states([(member, pk)])[0]
        assert (told, state) in [
            (["done", "nothing"], "confirmed"),
            (["offer_gone", "done"], "queued"),
        ]
        cancelling.cancel(pk, actor=member.actor)
    assert _breaches() == []


def _until_over(appointment_id: int) -> str:
    """Try to end the offer until it is over or no offer any more."""
    while Appointment.objects.get(pk=appointment_id).state == State.OFFERED:
        if holding.release(appointment_id):
            return "done"
    return "nothing"


def test_who_cancels_while_a_place_is_offered_leaves_it_free(
    branch: Branch, kind: AppointmentType
) -> None:
    (doctor,) = _doctors(1, branch)
    fill_up(doctor, kind, branch)
    line = _one_an_hour(ROUNDS, kind, branch)

    for number, (member, pk) in enumerate(line):
        free(doctor, hours=number)

        def rival(n: int, pk: int = pk, member: Member = member) -> object:
            return fill() if n else cancelling.cancel(pk, actor=member.actor)

        together(2, rival)

        row = Appointment.objects.get(pk=pk)
        assert (row.state, row.doctor_id, row.starts_at) == ("cancelled", None, None)
    assert _breaches() == []
