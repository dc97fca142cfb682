"""Rows behind the words of a question of the front desk."""

from uuid import UUID

from django.utils.translation import gettext as _

from appointments.models import AppointmentType
from clinic.core.errors import InvalidInputError
from doctors.models import Branch, Doctor


def branch_by_code(code: str) -> Branch | None:
    """Return the branch of a code, None for no code: online. Raises InvalidInputError."""
    if not code:
        return None
    branch = Branch.objects.filter(code=code).first()
    if branch is None:
        raise InvalidInputError("branch", _("Choose a branch from the list."), code="not_known")
    return branch


def doctor_by_id(public_id: UUID | None) -> Doctor | None:
    """Return a doctor, None without an id. Raises InvalidInputError."""
    if public_id is None:
        return None
    doctor = Doctor.objects.filter(public_id=public_id).first()
    if doctor is None:
        raise InvalidInputError("doctor", _("Choose a doctor from the list."), code="not_known")
    return doctor


def type_by_code(code: str) -> AppointmentType:
    """Return a type that can be booked; without a code the first. Raises InvalidInputError."""
    rows = AppointmentType.objects.filter(is_active=True)
    kind = (rows.filter(code=code) if code else rows).first()
    if kind is None:
        message = _("Choose an appointment type from the list.")
        raise InvalidInputError("type", message, code="not_known")
    return kind
