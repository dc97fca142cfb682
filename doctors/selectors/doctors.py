"""Finding a doctor, or the doctor behind an account."""

from uuid import UUID

from django.db.models import Q, QuerySet

from clinic.core.actor import Actor
from clinic.core.roles import STAFF_ROLES, Role
from doctors.models import LISTED, Doctor


def doctor_of(actor: Actor) -> Doctor | None:
    """Return the profile of an actor who is a doctor, with department and branch."""
    if actor.user_id is None or not actor.has_role(Role.DOCTOR):
        return None
    return (
        Doctor.objects.select_related("department", "branch").filter(user_id=actor.user_id).first()
    )


def get_doctor(public_id: UUID) -> Doctor | None:
    """Return a doctor whom patients may see, with department and branch."""
    rows = Doctor.objects.listed()
    return rows.select_related("department", "branch").filter(public_id=public_id).first()


def visible_to(actor: Actor) -> QuerySet[Doctor]:
    """Return the doctors an actor may read: listed ones and himself; staff all."""
    if actor.roles & STAFF_ROLES:
        return Doctor.objects.all()
    own = Q(user_id=actor.user_id) if actor.user_id else Q()
    return Doctor.objects.filter(LISTED | own)
