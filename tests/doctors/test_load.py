"""A patient gets the best free doctor; nobody gets more than he may."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from clinic.core.clock import now
from clinic.core.constraints import translate
from clinic.settings import rules
from doctors.enums import Certification, DoctorStatus, Level, PresenceState
from doctors.models import Doctor, DoctorPresence
from doctors.services.load import (
    Wanted,
    lock_places,
    reconcile_counts,
    release_place,
    take_best,
    take_first,
    take_named,
)
from tests.doctors_cast import DoctorMember, make_department, make_doctor

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_the_least_loaded_doctor_comes_first_then_the_longest_idle() -> None:
    half = make_doctor(current_consultation_count=2, max_consultations=4)
    third = make_doctor(current_consultation_count=2, max_consultations=6)
    recent = make_doctor(current_consultation_count=1, max_consultations=3, last_assigned_at=now())

    taken = [take_best(Wanted(), now=now()) for _ in range(3)]

    assert [place and place.doctor_id for place in taken] == [
        third.doctor.pk, recent.doctor.pk, half.doctor.pk,
    ]  # fmt: skip
    assert taken[0] is not None
    assert (taken[0].load, taken[0].limit, taken[0].user_id) == (3, 6, third.user.pk)


def test_a_taken_place_tells_whose_it_is(
    shen: DoctorMember, django_assert_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    place = take_best(Wanted(), now=now())

    assert place is not None
    with django_assert_num_queries(0):
        assert place.doctor.name == shen.doctor.name
        assert place.doctor.public_id == shen.doctor.public_id
        assert place.doctor.user.public_id == shen.user.public_id
    assert place.doctor.level == shen.doctor.level


def test_the_first_wish_that_somebody_fulfils_decides(shen: DoctorMember, wu: DoctorMember) -> None:
    nobody = Wanted(min_level_rank=4, max_level_rank=4)
    barred = Wanted(doctor_id=shen.doctor.pk, excluded_doctor_ids=frozenset({shen.doctor.pk}))
    wishes = [nobody, barred, Wanted(doctor_id=wu.doctor.pk), Wanted()]

    place = take_first(wishes, now=now())

    assert place is not None
    assert (place.wish, place.doctor_id, place.load) == (2, wu.doctor.pk, 1)
    assert take_first([nobody, barred], now=now()) is None
    assert Doctor.objects.get(pk=shen.doctor.pk).current_consultation_count == 0


@pytest.mark.parametrize(
    "profile",
    [
        {"status": DoctorStatus.SUSPENDED},
        {"certification": Certification.PENDING},
        {"certification": Certification.REJECTED},
        {"licence_valid_until": date(2020, 1, 1)},
        {"licence_valid_until": None},
        {"is_service_open": False},
        {"is_text_open": False},
        {"online": False},
        {"is_on_duty": False},
        {"current_consultation_count": 5},
        {"duty_ends_at": NOON - timedelta(days=300)},
    ],
)
def test_a_doctor_who_may_not_get_patients_gets_none(profile: dict[str, Any]) -> None:
    unfit = make_doctor("不合格", **profile)
    moment = now()

    assert take_best(Wanted(), now=moment) is None
    assert take_named(unfit.doctor.pk, now=moment, require_online=True) is None

    fit = make_doctor("合格")
    assert take_best(Wanted(), now=moment) is not None
    assert take_named(fit.doctor.pk, now=moment, require_online=True) is not None


def test_a_switched_off_account_gets_no_patients(shen: DoctorMember) -> None:
    shen.user.is_active = False
    shen.user.save(update_fields=["is_active"])

    assert take_best(Wanted(), now=now()) is None
    assert take_named(shen.doctor.pk, now=now(), require_online=False) is None


def test_a_silent_doctor_gets_no_patients_before_any_sweep(shen: DoctorMember) -> None:
    old = now() - rules.PRESENCE_SILENCE - timedelta(seconds=1)
    DoctorPresence.objects.filter(doctor=shen.doctor).update(heartbeat_at=old)

    assert take_best(Wanted(), now=now()) is None
    assert take_named(shen.doctor.pk, now=now(), require_online=True) is None
    assert take_named(shen.doctor.pk, now=now(), require_online=False) is not None


def test_a_busy_doctor_is_left_alone(shen: DoctorMember) -> None:
    DoctorPresence.objects.filter(doctor=shen.doctor).update(state=PresenceState.BUSY)

    assert take_best(Wanted(), now=now()) is None


def test_wishes_for_level_and_department_are_kept() -> None:
    skin = make_department("skin", "皮肤科")
    resident = make_doctor(level=Level.RESIDENT)
    chief = make_doctor(level=Level.CHIEF, department=skin)
    moment = now()

    def who(**wish: Any) -> int | None:
        with transaction.atomic():
            place = take_best(Wanted(**wish), now=moment)
            transaction.set_rollback(True)
        return place.doctor_id if place else None

    assert who(min_level_rank=4, max_level_rank=4) == chief.doctor.pk
    assert who(max_level_rank=3) == resident.doctor.pk
    assert who(min_level_rank=2, max_level_rank=3) is None
    assert who(department_id=skin.pk) == chief.doctor.pk
    assert who(department_id=skin.pk, max_level_rank=3) is None
    assert who(excluded_doctor_ids=frozenset({resident.doctor.pk})) == chief.doctor.pk
    assert who(doctor_id=resident.doctor.pk) == resident.doctor.pk
    excluded = frozenset({resident.doctor.pk})
    assert who(doctor_id=resident.doctor.pk, excluded_doctor_ids=excluded) is None


def test_a_doctor_is_filled_to_the_limit_and_not_beyond(shen: DoctorMember) -> None:
    moment = now()

    loads = [take_best(Wanted(), now=moment) for _ in range(rules.DOCTOR_MAX_CONSULTATIONS + 1)]

    assert [place.load if place else None for place in loads] == [1, 2, 3, 4, 5, None]
    assert take_named(shen.doctor.pk, now=moment, require_online=False) is None


def test_a_released_place_can_be_taken_again_and_never_sinks_below_zero(
    shen: DoctorMember,
) -> None:
    take_best(Wanted(), now=now())

    release_place(shen.doctor.pk)
    release_place(shen.doctor.pk)

    shen.doctor.refresh_from_db()
    assert shen.doctor.current_consultation_count == 0
    assert take_best(Wanted(), now=now()) is not None


def test_the_database_refuses_a_count_above_the_limit(shen: DoctorMember) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Doctor.objects.filter(pk=shen.doctor.pk).update(current_consultation_count=6)

    assert translate(refusal.value).code == "limit_below_load"


def test_wrong_counts_are_set_right_and_named(shen: DoctorMember, wu: DoctorMember) -> None:
    Doctor.objects.filter(pk=shen.doctor.pk).update(current_consultation_count=3)

    with transaction.atomic():
        lock_places()
        wrong = reconcile_counts({wu.doctor.pk: 9})

    counts = dict(Doctor.objects.values_list("pk", "current_consultation_count"))
    assert wrong == [shen.doctor.pk, wu.doctor.pk]
    assert counts == {shen.doctor.pk: 0, wu.doctor.pk: 5}


def test_the_server_function_and_the_queries_agree_on_the_best_doctor() -> None:
    """The rule stands twice, in SQL for speed and as a QuerySet for reads; both must agree."""
    departments = [make_department(f"d{number}", f"科{number}") for number in range(2)]
    moment = now()
    for number in range(40):
        make_doctor(
            f"医{number}",
            department=departments[number % 2],
            level=list(Level)[number % 4],
            online=number % 7 != 0,
            is_service_open=number % 5 != 0,
            current_consultation_count=number * 13 % 6 if number * 13 % 6 < 5 else 4,
            max_consultations=None if number % 3 else 6,
            last_assigned_at=moment - timedelta(minutes=number * 17 % 29) if number % 4 else None,
        )

    for _ in range(60):
        expected = Doctor.objects.assignable(moment).by_load().first()
        taken = take_best(Wanted(), now=moment)
        assert (taken and taken.doctor_id) == (expected and expected.pk)


def test_the_free_index_serves_the_search() -> None:
    make_doctor()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = str(Doctor.objects.assignable(now()).filter(level_rank=2).by_load()[:5].explain())

    assert "doctor_free" in plan
