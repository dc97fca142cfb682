"""What can be wrong here, and which database promise stands behind it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.core.constraints import explain
from clinic.core.errors import ConflictError, InvalidInputError


class LimitBelowLoadError(ConflictError):
    """A limit lower than the number of patients a doctor has now."""

    code = "limit_below_load"
    message = _("The doctor has more open consultations than this limit. Close some of them first.")


class LimitTooHighError(ConflictError):
    """No doctor may have more patients at once."""

    code = "limit_too_high"
    message = _("This doctor's limit cannot be raised any more.")


class ServiceStoppedError(ConflictError):
    """Staff decided that the doctor gets no new patients for a time."""

    code = "service_stopped"
    message = _("The clinic decided that you get no new patients for a time.")


class HoursOverlapError(InvalidInputError):
    """Two service hours of one day cover the same minute."""

    code = "hours_overlap"
    message = _("Two of the hours overlap. Join them or move one.")


class LeaveOverlapError(ConflictError):
    """Another leave of the doctor covers a part of this one."""

    code = "leave_overlap"
    message = _("Another leave covers a part of this time. Cancel it or choose another time.")


class LeaveOverError(ConflictError):
    """A leave that is over stays as it was."""

    code = "leave_over"
    message = _("This leave is over or was cancelled. Nothing was changed.")


class DepartmentCodeTakenError(ConflictError):
    """Another department has the code."""

    code = "department_code_taken"
    message = _("Another department has this code.")


class NotCertifiedError(ConflictError):
    """A doctor without checked credentials or with an ended licence cannot go online."""

    code = "not_certified"
    message = _("Your credentials are not certified or your licence has ended. Ask the clinic.")


class SuspendedError(ConflictError):
    """The clinic stopped the doctor's work."""

    code = "doctor_suspended"
    message = _("Your work is suspended. Ask the clinic.")


class LicenceExpiredError(InvalidInputError):
    """A licence date that is over already."""

    code = "licence_expired"
    message = _("The licence has ended. Ask for a valid one.")


class BadHolidayListError(InvalidInputError):
    """A line of a list of holidays cannot be read; nothing of it was stored."""

    code = "bad_holiday_list"
    message = _("Line %(line)s of the list cannot be read: %(why)s")

    def __init__(self, *, line: int, why: str | Promise) -> None:
        """Name the line and what is wrong in it."""
        super().__init__()
        self.fields = {"line": line, "why": why}
        self.extra = {"line": line}


class CredentialPendingError(ConflictError):
    """Another paper of the kind waits for its review."""

    code = "credential_pending"
    message = _("One of this kind is under review already. Withdraw it first.")


class OwnCredentialError(ConflictError):
    """A member of staff looks at his own papers."""

    code = "own_credential"
    message = _("Nobody reviews his own credentials. Ask a colleague.")


class EndsEarlierError(ConflictError):
    """The paper would shorten how long the doctor may work, and nobody said that this is meant."""

    code = "ends_earlier"
    message = _("This paper ends earlier than the approved one. Approve it as a shorter one.")


class PracticeTooShortError(ConflictError):
    """Diagnosis on the internet wants years of practice (互联网诊疗管理办法, article 13)."""

    code = "practice_too_short"
    message = _("The doctor has practised for less than %(years)s years.")


class IdentityCheckNeededError(ConflictError):
    """The doctor has not proved himself lately."""

    code = "identity_check_needed"
    message = _("Confirm first that it is you, then accept.")

    def __init__(self) -> None:
        """Name the door to use."""
        super().__init__(extra={"door": "/api/v1/doctor/identity-check"})


class FaceDiffersError(InvalidInputError):
    """The live picture does not show the person of the portrait."""

    code = "face_differs"
    message = _("The picture does not match your portrait. Try again or use another way.")


class PictureUsedError(InvalidInputError):
    """The live picture has proved somebody before."""

    code = "picture_used"
    message = _("This picture was used before. Take a new one now.")


class IdentityMethodAwayError(ConflictError):
    """The way to prove oneself is not offered here."""

    code = "identity_method_away"
    message = _("This way is not offered here. Use your password or a code.")


explain("live_picture_counts_once", PictureUsedError)
explain("stopped_doctor_takes_nobody", ServiceStoppedError)
explain("doctor_load_within_limit", LimitBelowLoadError)
explain("credential_one_under_review", CredentialPendingError)
explain("credential_one_approved", ConflictError)
explain("credential_leaves_a_state_once", ConflictError)
explain("credential_alert_told_once", ConflictError)
for overlap in (
    "service_hours_do_not_overlap",
    "branch_hours_do_not_overlap",
    "work_rules_do_not_overlap",
    "calendar_days_do_not_overlap",
):
    explain(overlap, HoursOverlapError)
explain("leaves_do_not_overlap", LeaveOverlapError)
explain("doctors_department_code_key", DepartmentCodeTakenError)
