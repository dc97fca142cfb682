"""Papers: handed in, taken back, reviewed. The lock is the doctor's row, so reviewers queue."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import clinic_day
from clinic.core.crypto import encrypt
from clinic.core.errors import InvalidInputError, NotFoundError
from clinic.core.transitions import check_move
from clinic.files.services.binding import Offered, bind_files, offered_files
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import notify
from clinic.patients.rules import IdNumberError, read_id_number
from clinic.settings import rules
from doctors.enums import (
    CREDENTIAL_MOVES,
    REQUIRED_CREDENTIALS,
    CredentialKind,
    CredentialReason,
    CredentialState,
)
from doctors.errors import (
    CredentialPendingError,
    EndsEarlierError,
    LicenceExpiredError,
    OwnCredentialError,
    PracticeTooShortError,
)
from doctors.models import Credential, CredentialStep, Doctor
from doctors.rules.credentials import Paper, foreign_fields, has_practised_long, missing_fields
from doctors.selectors.credentials import PURPOSE, number_context, present_of, shortens
from doctors.services.certification import lower_certification, raise_certification
from doctors.services.duty import lock_doctor


def submit(*, doctor_id: int, paper: Paper, now: datetime, by: Actor) -> Credential:
    """Hand a paper in for review; its files are bound to it. An approved one stays until then.

    Raises InvalidInputError, LicenceExpiredError, CredentialPendingError.
    """
    number = _checked_number(paper, clinic_day(now))
    with transaction.atomic():
        doctor = lock_doctor(doctor_id)
        waiting = Credential.objects.filter(doctor=doctor, kind=paper.kind)
        if waiting.filter(state=CredentialState.PENDING).exists():
            raise CredentialPendingError
        front, back = _offered(paper, by)
        credential = Credential(
            doctor=doctor, kind=paper.kind, scope=paper.scope, institution=paper.institution,
            valid_from=paper.valid_from, valid_until=paper.valid_until,
            practising_since=paper.practising_since, front_id=front.id,
            back_id=back.id if back else None, created_at=now,
        )  # fmt: skip
        if number:
            credential.number_sealed = encrypt(number, context=number_context(credential))
        credential.save(force_insert=True)
        bind_files([file.id for file in (front, back) if file], now=now)
        _note(credential, "", by=by, now=now)
        audit.record(by, "credential.submit", "credential", credential.public_id, paper=paper.kind)
        raise_certification(doctor, by=by)
    return credential


def withdraw(credential_id: int, *, now: datetime, by: Actor) -> Credential:
    """Take a paper back that is not reviewed yet. Raises IllegalTransitionError."""
    with transaction.atomic():
        doctor, credential = _locked(credential_id)
        if credential.state != CredentialState.PENDING:
            check_move({}, credential.state, CredentialState.WITHDRAWN)
        _move(credential, CredentialState.WITHDRAWN, CredentialReason.TAKEN_BACK, by=by, now=now)
        raise_certification(doctor, by=by)
    return credential


def approve(credential_id: int, *, now: datetime, by: Actor) -> Credential:
    """Accept a paper; the approved one of its kind is replaced. Filings stand side by side.

    Raises IllegalTransitionError when a colleague was faster, OwnCredentialError,
    LicenceExpiredError, PracticeTooShortError, EndsEarlierError.
    """
    with transaction.atomic():
        doctor, credential = _locked(credential_id)
        if credential.state == CredentialState.PENDING and shortens(credential):
            raise EndsEarlierError
        _approve(doctor, credential, now=now, by=by)
    return credential


def approve_shorter(credential_id: int, *, now: datetime, by: Actor) -> Credential:
    """Accept a paper that may end before the one it replaces. Raises like approve otherwise."""
    with transaction.atomic():
        doctor, credential = _locked(credential_id)
        _approve(doctor, credential, now=now, by=by)
    return credential


def reject(credential_id: int, *, reason: CredentialReason, now: datetime, by: Actor) -> Credential:
    """Refuse a paper under review.

    Raises IllegalTransitionError when a colleague was faster, OwnCredentialError.
    """
    with transaction.atomic():
        doctor, credential = _locked(credential_id)
        _refuse(doctor, credential, reason, of=CredentialState.PENDING, by=by, now=now)
        raise_certification(doctor, by=by)
    return credential


def revoke(credential_id: int, *, reason: CredentialReason, now: datetime, by: Actor) -> Credential:
    """Refuse a paper that was approved; without a required one the doctor's work stops.

    Raises IllegalTransitionError, OwnCredentialError.
    """
    with transaction.atomic():
        doctor, credential = _locked(credential_id)
        _refuse(doctor, credential, reason, of=CredentialState.APPROVED, by=by, now=now)
        if credential.kind in REQUIRED_CREDENTIALS:
            lower_certification(doctor, by=by)
    return credential


def expire(credential_id: int, *, now: datetime, by: Actor) -> bool:
    """End an approved paper whose last day is over; say whether it was. Repeatable."""
    with transaction.atomic():
        doctor, credential = _locked(credential_id)
        until = credential.valid_until
        if credential.state != CredentialState.APPROVED or until is None:
            return False
        if until >= clinic_day(now):
            return False
        _move(credential, CredentialState.EXPIRED, CredentialReason.ENDED, by=by, now=now)
        if credential.kind in REQUIRED_CREDENTIALS:
            lower_certification(doctor, by=by)
        _tell(doctor, credential, NoticeKind.CREDENTIAL_ENDED)
    return True


def _locked(credential_id: int) -> tuple[Doctor, Credential]:
    rows = Credential.objects.filter(pk=credential_id)
    doctor_id = rows.values_list("doctor_id", flat=True).first()
    if doctor_id is None:
        raise NotFoundError
    doctor = lock_doctor(doctor_id)
    return doctor, rows.get()


def _approve(doctor: Doctor, credential: Credential, *, now: datetime, by: Actor) -> None:
    check_move(CREDENTIAL_MOVES, credential.state, CredentialState.APPROVED)
    _refuse_own(doctor, by)
    _check_holds(credential, clinic_day(now))
    present = present_of(credential)
    if present is not None:
        _move(present, CredentialState.REPLACED, CredentialReason.REPLACED, by=by, now=now)
    _move(credential, CredentialState.APPROVED, "", by=by, now=now)
    raise_certification(doctor, by=by)
    _tell(doctor, credential, NoticeKind.CREDENTIAL_APPROVED)


def _refuse(
    doctor: Doctor,
    credential: Credential,
    reason: CredentialReason,
    *,
    of: CredentialState,
    by: Actor,
    now: datetime,
) -> None:
    if credential.state != of:
        check_move({}, credential.state, CredentialState.REJECTED)
    _refuse_own(doctor, by)
    _move(credential, CredentialState.REJECTED, reason, by=by, now=now)
    _tell(doctor, credential, NoticeKind.CREDENTIAL_REJECTED)


def _move(
    credential: Credential, to: CredentialState, reason: str, *, by: Actor, now: datetime
) -> None:
    before = credential.state
    check_move(CREDENTIAL_MOVES, before, to)
    credential.state, credential.reason, credential.reviewed_at = to, reason, now
    credential.save(update_fields=["state", "reason", "reviewed_at"])
    _note(credential, before, by=by, now=now)
    verb = f"credential.{to.value}"
    audit.record(by, verb, "credential", credential.public_id, reason=reason)


def _note(credential: Credential, before: str, *, by: Actor, now: datetime) -> None:
    CredentialStep.objects.create(
        credential=credential, from_state=before, to_state=credential.state,
        reason=credential.reason, actor=by.label, at=now,
    )  # fmt: skip


def _refuse_own(doctor: Doctor, by: Actor) -> None:
    if by.user_id is not None and by.user_id == doctor.user_id:
        raise OwnCredentialError


def _check_holds(credential: Credential, today: date) -> None:
    if credential.valid_until is not None and credential.valid_until < today:
        raise LicenceExpiredError
    since = credential.practising_since
    if since is not None and not has_practised_long(since, today):
        raise PracticeTooShortError(years=rules.PRACTICE_YEARS_MIN)


def _checked_number(paper: Paper, today: date) -> str:
    """Return the number as it is kept; refuse a paper that cannot be right."""
    for name in missing_fields(paper):
        raise InvalidInputError(name, _("This kind of credential needs it."), code="required")
    for name in foreign_fields(paper):
        raise InvalidInputError(name, _("This kind of credential does not have it."))
    if paper.valid_until is not None and paper.valid_until < today:
        raise LicenceExpiredError
    if paper.valid_from and paper.valid_until and paper.valid_from > paper.valid_until:
        raise InvalidInputError("valid_until", _("The last day lies before the first one."))
    if paper.practising_since is not None and paper.practising_since > today:
        raise InvalidInputError("practising_since", _("This day lies ahead."))
    if paper.kind != CredentialKind.ID_CARD:
        return paper.number
    try:
        return read_id_number(paper.number, on=today).text
    except IdNumberError:
        raise InvalidInputError("number", _("This is no valid ID number.")) from None


def _offered(paper: Paper, by: Actor) -> tuple[Offered, Offered | None]:
    """Lock the named uploads and return them. Raises InvalidInputError."""
    wanted = [("front", paper.front), ("back", paper.back)]
    offered = offered_files([one for _side, one in wanted if one], purpose=PURPOSE)
    if paper.front == paper.back:
        raise InvalidInputError("back", _("Upload the other side as a file of its own."))
    return _usable(offered, "front", paper.front, by), (
        _usable(offered, "back", paper.back, by) if paper.back else None
    )


def _usable(offered: dict[UUID, Offered], side: str, public_id: UUID, by: Actor) -> Offered:
    file = offered.get(public_id)
    if file is None or file.owner_id != by.user_id or file.is_bound:
        raise InvalidInputError(side, _("Upload the picture first, for this purpose."))
    return file


def _tell(doctor: Doctor, credential: Credential, kind: NoticeKind) -> None:
    notify(
        user_id=doctor.user_id, kind=kind, params={},
        subject_kind="credential", subject_public_id=credential.public_id,
    )  # fmt: skip
