"""What was said and done about a complaint, its files, and who was warned of missed promises."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.complaints.enums import Act, Deadline, Side, State, Told
from clinic.complaints.models.complaint import Complaint
from clinic.core.clock import now
from clinic.core.models import PublicModel
from clinic.files.models import StoredFile
from clinic.settings import rules
from doctors.models import Doctor


class ComplaintStep(models.Model):
    """One move of a complaint, for ever; ``actor`` names an account by its public id.

    ``doctor`` is whom staff chose when the act is ``directed``.
    """

    complaint = models.ForeignKey(
        Complaint,
        on_delete=models.PROTECT,
        related_name="steps",
        verbose_name=_("complaint ticket"),
    )
    act = models.CharField(_("act"), max_length=10, choices=Act.choices)
    before = models.CharField(_("from"), max_length=10, choices=State.choices, blank=True)
    after = models.CharField(_("to"), max_length=10, choices=State.choices)
    actor = models.CharField(_("actor"), max_length=80)
    doctor = models.ForeignKey(
        Doctor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("doctor"),
    )
    at = models.DateTimeField(_("at"), default=now)

    class Meta:
        verbose_name = _("step of a complaint")
        verbose_name_plural = _("steps of complaints")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(act=Act.DIRECTED, doctor__isnull=False)
                | (~models.Q(act=Act.DIRECTED) & models.Q(doctor=None)),
                name="directed_complaint_names_a_doctor",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="complaint_steps_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"


class ComplaintNote(PublicModel):
    """Something said about a complaint.

    The patient reads his own and what is ``for_patient``; a doctor his own and what is
    ``for_doctor``, as long as he is the note's ``doctor``; staff all.
    """

    complaint = models.ForeignKey(
        Complaint,
        on_delete=models.PROTECT,
        related_name="notes",
        verbose_name=_("complaint ticket"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("author"),
    )
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    for_patient = models.BooleanField(_("for the patient"), default=False)
    for_doctor = models.BooleanField(_("for the doctor"), default=False, db_default=False)
    doctor = models.ForeignKey(
        Doctor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("doctor"),
    )
    text = models.TextField(_("text"), max_length=rules.COMPLAINT_TEXT_MAX_CHARS)

    class Meta:
        verbose_name = _("note on a complaint")
        verbose_name_plural = _("notes on complaints")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(side=Side.DOCTOR, for_patient=True),
                name="doctors_words_are_for_staff",
            ),
            models.CheckConstraint(
                condition=models.Q(for_doctor=False) | models.Q(side=Side.STAFF, for_patient=False),
                name="questions_to_doctors_are_staffs",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="complaint_notes_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.side} #{self.pk}"


class ComplaintFile(models.Model):
    """A file that the patient gave, with the complaint itself or with one of his notes."""

    complaint = models.ForeignKey(
        Complaint,
        on_delete=models.PROTECT,
        related_name="files",
        verbose_name=_("complaint ticket"),
    )
    note = models.ForeignKey(
        ComplaintNote, on_delete=models.PROTECT, null=True, related_name="files"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("file of a complaint")
        verbose_name_plural = _("files of complaints")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["file"], name="one_complaint_per_file"),
        ]

    def __str__(self) -> str:
        return f"file #{self.file_id}"


class ComplaintAlert(models.Model):
    """That somebody heard of a near or missed promise, once per round."""

    complaint = models.ForeignKey(
        Complaint,
        on_delete=models.PROTECT,
        related_name="alerts",
        db_index=False,
        verbose_name=_("complaint ticket"),
    )
    round = models.PositiveSmallIntegerField(_("round"))
    deadline = models.CharField(_("deadline"), max_length=10, choices=Deadline.choices)
    told = models.CharField(_("told"), max_length=10, choices=Told.choices)
    at = models.DateTimeField(_("at"), default=now)

    class Meta:
        verbose_name = _("deadline warning")
        verbose_name_plural = _("deadline warnings")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "round", "deadline", "told"],
                name="one_alert_per_deadline_round_and_told",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline} {self.told}"
