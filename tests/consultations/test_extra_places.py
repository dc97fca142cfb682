"""A full doctor takes one more for a reason; his own limit is back with the next free place."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error as DatabaseError
from django.db import connection

from clinic.core.errors import ClinicError
from consultations.models import Consultation, ExtraPlace
from consultations.services import desk as by_staff
from doctors.models import Doctor
from doctors.services import limits
from tests.cast import Member, make_member
from tests.consultations.conftest import RECORD, Desk, post, waiting_case
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember, make_doctor

Breaches = Callable[[], list[str]]


def _give(case: Consultation, doctor: DoctorMember, by: Member) -> Any:
    return by_staff.assign_beyond_limit(
        case.pk, doctor_id=doctor.doctor.pk, actor=by.actor, reason="urgent"
    )


def _place(doctor: DoctorMember) -> tuple[int, int, int | None]:
    row = Doctor.objects.get(pk=doctor.doctor.pk)
    return row.current_consultation_count, row.place_limit, row.max_consultations


@pytest.mark.django_db
@pytest.mark.parametrize("first", ["his own", "the one too many"])
def test_the_extra_place_ends_with_the_next_free_one(
    first: str, desk: Desk, lin: Member, ge: Member, an: Member, breaches: Breaches
) -> None:
    shen = make_doctor("沈一鸣", max_consultations=1)
    own = desk.accepted(lin, shen)
    urgent, next_one = waiting_case(ge), waiting_case(make_member("陈三", *ge.actor.roles))

    _give(urgent, shen, an)
    assert _place(shen) == (2, 2, 2)
    desk.run_events()
    ended = own if first == "his own" else str(urgent.public_id)
    if first == "his own":
        assert post(shen.member, f"consultations/{own}/complete", RECORD).status_code == 200
    else:
        told = {"reason": "busy"}
        assert post(shen.member, f"consultations/{ended}/decline", told).status_code == 204
    desk.run_events()

    assert _place(shen) == (1, 1, 1)
    assert desk.state(str(next_one.public_id)) == "waiting_assignment"
    assert ExtraPlace.objects.get().ended_at is not None
    assert breaches() == []


@pytest.mark.django_db
def test_two_extra_places_end_one_by_one_and_what_staff_sets_stays(
    desk: Desk, lin: Member, ge: Member, an: Member, breaches: Breaches
) -> None:
    shen = make_doctor("沈一鸣", max_consultations=1)
    own = desk.accepted(lin, shen)
    for name in ("陈三", "陈四"):
        _give(waiting_case(make_member(name, *ge.actor.roles)), shen, an)
    assert _place(shen) == (3, 3, 3)
    cases = [own, *(str(one.consultation.public_id) for one in ExtraPlace.objects.all())]

    post(shen.member, f"consultations/{cases[1]}/decline", {"reason": "busy"})
    assert _place(shen) == (2, 2, 2)
    Doctor.objects.filter(pk=shen.doctor.pk).update(max_consultations=8)
    post(shen.member, f"consultations/{cases[2]}/decline", {"reason": "busy"})

    assert _place(shen) == (1, 8, 8)
    assert ExtraPlace.objects.filter(ended_at=None).count() == 0
    assert breaches() == []


def _two_at_once(lin: Member, ge: Member, an: Member, bao: Member) -> tuple[list[Any], Any]:
    """Let two of staff give a full doctor a case each at the same moment."""
    shen = make_doctor("沈一鸣", max_consultations=1)
    cases = [waiting_case(one) for one in (make_member("陈三", *ge.actor.roles), lin, ge)]
    by_staff.assign_to_named(
        cases[0].pk, doctor_id=shen.doctor.pk, actor=an.actor, reason="he knows her"
    )

    def work(number: int) -> Any:
        try:
            return _give(cases[1 + number], shen, (an, bao)[number]).outcome
        except (ClinicError, DatabaseError) as error:
            return type(error).__name__

    return together(2, work), _place(shen)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_raise_a_limit_at_once_raise_it_twice(
    lin: Member, ge: Member, an: Member, bao: Member
) -> None:
    outcomes, place = _two_at_once(lin, ge, an, bao)

    assert (outcomes, place) == (["assigned", "assigned"], (3, 3, 3))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_raise_it_once_and_one_case_is_not_given(
    lin: Member, ge: Member, an: Member, bao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(doctor_id: int) -> Doctor:
        row = Doctor.objects.get(pk=doctor_id)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.2)")
        return row

    monkeypatch.setattr(limits, "lock_doctor", read_only)

    outcomes, _place_now = _two_at_once(lin, ge, an, bao)

    assert sorted(outcomes) != ["assigned", "assigned"]
