"""Meeting, following, blocking and noting. Each change is kept in the history of the relation."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from clinic.accounts.models import User
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.errors import NotFoundError
from clinic.relations.enums import Source
from clinic.relations.errors import BlockedError, SelfRelationError
from clinic.relations.models import GroupMember, Relation
from clinic.relations.rules import distinct
from clinic.relations.services.talks import close_talk
from clinic.settings import rules
from doctors.models import Doctor

FOLLOWING = ["is_followed", "followed_at", "shows_followed_card"]


def relate(*, doctor: Doctor, patient_id: int, source: Source) -> tuple[Relation, bool]:
    """Return the relation of a pair and whether it is new. Safe for rivals: one of them makes it.

    An old relation keeps its first source. Raises SelfRelationError.
    """
    if doctor.user_id == patient_id:
        raise SelfRelationError
    return Relation.objects.get_or_create(
        doctor=doctor, patient_id=patient_id, defaults={"source": source}
    )


def follow(*, doctor: Doctor, actor: Actor, source: Source, now: datetime) -> Relation:
    """Let a patient follow a doctor; his client shows the doctor's card once. Repeatable.

    Locks the account, so that one card alone waits to be shown. Raises BlockedError,
    SelfRelationError.
    """
    with transaction.atomic():
        lock_patient(actor)
        relate(doctor=doctor, patient_id=actor.account_id, source=source)
        relation = _locked(doctor_id=doctor.pk, patient_id=actor.account_id)
        if relation.is_blocked_by_patient:
            raise BlockedError
        if not relation.is_followed:
            Relation.objects.filter(patient_id=actor.account_id, shows_followed_card=True).update(
                shows_followed_card=False
            )
            relation.is_followed, relation.followed_at = True, now
            relation.shows_followed_card = True
            _save_follow(relation)
    return relation


def unfollow(*, doctor_id: int, actor: Actor) -> None:
    """Let a patient follow a doctor no longer. Repeatable; a stranger changes nothing."""
    with transaction.atomic():
        relation = _locked_or_none(doctor_id=doctor_id, patient_id=actor.account_id)
        if relation is not None and relation.is_followed:
            _let_go(relation)
            _save_follow(relation)


def take_card(*, actor: Actor) -> Relation | None:
    """Return the doctor whose card is to be shown, once; None when there is none.

    Of two devices that ask at once one gets it.
    """
    with transaction.atomic():
        rows = Relation.objects.filter(patient_id=actor.account_id, shows_followed_card=True)
        relation = rows.select_for_update(of=("self",), no_key=True).first()
        if relation is not None:
            relation.shows_followed_card = False
            relation.save(update_fields=["shows_followed_card"])
    return relation


def block_doctor(*, doctor: Doctor, actor: Actor) -> Relation:
    """Let a patient not meet a doctor again: he follows him no longer and nothing new begins.

    What is under way goes on. Repeatable. Raises SelfRelationError.
    """
    with transaction.atomic():
        relate(doctor=doctor, patient_id=actor.account_id, source=Source.SEARCH)
        relation = _locked(doctor_id=doctor.pk, patient_id=actor.account_id)
        relation.is_blocked_by_patient = True
        _let_go(relation)
        relation.save(update_fields=["is_blocked_by_patient", *FOLLOWING])
        close_talk(relation)
        audit.record(actor, "block_doctor", "relation", relation.public_id)
    return relation


def unblock_doctor(*, doctor_id: int, actor: Actor) -> None:
    """Let a patient meet a doctor again. Repeatable; a stranger changes nothing."""
    with transaction.atomic():
        relation = _locked_or_none(doctor_id=doctor_id, patient_id=actor.account_id)
        if relation is not None and relation.is_blocked_by_patient:
            relation.is_blocked_by_patient = False
            relation.save(update_fields=["is_blocked_by_patient"])
            audit.record(actor, "unblock_doctor", "relation", relation.public_id)


def choose_broadcasts(*, doctor_id: int, actor: Actor, takes: bool) -> Relation:
    """Let a patient take a doctor's broadcasts or not. Raises NotFoundError."""
    with transaction.atomic():
        relation = _locked(doctor_id=doctor_id, patient_id=actor.account_id)
        relation.takes_broadcasts = takes
        relation.save(update_fields=["takes_broadcasts"])
    return relation


def describe(
    *, relation_id: int, doctor_id: int, changes: dict[str, Any], actor: Actor
) -> Relation:
    """Store what a doctor notes about his patient: tags, remark, is_blocked.

    The patient learns none of it. Raises NotFoundError.
    """
    with transaction.atomic():
        rows = Relation.objects.filter(pk=relation_id, doctor_id=doctor_id)
        relation = rows.select_for_update(of=("self",), no_key=True).first()
        if relation is None:
            raise NotFoundError
        relation.tags = distinct(changes.get("tags", relation.tags))
        relation.remark = changes.get("remark", relation.remark)
        blocks = changes.get("is_blocked", relation.is_blocked_by_doctor)
        if blocks != relation.is_blocked_by_doctor:
            relation.is_blocked_by_doctor = blocks
            verb = "block_patient" if blocks else "unblock_patient"
            if blocks:
                close_talk(relation)
            audit.record(actor, verb, "relation", relation.public_id)
        relation.save(update_fields=["tags", "remark", "is_blocked_by_doctor"])
    return relation


def note_consultation(
    *,
    doctor: Doctor,
    patient_id: int,
    consultation_id: UUID,
    at: datetime,
    report_id: UUID | None = None,
    is_completed: bool = False,
) -> Relation:
    """Note that a consultation of the pair began or ended; public ids. Makes the relation.

    Of two consultations the later one stays. A completed one gives credit, so tell it once.
    """
    with transaction.atomic():
        relate(doctor=doctor, patient_id=patient_id, source=Source.CONSULTATION)
        relation = _locked(doctor_id=doctor.pk, patient_id=patient_id)
        if relation.latest_consultation_at is None or relation.latest_consultation_at <= at:
            relation.latest_consultation_id = consultation_id
            relation.latest_consultation_at = at
        if is_completed:
            relation.credit += rules.RELATION_CREDIT_PER_CONSULTATION
        relation.latest_report_id = report_id or relation.latest_report_id
        relation.save(
            update_fields=[
                "latest_consultation_id", "latest_consultation_at", "credit", "latest_report_id",
            ]
        )  # fmt: skip
    return relation


def forget_account(account_id: int) -> None:
    """Remove what doctors noted about a deleted account, and all it followed."""
    with transaction.atomic():
        GroupMember.objects.filter(relation__patient_id=account_id).delete()
        Relation.objects.filter(patient_id=account_id).update(
            tags=[],
            remark="",
            is_followed=False,
            followed_at=None,
            shows_followed_card=False,
            takes_broadcasts=False,
        )


def _let_go(relation: Relation) -> None:
    relation.is_followed, relation.followed_at = False, None
    relation.shows_followed_card = False


def _save_follow(relation: Relation) -> None:
    relation.save(update_fields=FOLLOWING)


def lock_patient(actor: Actor) -> None:
    """Lock the actor's account until the transaction ends; before any relation of his is made."""
    rows = User.objects.select_for_update(of=("self",), no_key=True)
    rows.only("pk").get(pk=actor.account_id)


def _locked_or_none(**pair: int) -> Relation | None:
    rows = Relation.objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(**pair).first()


def _locked(**pair: int) -> Relation:
    relation = _locked_or_none(**pair)
    if relation is None:
        raise NotFoundError
    return relation
