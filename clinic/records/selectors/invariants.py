"""Promises of records that a query can prove."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from clinic.core.invariants import invariant
from clinic.records.enums import State
from clinic.records.models import MedicalRecord
from clinic.records.selectors.contents import is_untouched
from clinic.records.selectors.records import with_all

LOOKED_AT: Final = 500  # newest ones; each costs a signature check


@invariant("records.signed", _("Signed records and their addenda are what their doctors signed."))
def touched_records() -> list[str]:
    """Return the newest records whose signature does not fit; those older than signatures pass."""
    rows = MedicalRecord.objects.filter(state=State.SIGNED).exclude(signature="")
    newest = with_all(rows).order_by("-id")[:LOOKED_AT]
    return [f"record {row.public_id}" for row in newest if not is_untouched(row)]
