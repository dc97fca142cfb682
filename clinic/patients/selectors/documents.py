"""Reads of identity documents: a person's own, their numbers, who else gave the same."""

from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from clinic.core.crypto import decrypt
from clinic.files.enums import FileKind
from clinic.files.purposes import Purpose, declare_purpose
from clinic.patients.models import IdentityDocument, VisitPerson
from clinic.patients.models.document import WITH_REASON
from clinic.patients.rules import mask_document_number

PURPOSE: Final = "identity_document"


def documents_of(person: VisitPerson) -> QuerySet[IdentityDocument]:
    """Return a person's documents with files and history, newest first."""
    rows = IdentityDocument.objects.filter(person=person).select_related("front", "back")
    return rows.prefetch_related("steps").order_by("-id")


def pictures_of_account(account_id: int) -> list[int]:
    """Return the keys of the pictures of all documents of an account."""
    sides = IdentityDocument.objects.filter(person__account_id=account_id)
    pairs = sides.values_list("front_id", "back_id")
    return [key for pair in pairs for key in pair if key is not None]


def refused_with_pictures(before: datetime) -> QuerySet[IdentityDocument]:
    """Return documents refused or taken back until a moment whose pictures are still there."""
    refused = IdentityDocument.objects.filter(state__in=WITH_REASON, reviewed_at__lte=before)
    return refused.exclude(Q(front__name="") & (Q(back=None) | Q(back__name="")))


def number_context(document: IdentityDocument) -> str:
    """Return what binds an encrypted number to its row, so that it cannot be moved."""
    return f"identity_document.{document.public_id}.number"


def number_of(document: IdentityDocument) -> str:
    """Return the number of a document, empty once erased. For reviewers alone."""
    if not document.number_sealed:
        return ""
    return decrypt(document.number_sealed, context=number_context(document))


def masked_number(document: IdentityDocument) -> str:
    """Return the number fit to be shown."""
    return mask_document_number(number_of(document))


def others_with_number(document: IdentityDocument) -> int:
    """Return how many other persons, of any account, gave the same number."""
    if not document.number_index:
        return 0
    same = IdentityDocument.objects.filter(number_index=document.number_index)
    return same.exclude(person=document.person_id).values("person").distinct().count()


def _is_of(file_id: int, user_id: int) -> bool:
    """Say whether the account handed the picture in; staff read in the console, which notes it."""
    shows = Q(front_id=file_id) | Q(back_id=file_id)
    return IdentityDocument.objects.filter(shows, person__account_id=user_id).exists()


declare_purpose(Purpose(PURPOSE, frozenset({FileKind.IMAGE}), _is_of))
