"""Who did or read what, for ever."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now


class AuditEntry(models.Model):
    """One act of a person or a part of the system; the database refuses change and removal.

    ``subject`` is "<kind>:<public id>"; ``note`` holds reasons and codes, never medical text.
    ``patient`` is the public id of the account whose data was opened, so that he can ask who.
    """

    actor = models.CharField(_("actor"), max_length=80)
    verb = models.CharField(_("act"), max_length=60)
    subject = models.CharField(_("subject"), max_length=120)
    patient = models.UUIDField(_("patient"), null=True, editable=False)
    note = models.JSONField(_("note"), default=dict)
    request_id = models.CharField(_("request id"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("created at"), default=now)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        indexes = [
            models.Index(fields=["subject", "-id"], name="audit_subject"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            models.Index(
                fields=["patient", "-id"], condition=Q(patient__isnull=False), name="audit_patient"
            ),
            models.Index(
                fields=["created_at"], condition=Q(patient__isnull=False), name="audit_reads"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="audit_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.subject}"
