"""Codes of diagnoses, imported from the published tables."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.records.enums import CodeSystem


class DiagnosisCode(models.Model):
    """One entry of a table. A category word names a chapter and is no diagnosis.

    Entries of an edition that was replaced stay for the records that name them, switched off.
    """

    system = models.CharField(_("table"), max_length=20, choices=CodeSystem.choices)
    edition = models.CharField(_("edition"), max_length=40)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("term"), max_length=200)
    is_category = models.BooleanField(_("category word"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    imported_at = models.DateTimeField(_("imported at"), default=now)

    class Meta:
        verbose_name = _("code of a diagnosis")
        verbose_name_plural = _("codes of diagnoses")
        constraints = [
            models.UniqueConstraint(
                fields=["system", "edition", "code"], name="one_entry_per_code_and_edition"
            ),
            models.UniqueConstraint(
                fields=["system", "code"],
                condition=Q(is_active=True),
                name="one_code_in_use_per_table",
            ),
        ]
        indexes = [
            models.Index(
                fields=["system", "name"], condition=Q(is_active=True), name="code_in_use_by_name"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
