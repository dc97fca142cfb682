"""What can go wrong with complaints."""

from django.utils.translation import gettext_lazy as _

from clinic.core.constraints import explain
from clinic.core.errors import ConflictError, ForbiddenError
from clinic.settings import rules


class ComplaintOpenError(ConflictError):
    """The patient has a pending complaint about the same thing."""

    code = "complaint_open"
    message = _("You have an open complaint about this. Add a note to it.")


class ComplaintClosedError(ConflictError):
    """Nothing can be added any more."""

    code = "complaint_closed"
    message = _("This complaint is closed. Nothing can be added.")


class ComplaintFullError(ConflictError):
    """There are as many notes as one complaint takes."""

    code = "complaint_full"
    message = _("A complaint takes %(most)s notes.")

    def __init__(self) -> None:
        """Tell the limit."""
        super().__init__(most=rules.COMPLAINT_NOTES_MAX)


class AppealUsedError(ConflictError):
    """The outcome is final."""

    code = "appeal_used"
    message = _("The outcome is final: it was accepted, appealed before, or the time is over.")


class NotDecidedError(ConflictError):
    """There is no outcome yet that one could disagree with."""

    code = "not_decided"
    message = _("There is no outcome yet. You can appeal once there is one; add a note meanwhile.")


class OutcomeAcceptedError(ConflictError):
    """There is no outcome to accept, or it was accepted before."""

    code = "nothing_to_accept"
    message = _("There is no outcome that waits for your consent.")


class TakenByColleagueError(ConflictError):
    """A colleague was first, or has it."""

    code = "complaint_taken"
    message = _("A colleague has this complaint.")


class OwnCaseError(ForbiddenError):
    """Nobody decides about himself, nor twice about the same thing."""

    code = "own_complaint"
    message = _("Somebody else must handle this complaint: it concerns you, or you decided it.")


class PointsWithoutDoctorError(ConflictError):
    """Points are taken from doctors, for justified complaints."""

    code = "points_without_doctor"
    message = _("Points need a doctor, a justified complaint and a reason.")


class NoDoctorConcernedError(ConflictError):
    """Nobody can be asked what happened."""

    code = "no_doctor_concerned"
    message = _("This complaint concerns no doctor.")


class NothingWasPaidError(ConflictError):
    """There is no order behind the complaint."""

    code = "nothing_was_paid"
    message = _("Nothing was paid for what this complaint is about.")


class CompensationWaitsError(ConflictError):
    """An order has one refund request that waits: that of the first round, or the patient's own."""

    code = "compensation_waits"
    message = _(
        "Finance must decide the earlier refund request of this order first. "
        "Then decide this complaint."
    )


class AlreadyStoppedError(ConflictError):
    """The doctor is stopped already."""

    code = "already_stopped"
    message = _("This doctor gets no new patients already. Lift that decision first.")


class SanctionOverError(ConflictError):
    """The sanction ended or was lifted."""

    code = "sanction_over"
    message = _("This decision is over.")


explain("one_pending_complaint_per_thing", ComplaintOpenError)
explain("complaint_is_appealed_once", AppealUsedError)
explain("one_complaint_per_file", ConflictError)
explain("one_alert_per_deadline_round_and_told", ConflictError)
explain("one_entry_in_force_per_complaint", ConflictError)
explain("one_compensation_per_round", ConflictError)
explain("one_stop_in_force_per_doctor", AlreadyStoppedError)
