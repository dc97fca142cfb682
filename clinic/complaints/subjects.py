"""What can be complained of: rooms above declare their subjects, this room those below it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured

from clinic.complaints.enums import Subject


@dataclass(frozen=True, kw_only=True, slots=True)
class Concern:
    """A thing of one patient: the doctor it concerns, or the account of whoever else served him.

    ``order_id`` is the key of the order that was paid, ``topic`` names the conversation; each may
    be missing.
    """

    doctor_id: int | None = None
    about_user_id: int | None = None
    order_id: int | None = None
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks a thing up by its public id for a patient's account; None when it is not his."""

    subject: Subject
    find: Callable[[UUID, int], Concern | None]


FINDERS: dict[str, Finder] = {}


def declare_subject(finder: Finder) -> None:
    """Let things of this sort be complained of. Raises ImproperlyConfigured when declared twice."""
    if finder.subject in FINDERS:
        raise ImproperlyConfigured(f"subject {finder.subject} is declared twice")
    FINDERS[finder.subject] = finder


def find_concern(subject: str, public_id: UUID, patient_id: int) -> Concern | None:
    """Return what a patient's thing is about; None when it is not his or there is none."""
    finder = FINDERS.get(subject)
    return None if finder is None else finder.find(public_id, patient_id)
