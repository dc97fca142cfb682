"""What can go wrong with people's data."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from clinic.core.constraints import explain
from clinic.core.errors import ClinicError, ConflictError, RateLimitedError
from clinic.settings import rules


class OpenMattersError(ConflictError):
    """Something of the account is not over; ``extra["reasons"]`` lists what."""

    code = "open_matters"
    message = _("This account cannot be deleted yet: something is still open.")

    def __init__(self, reasons: Iterable[dict[str, str]]) -> None:
        """List the obstacles: code and detail of each."""
        super().__init__(extra={"reasons": list(reasons)})

    @property
    def codes(self) -> list[str]:
        """The codes alone."""
        return [told["code"] for told in self.extra["reasons"]]


class ExportOpenError(ConflictError):
    """The last archive is not written or not fetched yet."""

    code = "export_open"
    message = _("Your last archive is still there. Fetch it or wait until it is written.")


class ExportLimitError(RateLimitedError):
    """Enough archives for one day."""

    code = "export_limit"
    message = _("You have asked for enough archives today. Come back tomorrow.")

    def __init__(self) -> None:
        """The limit begins anew with the day."""
        super().__init__(retry_after=3600)


class ExportNotReadyError(ConflictError):
    """There is no archive to fetch: fetched before, too old, or lost."""

    code = "export_not_ready"
    message = _("There is no archive to fetch: it was fetched or is too old. Ask for a new one.")


class ExportBeingWrittenError(ConflictError):
    """The archive is not written yet."""

    code = "export_being_written"
    message = _("Your archive is still being written. Come back in a few minutes.")

    def __init__(self) -> None:
        """Say when it makes sense to look again, in seconds."""
        super().__init__(extra={"retry_after": 60})


class DownloadRefusedError(ClinicError):
    """The download code is not the one that was shown last, or it was used."""

    code = "download_refused"
    status = 403
    message = _("This download code is not valid any more. Ask for a new one.")


class DeletionAskedError(ConflictError):
    """The wish is known already."""

    code = "deletion_asked"
    message = _("You have asked for this already.")


class DeletionNotAskedError(ConflictError):
    """There is no wish that could be taken back: never asked, taken back, or done."""

    code = "deletion_not_asked"
    message = _("There is no open request that could be taken back.")


class EmergencyOverError(ConflictError):
    """The time of an emergency access is over."""

    code = "emergency_over"
    message = _("The time of this access is over. Give a reason again if you must.")


class EmergencyLimitError(RateLimitedError):
    """Too many emergencies of one person in a day: somebody should look."""

    code = "emergency_limit"
    message = _("You have used this too often today. Speak with your supervisor.")

    def __init__(self) -> None:
        """The limit begins anew with the day."""
        super().__init__(retry_after=3600)


class NoSuchPatientError(ClinicError):
    """No patient is meant by what was given."""

    code = "no_such_patient"
    status = 404
    message = _("No patient was found for this phone or id.")


class TooManyAccountsError(ClinicError):
    """A batch takes only so many."""

    code = "too_many_accounts"
    message = _("Choose %(most)s accounts at most.")

    def __init__(self) -> None:
        """Tell the limit."""
        super().__init__(most=rules.ACCOUNT_BATCH_MAX)


class PeriodError(ClinicError):
    """The days of an export do not make sense."""

    code = "period"
    message = _("Give a first and a last day, the last not before the first, one year at most.")


class FolderBusyError(ConflictError):
    """Two writers would mix their files."""

    code = "folder_busy"
    message = _("Another export writes into this folder. Wait for it, or choose another folder.")


explain("one_open_export", ExportOpenError)
explain("one_export_per_place_of_the_day", ExportOpenError)
explain("one_open_deletion", DeletionAskedError)
