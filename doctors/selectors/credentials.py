"""Reads of papers: a doctor's own, those to review, those that end; and who may see the files."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinic.accounts.models import User
from clinic.core.crypto import decrypt
from clinic.core.roles import Role
from clinic.files.enums import FileKind
from clinic.files.purposes import Purpose, declare_purpose
from clinic.patients.rules import mask_id_number
from clinic.settings import rules
from doctors.enums import Certification, CredentialKind, CredentialState
from doctors.models import Credential, CredentialAlert, Doctor
from doctors.rules.credentials import ends_earlier

PURPOSE: Final = "credential"


def credentials_of(doctor_id: int) -> QuerySet[Credential]:
    """Return a doctor's papers with files and history, newest first."""
    rows = Credential.objects.filter(doctor_id=doctor_id).select_related("front", "back")
    return rows.prefetch_related("steps").order_by("-id")


def own_credential(doctor_id: int, public_id: UUID) -> Credential | None:
    """Return one paper of this doctor; None for everybody else's."""
    return credentials_of(doctor_id).filter(public_id=public_id).first()


def present_of(credential: Credential) -> Credential | None:
    """Return the approved paper that this one would replace; filings replace none."""
    if credential.kind == CredentialKind.MULTI_SITE:
        return None
    rows = Credential.objects.filter(
        doctor_id=credential.doctor_id, kind=credential.kind, state=CredentialState.APPROVED
    )
    return rows.exclude(pk=credential.pk).first()


def shortens(credential: Credential) -> bool:
    """Say whether approving a paper puts an earlier end in the place of the present one's."""
    present = present_of(credential)
    return present is not None and ends_earlier(credential.valid_until, present.valid_until)


def number_context(credential: Credential) -> str:
    """Return what binds an encrypted number to its row, so that it cannot be moved."""
    return f"credential.{credential.public_id}.number"


def number_of(credential: Credential) -> str:
    """Return the number on a paper; empty without one. For reviewers alone."""
    if not credential.number_sealed:
        return ""
    return decrypt(credential.number_sealed, context=number_context(credential))


def shown_number(credential: Credential) -> str:
    """Return the number fit to be shown: that of an ID card is masked."""
    number = number_of(credential)
    return mask_id_number(number) if credential.kind == CredentialKind.ID_CARD else number


def ended(today: date) -> list[int]:
    """Return approved papers whose last day is over."""
    rows = Credential.objects.filter(state=CredentialState.APPROVED, valid_until__lt=today)
    return list(rows.order_by("id").values_list("pk", flat=True))


def doctors_past_licence(today: date) -> list[int]:
    """Return certified doctors whose licence is over, whatever papers they handed in here."""
    rows = Doctor.objects.filter(
        certification=Certification.CERTIFIED, licence_valid_until__lt=today
    )
    return list(rows.order_by("id").values_list("pk", flat=True))


def to_alert(today: date) -> list[int]:
    """Return approved papers of whose nearing end somebody must be told."""
    due = Q()
    nearer = -1
    for days in sorted(rules.CREDENTIAL_ALERT_DAYS):
        told = Exists(CredentialAlert.objects.filter(credential=OuterRef("pk"), days=days))
        within = Q(
            valid_until__gt=today + timedelta(days=nearer),
            valid_until__lte=today + timedelta(days=days),
        )
        due |= within & ~Q(told)
        nearer = days
    rows = Credential.objects.filter(due, state=CredentialState.APPROVED)
    return list(rows.order_by("id").values_list("pk", flat=True))


def reviewers() -> QuerySet[User]:
    """Return the active accounts that review papers."""
    rows = User.objects.filter(is_active=True)
    return rows.filter(Q(groups__name=Role.ADMIN) | Q(is_superuser=True)).distinct()


def may_read(file_id: int, user_id: int) -> bool:
    """Say whether the account is the doctor of the paper; staff read in the console."""
    papers = Credential.objects.filter(Q(front=file_id) | Q(back=file_id))
    return papers.filter(doctor__user_id=user_id).exists()


declare_purpose(Purpose(PURPOSE, frozenset({FileKind.IMAGE}), may_read))
