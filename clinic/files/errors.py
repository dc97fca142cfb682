"""What can be wrong with a file."""

from django.utils.translation import gettext_lazy as _

from clinic.core.errors import ClinicError, ConflictError


class FileTooLargeError(ClinicError):
    """More bytes, pixels or seconds than are taken."""

    code = "file_too_large"
    status = 413
    message = _("This file is too large. Images and documents may have 20 MB, voice 2 MB and 60 s.")


class FileKindRefusedError(ClinicError):
    """The bytes are none of the kinds that are taken, whatever the name says."""

    code = "file_kind_refused"
    status = 415
    message = _("This kind of file is not taken, or the file is damaged.")


class FileEmptyError(ClinicError):
    """There are no bytes."""

    code = "file_empty"
    message = _("The file is empty. Choose another one.")


class FileQuotaError(ConflictError):
    """The account has stored as much as it may."""

    code = "file_quota_reached"
    message = _("Your storage is full. Ask the clinic for more.")


class FileBeingScannedError(ConflictError):
    """The scanner has not answered yet."""

    code = "file_being_scanned"
    message = _("This file is still being checked. Try again in a moment.")

    def __init__(self) -> None:
        """Suggest waiting a few seconds."""
        super().__init__(extra={"retry_after": 5})


class FileRefusedError(ConflictError):
    """The scanner refused it; the bytes are gone."""

    code = "file_refused"
    message = _("This file was refused by the virus check.")


class FileMissingError(ClinicError):
    """What should be attached is not there, not the sender's, or of another kind."""

    code = "attachment_missing"
    message = _("This file cannot be attached. Upload it first and attach it within 24 hours.")


class AttachmentUsedError(ConflictError):
    """A file is attached once."""

    code = "attachment_used"
    message = _("This file is attached already. Upload it again to use it a second time.")
