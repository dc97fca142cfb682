"""Writing the audit log."""

from typing import Any
from uuid import UUID

from clinic.core.actor import Actor
from clinic.core.context import current_request_id
from clinic.core.models import AuditEntry


def record(actor: Actor, verb: str, kind: str, public_id: UUID | str, **note: Any) -> None:
    """Append one act to the audit log in the caller's transaction.

    ``note`` takes ids, codes and numbers; never names, phones or medical text.
    """
    AuditEntry.objects.create(
        actor=actor.label,
        verb=verb,
        subject=f"{kind}:{public_id}",
        note=note,
        request_id=current_request_id(),
    )
