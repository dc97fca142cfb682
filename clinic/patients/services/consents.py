"""Consents: given once by text and person, used by each order, revoked.

Locks: the standing consents of a person in order of their rows. An order and a revocation meet
there: whichever comes second sees what the first one did.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import clinic_day
from clinic.core.errors import InvalidInputError, NotFoundError
from clinic.core.events import publish
from clinic.patients.enums import ConsentKind
from clinic.patients.errors import (
    ConsentNeededError,
    ConsentTextOutdatedError,
    GuardianConsentError,
)
from clinic.patients.events import ConsentRevoked
from clinic.patients.models import Consent, ConsentText, ConsentUse, VisitPerson
from clinic.patients.rules import kinds_wanted, needs_guardian
from clinic.patients.selectors.consents import TextInForce, current_texts, standing
from clinic.patients.selectors.persons import visible_to

DOOR = "/api/v1/consents"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody agrees to: public ids of texts, and the guardian when the person is a child."""

    person_id: UUID
    texts: list[UUID]
    guardian_name: str = field(default="", repr=False)
    guardian_relation: str = ""


def give_consents(*, actor: Actor, told: Given, now: datetime) -> list[Consent]:
    """Return the actor's standing consents to these texts for a person, new where there was none.

    Raises InvalidInputError, ConsentTextOutdatedError, GuardianConsentError.
    """
    person = visible_to(actor).filter(public_id=told.person_id).first()
    if person is None:
        raise InvalidInputError("person_id", _("Choose one of your visit persons."))
    is_child = _guardian_of(person, told, now)
    texts = _in_force(told.texts, now)
    fresh = [
        Consent(
            account_id=person.account_id,
            person=person,
            text=text,
            is_by_guardian=is_child,
            guardian_name=told.guardian_name if is_child else "",
            guardian_relation=told.guardian_relation if is_child else "",
            created_at=now,
        )
        for text in texts
    ]
    with transaction.atomic():
        Consent.objects.bulk_create(fresh, ignore_conflicts=True)  # two at once give one
        found = list(standing(person, texts, now).select_related("person", "text"))
        for consent in found:
            audit.record(actor, "consent.give", "consent", consent.public_id)
    return found


def use_consents(person: VisitPerson, *, consultation_public_id: UUID, now: datetime) -> None:
    """Note which standing consents an order rests on, in the caller's transaction.

    Raises ConsentNeededError with exactly what is missing.
    """
    kinds = kinds_wanted(person.birthday, clinic_day(now))
    texts = {text.kind: text for text in current_texts(now) if text.kind in kinds}
    rows = _locked(standing(person, texts.values(), now))
    given = {consent.text_id: consent for consent in rows}
    missing = [kind for kind in kinds if kind not in texts or texts[kind].pk not in given]
    if missing:
        raise ConsentNeededError(extra=_missing(missing, texts))
    _note_uses(given.values(), consultation_public_id, now)


def require_consents(
    person: VisitPerson, kinds: Sequence[ConsentKind], texts: Iterable[TextInForce], now: datetime
) -> None:
    """Let a person pass whose consents of these kinds stand; ``texts`` are his.

    Nothing is locked: what rests on a consent that goes meanwhile is for the caller to end.
    Raises ConsentNeededError with exactly what is missing.
    """
    is_child = needs_guardian(person.birthday, clinic_day(now))
    known = {text.kind: text for text in texts}
    missing = [kind for kind in kinds if kind not in known or is_child not in known[kind].given]
    if missing:
        raise ConsentNeededError(extra=_missing(missing, known))


def revoke_consent(*, actor: Actor, public_id: UUID, now: datetime) -> Consent:
    """Take back a consent of the actor and with it every one of its kind for the person.

    What was ordered on them and is not accepted yet ends by the event. Repeating changes nothing.
    Raises NotFoundError.
    """
    with transaction.atomic():
        own = Consent.objects.filter(account_id=actor.user_id or 0)
        consent = own.select_related("text", "person").filter(public_id=public_id).first()
        if consent is None:
            raise NotFoundError
        same = own.filter(person_id=consent.person_id, text__kind=consent.text.kind)
        for row in _locked(same.filter(revoked_at=None).order_by("id")):
            row.revoked_at = max(now, row.created_at)
            row.save(update_fields=["revoked_at"])
            audit.record(actor, "consent.revoke", "consent", row.public_id)
        consent.refresh_from_db(fields=["revoked_at"])
        publish(ConsentRevoked(person_id=consent.person_id, kind=consent.text.kind))
    return consent


def revoke_all_of(account_id: int, now: datetime) -> int:
    """Let no consent of a deleted account count any more; return how many did."""
    return Consent.objects.filter(account_id=account_id, revoked_at=None).update(revoked_at=now)


def _locked(rows: QuerySet[Consent]) -> QuerySet[Consent]:
    """Return the rows, locked in their order until the transaction ends."""
    return rows.select_for_update(of=("self",), no_key=True)


def _note_uses(used: Iterable[Consent], consultation_public_id: UUID, now: datetime) -> None:
    ConsentUse.objects.bulk_create(
        ConsentUse(consent=consent, consultation_public_id=consultation_public_id, at=now)
        for consent in used
    )


def _guardian_of(person: VisitPerson, told: Given, now: datetime) -> bool:
    """Say whether a guardian consents for the person. Raises GuardianConsentError."""
    is_child = needs_guardian(person.birthday, clinic_day(now))
    if is_child and not (told.guardian_name and told.guardian_relation):
        raise GuardianConsentError
    return is_child


def _in_force(wanted: Iterable[UUID], now: datetime) -> list[ConsentText]:
    known = {text.public_id: text for text in current_texts(now)}
    texts = [known[one] for one in dict.fromkeys(wanted) if one in known]
    if len(texts) != len(set(wanted)):
        raise ConsentTextOutdatedError
    return texts


def _missing(
    kinds: Iterable[ConsentKind], texts: Mapping[str, ConsentText | TextInForce]
) -> dict[str, object]:
    rows = []
    for kind in kinds:
        text = texts.get(kind)
        rows.append(
            {
                "kind": kind.value,
                "text_id": str(text.public_id) if text else None,
                "version": text.version if text else None,
            }
        )
    return {"missing": rows, "door": DOOR}
