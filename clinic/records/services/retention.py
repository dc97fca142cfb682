"""Removing what was kept for the years of the law, and nothing younger."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chat.services.forgetting import forget_dialogue, old_dialogues
from clinic.core import audit
from clinic.core.actor import system_actor
from clinic.core.batches import each_alone
from clinic.records.enums import State
from clinic.records.errors import KeptLongerError
from clinic.records.models import MedicalRecord
from clinic.records.rules import years_before
from clinic.settings import rules

KEEPER: Final = system_actor("retention")
STEP: Final = 500  # things between two words of progress
T = TypeVar("T")
Progress = Callable[[str, int, int], object]
DIALOGUE, RECORDS = _("Dialogue of consultations"), _("Medical records")


@dataclass(frozen=True, slots=True)
class Kept:
    """One line of the report: what is kept how long, what is older, what of it is gone now."""

    what: str | Promise
    years: int
    before: datetime
    found: int
    removed: int


def keep_only(
    *,
    dialogue_years: int,
    record_years: int,
    now: datetime,
    dry_run: bool,
    progress: Progress = lambda _what, _done, _all: None,
) -> list[Kept]:
    """Empty old dialogue and remove old records with their addenda; report what was done.

    One conversation and one record at a time: what fails stays and is found again. Raises
    KeptLongerError for fewer years than the law wants.
    """
    _check(DIALOGUE, dialogue_years, rules.DIALOGUE_KEPT_YEARS)
    _check(RECORDS, record_years, rules.RECORD_KEPT_YEARS)
    report = [
        _dialogue(dialogue_years, years_before(now, dialogue_years), now, dry_run, progress),
        _records(record_years, years_before(now, record_years), dry_run, progress),
    ]
    if not dry_run:
        audit.record(
            KEEPER,
            "retention.run",
            "retention",
            f"{now:%Y-%m-%d}",
            dialogue=report[0].removed,
            records=report[1].removed,
        )
    return report


def old_records(before: datetime) -> QuerySet[MedicalRecord]:
    """Return signed records to which nothing was written since a moment."""
    rows = MedicalRecord.objects.filter(state=State.SIGNED, signed_at__lt=before)
    return rows.exclude(addenda__signed_at__gte=before).order_by("pk")


def _dialogue(
    years: int, before: datetime, now: datetime, dry_run: bool, progress: Progress
) -> Kept:
    keys = old_dialogues(before)
    removed = 0
    if not dry_run:
        told = _told(keys, DIALOGUE, progress)
        removed = each_alone(told, lambda key: forget_dialogue(key, before=before, now=now))
    return Kept(DIALOGUE, years, before, len(keys), removed)


def _records(years: int, before: datetime, dry_run: bool, progress: Progress) -> Kept:
    keys = list(old_records(before).values_list("pk", flat=True))
    told = _told(keys, RECORDS, progress)
    removed = 0 if dry_run else each_alone(told, lambda key: _remove(key, before))
    return Kept(RECORDS, years, before, len(keys), removed)


def _told(keys: Sequence[T], what: str | Promise, progress: Progress) -> Iterator[T]:
    """Yield the keys, and tell now and then how many are behind."""
    for done, key in enumerate(keys):
        if done and done % STEP == 0:
            progress(str(what), done, len(keys))
        yield key


@transaction.atomic
def _remove(record_id: int, before: datetime) -> None:
    record = old_records(before).select_for_update().filter(pk=record_id).first()
    if record is not None:
        record.addenda.all().delete()
        audit.record(KEEPER, "record.remove", "record", record.public_id)
        record.delete()


def _check(what: str | Promise, years: int, least: int) -> None:
    if years < least:
        raise KeptLongerError(what=what, years=least)
