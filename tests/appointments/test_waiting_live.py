"""The frame of the waiting list: who is told, when, and what."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from appointments.enums import State
from appointments.models import Appointment, AppointmentType
from appointments.services import cancelling, positions
from appointments.services.filling import fill
from appointments.services.positions import tell, tell_all, tell_in_turn
from clinic.realtime.threads import in_thread
from doctors.models import Branch
from tests.appointments.front_desk import give_hours, make_branch, make_type
from tests.appointments.waiting_room import fill_up, free, waiting_people
from tests.cast import Member
from tests.doctors_cast import DoctorMember, make_doctor
from tests.live import LiveServer, phone

Frames = list[tuple[str, dict[str, Any]]]
Setting = tuple[AppointmentType, Branch, DoctorMember]


def _setting() -> Setting:
    """Return a type, a branch and its only doctor, who is full."""
    branch, kind = (
        make_branch(),
        make_type(duration_minutes=60, step_minutes=60, waiting_timeout=timedelta(days=3)),
    )
    doctor = make_doctor("沈一鸣")
    give_hours(doctor, branch)
    fill_up(doctor, kind, branch)
    return kind, branch, doctor


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> Frames:
    """What is pushed, with whom it is for."""
    found: Frames = []
    monkeypatch.setattr(
        positions,
        "push_on_commit",
        lambda people, frame: found.extend((str(one), frame) for one in people),
    )
    return found


def _cancel(member: Member, public_id: str) -> None:
    row = Appointment.objects.get(public_id=public_id)
    cancelling.cancel(row.pk, actor=member.actor)


@pytest.mark.django_db
def test_only_those_whose_place_changed_are_told(frames: Frames) -> None:
    kind, branch, _doctor = _setting()
    people = waiting_people(3, kind, branch)
    assert tell(kind.pk, branch.pk) == 3
    assert [frame["position"] for _who, frame in frames] == [1, 2, 3]
    frames.clear()

    _cancel(*people[1])

    assert tell(kind.pk, branch.pk) == 1
    (who, frame) = frames[0]
    assert (who, str(frame["id"])) == (str(people[2][0].public_id), people[2][1])
    assert (frame["t"], frame["position"], frame["eta_reason"]) == ("waiting", 2, "")
    assert tell(kind.pk, branch.pk) == 0


@pytest.mark.django_db
def test_a_list_is_told_once_a_second_and_then_once_more(frames: Frames) -> None:
    kind, branch, _doctor = _setting()
    people = waiting_people(3, kind, branch)
    assert tell_in_turn(kind.pk, branch.pk) is None
    frames.clear()
    _cancel(*people[0])

    told = [tell_in_turn(kind.pk, branch.pk) for _ in range(3)]

    # The first of them comes back in a second, the others leave it to that one.
    assert told == [timedelta(seconds=1), None, None]
    assert frames == []
    positions.cache.delete(positions._key("turn", kind.pk, branch.pk))
    assert tell_in_turn(kind.pk, branch.pk) is None
    assert len(frames) == 2


@pytest.mark.django_db
def test_the_sweep_tells_what_a_lost_event_left_untold(frames: Frames) -> None:
    kind, branch, _doctor = _setting()
    waiting_people(2, kind, branch)

    assert tell_all() == 2
    assert tell_all() == 0


@pytest.mark.django_db
def test_a_long_list_is_told_with_as_many_queries_as_a_short_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    kind, branch, _doctor = _setting()

    for count in (1, 5):
        waiting_people(count, kind, branch)
        with django_assert_num_queries(7):  # savepoint, type, branch, line, visits, calendars
            tell(kind.pk, branch.pk)


@pytest.mark.django_db(transaction=True)
async def test_who_waits_sees_his_place_and_his_offer_on_the_socket(
    live_server_ws: LiveServer,
) -> None:
    kind, branch, doctor = await in_thread(_setting)
    people = await in_thread(waiting_people, 2, kind, branch)

    async with phone(live_server_ws, people[1][0]) as device:
        await in_thread(tell, kind.pk, branch.pk)
        assert (await device.hear("waiting"))["position"] == 2

        await in_thread(_cancel, *people[0])
        await in_thread(tell, kind.pk, branch.pk)
        frame = await device.hear("waiting")
        assert (frame["id"], frame["position"]) == (people[1][1], 1)

        await in_thread(free, doctor)
        await in_thread(fill)
        offered = await device.hear("appointment", state=State.OFFERED.value)
        assert offered["doctor_id"] == str(doctor.doctor.public_id)
        assert offered["expires_at"] is not None
