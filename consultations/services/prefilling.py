"""The words with which the record of a case begins: what its patient told, in Chinese."""

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from clinic.settings import rules as numbers
from consultations.models import Consultation, IntakeSheet
from consultations.rules.ten_questions import TEN_QUESTIONS, in_words
from consultations.selectors.intakes import newest_sheet

RECORD_LANGUAGE = "zh-hans"
HISTORY = "past_illness"


def first_texts(consultation: Consultation) -> dict[str, str]:
    """Return the texts of a new record by their names; the doctor changes what he likes."""
    sheet = newest_sheet(consultation.pk)
    if sheet is None:
        return {"chief_complaint": consultation.complaint}
    with translation.override(RECORD_LANGUAGE):
        texts = {
            "chief_complaint": _complaint(sheet),
            "allergies": sheet.allergies or sheet.get_allergy_display() if sheet.allergy else "",
            "past_history": _past(sheet),
            "asking": _answers(sheet, set(TEN_QUESTIONS) - {HISTORY}),
        }
    return {name: text[: numbers.RECORD_MAX_CHARS] for name, text in texts.items()}


def _complaint(sheet: IntakeSheet) -> str:
    if sheet.duration_value is None:
        return sheet.complaint
    return f"{sheet.complaint}（{sheet.duration_value} {sheet.get_duration_unit_display()}）"


def _past(sheet: IntakeSheet) -> str:
    record = sheet.earlier_record
    earlier = (sheet.earlier_diagnosis, record.diagnosis if record else "")
    return _lines(
        [
            _answers(sheet, {HISTORY}),
            _titled(_("Earlier diagnosis"), "；".join(one for one in earlier if one)),
            _titled(_("Current drugs"), sheet.drugs),
            _titled(_("Pregnancy"), sheet.get_pregnancy_display() if sheet.pregnancy else ""),
        ]
    )


def _answers(sheet: IntakeSheet, keys: set[str]) -> str:
    told = {key: answer for key, answer in sheet.ten_questions.items() if key in keys}
    return _lines(_titled(title, answer) for title, answer in in_words(told))


def _titled(title: str, text: str) -> str:
    return f"{title}：{text}" if text else ""


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)
