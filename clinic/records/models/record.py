"""The medical record of one piece of care, and its coded diagnoses."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.core.models import PublicModel
from clinic.patients.models import VisitPerson
from clinic.records.enums import CodeSystem, State, Subject
from clinic.records.models.codes import DiagnosisCode
from clinic.settings import rules
from doctors.models import Doctor

KEPT = f"interval '{rules.RECORD_KEPT_YEARS} years'"
# A draft is paper, a signed record is law: no word of it changes, and it goes after its years only.
KEEP_SIGNED = f"""
IF OLD.state = 'signed' AND (TG_OP = 'UPDATE' OR OLD.signed_at > now() - {KEPT})
THEN RAISE EXCEPTION 'Cannot update or delete rows from records_medicalrecord once signed';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
"""
# The lock of the record makes a row written beside the signing wait, and then be refused.
KEEP_WITH_RECORD = """
IF TG_OP <> 'INSERT' THEN
  SELECT * INTO owner FROM records_medicalrecord WHERE id = OLD.record_id FOR SHARE;
  IF owner.state = 'signed' AND (TG_OP = 'UPDATE' OR owner.signed_at > now() - KEPT)
  THEN RAISE EXCEPTION 'Cannot update or delete rows from records_recorddiagnosis once signed';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
END IF;
SELECT * INTO owner FROM records_medicalrecord WHERE id = NEW.record_id FOR SHARE;
IF owner.state = 'signed'
THEN RAISE EXCEPTION 'Cannot add rows to records_recorddiagnosis once signed';
END IF;
RETURN NEW;
""".replace("KEPT", KEPT)


def _text(title: object, chars: int = rules.RECORD_MAX_CHARS) -> models.TextField:
    return models.TextField(title, max_length=chars, blank=True)  # type: ignore[arg-type]


class MedicalRecord(PublicModel):
    """What a doctor found and advised, of one consultation or appointment.

    ``printed`` is frozen by the signing: who was treated by whom, as names and titles stood then.
    ``content_hash``, ``key_id`` and ``signature`` belong to ``selectors.contents.content_of``;
    records older than electronic signatures have them empty. ``verify_token`` opens the public
    page that says whether a printed copy is genuine.
    """

    number = models.CharField(_("record number"), max_length=20, unique=True, editable=False)
    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="medical_records", verbose_name=_("doctor")
    )
    person = models.ForeignKey(
        VisitPerson,
        on_delete=models.PROTECT,
        related_name="records",
        verbose_name=_("visit person"),
    )
    patient = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="records", verbose_name=_("account")
    )
    subject_kind = models.CharField(_("kind of care"), max_length=20, choices=Subject.choices)
    subject_public_id = models.UUIDField(_("care"))

    chief_complaint = _text(_("chief complaint"))
    present_history = _text(_("history of the present illness"))
    past_history = _text(_("past history"))
    allergies = _text(_("allergies"))
    looking = _text(_("looking"))
    listening = _text(_("listening and smelling"))
    asking = _text(_("asking"))
    palpation = _text(_("palpation"))
    tongue = _text(_("tongue"), rules.RECORD_SIGN_MAX_CHARS)
    pulse = _text(_("pulse"), rules.RECORD_SIGN_MAX_CHARS)
    diagnosis = _text(_("diagnosis"))
    principle = _text(_("treatment principle"))
    advice = _text(_("advice"))

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    printed = models.JSONField(_("heading as printed"), default=dict, editable=False)
    content_hash = models.CharField(_("hash"), max_length=64, blank=True, editable=False)
    key_id = models.CharField(_("signing key"), max_length=16, blank=True, editable=False)
    signature = models.CharField(_("signature"), max_length=100, blank=True, editable=False)
    verify_token = models.CharField(
        _("verification code"), max_length=32, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("medical record")
        verbose_name_plural = _("medical records")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_public_id"], name="one_record_per_care"
            ),
            models.UniqueConstraint(
                fields=["verify_token"],
                condition=~Q(verify_token=""),
                name="one_record_per_verification_code",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, signed_at=None, verify_token="")
                | (Q(state=State.SIGNED, signed_at__isnull=False) & ~Q(verify_token="")),
                name="signed_record_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT) | (~Q(diagnosis="") & ~Q(advice="")),
                name="signed_record_says_something",
            ),
        ]
        indexes = [
            models.Index(
                fields=["patient", "-id"], condition=Q(state="signed"), name="record_of_patient"
            ),
            models.Index(
                fields=["doctor", "-id"], condition=Q(state="signed"), name="record_of_doctor"
            ),
            models.Index(
                fields=["signed_at"], condition=Q(state="signed"), name="record_by_signing"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="record_is_signed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=KEEP_SIGNED,
            )
        ]

    def __str__(self) -> str:
        return self.number


class RecordDiagnosis(models.Model):
    """One coded diagnosis of a record, with code and name as they stood when it was written."""

    record = models.ForeignKey(MedicalRecord, on_delete=models.CASCADE, related_name="diagnoses")
    position = models.PositiveSmallIntegerField(_("position"))
    entry = models.ForeignKey(
        DiagnosisCode, on_delete=models.PROTECT, related_name="+", verbose_name=_("entry")
    )
    system = models.CharField(_("table"), max_length=20, choices=CodeSystem.choices)
    edition = models.CharField(_("edition"), max_length=40)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("term"), max_length=200)

    class Meta:
        verbose_name = _("diagnosis of a record")
        verbose_name_plural = _("diagnoses of records")
        constraints = [
            models.UniqueConstraint(
                fields=["record", "position"], name="one_diagnosis_per_position"
            ),
            models.UniqueConstraint(fields=["record", "entry"], name="one_diagnosis_per_code"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="diagnosis_is_signed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("owner", "records_medicalrecord%ROWTYPE")],
                func=KEEP_WITH_RECORD,
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
