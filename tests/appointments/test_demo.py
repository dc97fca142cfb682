"""The demo's calendars are full of life, keep every promise, and loading them again is safe."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import call_command

from appointments.models import Appointment, AppointmentStep, AppointmentType
from chat.models import Message
from clinic.complaints.models import Complaint, Sanction
from clinic.core.clock import now
from clinic.core.invariants import all_invariants
from clinic.demo.visit_people import FIRST_VISITOR_PHONE
from clinic.files.models import StoredFile
from clinic.patients.models import Consent, IdentityDocument, VisitPerson
from clinic.phrases.models import Phrase
from clinic.privacy.models import DataExport, DeletionRequest, EmergencyAccess
from clinic.records.models import MedicalRecord
from clinic.reviews.models import Review
from clinic.settings import rules
from consultations.models import Consultation, FollowUp, IntakeFile, IntakeSheet, Transfer
from doctors.models import BranchHours, WorkRule
from payments.models import PaymentOrder
from tests.cast import Member
from tests.world import sandbox

__all__ = ["sandbox"]
pytestmark = pytest.mark.django_db


def test_the_week_behind_and_ahead_is_booked_and_keeps_every_promise(
    sandbox: Path, lin: Member, bao: Member
) -> None:
    moment = now()
    behind = Appointment.objects.filter(starts_at__lt=moment - timedelta(days=1))
    ahead = Appointment.objects.filter(starts_at__gt=moment, state__in=["pending", "confirmed"])

    assert set(behind.values_list("state", flat=True)) == {"completed", "cancelled", "no_show"}
    assert len(set(ahead.values_list("starts_at__date", flat=True))) >= 5
    assert ahead.filter(kind__capacity__gt=1).exists()
    assert [line for promise in all_invariants() for line in promise.breaches()] == []
    path = "/api/v1/appointment-types/first-visit/slots"
    days = lin.client.get(path, {"branch": "1"}).json()["days"]
    assert len([day for day in days if day["slots"]]) >= 5
    line = bao.client.get("/api/v1/front-desk/waiting", {"branch": "2"}).json()["results"]
    assert [one["position"] for one in line] == [1, 2, 3, 4]
    assert all(one["eta_minutes"] for one in line)
    assert len(set(Phrase.objects.filter(doctor=None).values_list("type", flat=True))) == 7


def test_cases_complaints_and_wishes_are_there_to_look_at(sandbox: Path) -> None:
    cases = Consultation.objects.all()
    states = dict(Counter(cases.values_list("state", flat=True)))
    warned = cases.get(has_red_flags=True)
    asked = IntakeSheet.objects.filter(source="form").exclude(ten_questions={})

    assert states == {"completed": 2, "in_progress": 2, "referred_offline": 1}
    assert (warned.state, warned.doctor and warned.doctor.name) == ("referred_offline", "贺长青")
    assert asked.count() == 5
    assert IntakeFile.objects.count() == 6
    assert MedicalRecord.objects.filter(state="signed").count() == 2
    assert cases.exclude(held_since=None).count() == 1
    assert Transfer.objects.get().state == "accepted"
    assert FollowUp.objects.filter(state="planned").count() == 2
    assert cases.filter(state="completed", public_id__in=_rated()).count() == 2
    near, decided = Complaint.objects.order_by("-created_at")
    assert (near.state, decided.state, decided.round) == ("open", "resolved", 2)
    assert timedelta() < (near.answer_by or now()) - now() < rules.COMPLAINT_ANSWER_SOON
    assert Sanction.objects.get().doctor == decided.doctor
    wish, export = DeletionRequest.objects.get(), DataExport.objects.get()
    assert (wish.state, export.state) == ("cooling", "waiting")
    assert EmergencyAccess.objects.count() == 1
    passport = IdentityDocument.objects.get()
    assert (passport.state, passport.person.real_name_state) == ("pending", "pending")


def _rated() -> list[UUID]:
    return list(Review.objects.values_list("target_public_id", flat=True))


def test_loading_it_again_adds_nothing_and_keeps_what_staff_changed(sandbox: Path) -> None:
    models = (
        Appointment, AppointmentStep, AppointmentType, BranchHours, WorkRule, Phrase,
        Consultation, Message, PaymentOrder, StoredFile, Consent, Complaint, Sanction,
        DeletionRequest, DataExport, EmergencyAccess, MedicalRecord, FollowUp, IdentityDocument,
        VisitPerson,
    )  # fmt: skip
    AppointmentType.objects.filter(code="expert").update(duration_minutes=40)
    counted = [model.objects.count() for model in models]

    call_command("seed_demo")

    assert [model.objects.count() for model in models] == counted
    assert AppointmentType.objects.get(code="expert").duration_minutes == 40
    assert str(FIRST_VISITOR_PHONE) not in (sandbox / "demo_logins.json").read_text()
