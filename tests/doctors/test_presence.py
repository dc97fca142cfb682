"""Who is there: said by the doctor, kept up by beats, ended by silence and by the hours."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.core import events
from clinic.core.events import handles
from clinic.core.models import OutboxEvent
from clinic.settings import rules
from doctors.enums import Certification, DoctorStatus
from doctors.events import DoctorBecameFree, DoctorCameOnline, DoctorWentOffline
from doctors.models import Doctor, DoctorPresence, ServiceHours
from doctors.services.load import release_place
from doctors.services.presence import beat, expire_presence, set_presence
from tests.cast import Member
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
PRESENCE = "/api/v1/doctor/presence"
START = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def _somebody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts without a handler are not stored; give each one here."""
    monkeypatch.setattr(
        events, "HANDLERS", {name: dict(of) for name, of in events.HANDLERS.items()}
    )
    for fact in (DoctorCameOnline, DoctorWentOffline, DoctorBecameFree):
        handles(fact)(_nothing)


@pytest.fixture
def clock() -> Iterator[Any]:
    """A clock that stands at noon of a Friday until it is moved."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def _nothing(_fact: object) -> None:
    """Handle a fact."""


def facts() -> list[str]:
    kinds = OutboxEvent.objects.order_by("id").values_list("kind", flat=True)
    return [kind.rsplit(".", 1)[-1] for kind in kinds if kind.startswith("doctors.")]


def say(member: DoctorMember, state: str) -> Any:
    return member.client.post(PRESENCE, {"state": state}, format="json")


def is_on_duty(member: DoctorMember) -> bool:
    return Doctor.objects.get(pk=member.doctor.pk).is_on_duty


def state_of(member: DoctorMember) -> str:
    return DoctorPresence.objects.get(pk=member.doctor.pk).state


def test_a_doctor_comes_online_gets_busy_and_leaves(clock: Any) -> None:
    shen = make_doctor(online=False)

    answer = say(shen, "online")
    assert (answer.status_code, answer.json()["state"]) == (200, "online")
    assert is_on_duty(shen)

    say(shen, "online")
    say(shen, "busy")
    assert not is_on_duty(shen)

    say(shen, "offline")
    assert facts() == ["DoctorCameOnline", "DoctorWentOffline"]


def test_a_doctor_without_a_presence_row_can_come_online(clock: Any) -> None:
    shen = make_doctor(online=False)
    DoctorPresence.objects.all().delete()

    assert say(shen, "online").status_code == 200
    assert is_on_duty(shen)


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        ({"certification": Certification.PENDING}, "not_certified"),
        ({"licence_valid_until": None}, "not_certified"),
        ({"licence_valid_until": START.date() - timedelta(days=1)}, "not_certified"),
        ({"status": DoctorStatus.SUSPENDED}, "doctor_suspended"),
    ],
)
def test_who_may_not_work_cannot_come_online_but_may_leave(
    clock: Any, profile: dict[str, Any], code: str
) -> None:
    shen = make_doctor(online=False, **profile)

    refused = say(shen, "online")

    assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert say(shen, "offline").status_code == 200


@pytest.mark.parametrize("state", ["", "away", 1, None, [], {"a": 1}, "\ud83d", "x" * 10_000])
def test_an_unknown_state_is_a_400(shen: DoctorMember, state: Any) -> None:
    body = {"state": state} if state != "\ud83d" else {"state": "?"}

    assert shen.client.post(PRESENCE, body, format="json").status_code == 400


def test_a_beat_keeps_a_doctor_there_with_one_query(clock: Any) -> None:
    shen = make_doctor()
    for _ in range(10):
        clock.shift(rules.PRESENCE_HEARTBEAT)
        with CaptureQueriesContext(connection) as queries:
            beat(shen.user.pk)
        assert len(queries) == 1
        assert expire_presence() == 0

    assert is_on_duty(shen)


def test_beats_of_other_people_change_nothing(clock: Any, lin: Member) -> None:
    beat(lin.user.pk)
    beat(0)

    assert not DoctorPresence.objects.exists()


def test_silence_takes_a_doctor_offline_once(clock: Any) -> None:
    shen, wu = make_doctor(), make_doctor("吴静")
    clock.shift(rules.PRESENCE_SILENCE)
    beat(wu.user.pk)

    assert [expire_presence(), expire_presence()] == [1, 0]

    assert (is_on_duty(shen), state_of(shen)) == (False, "offline")
    assert is_on_duty(wu)
    assert facts() == ["DoctorWentOffline"]


@pytest.mark.parametrize("state", ["online", "busy"])
def test_a_doctor_who_was_silent_for_minutes_comes_back_as_he_was(clock: Any, state: str) -> None:
    shen = make_doctor()
    say(shen, state)
    clock.shift(rules.PRESENCE_SILENCE)
    expire_presence()

    clock.shift(timedelta(minutes=10))
    expire_presence()
    beat(shen.user.pk)

    assert state_of(shen) == state
    assert is_on_duty(shen) == (state == "online")


def test_after_half_an_hour_only_the_doctor_himself_comes_back(clock: Any) -> None:
    shen = make_doctor()
    clock.shift(rules.PRESENCE_SILENCE)
    expire_presence()
    clock.shift(rules.PRESENCE_HARD_TIMEOUT)

    beat(shen.user.pk)
    assert state_of(shen) == "offline"

    expire_presence()
    beat(shen.user.pk)
    assert state_of(shen) == "offline"

    set_presence(doctor_id=shen.doctor.pk, state="online", by=shen.actor)
    assert is_on_duty(shen)


def test_a_beat_after_half_an_hour_revives_nobody_even_without_the_sweep(clock: Any) -> None:
    shen = make_doctor()
    clock.shift(rules.PRESENCE_HARD_TIMEOUT)

    beat(shen.user.pk)

    assert not Doctor.objects.online(START + rules.PRESENCE_HARD_TIMEOUT).exists()


def test_who_left_by_choice_is_not_brought_back_by_his_device(clock: Any) -> None:
    shen = make_doctor()
    say(shen, "offline")

    beat(shen.user.pk)

    assert state_of(shen) == "offline"


def test_duty_begins_and_ends_with_the_hours(clock: Any) -> None:
    shen = make_doctor(online=False)
    ServiceHours.objects.create(doctor=shen.doctor, weekday=4, start=time(13), end=time(14))
    say(shen, "online")
    assert not is_on_duty(shen)

    seen = []
    for _ in range(5):
        clock.shift(timedelta(minutes=30))
        set_presence(doctor_id=shen.doctor.pk, state="online", by=shen.actor)
        expire_presence()
        seen.append(is_on_duty(shen))

    assert seen == [False, True, True, False, False]
    assert facts() == ["DoctorCameOnline", "DoctorWentOffline"]


def test_hours_that_staff_changes_are_taken_up_by_the_sweep(clock: Any) -> None:
    shen = make_doctor()
    ServiceHours.objects.create(doctor=shen.doctor, weekday=0, start=time(9), end=time(10))

    expire_presence()
    assert not is_on_duty(shen)

    ServiceHours.objects.all().delete()
    expire_presence()
    assert is_on_duty(shen)


def test_opening_the_service_while_on_duty_is_announced(clock: Any) -> None:
    shen = make_doctor(is_service_open=False)

    shen.client.patch("/api/v1/doctor/profile", {"is_service_open": True}, format="json")
    shen.client.patch("/api/v1/doctor/profile", {"is_service_open": True}, format="json")

    assert facts() == ["DoctorCameOnline"]


def test_a_place_given_back_is_announced_once(clock: Any) -> None:
    shen = make_doctor(current_consultation_count=1)

    release_place(shen.doctor.pk)
    release_place(shen.doctor.pk)

    assert facts() == ["DoctorBecameFree"]


def test_the_sweep_costs_the_same_queries_for_one_and_for_many(clock: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            expire_presence()
        return len(seen)

    make_doctor()
    with_one = queries()
    for number in range(20):
        make_doctor(f"医{number}")

    assert queries() == with_one
