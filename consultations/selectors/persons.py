"""Cases that hold a visit person as he was when they were ordered."""

from clinic.patients.matters import Matter, declare_matter
from consultations.enums import State
from consultations.models import Consultation


def has_ordered_case(person_id: int) -> bool:
    """Say whether a case of the person goes on. A draft binds nobody: its order asks again."""
    rows = Consultation.objects.open().filter(person_id=person_id)
    return rows.exclude(state=State.DRAFT).exists()


declare_matter(Matter("consultation", has_ordered_case))
