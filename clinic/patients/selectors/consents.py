"""Reads of consents and their texts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson
from django.db.models import OuterRef, QuerySet, Subquery

from clinic.core.actor import Actor
from clinic.core.clock import clinic_day
from clinic.patients.enums import ConsentKind
from clinic.patients.models import Consent, ConsentText, ConsentUse, VisitPerson
from clinic.patients.rules import kinds_wanted, needs_guardian


class Text(NamedTuple):
    """A text of consents; in force of a kind is the highest version whose time has come."""

    pk: int
    kind: str
    public_id: UUID
    version: int
    effective_from: datetime


@dataclass(frozen=True, slots=True)
class TextInForce:
    """A text in force, and by whom a person's standing consents to it were given.

    ``given`` holds True for a guardian's and False for the person's own.
    """

    kind: str
    public_id: UUID
    version: int
    given: frozenset[bool]


def texts_from(moment: str) -> str:
    """Return, in SQL, the column of the texts in force at a moment and of those to come."""
    return f"""(SELECT json_agg(json_build_array(
      t.id, t.kind, t.public_id, t.version, t.effective_from) ORDER BY t.version)::text
    FROM patients_consenttext t WHERE NOT EXISTS (
      SELECT FROM patients_consenttext n
      WHERE n.kind = t.kind AND n.version > t.version AND n.effective_from <= {moment}))"""  # noqa: S608 constants


def texts_of(column: str | None) -> list[Text]:
    """Return what the column of ``texts_from`` holds, in order of versions."""
    return [
        Text(pk, kind, UUID(public_id), version, datetime.fromisoformat(since))
        for pk, kind, public_id, version, since in orjson.loads(column or "[]")
    ]


def consents_of(person: str) -> str:
    """Return, in SQL, the column of a person's standing consents, by the person's key."""
    return f"""(SELECT json_agg(json_build_array(text_id, is_by_guardian))::text
    FROM patients_consent WHERE person_id = {person} AND revoked_at IS NULL)"""  # noqa: S608 constants


def in_force(texts: Iterable[Text], consents: str | None, moment: datetime) -> list[TextInForce]:
    """Return the text in force of each kind, of all in order of versions, and who consented.

    ``consents`` is what the column of ``consents_of`` holds.
    """
    current = {text.kind: text for text in texts if text.effective_from <= moment}
    given: dict[int, set[bool]] = defaultdict(set)
    for text_id, is_by_guardian in orjson.loads(consents or "[]"):
        given[text_id].add(is_by_guardian)
    return [
        TextInForce(text.kind, text.public_id, text.version, frozenset(given.get(text.pk, ())))
        for text in current.values()
    ]


def current_texts(now: datetime) -> list[ConsentText]:
    """Return the text in force of each kind, in order of kind; kinds without one are not there."""
    rows = ConsentText.objects.filter(effective_from__lte=now)
    return list(rows.order_by("kind", "-version").distinct("kind"))


def version_in_force(now: datetime) -> Subquery:
    """Return, for rows of texts, the version of their kind that is in force."""
    rows = ConsentText.objects.filter(kind=OuterRef("kind"), effective_from__lte=now)
    return Subquery(rows.order_by("-version").values("version")[:1])


def own_consents(actor: Actor) -> QuerySet[Consent]:
    """Return what the actor's account agreed to, newest first, revoked ones too."""
    rows = Consent.objects.filter(account_id=actor.user_id or 0)
    return rows.select_related("person", "text").prefetch_related("uses").order_by("-id")


def texts_wanted(person: VisitPerson, now: datetime) -> list[ConsentText]:
    """Return the texts in force that must be agreed to before anything is ordered for a person."""
    kinds = kinds_wanted(person.birthday, clinic_day(now))
    return [text for text in current_texts(now) if text.kind in kinds]


def standing(person: VisitPerson, texts: Iterable[ConsentText], now: datetime) -> QuerySet[Consent]:
    """Return the consents to these texts that count for a person now, oldest first.

    For a child only what a guardian gave counts; from 14 on only what was given without one.
    """
    is_child = needs_guardian(person.birthday, clinic_day(now))
    rows = Consent.objects.filter(person=person, text__in=list(texts), revoked_at=None)
    return rows.filter(is_by_guardian=is_child).order_by("id")


def missing_texts(person: VisitPerson, now: datetime) -> list[ConsentText]:
    """Return the texts in force that still wait for a consent for a person."""
    texts = texts_wanted(person, now)
    given = set(standing(person, texts, now).values_list("text_id", flat=True))
    return [text for text in texts if text.pk not in given]


def guardian_consent_of(person: VisitPerson, now: datetime) -> Consent | None:
    """Return the guardian's standing consent for a child, or None."""
    texts = [text for text in texts_wanted(person, now) if text.kind == ConsentKind.GUARDIAN]
    return standing(person, texts, now).first()


def consents_of_case(consultation_public_id: UUID) -> QuerySet[Consent]:
    """Return the consents a case was ordered on, revoked ones too, oldest first."""
    rows = Consent.objects.filter(uses__consultation_public_id=consultation_public_id)
    return rows.select_related("text").order_by("id")


def revoked_uses() -> QuerySet[ConsentUse]:
    """Return the uses, by cases, of consents that were revoked since."""
    return ConsentUse.objects.filter(consent__revoked_at__isnull=False)
