"""A doctor's own groups: make, rename, remove, fill. The doctor's row is locked while making."""

from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, transaction

from clinic.core.constraints import translate
from clinic.core.errors import NotFoundError
from clinic.relations.errors import TooManyGroupsError
from clinic.relations.models import GroupMember, PatientGroup, Relation
from clinic.relations.rules import name_key
from clinic.settings import rules
from doctors.services.duty import lock_doctor


def make_group(*, doctor_id: int, name: str) -> PatientGroup:
    """Store a group at the first free place. Raises TooManyGroupsError, GroupNameTakenError."""
    try:
        with transaction.atomic():
            lock_doctor(doctor_id)
            groups = PatientGroup.objects.filter(doctor_id=doctor_id)
            places = set(range(1, rules.PATIENT_GROUPS_MAX + 1))
            free = places - set(groups.values_list("place", flat=True))
            if not free:
                raise TooManyGroupsError
            return PatientGroup.objects.create(
                doctor_id=doctor_id, place=min(free), name=name, name_key=name_key(name)
            )
    except IntegrityError as error:
        raise translate(error) from error


def rename_group(*, doctor_id: int, group_id: int, name: str) -> PatientGroup:
    """Give a group another name. Raises NotFoundError, GroupNameTakenError."""
    try:
        with transaction.atomic():
            group = _locked(doctor_id, group_id)
            group.name, group.name_key = name, name_key(name)
            group.save(update_fields=["name", "name_key"])
    except IntegrityError as error:
        raise translate(error) from error
    return group


def remove_group(*, doctor_id: int, group_id: int) -> None:
    """Remove a group; its patients stay the doctor's. Raises NotFoundError."""
    with transaction.atomic():
        _locked(doctor_id, group_id).delete()


def add_members(*, doctor_id: int, group_id: int, relation_ids: Collection[UUID]) -> int:
    """Put patients into a group and return how many are new there; all or none of them.

    ``relation_ids`` are public ids. Raises NotFoundError when one is not the doctor's patient.
    """
    wanted = set(relation_ids)
    with transaction.atomic():
        group = _locked(doctor_id, group_id)
        rows = Relation.objects.filter(doctor_id=doctor_id, public_id__in=wanted)
        keys = list(rows.values_list("pk", flat=True))
        if len(keys) != len(wanted):
            raise NotFoundError
        before = group.seats.count()
        seats = [GroupMember(group=group, relation_id=key) for key in keys]
        GroupMember.objects.bulk_create(seats, ignore_conflicts=True)
        return group.seats.count() - before


def remove_member(*, doctor_id: int, group_id: int, relation_id: int) -> None:
    """Take a patient out of a group. Raises NotFoundError when he is not in it."""
    with transaction.atomic():
        group = _locked(doctor_id, group_id)
        removed, _by_table = group.seats.filter(relation_id=relation_id).delete()
        if not removed:
            raise NotFoundError


def _locked(doctor_id: int, group_id: int) -> PatientGroup:
    rows = PatientGroup.objects.select_for_update(of=("self",))
    group = rows.filter(pk=group_id, doctor_id=doctor_id).first()
    if group is None:
        raise NotFoundError
    return group
