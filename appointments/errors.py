"""What can go wrong with an appointment."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from clinic.core.constraints import explain
from clinic.core.errors import ClinicError, ConflictError, InvalidInputError


class SlotTakenError(ConflictError):
    """The doctor's time is taken; ``extra`` names the nearest free slots."""

    code = "slot_taken"
    message = _("This time has just been taken. Choose another one.")


class PersonBookedError(ConflictError):
    """The visit person is elsewhere at that time."""

    code = "person_booked"
    message = _(
        "This person has another appointment at that time. Choose another time, or move or cancel"
        " that one first."
    )


class CapacityFullError(ConflictError):
    """Every place of the group is taken."""

    code = "capacity_full"
    message = _("Every place at this time is taken. Choose another time or the waiting list.")


class OutsideHoursError(InvalidInputError):
    """Nobody works then."""

    code = "outside_hours"
    message = _("There is no opening at this time. Choose one of the free slots.")


class NotGivenThereError(InvalidInputError):
    """Nobody gives the type at this branch, or online, whatever the day."""

    code = "not_given_there"
    message = _("This service is not given there. Choose another branch, doctor or service.")

    def __init__(self, attr: str = "branch") -> None:
        """Say which field is wrong."""
        super().__init__(attr, self.message, code=self.code)


class TooSoonError(InvalidInputError):
    """The notice is too short."""

    code = "too_soon"
    message = _("This time is too close. Choose a later one.")


class TooFarError(InvalidInputError):
    """Bookings do not go that far ahead."""

    code = "too_far"
    message = _("Bookings open later for this day. Choose an earlier one.")


class InPastError(InvalidInputError):
    """The time is over."""

    code = "in_past"
    message = _("This time is over. Choose one in the future.")


class OffGridError(InvalidInputError):
    """Appointments of the type begin at other minutes."""

    code = "off_grid"
    message = _("Appointments do not begin at this minute. Choose one of the free slots.")


class BadDurationError(InvalidInputError):
    """The duration is not one of the type."""

    code = "bad_duration"
    message = _("This service does not last that long. Leave the duration out.")


class NothingToWaitForError(ConflictError):
    """There are free places: the waiting list is not needed."""

    code = "places_free"
    message = _("There are free places in this time. Book one of them.")


class CancelTooLateError(ConflictError):
    """The visit has begun or is over."""

    code = "cancel_too_late"
    message = _("This appointment can no longer be cancelled. Ask the clinic.")


class NotCheckedInError(ConflictError):
    """The patient is not there yet."""

    code = "not_checked_in"
    message = _("The patient has not checked in yet.")


class OfferGoneError(ConflictError):
    """The offer was not taken in time."""

    code = "offer_gone"
    message = _("This offer has ended. Look at the waiting list where you stand now.")


class PlaceIsYoursError(ConflictError):
    """The place was taken before: nothing is offered any more."""

    code = "place_is_yours"
    message = _("You have the place already. Cancel the appointment if it does not suit you.")


class AlreadyWaitingError(ConflictError):
    """The person waits for the same type in an overlapping window."""

    code = "already_waiting"
    message = _("This person is already on the waiting list for this time.")


class CodeExhaustedError(ClinicError):
    """No free code was found in several tries."""

    code = "code_exhausted"
    status = 503
    message = _("No booking code is free at the moment. Try again in a minute.")


class BusyError(ClinicError):
    """Too many people change the same times at this moment."""

    code = "busy"
    status = 503
    message = _("Many people are booking at this moment. Try again in a few seconds.")

    def __init__(self) -> None:
        """Suggest waiting two seconds."""
        super().__init__(extra={"retry_after": 2})


class MovedTooOftenError(ConflictError):
    """The patient has moved it as often as he may."""

    code = "moved_too_often"
    message = _("You have moved this appointment as often as you may. Ask the clinic.")


class MoveTooLateError(ConflictError):
    """The free time for changes is over."""

    code = "move_too_late"
    message = _("This appointment can no longer be moved online. Ask the clinic.")


class SameTimeError(ConflictError):
    """It is at that time with that doctor already: nothing would move."""

    code = "same_time"
    message = _("The appointment is at this time already. Choose another time or doctor.")


class TooEarlyError(ConflictError):
    """The visit is not due yet; ``extra`` says from when it is."""

    code = "too_early"
    message = _("It is too early for this step. Wait until the appointment is due.")
    told = _("It is too early for this step. Try again from %(time)s on.")

    def __init__(self, opens_at: datetime | None = None) -> None:
        """Remember from when, on the clock of the place."""
        super().__init__(extra={"opens_at": opens_at} if opens_at else None)
        self.opens_at = opens_at

    @property
    def detail(self) -> str:
        """Say from when."""
        if self.opens_at is None:
            return str(self.message)
        return str(self.told) % {"time": date_format(self.opens_at, "DATETIME_FORMAT")}


class CheckInNotOpenError(TooEarlyError):
    """The patient comes too early to check in."""

    told = _("Check-in is open from %(time)s on.")


class NothingToPayError(ConflictError):
    """The appointment has no order: it costs nothing."""

    code = "nothing_to_pay"
    message = _("Nothing is to be paid for this appointment.")


class NotPaidYetError(ConflictError):
    """The place is only held until it is paid."""

    code = "not_paid_yet"
    message = _("This appointment is not paid yet. Pay its order first.")


class NoTimeYetError(ConflictError):
    """It is on the waiting list."""

    code = "no_time_yet"
    message = _("This appointment has no time yet.")


class ChangeTooLateError(ConflictError):
    """The visit has begun."""

    code = "change_too_late"
    message = _("This appointment has begun and can no longer be changed.")


class PatientIsHereError(ConflictError):
    """He checked in, so he did come."""

    code = "patient_is_here"
    message = _("The patient has checked in. Begin the visit, or cancel it.")


class SelfBookingError(ConflictError):
    """A doctor cannot be his own patient."""

    code = "self_booking"
    message = _("You cannot book yourself. Choose another doctor.")


class PersonGoneError(InvalidInputError):
    """The visit person was removed meanwhile: as if he had been removed before."""

    def __init__(self) -> None:
        """Say which field is wrong."""
        super().__init__("person_id", _("Choose one of your visit persons."))


class VisitNotCompletedError(ConflictError):
    """Only a completed visit can be rated."""

    code = "visit_not_completed"
    message = _("Only a completed visit can be rated.")


class VisitReviewTooLateError(ConflictError):
    """The time to rate is over."""

    code = "visit_review_too_late"
    message = _("The time to rate this visit is over.")


explain("doctor_is_not_double_booked", SlotTakenError)
explain("person_is_not_double_booked", PersonBookedError)
explain("person_waits_once", AlreadyWaitingError)
explain("one_offer_of_a_place", OfferGoneError)
explain("doctor_is_there", OutsideHoursError)
explain("person_is_there", PersonGoneError)
explain("one_open_row_per_code", CodeExhaustedError)
