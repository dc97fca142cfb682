"""Console screen of warning words, and intakes in words for the screen of a case."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from clinic.core.columns import pill
from clinic.core.screens import HouseAdmin
from consultations.enums import IntakeUse
from consultations.models import IntakeSheet, RedFlag
from consultations.rules.ten_questions import in_words
from consultations.selectors.intakes import sheet_with_all

TEXTS = ("allergy", "allergies", "pregnancy", "drugs", "earlier_diagnosis", "guardian_name")


@admin.register(RedFlag)
class RedFlagAdmin(HouseAdmin):
    """Words that raise a warning and what the patient is then told."""

    icon, place = "emergency", 40
    list_display = ("word", "language", "below_months", "only_pregnant", "is_active")
    list_filter = ("language", "only_pregnant", "is_active")
    search_fields = ("word", "advice")
    ordering = ("language", "id")
    fields = ("word", "language", "advice", "below_months", "only_pregnant", "is_active")


def intake_in_words(consultation_id: int) -> str:
    """Return the newest intake of a case as a list to read, warnings first; empty without one."""
    sheet = sheet_with_all(consultation_id)
    if sheet is None:
        return ""
    rows = [*_warnings(sheet), *_answers(sheet), *_files(sheet)]
    shown = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", rows)
    return format_html('<dl class="console-facts">{}</dl>', shown)


def _warnings(sheet: IntakeSheet) -> Iterator[tuple[Any, Any]]:
    words = [(pill(flag.word, "danger"),) for flag in sheet.red_flags.all()]
    if words:
        yield _("warning words"), format_html_join(" ", "{}", words)


def _answers(sheet: IntakeSheet) -> Iterator[tuple[Any, Any]]:
    yield _("complaint"), sheet.complaint
    if sheet.duration_value:
        yield _("for how long"), f"{sheet.duration_value} {sheet.get_duration_unit_display()}"
    titles = {one.name: one.verbose_name for one in IntakeSheet._meta.fields}  # noqa: SLF001 documented
    for name in TEXTS:
        shown = getattr(sheet, f"get_{name}_display", lambda name=name: getattr(sheet, name))()
        if shown:
            yield titles[name], shown
    yield from in_words(sheet.ten_questions)


def _files(sheet: IntakeSheet) -> Iterator[tuple[Any, Any]]:
    """What there is; the pictures themselves are for the doctor."""
    uses = Counter(one.use for one in sheet.files.all())
    if uses:
        told = [f"{IntakeUse(use).label} × {count}" for use, count in uses.items()]
        yield _("photos and papers"), " · ".join(told)
    yield _("version"), sheet.version
