"""Visit persons in words for staff."""

from clinic.core.links import row_link
from clinic.core.masking import mask_name
from clinic.patients.models import VisitPerson


def person_link(person: VisitPerson) -> str:
    """Return the way to a visit person: the name, masked, and who that is for the account."""
    told = f"{mask_name(person.name)} · {person.get_relation_display()}"
    return row_link("patients_visitperson", person.pk, told)
