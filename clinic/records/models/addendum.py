"""What was added to a signed record."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.core.models import PublicModel
from clinic.records.models.record import KEPT, MedicalRecord
from clinic.settings import rules
from doctors.models import Doctor

KEEP_ADDENDUM = f"""
IF TG_OP = 'UPDATE' OR OLD.signed_at > now() - {KEPT}
THEN RAISE EXCEPTION 'Cannot update or delete rows from records_recordaddendum';
END IF;
RETURN OLD;
"""


class RecordAddendum(PublicModel):
    """A correction, signed by the doctor who signed the record.

    Its hash covers the hash of what stands before it, so none can be taken out of the middle.
    """

    record = models.ForeignKey(
        MedicalRecord, on_delete=models.PROTECT, related_name="addenda", verbose_name=_("record")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    author = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="+", verbose_name=_("doctor")
    )
    author_name = models.CharField(_("name as printed"), max_length=60)
    reason = models.CharField(_("reason"), max_length=rules.ADDENDUM_REASON_MAX_CHARS)
    text = models.TextField(_("text"), max_length=rules.ADDENDUM_MAX_CHARS)
    signed_at = models.DateTimeField(_("signed at"), default=now)
    content_hash = models.CharField(_("hash"), max_length=64)
    key_id = models.CharField(_("signing key"), max_length=16)
    signature = models.CharField(_("signature"), max_length=100)

    class Meta:
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        constraints = [
            models.UniqueConstraint(
                fields=["record", "position"], name="one_addendum_per_position"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="addendum_append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=KEEP_ADDENDUM,
            )
        ]

    def __str__(self) -> str:
        return f"addendum {self.position} of {self.record_id}"
