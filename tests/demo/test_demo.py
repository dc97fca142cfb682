"""The demo is full of life and keeps every promise, and loading it again is safe."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from appointments.models import Appointment, AppointmentStep, AppointmentType
from chat.models import Message
from clinic.complaints.models import Complaint, Sanction
from clinic.core.clock import now
from clinic.core.invariants import all_invariants
from clinic.customer_service.models import Agent, CannedReply, Macro, Tag, Team, TeamHours
from clinic.demo.desk_people import AGENTS
from clinic.demo.seeding import PASSWORD
from clinic.demo.visit_people import FIRST_VISITOR_PHONE
from clinic.files.models import StoredFile
from clinic.patients.models import Consent, IdentityDocument, VisitPerson
from clinic.phrases.models import Phrase
from clinic.privacy.models import DataExport, DeletionRequest, EmergencyAccess
from clinic.records.models import MedicalRecord
from clinic.reviews.models import Review
from clinic.settings import rules
from consultations.models import Consultation, FollowUp, IntakeFile, IntakeSheet, Transfer
from doctors.models import BranchHours, Doctor, WorkRule
from payments.models import PaymentOrder
from tests.cast import Member
from tests.consultations.conftest import Desk
from tests.consultations.test_prices import PRICES, charged
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
    hours = lin.client.get(path.replace("first-visit", "constitution"), {"branch": "1"}).json()
    free = next(day for day in hours["days"] if day["slots"])
    printed = {
        "store_id": "1", "customer_name": "张三", "customer_phone": "13800138000",
        "appointment_date": free["date"], "start_time": free["slots"][0]["time"],
        "duration_minutes": 60, "requirements": "",
    }  # fmt: skip
    told = lin.client.post("/api/v1/appointment/appointments", printed, format="json")
    assert (told.status_code, told.json().get("status")) == (201, "pending")
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
        VisitPerson, Team, TeamHours, Agent, Tag, CannedReply, Macro,
    )  # fmt: skip
    AppointmentType.objects.filter(code="expert").update(duration_minutes=40)
    CannedReply.objects.filter(shortcut="hello").update(text_zh="您好！")
    TeamHours.objects.filter(weekday=4).delete()
    counted = [model.objects.count() for model in models]

    call_command("seed_demo")

    assert [model.objects.count() for model in models] == counted
    assert AppointmentType.objects.get(code="expert").duration_minutes == 40
    assert CannedReply.objects.get(shortcut="hello").text_zh == "您好！"
    assert TeamHours.objects.count() == 8
    assert str(FIRST_VISITOR_PHONE) not in (sandbox / "demo_logins.json").read_text()


def test_the_desk_of_the_demo_has_teams_agents_and_words(sandbox: Path) -> None:
    assert set(Team.objects.values_list("code", flat=True)) == {"general", "billing"}
    assert TeamHours.objects.filter(team__code="billing").count() == 10
    assert not TeamHours.objects.filter(team__code="general").exists()
    supervisors = Agent.objects.filter(is_supervisor=True).values_list("nickname", flat=True)
    assert (Agent.objects.count(), list(supervisors)) == (3, ["小青"])
    assert not CannedReply.objects.filter(text_zh="").exists()
    assert not CannedReply.objects.filter(text_en="").exists()
    logins = (sandbox / "demo_logins.json").read_text(encoding="utf-8")
    assert all(agent.phone in logins for agent in AGENTS)


def test_agents_log_in_with_what_is_printed(sandbox: Path) -> None:
    body = {"phone": AGENTS[0].phone, "password": PASSWORD, "device": "test"}

    answer = APIClient().post("/api/v1/auth/login", body, format="json")

    assert answer.status_code == 200


def test_every_doctor_is_charged_as_shown(
    sandbox: Path, lin: Member, anonymous: APIClient, run_events: Callable[[], int]
) -> None:
    desk = Desk(run_events)
    shown, frozen = {}, {}

    for doctor in Doctor.objects.listed():
        public_id = str(doctor.public_id)
        shown[doctor.name] = anonymous.get(PRICES, {"doctor": public_id}).json()["amount_fen"]
        frozen[doctor.name] = charged(desk, lin, kind="text_chosen", doctor_id=public_id)

    assert shown == frozen
    assert len(shown) >= 8
    assert len(set(shown.values())) > 3
