"""What can go wrong with a phrase."""

from django.utils.translation import gettext_lazy as _

from clinic.core.constraints import explain
from clinic.core.errors import ConflictError
from clinic.settings import rules


class PhraseExistsError(ConflictError):
    """The doctor has this phrase of this type."""

    code = "phrase_exists"
    message = _("You have this phrase already.")


class TooManyPhrasesError(ConflictError):
    """The doctor has as many phrases as he may."""

    code = "too_many_phrases"
    message = _("You cannot have more than %(most)s phrases. Remove one first.")

    def __init__(self) -> None:
        """Tell the limit."""
        super().__init__(most=rules.PHRASES_MAX)


explain("one_phrase_per_doctor_type_and_text", PhraseExistsError)
explain("one_use_row_per_phrase_and_doctor", ConflictError)
