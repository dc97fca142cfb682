"""Sixteen rivals for the places of doctors, on real connections."""

import random
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from clinic.core.clock import now
from doctors.models import Doctor
from doctors.services.load import TakenPlace, Wanted, take_best, take_named
from tests.doctors.rivals import together
from tests.doctors_cast import make_doctor

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
RIVALS = 16


def _take(_number: int) -> TakenPlace | None:
    with transaction.atomic():
        return take_best(Wanted(), now=now())


def _take_without_condition(_number: int) -> bool:
    """What a service without the condition would do: look, then write."""
    with transaction.atomic():
        doctor = Doctor.objects.get()
        if doctor.current_consultation_count >= doctor.place_limit:
            return False
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05)")
        doctor.current_consultation_count += 1
        doctor.save(update_fields=["current_consultation_count"])
        return True


def _loads() -> list[int]:
    return list(Doctor.objects.order_by("pk").values_list("current_consultation_count", flat=True))


@pytest.mark.parametrize("by_name", [False, True])
def test_the_last_place_goes_to_exactly_one_of_sixteen(by_name: bool) -> None:
    doctor = make_doctor(current_consultation_count=4).doctor

    def take_by_name(_number: int) -> TakenPlace | None:
        with transaction.atomic():
            return take_named(doctor.pk, now=now(), require_online=True)

    work: Callable[[int], TakenPlace | None] = take_by_name if by_name else _take
    winners = [place for place in together(RIVALS, work) if place]

    assert len(winners) == 1
    assert _loads() == [5]


def test_without_the_condition_the_last_place_is_given_away_many_times() -> None:
    make_doctor(current_consultation_count=4)

    winners = [won for won in together(RIVALS, _take_without_condition) if won]

    assert len(winners) > 1


def test_waiting_for_the_only_doctor_refuses_nobody_while_he_has_room() -> None:
    make_doctor(max_consultations=16)

    places = together(RIVALS, _take)

    assert sorted(place.load for place in places if place) == list(range(1, 17))


@pytest.mark.parametrize("doctors", [3, 50])
def test_rivals_fill_everybody_evenly_and_exactly(doctors: int) -> None:
    for number in range(doctors):
        make_doctor(f"医{number}")
    spreads: list[int] = []

    def fill(_number: int) -> int:
        taken = 0
        while True:
            with transaction.atomic():
                place = take_best(Wanted(), now=now())
                if place and random.random() < 0.1:
                    time.sleep(0.005)  # a slow rival holds his doctor's row
            if place is None:
                return taken
            taken += 1
            loads = _loads()
            spreads.append(max(loads) - min(loads))

    taken = together(RIVALS, fill)

    assert sum(taken) == doctors * 5
    assert _loads() == [5] * doctors
    assert max(spreads) <= 2  # a rival under way may be one behind; when he is done it is one


def test_loads_stay_level_when_the_rivals_are_done() -> None:
    """One of difference is the rule; a waiter who lets a row go can leave two behind."""
    for number in range(7):
        make_doctor(f"医{number}", max_consultations=100)
    spreads = []

    for _ in range(6):
        together(RIVALS, _take)

        loads = _loads()
        spreads.append(max(loads) - min(loads))

    assert max(spreads) <= 2
    assert sorted(spreads)[2] <= 1


def test_one_after_the_other_keeps_loads_within_one() -> None:
    for number in range(7):
        make_doctor(f"医{number}", max_consultations=100)

    for _ in range(40):
        _take(0)
        loads = _loads()
        assert max(loads) - min(loads) <= 1
