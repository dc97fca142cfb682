"""Facts about appointments that other rooms may follow."""

from clinic.core.events import Event, event


@event
class AppointmentConfirmed(Event):
    """Doctor, time and person are settled."""

    appointment_id: int


@event
class AppointmentMoved(Event):
    """It takes place at another time or with another doctor."""

    appointment_id: int


@event
class AppointmentStarted(Event):
    """Doctor and patient are together."""

    appointment_id: int


@event
class AppointmentCompleted(Event):
    """The visit is over."""

    appointment_id: int
    doctor_id: int


@event
class AppointmentEnded(Event):
    """Cancelled, expired or missed: ``state`` says which."""

    appointment_id: int
    state: str


@event
class PlaceFreed(Event):
    """Somebody on the waiting list may get a place of this doctor."""

    doctor_id: int


@event
class WaitingListMoved(Event):
    """Places on a branch's waiting list changed."""

    branch_id: int | None
