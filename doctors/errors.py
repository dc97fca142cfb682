"""What can be wrong here, and which database promise stands behind it."""

from django.utils.translation import gettext_lazy as _

from clinic.core.constraints import explain
from clinic.core.errors import ConflictError, InvalidInputError


class LimitBelowLoadError(ConflictError):
    """A limit lower than the number of patients a doctor has now."""

    code = "limit_below_load"
    message = _("The doctor has more open consultations than this limit. Close some of them first.")


class HoursOverlapError(InvalidInputError):
    """Two service hours of one day cover the same minute."""

    code = "hours_overlap"
    message = _("Two of the hours overlap. Join them or move one.")


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


explain("doctor_load_within_limit", LimitBelowLoadError)
for overlap in (
    "service_hours_do_not_overlap",
    "branch_hours_do_not_overlap",
    "work_rules_do_not_overlap",
    "calendar_days_do_not_overlap",
    "leaves_do_not_overlap",
):
    explain(overlap, HoursOverlapError)
explain("doctors_department_code_key", DepartmentCodeTakenError)
