"""Rivals for groups, names and relations, on real connections."""

import pytest

from clinic.core.clock import now
from clinic.core.errors import ClinicError
from clinic.relations.enums import Source
from clinic.relations.models import PatientGroup, Relation
from clinic.relations.services import groups
from clinic.relations.services.relations import follow, take_card
from doctors.models import Doctor
from tests.cast import make_member
from tests.doctors.rivals import together
from tests.doctors_cast import make_doctor

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_eight_groups_at_once_fill_exactly_the_five_places() -> None:
    """Without the lock rivals choose the same place, and a free one stays empty."""
    doctor = make_doctor().doctor

    def make(number: int) -> str:
        try:
            groups.make_group(doctor_id=doctor.pk, name=f"组{number}")
        except ClinicError as error:
            return error.code
        return "made"

    outcomes = together(8, make)

    assert sorted(outcomes) == ["made"] * 5 + ["too_many_groups"] * 3
    assert sorted(PatientGroup.objects.values_list("place", flat=True)) == [1, 2, 3, 4, 5]


def test_without_the_lock_rivals_choose_the_same_place(monkeypatch: pytest.MonkeyPatch) -> None:
    doctor = make_doctor().doctor
    monkeypatch.setattr(groups, "lock_doctor", lambda key: Doctor.objects.get(pk=key))

    def make(number: int) -> bool:
        try:
            groups.make_group(doctor_id=doctor.pk, name=f"组{number}")
        except ClinicError:
            return False
        return True

    assert sum(together(5, make)) < 5


def test_of_rivals_for_one_name_one_wins() -> None:
    doctor = make_doctor().doctor
    first = groups.make_group(doctor_id=doctor.pk, name="甲")
    second = groups.make_group(doctor_id=doctor.pk, name="乙")

    def rename(number: int) -> str:
        group = (first, second)[number % 2]
        try:
            groups.rename_group(doctor_id=doctor.pk, group_id=group.pk, name="丙")
        except ClinicError as error:
            return error.code
        return group.name

    outcomes = together(2, rename)

    assert outcomes.count("group_name_taken") == 1
    assert PatientGroup.objects.filter(name="丙").count() == 1


def test_a_patient_who_follows_from_many_devices_has_one_relation_and_one_card() -> None:
    patient = make_member("林小月")
    doctors = [make_doctor(f"医{number}").doctor for number in range(2)]

    def press(number: int) -> int:
        doctor = doctors[number % 2]
        return follow(doctor=doctor, actor=patient.actor, source=Source.SEARCH, now=now()).pk

    together(8, press)
    cards = together(4, lambda _number: take_card(actor=patient.actor))

    assert Relation.objects.count() == 2
    assert len([card for card in cards if card]) == 1
