"""Console screen of warning words, and intakes in words for the screen of a case."""

from django.contrib import admin

from clinic.core.admin import HouseAdmin
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
    """Return the newest intake of a case as lines to read; empty without one."""
    sheet = sheet_with_all(consultation_id)
    if sheet is None:
        return ""
    lines = [f"{sheet.complaint} (v{sheet.version})"]
    if sheet.duration_value:
        lines.append(f"{sheet.duration_value} {sheet.get_duration_unit_display()}")
    titles = {one.name: one.verbose_name for one in IntakeSheet._meta.fields}  # noqa: SLF001 documented
    for name in TEXTS:
        shown = getattr(sheet, f"get_{name}_display", lambda name=name: getattr(sheet, name))()
        if shown:
            lines.append(f"{titles[name]}: {shown}")
    lines += [f"{title}: {answer}" for title, answer in in_words(sheet.ten_questions)]
    lines += [f"⚠ {flag.word}" for flag in sheet.red_flags.all()]
    return "\n".join(lines)
