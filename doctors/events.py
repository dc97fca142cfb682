"""Facts about doctors that rooms above act on."""

from clinic.core.events import Event, event


@event
class DoctorCameOnline(Event):
    """A doctor may get patients from now on: came online, hours began, or a switch was opened."""

    doctor_id: int


@event
class DoctorWentOffline(Event):
    """A doctor gets no new patients from now on; the ones he has stay his."""

    doctor_id: int


@event
class DoctorSuspended(Event):
    """His work stopped at once, by staff or with his credentials; his patients need another."""

    doctor_id: int


@event
class LeaveEntered(Event):
    """A doctor will be away; his appointments in that time need another doctor."""

    leave_id: int


@event
class LeaveCancelled(Event):
    """A doctor is there after all."""

    leave_id: int
    doctor_id: int


@event
class SpecialDayEntered(Event):
    """A date (ISO) of a doctor, a branch, or (with neither) the house lives by other hours now."""

    date: str
    doctor_id: int | None
    branch_id: int | None


@event
class BranchClosed(Event):
    """A branch was switched off."""

    branch_id: int


@event
class DoctorBecameFree(Event):
    """One of a doctor's places was given back."""

    doctor_id: int
