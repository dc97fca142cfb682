"""What a consultation costs: asked before, and frozen on the order, by the same function."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from clinic.core.errors import NotFoundError
from consultations.errors import UnknownChoiceError
from consultations.rules import is_phone
from doctors.models import Department, Doctor
from doctors.selectors.doctors import get_doctor
from payments.selectors.prices import (
    PHONE_CONSULTATION,
    TEXT_CONSULTATION,
    Price,
    PriceQuery,
    resolve_price,
)


def price_for(
    doctor: Doctor | None,
    *,
    level: str,
    department_code: str,
    now: datetime,
    service: str = TEXT_CONSULTATION,
) -> Price:
    """Return what a service costs now; a doctor brings his own price, level and department.

    The prices in a doctor's profile are for text and phone consultations. Raises PriceNotSetError.
    """
    if doctor is None:
        query = PriceQuery(
            service=service, level=level or None, department_code=department_code or None
        )
        return resolve_price(query, now=now)
    query = PriceQuery(
        service=service,
        doctor_public_id=doctor.public_id,
        doctor_override_fen=_own_price_fen(doctor, service),
        level=doctor.level,
        department_code=doctor.department.code,
    )
    return resolve_price(query, now=now)


def service_of(kind: str) -> str:
    """Return the service that a kind of consultation is priced as."""
    return PHONE_CONSULTATION if is_phone(kind) else TEXT_CONSULTATION


def _own_price_fen(doctor: Doctor, service: str) -> int | None:
    own = {TEXT_CONSULTATION: doctor.text_price_fen, PHONE_CONSULTATION: doctor.phone_price_fen}
    return own.get(service)


def asked_price(
    *, service: str, doctor_id: UUID | None, level: str, department_code: str, now: datetime
) -> Price:
    """Return the price a client asks for.

    Raises NotFoundError for a doctor whom patients cannot see, UnknownChoiceError for a department
    that is not there, or for a level or department beside a doctor; PriceNotSetError.
    """
    doctor = get_doctor(doctor_id) if doctor_id else None
    if doctor_id and doctor is None:
        raise NotFoundError
    for field, value in (("level", level), ("department", department_code)):
        if doctor and value:
            raise UnknownChoiceError(field, _("Leave this out: the doctor decides it."))
    if (
        department_code
        and not Department.objects.filter(code=department_code, is_active=True).exists()
    ):
        raise UnknownChoiceError("department", _("Choose a department from the list."))
    return price_for(doctor, level=level, department_code=department_code, now=now, service=service)
