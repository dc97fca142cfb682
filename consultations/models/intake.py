"""What the patient tells before the doctor begins, version by version; later it is frozen."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.files.models import StoredFile
from clinic.records.models import MedicalRecord
from clinic.settings import rules
from consultations.enums import (
    INTAKE_OPEN,
    Allergy,
    DurationUnit,
    IntakeSource,
    IntakeUse,
    Pregnancy,
)
from consultations.models.consultation import Consultation
from doctors.models import Doctor

_OPEN = ", ".join(f"'{state}'" for state in INTAKE_OPEN)
# The lock of the case makes a row written beside the acceptance wait, and then be refused.
ONLY_BEFORE_ACCEPTANCE = f"""
PERFORM 1 FROM consultations_consultation
  WHERE id = NEW.consultation_id AND state IN ({_OPEN}) FOR SHARE;
IF NOT FOUND THEN
  RAISE EXCEPTION 'intake_is_frozen: no more rows of % once the doctor began', TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = 'intake_is_frozen';
END IF;
RETURN NEW;
"""
# The lock of the file makes two cases that take it at once queue.
OF_ONE_CASE = """
PERFORM 1 FROM files_storedfile WHERE id = NEW.file_id FOR NO KEY UPDATE;
IF EXISTS (
  SELECT 1 FROM consultations_intakefile AS taken
  WHERE taken.file_id = NEW.file_id AND taken.consultation_id <> NEW.consultation_id
) THEN
  RAISE EXCEPTION 'intake_file_of_one_case: the file belongs to another case'
    USING ERRCODE = 'unique_violation', CONSTRAINT = 'intake_file_of_one_case';
END IF;
RETURN NEW;
"""


def _frozen(prefix: str) -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.Protect(
            name=f"{prefix}_append_only", operation=pgtrigger.Update | pgtrigger.Delete
        ),
        pgtrigger.Trigger(
            name=f"{prefix}_before_acceptance",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            func=ONLY_BEFORE_ACCEPTANCE,
        ),
    ]


class IntakeSheet(models.Model):
    """One version of the intake of a case; the highest version counts.

    ``ten_questions`` is {question: {"choices": [code], "text": str}} of ``rules.ten_questions``.
    ``duration_value`` is in ``duration_unit``. Empty means not told. Rows are never changed, and
    none is added once a doctor has accepted.
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="intake_sheets", verbose_name=_("case")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    source = models.CharField(_("source"), max_length=20, choices=IntakeSource.choices)
    given_at = models.DateTimeField(_("given at"), default=now)
    complaint = models.TextField(_("complaint"), max_length=rules.COMPLAINT_MAX_CHARS)
    duration_value = models.PositiveSmallIntegerField(_("duration"), null=True, blank=True)
    duration_unit = models.CharField(
        _("unit of the duration"), max_length=10, choices=DurationUnit.choices, blank=True
    )
    allergy = models.CharField(_("allergies"), max_length=10, choices=Allergy.choices, blank=True)
    allergies = models.TextField(
        _("which allergies"), max_length=rules.INTAKE_TEXT_MAX_CHARS, blank=True
    )
    pregnancy = models.CharField(
        _("pregnancy"), max_length=20, choices=Pregnancy.choices, blank=True
    )
    drugs = models.TextField(_("current drugs"), max_length=rules.INTAKE_TEXT_MAX_CHARS, blank=True)
    ten_questions = models.JSONField(_("ten questions"), default=dict, blank=True)
    height_cm = models.DecimalField(
        _("height in cm"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    weight_kg = models.DecimalField(
        _("weight in kg"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    earlier_diagnosis = models.TextField(
        _("earlier diagnosis"), max_length=rules.INTAKE_TEXT_MAX_CHARS, blank=True
    )
    earlier_record = models.ForeignKey(
        MedicalRecord,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("earlier record"),
    )
    guardian_name = models.CharField(_("guardian"), max_length=60, blank=True)
    guardian_relation = models.CharField(_("relation of the guardian"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "version"], name="one_intake_per_version"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="intake_counts_from_one"),
            models.CheckConstraint(
                condition=Q(duration_value=None, duration_unit="")
                | (Q(duration_value__gte=1) & ~Q(duration_unit="")),
                name="duration_has_its_unit",
            ),
            models.CheckConstraint(
                condition=(Q(allergy=Allergy.KNOWN) & ~Q(allergies=""))
                | (~Q(allergy=Allergy.KNOWN) & Q(allergies="")),
                name="known_allergies_are_named",
            ),
        ]
        triggers = _frozen("intake")

    def __str__(self) -> str:
        return f"{self.consultation_id} v{self.version}"

    @property
    def has_earlier_diagnosis(self) -> bool:
        """Whether anything shows that a doctor has diagnosed this before. Reads the files."""
        papers = any(one.use == IntakeUse.EARLIER for one in self.files.all())
        return bool(self.earlier_diagnosis) or self.earlier_record_id is not None or papers


class IntakeFile(models.Model):
    """A photo of tongue or face, or a paper with an earlier diagnosis, in one version.

    Later versions may show a file again; no other case ever.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="+")
    sheet = models.ForeignKey(IntakeSheet, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    use = models.CharField(_("shows"), max_length=10, choices=IntakeUse.choices)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("file of an intake")
        verbose_name_plural = _("files of intakes")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "file"], name="one_file_per_intake"),
        ]
        triggers = [
            *_frozen("intake_file"),
            pgtrigger.Trigger(
                name="intake_file_of_one_case",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=OF_ONE_CASE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use} {self.position}"


class RaisedFlag(models.Model):
    """A warning word that a version states, with the advice as the patient was shown it."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="+")
    sheet = models.ForeignKey(IntakeSheet, on_delete=models.PROTECT, related_name="red_flags")
    word = models.CharField(_("word"), max_length=rules.RED_FLAG_WORD_CHARS[1])
    advice = models.TextField(_("advice"), max_length=rules.INTAKE_TEXT_MAX_CHARS)

    class Meta:
        verbose_name = _("raised warning")
        verbose_name_plural = _("raised warnings")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "word"], name="one_raised_flag_per_word")
        ]
        triggers = _frozen("raised_flag")

    def __str__(self) -> str:
        return self.word


class RevisitCheck(models.Model):
    """What a doctor said about a case: it fits a re-visit, or it needs a visit in person."""

    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.PROTECT,
        related_name="revisit_checks",
        verbose_name=_("case"),
    )
    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="+", verbose_name=_("doctor")
    )
    sheet = models.ForeignKey(
        IntakeSheet, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("intake")
    )
    fits = models.BooleanField(_("fits a re-visit"))
    at = models.DateTimeField(_("at"), default=now)

    class Meta:
        verbose_name = _("re-visit check")
        verbose_name_plural = _("re-visit checks")
        indexes = [models.Index(fields=["consultation", "-id"], name="revisit_check_of_case")]
        triggers = [
            pgtrigger.Protect(
                name="revisit_check_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.fits}"
