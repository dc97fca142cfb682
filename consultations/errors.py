"""What can go wrong with a consultation, as clients see it."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clinic.core.clock import clinic_time
from clinic.core.constraints import explain
from clinic.core.errors import ClinicError, ConflictError, InvalidInputError
from clinic.files.errors import AttachmentUsedError


class ConsultationOpenError(ConflictError):
    """The patient has an open consultation of this sort already."""

    code = "consultation_open"
    message = _("There is an open consultation already. Continue it or cancel it first.")


class ComplaintMissingError(ConflictError):
    """A consultation without a described problem cannot be ordered."""

    code = "complaint_missing"
    message = _("Describe the problem first, then order.")


class DoctorNotAvailableError(ConflictError):
    """The chosen doctor does not take text consultations now."""

    code = "doctor_not_available"
    message = _("This doctor does not take text consultations now. Choose another one.")


class CareTakenError(ConflictError):
    """A colleague has the case in hand, or the actor has it not."""

    code = "care_taken"
    message = _("This case is not in your hands.")


class DoctorHasNoRoomError(ConflictError):
    """The doctor whom staff named cannot take the case."""

    code = "doctor_has_no_room"
    message = _("This doctor cannot take the case: full, not allowed to work, or had it before.")


class NotAcceptedInTimeError(ConflictError):
    """The time to accept is over; the case goes to somebody else."""

    code = "not_accepted_in_time"
    message = _("The time to accept this consultation is over.")


class NotCompletedError(ConflictError):
    """Only a completed consultation can be reviewed."""

    code = "not_completed"
    message = _("Only a completed consultation can be reviewed.")


class ReviewTooLateError(ConflictError):
    """The time to review is over."""

    code = "review_too_late"
    message = _("The time to review this consultation is over.")


class SelfConsultationError(ConflictError):
    """A doctor cannot consult himself."""

    code = "self_consultation"
    message = _("You cannot consult yourself. Choose another doctor.")


class TransferOpenError(ConflictError):
    """The case is offered to a colleague already."""

    code = "transfer_open"
    message = _("This consultation is offered to a colleague already. Withdraw that first.")


class TransferOverError(ConflictError):
    """The offer to take a case over does not stand any more."""

    code = "transfer_over"
    message = _("This offer is over: it was answered, withdrawn, or not answered in time.")


class TransferRefusedError(ConflictError):
    """The colleague cannot have this case, whatever he wants."""

    code = "transfer_refused"
    message = _("This doctor cannot take this consultation over. Choose another one.")


class TransferLimitError(ConflictError):
    """The case was offered around too often."""

    code = "transfer_limit"
    message = _("This consultation was offered too often. Return it to the queue instead.")


class OnHoldError(ConflictError):
    """The clock of the case stands still already."""

    code = "on_hold"
    message = _("This consultation is on hold already.")


class HoldLimitError(ConflictError):
    """No time on hold is left for the case."""

    code = "hold_limit"
    message = _("This consultation cannot be on hold any more: its time on hold is used up.")


class AnswerFirstError(ConflictError):
    """A doctor cannot stop the clock while the patient waits for his answer."""

    code = "answer_first"
    message = _("The patient waits for your answer. Answer first, then put the case on hold.")


class NotOnHoldError(ConflictError):
    """The caller has not put the case on hold."""

    code = "not_on_hold"
    message = _("You have not put this consultation on hold.")


class FollowUpLimitError(ConflictError):
    """The plan of the case is full."""

    code = "follow_up_limit"
    message = _("The follow-up plan of this consultation is full.")


class FollowUpClosedError(ConflictError):
    """The date cannot be answered or changed now."""

    code = "follow_up_closed"
    message = _("This follow-up cannot be answered or changed now.")


class FollowUpNotDueError(ConflictError):
    """The date has not come; ``extra`` tells it."""

    code = "follow_up_not_due"
    message = _("You can answer this from %(day)s on.")

    def __init__(self, due_at: datetime) -> None:
        """Tell the day at the clinic, and the moment."""
        local = clinic_time(due_at)
        super().__init__(day=local.date().isoformat(), extra={"due_at": local.isoformat()})


class NoPhoneCaseError(ConflictError):
    """Only phone consultations have calls."""

    code = "no_phone_case"
    message = _("This consultation is held in writing. Use its conversation.")


class PhoneUnreachableError(ConflictError):
    """The provider cannot call this number."""

    code = "phone_unreachable"
    message = _("Phone consultations need a mobile number of mainland China in your account.")


class CallOpenError(ConflictError):
    """A call of the case is appointed or running."""

    code = "call_open"
    message = _("A call is appointed already. Call it off first.")


class CallClosedError(ConflictError):
    """The call has begun or is over."""

    code = "call_closed"
    message = _("This call has begun or is over.")


class CallMissingError(ConflictError):
    """A phone consultation cannot be completed before they have talked."""

    code = "call_missing"
    message = _("You have not talked with the patient yet. Call first, then complete.")


class IntakeFrozenError(ConflictError):
    """The doctor has accepted on what was told; it stays as it was."""

    code = "intake_frozen"
    message = _("The doctor has begun. Tell what is new in the conversation.")


class RevisitNotConfirmedError(ConflictError):
    """Online care is for re-visits: the doctor must say that this is one."""

    code = "revisit_not_confirmed"
    message = _("Confirm first that this is a re-visit, or refer the patient to a hospital.")


class NoChildrenHereError(ConflictError):
    """The doctor's department does not see children under six."""

    code = "no_children_here"
    message = _("This doctor does not see children under six. Choose a children's doctor.")


class BirthdayNeededError(ConflictError):
    """Nobody knows whether the visit person is a child."""

    code = "birthday_needed"
    message = _("Give the birthday of the visit person first: children are treated by other rules.")


class GuardianNeededError(ConflictError):
    """A child under six comes with a guardian who is named."""

    code = "guardian_needed"
    message = _("A child under six needs a guardian. Name the guardian in the intake.")


class UnknownStrategyError(ClinicError):
    """The settings name a strategy that nobody registered."""

    code = "unknown_strategy"
    status = 500
    message = _("The assignment strategy is not known.")


class UnknownChoiceError(InvalidInputError):
    """An id in the body points to nothing the caller may use."""


explain("one_nudge_per_round_and_doctor", ConflictError)
explain("one_extra_place_per_limit", ConflictError)
explain("one_hand_per_case", CareTakenError)
explain("one_open_consultation_per_pair", ConsultationOpenError)
explain("one_open_fast_consultation", ConsultationOpenError)
explain("one_intake_per_version", ConflictError)
explain("signed_case_is_a_revisit", RevisitNotConfirmedError)
explain("intake_is_frozen", IntakeFrozenError)
explain("intake_file_of_one_case", AttachmentUsedError)
explain("one_file_per_intake", AttachmentUsedError)
explain("one_raised_flag_per_word", ConflictError)
explain("one_red_flag_per_word", ConflictError)
explain("one_open_assignment_per_consultation", ConflictError)
explain("one_open_transfer_per_consultation", TransferOpenError)
explain("one_open_call_per_consultation", CallOpenError)
explain("one_open_hold_per_consultation", OnHoldError)
