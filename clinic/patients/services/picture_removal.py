"""Removing pictures of identity documents that were refused or taken back."""

from datetime import datetime
from typing import Final

from clinic.core import audit
from clinic.core.actor import system_actor
from clinic.core.batches import each_alone
from clinic.files.services.forgetting import forget_contents
from clinic.patients.models import IdentityDocument
from clinic.patients.selectors.documents import refused_with_pictures
from clinic.settings import rules

KEEPER: Final = system_actor("retention")


def remove_refused_pictures(now: datetime) -> int:
    """Remove the bytes REFUSED_PICTURES_KEPT after the refusal; return of how many documents.

    Row, reason and history stay. One document at a time: what fails is found again. Repeatable.
    """
    due = refused_with_pictures(now - rules.REFUSED_PICTURES_KEPT).order_by("pk")
    keys = list(due.values_list("pk", flat=True)[: rules.FILE_SWEEP_BATCH])
    return each_alone(keys, _remove)


def _remove(document_id: int) -> None:
    document = IdentityDocument.objects.get(pk=document_id)
    sides = [key for key in (document.front_id, document.back_id) if key is not None]
    if forget_contents(sides):
        audit.record(
            KEEPER, "identity_document.forget", "identity_document", document.public_id,
            pictures=len(sides),
        )  # fmt: skip
