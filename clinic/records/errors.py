"""What can go wrong with a medical record, as clients see it."""

from django.utils.translation import gettext_lazy as _

from clinic.core.constraints import explain
from clinic.core.errors import ClinicError, ConflictError


class RecordSignedError(ConflictError):
    """A signed record never changes."""

    code = "record_signed"
    message = _("This record is signed and cannot be changed. Write an addendum instead.")


class RecordNotSignedError(ConflictError):
    """Only what is signed can be added to or printed."""

    code = "record_not_signed"
    message = _("This record is not signed yet. Complete it first.")


class RecordIncompleteError(ClinicError):
    """A record lacks what it must say before it is signed."""

    code = "record_incomplete"
    message = _("The record cannot be signed yet: %(reason)s")


class TooManyAddendaError(ConflictError):
    """A record has all the addenda it may have."""

    code = "too_many_addenda"
    message = _("This record has %(most)s addenda already. Ask the clinic's administration.")


class NoFontError(ClinicError):
    """This machine has no font that can write Chinese."""

    code = "no_font"
    status = 503
    message = _("Records cannot be printed just now. The clinic has been told; try again later.")


class CodeFileError(ClinicError):
    """The file of codes cannot be taken over."""

    code = "code_file"
    message = _("Line %(line)s: %(reason)s")


class KeptLongerError(ClinicError):
    """Somebody asked to throw away what must be kept."""

    code = "kept_longer"
    message = _("%(what)s must be kept for at least %(years)s years.")


for _promise in (
    "one_record_per_care",
    "one_record_per_verification_code",
    "one_addendum_per_position",
    "one_diagnosis_per_position",
    "one_diagnosis_per_code",
    "one_entry_per_code_and_edition",
    "one_code_in_use_per_table",
):
    explain(_promise, ConflictError)
