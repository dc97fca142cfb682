"""Publishing versions of the texts people agree to. A text never changes: a newer one follows."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from clinic import patients
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.patients.enums import ConsentKind
from clinic.patients.models import ConsentText

FIRST = Path(patients.__file__).parent / "data" / "consent_texts.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewText:
    """The words of a version in both languages."""

    kind: ConsentKind
    title_zh: str
    title_en: str
    body_zh: str
    body_en: str


def publish_text(*, told: NewText, effective_from: datetime, by: Actor) -> ConsentText:
    """Store the next version of a text; from ``effective_from`` on it must be agreed to anew.

    Raises ConsentTextPublishedError by constraint when two do it at once.
    """
    with transaction.atomic():
        newest = ConsentText.objects.filter(kind=told.kind).order_by("-version").first()
        text = ConsentText.objects.create(
            kind=told.kind,
            version=newest.version + 1 if newest else 1,
            title_zh=told.title_zh,
            title_en=told.title_en,
            body_zh=told.body_zh,
            body_en=told.body_en,
            effective_from=effective_from,
        )
        audit.record(by, "consent_text.publish", "consent_text", text.public_id)
    return text


def publish_first_texts(*, now: datetime, by: Actor) -> None:
    """Publish the texts that come with the house, where a kind has none. Safe to repeat."""
    known = set(ConsentText.objects.values_list("kind", flat=True))
    for words in json.loads(FIRST.read_text(encoding="utf-8")):
        if words["kind"] not in known:
            told = NewText(**words | {"kind": ConsentKind(words["kind"])})
            publish_text(told=told, effective_from=now, by=by)
