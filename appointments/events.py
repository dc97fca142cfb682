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
class AppointmentReassigned(Event):
    """Another doctor has it now, at the same time; ``why`` is a word of ``Displacement``."""

    appointment_id: int
    former_doctor_id: int
    why: str


@event
class AppointmentDisplaced(Event):
    """It cannot take place and nobody else could take it; all the money goes back.

    ``why`` is a word of ``Displacement``. AppointmentEnded is published as well.
    """

    appointment_id: int
    why: str


@event
class AppointmentHit(Event):
    """Its doctor may not be there; whoever hears it looks again and finds another."""

    appointment_id: int
    why: str


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
    """Somebody on the waiting list may get a place of this doctor; 0 means of any."""

    doctor_id: int


@event
class WaitingListMoved(Event):
    """Places on the waiting list of a type at a branch, or online, changed."""

    kind_id: int
    branch_id: int | None


@event
class AppointmentStepped(Event):
    """A step was taken that somebody shall be told of; ``by`` is the side that took it."""

    appointment_id: int
    act: str
    before: str
    after: str
    by: str
