"""A doctor, his patient, and records of their care."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation

from clinic.core.clock import now
from clinic.core.ids import uuid7
from clinic.records.models import DiagnosisCode, MedicalRecord
from clinic.records.services.drafts import Care
from clinic.records.services.signing import sign
from tests.cast import Member
from tests.consultations.conftest import Desk, person_of, set_price
from tests.doctors_cast import DoctorMember

TOLD: dict[str, Any] = {
    "chief_complaint": "反复胃痛三个月。",
    "present_history": "饭后加重，夜里反酸，服药后稍好。",
    "allergies": "青霉素",
    "tongue": "舌淡红，苔薄白",
    "pulse": "脉弦",
    "diagnosis": "胃脘痛（肝胃不和）",
    "principle": "疏肝和胃",
    "advice": "忌辛辣，两周后复诊。",
}

Signed = Callable[..., MedicalRecord]


def care_of(patient: Member, doctor: DoctorMember) -> Care:
    """Return care that no room knows, of the patient himself by the doctor."""
    return Care(
        kind="appointment",
        public_id=uuid7(),
        doctor=doctor.doctor,
        person=person_of(patient),
        patient_id=patient.user.pk,
    )


@pytest.fixture
def desk(db: None, run_events: Callable[[], int]) -> Desk:
    """A desk in a clinic that has a price."""
    set_price()
    return Desk(run_events)


@pytest.fixture
def signed(db: None) -> Signed:
    """Return a function that signs a record of a patient by a doctor."""

    def make(patient: Member, doctor: DoctorMember, **told: Any) -> MedicalRecord:
        return sign(care_of(patient, doctor), told=TOLD | told, now=now())

    return make


def make_code(system: str, code: str, name: str, **fields: Any) -> DiagnosisCode:
    """Store an entry of a table."""
    return DiagnosisCode.objects.create(
        system=system, code=code, name=name, **({"edition": "test"} | fields)
    )


def command(name: str, *args: str, language: str = "en") -> str:
    """Run a command and return what it wrote, its words of progress last."""
    out, progress = StringIO(), StringIO()
    with translation.override(language):
        call_command(name, *args, stdout=out, stderr=progress)
    return out.getvalue() + progress.getvalue()
