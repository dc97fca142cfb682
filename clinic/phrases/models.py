"""Phrases, and how often each doctor used each."""

from django.db import models
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _

from clinic.core.models import PublicModel
from clinic.phrases.enums import PhraseType
from clinic.settings import rules
from doctors.models import Doctor


class Phrase(PublicModel):
    """A text of one doctor, or of the house for all of them when ``doctor`` is empty."""

    doctor = models.ForeignKey(
        Doctor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="phrases",
        verbose_name=_("doctor"),
        help_text=_("Empty: a phrase of the house, for every doctor."),
    )
    type = models.CharField(_("type"), max_length=20, choices=PhraseType)
    text = models.TextField(_("text"), max_length=rules.PHRASE_MAX_CHARS)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("phrase")
        verbose_name_plural = _("phrases")
        constraints = [
            models.UniqueConstraint(
                "doctor",
                "type",
                MD5("text"),
                name="one_phrase_per_doctor_type_and_text",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.public_id}"


class PhraseUse(models.Model):
    """How often a doctor used a phrase; his list stands in this order."""

    phrase = models.ForeignKey(
        Phrase, on_delete=models.CASCADE, related_name="uses", db_index=False
    )
    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="+", verbose_name=_("doctor")
    )
    count = models.PositiveIntegerField(_("count"), default=1)
    last_at = models.DateTimeField(_("last at"))

    class Meta:
        verbose_name = _("phrase use")
        verbose_name_plural = _("phrase uses")
        constraints = [
            models.UniqueConstraint(
                fields=["phrase", "doctor"], name="one_use_row_per_phrase_and_doctor"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.phrase_id} by #{self.doctor_id}"
