"""Facts about consultations that other rooms may follow."""

from clinic.core.events import Event, event


@event
class ConsultationAssigned(Event):
    """A doctor has the case and must accept it."""

    consultation_id: int
    doctor_id: int


@event
class ConsultationAccepted(Event):
    """The service time has begun."""

    consultation_id: int
    doctor_id: int


@event
class ConsultationReturned(Event):
    """A doctor does not have the case any more; it waits for another one."""

    consultation_id: int


@event
class ConsultationAbandoned(Event):
    """The doctor who has the case may not work any more."""

    consultation_id: int


@event
class ConsultationCompleted(Event):
    """The case is closed with its service done."""

    consultation_id: int
    doctor_id: int


@event
class ConsultationClosed(Event):
    """The case ended without completed service; ``state`` says how."""

    consultation_id: int
    state: str


@event
class DoctorHasRoom(Event):
    """A doctor got a case and may have room for the next one that waits."""

    doctor_id: int
