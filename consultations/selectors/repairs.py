"""Cases whose doctor or money is gone while they go on: what sweeps find when no event came."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinic.patients.selectors.consents import revoked_uses
from consultations.enums import NOT_ACCEPTED, OPEN_STATES, WITH_DOCTOR, State
from consultations.models import Consultation
from doctors.enums import Certification, DoctorStatus
from payments.enums import OrderStatus


def refunded_but_open(limit: int) -> list[int]:
    """Return open cases whose order gave all its money back."""
    rows = Consultation.objects.filter(state__in=OPEN_STATES, order__status=OrderStatus.REFUNDED)
    return list(rows.order_by("id").values_list("pk", flat=True)[:limit])


def of_suspended_doctors(_now: datetime) -> QuerySet[Consultation]:
    """Cases of doctors who are suspended or uncertified, or whose account is switched off."""
    out = (
        Q(doctor__status=DoctorStatus.SUSPENDED)
        | Q(doctor__user__is_active=False)
        | ~Q(doctor__certification=Certification.CERTIFIED)
    )
    return Consultation.objects.filter(out, state__in=WITH_DOCTOR)


def of_deleted_accounts(_now: datetime) -> QuerySet[Consultation]:
    """Open cases whose patient deleted his account."""
    return Consultation.objects.filter(state__in=OPEN_STATES, patient__anonymised_at__isnull=False)


def without_consent(_now: datetime) -> QuerySet[Consultation]:
    """Ordered cases that nobody accepted yet, whose patient took a consent back."""
    return Consultation.objects.filter(_lacks_consent(), state__in=NOT_ACCEPTED)


def without_consent_of(person_id: int) -> list[Consultation]:
    """Return the ordered and the running cases of a person that rest on a revoked consent."""
    rows = Consultation.objects.filter(
        _lacks_consent(), person_id=person_id, state__in=(*NOT_ACCEPTED, State.IN_PROGRESS)
    )
    return list(rows.order_by("id"))


def ids_with_doctor(doctor_id: int) -> list[int]:
    """Return the cases that a doctor has now; he has no more than his limit."""
    rows = Consultation.objects.filter(state__in=WITH_DOCTOR, doctor_id=doctor_id)
    return list(rows.order_by("id").values_list("pk", flat=True))


def _lacks_consent() -> Exists:
    return Exists(revoked_uses().filter(consultation_public_id=OuterRef("public_id")))
