"""A doctor proves that it is he before he sees patients. Only what came of it is kept."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from clinic.accounts.enums import CodePurpose
from clinic.accounts.models import User
from clinic.accounts.services.codes import use_code
from clinic.accounts.services.passwords import prove_again
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.constraints import translate
from clinic.core.errors import InvalidInputError, NotFoundError
from clinic.core.ratelimit import forget, strict_limit
from clinic.files.models import StoredFile
from clinic.files.selectors import bytes_of, readable_file
from clinic.settings import rules
from doctors.enums import CredentialKind, CredentialState, IdentityMethod
from doctors.errors import (
    FaceDiffersError,
    IdentityCheckNeededError,
    IdentityMethodAwayError,
    PictureUsedError,
)
from doctors.gateways.faces import face_comparer
from doctors.models import Credential, Doctor, IdentityCheck
from doctors.selectors.identity import LIVE_PURPOSE, identity_until
from doctors.services.presence import check_may_work

NOT_USABLE = _("Upload the picture first, for this purpose.")


def prove_by_password(*, doctor: Doctor, password: str, now: datetime, by: Actor) -> IdentityCheck:
    """Note a check by the account's password. Raises WrongPasswordError, RateLimitedError."""
    prove_again(actor=by, password=password)
    return _pass(doctor, IdentityMethod.PASSWORD, now=now, by=by)


def prove_by_code(*, doctor: Doctor, code: str, now: datetime, by: Actor) -> IdentityCheck:
    """Note a check by a code of the purpose ``identity``. Raises WrongCodeError."""
    phone = User.objects.values_list("phone", flat=True).get(pk=by.account_id)
    use_code(phone=phone or "", purpose=CodePurpose.IDENTITY, code=code, now=now)
    return _pass(doctor, IdentityMethod.CODE, now=now, by=by)


def prove_by_face(*, doctor: Doctor, picture: UUID, now: datetime, by: Actor) -> IdentityCheck:
    """Note a check by a live picture: an own upload that is compared with the approved portrait.

    A picture counts once. Raises IdentityMethodAwayError, InvalidInputError, PictureUsedError,
    FaceDiffersError, RateLimitedError.
    """
    comparer, portrait = face_comparer(), _portrait_of(doctor)
    if comparer is None or portrait is None:
        raise IdentityMethodAwayError
    who = str(doctor.public_id)
    strict_limit("identity.face", who, count=rules.LOGIN_TRIES, window=rules.LOGIN_LOCKOUT)
    live = _live(picture, by)
    if IdentityCheck.objects.filter(picture_hash=live.sha256).exists():
        raise PictureUsedError
    if not comparer.is_same(bytes_of(portrait), bytes_of(live)):
        raise FaceDiffersError
    forget("identity.face", who)
    return _pass(doctor, IdentityMethod.FACE, now=now, by=by, picture_hash=live.sha256)


def check_may_accept(doctor: Doctor, moment: datetime) -> None:
    """Let a doctor pass who may work and has proved himself lately.

    Raises SuspendedError, NotCertifiedError, IdentityCheckNeededError.
    """
    check_may_work(doctor, moment)
    if identity_until(doctor.pk, moment) is None:
        raise IdentityCheckNeededError


def _pass(
    doctor: Doctor, method: IdentityMethod, *, now: datetime, by: Actor, picture_hash: str = ""
) -> IdentityCheck:
    """Store the check and its audit entry; of rivals with one picture the constraint takes one."""
    try:
        with transaction.atomic():
            check = IdentityCheck.objects.create(
                doctor=doctor, method=method, passed_at=now, picture_hash=picture_hash
            )
            audit.record(by, "doctor.identity", "doctor", doctor.public_id, method=method.value)
    except IntegrityError as error:
        raise translate(error) from None
    return check


def _portrait_of(doctor: Doctor) -> StoredFile | None:
    approved = Credential.objects.filter(
        doctor=doctor, kind=CredentialKind.PORTRAIT, state=CredentialState.APPROVED
    )
    credential = approved.select_related("front").first()
    return credential.front if credential else None


def _live(picture: UUID, by: Actor) -> StoredFile:
    """Return a picture that was uploaded for this check and serves nothing else."""
    try:
        file = readable_file(by, picture)
    except NotFoundError:
        raise InvalidInputError("picture", NOT_USABLE) from None
    if file.bound_at is not None or file.purpose != LIVE_PURPOSE:
        raise InvalidInputError("picture", NOT_USABLE)
    return file
