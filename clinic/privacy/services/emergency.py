"""Emergency reading: opened with a reason, over by itself, told to supervisors and the patient."""

import logging
from datetime import datetime, time
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.accounts.models import User
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.audit import Why
from clinic.core.clock import CLINIC_ZONE, clinic_day, moment_text
from clinic.core.errors import ForbiddenError, InvalidInputError
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import News, notify, notify_each
from clinic.privacy.enums import EmergencyReason
from clinic.privacy.errors import EmergencyLimitError, NoSuchPatientError
from clinic.privacy.models import EmergencyAccess
from clinic.privacy.selectors.emergency import running_access, supervisors
from clinic.privacy.selectors.users import patient_named
from clinic.records.models import MedicalRecord
from clinic.settings import rules

log = logging.getLogger(__name__)
SUBJECT: Final = "emergency"
MISSED: Final = "emergency.missed"  # of the reader, never with whom he looked for
# Who may; finance, content and auditors never need to.
READERS: Final = (Role.DOCTOR, Role.PHARMACIST, Role.CUSTOMER_SERVICE, Role.ADMIN)


def open_emergency(
    *, actor: Actor, whom: str, reason: EmergencyReason, words: str, now: datetime
) -> EmergencyAccess:
    """Let the actor read one patient for EMERGENCY_TIME; the open one when there is one already.

    ``whom`` is the patient's phone or public id. Supervisors hear at once. Who asks for nobody's
    data is noted, without what he asked for, and stopped after EMERGENCY_MISSES_A_DAY. Locks the
    reader's account, so that the limits of the day hold. Raises ForbiddenError, InvalidInputError,
    NoSuchPatientError, EmergencyLimitError.
    """
    role = next((one for one in READERS if one in actor.roles), None)
    if role is None:
        raise ForbiddenError
    if len(words.strip()) < rules.EMERGENCY_WORDS_MIN_CHARS:
        message = _("Say in %(least)s characters or more what happened.")
        least = {"least": rules.EMERGENCY_WORDS_MIN_CHARS}
        raise InvalidInputError("words", message % least, code="min_length")
    with transaction.atomic():
        _lock_reader(actor)
        patient = patient_named(whom)
        running = patient and running_access(actor.account_id, patient.pk, now)
        if running:
            return running
        _check_misses(actor, now)
        if patient is not None and patient.pk != actor.account_id:
            wanted = EmergencyAccess(
                reader_id=actor.account_id,
                role=role,
                patient=patient,
                reason=reason,
                words=words.strip(),
                created_at=now,
                ends_at=now + rules.EMERGENCY_TIME,
            )
            return _opened(wanted, actor, now)
        audit.record(actor, MISSED, SUBJECT, str(actor.public_id), role=role, reason=str(reason))
    raise NoSuchPatientError


def _opened(wanted: EmergencyAccess, actor: Actor, now: datetime) -> EmergencyAccess:
    _check_limit(actor, now)
    wanted.save(force_insert=True)
    _note(wanted, actor, SUBJECT, str(wanted.public_id), how="open", reason=str(wanted.reason))
    _tell_supervisors(wanted)
    return wanted


def note_overview(access: EmergencyAccess, *, actor: Actor) -> None:
    """Note that the reader saw the persons and the list of records."""
    _note(access, actor, "account", str(access.patient.public_id), how="emergency")


def note_record(access: EmergencyAccess, record: MedicalRecord, *, actor: Actor) -> None:
    """Note that the reader opened one record."""
    _note(access, actor, "record", str(record.public_id), how="emergency")


def tell_patients(now: datetime) -> int:
    """Tell patients of accesses older than EMERGENCY_TELL_AFTER, each once; return how many."""
    due = EmergencyAccess.objects.filter(
        told_at=None, created_at__lte=now - rules.EMERGENCY_TELL_AFTER
    )
    told = 0
    for key in list(due.order_by("id").values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            rows = EmergencyAccess.objects.select_for_update(of=("self",), no_key=True)
            access = rows.filter(pk=key, told_at=None).first()
            if access is None:
                continue
            EmergencyAccess.objects.filter(pk=key).update(told_at=now)
            notify(
                user_id=access.patient_id,
                kind=NoticeKind.DATA_OPENED,
                params={"starts_at": moment_text(access.created_at)},
                subject_kind=SUBJECT,
                subject_public_id=access.public_id,
            )
            told += 1
    return told


def _note(access: EmergencyAccess, actor: Actor, kind: str, key: str, **note: str) -> None:
    told = {"access": str(access.public_id), **note}
    patient = access.patient.public_id
    audit.read(actor, kind, key, patient=patient, why=Why.EMERGENCY, **told)


def _lock_reader(actor: Actor) -> None:
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.account_id)


def _check_limit(actor: Actor, now: datetime) -> None:
    today = EmergencyAccess.objects.filter(
        reader_id=actor.account_id, created_at__gte=_midnight(now)
    )
    if today.count() >= rules.EMERGENCIES_A_DAY:
        raise EmergencyLimitError


def _check_misses(actor: Actor, now: datetime) -> None:
    """Stop who guesses: also what he would find is not shown to him any more."""
    missed = AuditEntry.objects.filter(
        subject=f"{SUBJECT}:{actor.public_id}", verb=MISSED, created_at__gte=_midnight(now)
    )
    if missed.count() >= rules.EMERGENCY_MISSES_A_DAY:
        raise EmergencyLimitError


def _midnight(now: datetime) -> datetime:
    return datetime.combine(clinic_day(now), time(), CLINIC_ZONE)


def _tell_supervisors(access: EmergencyAccess) -> None:
    news = [
        News(user_id=user.pk, public_id=user.public_id, kind=NoticeKind.EMERGENCY_READING)
        for user in supervisors()
        if user.pk != access.reader_id
    ]
    notify_each(news, subject_kind=SUBJECT, subject_public_id=access.public_id)
