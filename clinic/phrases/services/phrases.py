"""A doctor's own phrases, and counting what he uses. The doctor's row is locked while adding."""

from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from clinic.core.constraints import translate
from clinic.core.errors import NotFoundError
from clinic.core.statements import Statement, Write, run
from clinic.phrases.enums import PhraseType
from clinic.phrases.errors import TooManyPhrasesError
from clinic.phrases.models import Phrase
from clinic.settings import rules
from doctors.services.duty import lock_doctor

COUNT_USE: Final = Statement(
    "phrases_count_use",
    ("bigint", "bigint", "timestamptz"),
    """
INSERT INTO phrases_phraseuse AS u (phrase_id, doctor_id, count, last_at)
VALUES (%s, %s, 1, %s)
ON CONFLICT (phrase_id, doctor_id) DO UPDATE SET count = u.count + 1,
  last_at = greatest(u.last_at, excluded.last_at)
RETURNING count
""",
)


def add_phrase(*, doctor_id: int, type_: PhraseType, text: str, order: int = 0) -> Phrase:
    """Store a phrase of a doctor's own. Raises TooManyPhrasesError, PhraseExistsError."""
    try:
        with transaction.atomic():
            lock_doctor(doctor_id)
            if Phrase.objects.filter(doctor_id=doctor_id).count() >= rules.PHRASES_MAX:
                raise TooManyPhrasesError
            return Phrase.objects.create(doctor_id=doctor_id, type=type_, text=text, order=order)
    except IntegrityError as error:
        raise translate(error) from error


def change_phrase(*, doctor_id: int, phrase_id: int, changes: dict[str, Any]) -> None:
    """Store changes (type, text, order) of a doctor's own phrase; its uses stay.

    Raises NotFoundError, PhraseExistsError.
    """
    try:
        with transaction.atomic():
            phrase = _locked(doctor_id, phrase_id)
            for name, value in changes.items():
                setattr(phrase, name, value)
            phrase.save(update_fields=sorted(changes))
    except IntegrityError as error:
        raise translate(error) from error


def remove_phrase(*, doctor_id: int, phrase_id: int) -> None:
    """Remove a doctor's own phrase; what he wrote with it stays. Raises NotFoundError."""
    with transaction.atomic():
        _locked(doctor_id, phrase_id).delete()


def note_use(*, doctor_id: int, phrase_id: int, now: datetime) -> None:
    """Count one use of a phrase by a doctor; rivals lose no count."""
    run(Write(COUNT_USE, (phrase_id, doctor_id, now)))


def _locked(doctor_id: int, phrase_id: int) -> Phrase:
    rows = Phrase.objects.select_for_update(of=("self",))
    phrase = rows.filter(pk=phrase_id, doctor_id=doctor_id).first()
    if phrase is None:
        raise NotFoundError
    return phrase
