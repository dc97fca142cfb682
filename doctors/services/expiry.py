"""Papers that end: doctor and staff are told in time, and on the day after the work stops."""

from datetime import datetime

from django.db import transaction

from clinic.core.actor import system_actor
from clinic.core.batches import each_alone
from clinic.core.clock import clinic_day
from clinic.core.clock import now as current_moment
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import News, notify_each
from doctors.enums import CredentialState
from doctors.models import Credential, CredentialAlert, Doctor
from doctors.rules.credentials import alert_due
from doctors.selectors.credentials import doctors_past_licence, ended, reviewers, to_alert
from doctors.services.certification import end_certification
from doctors.services.credentials import expire
from doctors.services.duty import lock_doctor

WATCH = system_actor("credential watch")


def watch_credentials() -> int:
    """End what is over and tell of what ends soon; return how many things were done. Repeatable."""
    now = current_moment()
    today = clinic_day(now)
    done = each_alone(ended(today), lambda pk: end_paper(pk, now=now))
    done += each_alone(doctors_past_licence(today), lambda pk: end_certification(pk, by=WATCH))
    return done + each_alone(to_alert(today), lambda pk: alert(pk, now=now))


def end_paper(credential_id: int, *, now: datetime) -> bool:
    """End one paper and tell staff; say whether it was over."""
    with transaction.atomic():
        if not expire(credential_id, now=now, by=WATCH):
            return False
        credential = Credential.objects.select_related("doctor").get(pk=credential_id)
        _tell_staff(credential, credential.doctor, NoticeKind.DOCTOR_CREDENTIAL_ENDED)
    return True


def alert(credential_id: int, *, now: datetime) -> bool:
    """Tell doctor and staff once that the end of a paper is near; say whether it was told now."""
    with transaction.atomic():
        found = Credential.objects.only("doctor_id").get(pk=credential_id)
        doctor = lock_doctor(found.doctor_id)
        credential = Credential.objects.get(pk=credential_id)
        if credential.state != CredentialState.APPROVED or credential.valid_until is None:
            return False
        left = (credential.valid_until - clinic_day(now)).days
        told = credential.alerts.values_list("days", flat=True)
        days = alert_due(left, list(told))
        if days is None or left < 0:
            return False
        CredentialAlert.objects.create(credential=credential, days=days, told_at=now)
        _tell_doctor(credential, doctor, left)
        _tell_staff(credential, doctor, NoticeKind.DOCTOR_CREDENTIAL_ENDING, count=left)
    return True


def _tell_doctor(credential: Credential, doctor: Doctor, left: int) -> None:
    news = News(
        user_id=doctor.user_id, public_id=doctor.user.public_id,
        kind=NoticeKind.CREDENTIAL_ENDING, params={"count": left},
    )  # fmt: skip
    notify_each([news], subject_kind="credential", subject_public_id=credential.public_id)


def _tell_staff(credential: Credential, doctor: Doctor, kind: NoticeKind, **params: int) -> None:
    told = {"doctor": doctor.name, **params}
    notify_each(
        [
            News(user_id=user.pk, public_id=user.public_id, kind=kind, params=told)
            for user in reviewers().only("public_id")
        ],
        subject_kind="credential",
        subject_public_id=credential.public_id,
    )
