"""Writing the audit log."""

from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from clinic.core.actor import Actor
from clinic.core.context import current_request_id
from clinic.core.models import AuditEntry
from clinic.core.roles import Role

_READERS: Final = tuple(role for role in Role if role != Role.PATIENT)
READ: Final = ".read"  # how verbs of openings end


class Why(StrEnum):
    """Why somebody other than the patient opened his data."""

    CARE = "care"  # a doctor, of who came to him
    DUTY = "duty"  # staff, by a standing right
    EMERGENCY = "emergency"  # without a right, for a told reason and a short time


def record(actor: Actor, verb: str, kind: str, public_id: UUID | str, **note: Any) -> None:
    """Append one act to the audit log in the caller's transaction.

    ``note`` takes ids, codes, numbers and staff's own words of why; nothing of patients, neither
    names nor phones nor medical text.
    """
    _append(actor, verb, f"{kind}:{public_id}", None, note)


def read(
    actor: Actor,
    kind: str,
    public_id: UUID | str,
    *,
    patient: UUID | None,
    why: Why | None = None,
    **note: Any,
) -> None:
    """Append who opened data of a patient (the public id of his account), as what and why.

    A patient opens his own unnoted, and what is his to see of others. Doctors read for care, staff
    by duty, unless told otherwise.
    """
    role = reader_role(actor)
    if not role or (patient is not None and patient == actor.public_id):
        return
    reason = why or (Why.CARE if role == Role.DOCTOR else Why.DUTY)
    told = {"role": str(role), "why": str(reason), **note}
    _append(actor, f"{kind}{READ}", f"{kind}:{public_id}", patient, told)


def reader_role(actor: Actor) -> str:
    """Return as what somebody reads: his first role other than patient; empty for none."""
    return next((role.value for role in _READERS if role in actor.roles), "")


def _append(
    actor: Actor, verb: str, subject: str, patient: UUID | None, note: dict[str, Any]
) -> None:
    AuditEntry.objects.create(
        actor=actor.label,
        verb=verb,
        subject=subject,
        patient=patient,
        note=note,
        request_id=current_request_id(),
    )
