"""Words for what orders pay for; rooms above give the kinds."""

from django.utils.translation import gettext_lazy as _

_SUBJECTS = {
    "consultation": _("Consultation"),
    "appointment": _("Appointment"),
    "video": _("Video consultation"),
    "prescription": _("Prescription"),
    "top_up": _("Top-up"),
}


def subject_words(kind: str) -> str:
    """Return the word for a kind of subject; an unknown kind stays as it is."""
    return str(_SUBJECTS.get(kind, kind))
