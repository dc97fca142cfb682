"""Codes of assignment attempts in words for staff."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consultations.enums import DeclineReason, Reason, State
from doctors.enums import NoDoctorReason

STEPS: Final[Mapping[str, str | Promise]] = {
    "chosen_doctor": _("The chosen doctor"),
    "same_doctor": _("The doctor of last time"),
    "level_and_department": _("Level and department fit"),
    "level": _("Level fits"),
    "higher_level": _("A higher level at no extra charge"),
    "named_by_staff": _("Named by staff"),
    "taken_over": _("Taken over from a colleague"),
    "no_room": _("The doctor has no room"),
    "internal_error": _("A fault, see the log"),
}


def reason_in_words(code: str) -> str:
    """Return a sentence for a reason code; unknown codes stay as they are."""
    if code in NoDoctorReason.values:
        return str(NoDoctorReason(code).label)
    if code in State.values:
        return str(State(code).label)
    return str(STEPS.get(code, code))


def end_in_words(code: str) -> str:
    """Return why a doctor no longer has a case: a reason, and what he told with it."""
    head, _colon, told = code.partition(":")
    words = [str(Reason(head).label)] if head in Reason.values else [head]
    if told:
        words.append(str(DeclineReason(told).label) if told in DeclineReason.values else told)
    return " · ".join(words)
