"""Who opens a patient's data is noted in one place, and the patient sees it."""

from typing import Any

import pghistory.models
import pytest
from django.contrib import admin
from django.db import InternalError, transaction
from django.urls import reverse

from clinic.accounts.models import User
from clinic.core.models import AuditEntry
from clinic.core.openings import watched_doors, watched_models
from clinic.core.policy import Reach, rights
from clinic.core.roles import Role
from tests.architecture.operations import api_operations
from tests.cast import Member
from tests.console.conftest import browser
from tests.consultations.conftest import Desk, person_of
from tests.doctors_cast import DoctorMember, make_doctor
from tests.privacy.conftest import get
from tests.records.conftest import Signed

pytestmark = pytest.mark.django_db
# Doors with an id that doctors or staff open and that are not noted, each with the reason.
NOT_NOTED = {
    "broadcast": "the doctor's own text",
    "conversation": "talks in which the reader takes part",
    "desk": "the desk notes the reading of colleagues' chats itself",
    "doctor_credential": "the doctor's own papers",
    "emergency": "noted with its access",
    "refund": "money without a word about health; the order is noted",
    "refund_request": "money without a word about health; the order is noted",
    "service_chat": "the customer's side",
}
# Verbs of the same kind.
NOT_NOTED_VERBS = {
    ("appointment", "read_review"): "a review stands for everybody",
    ("user", "read_batch"): "codes and counts",
}
# Screens that point to people or their things and are not noted, each with the reason.
NOT_NOTED_SCREENS = {
    **dict.fromkeys(
        (
            "payments.PaymentAttempt", "payments.LedgerTransaction", "payments.RecognisedIncome",
            "payments.OfflineClaim", "payments.OfflineProof", "payments.RefundRequest",
            "payments.Refund", "payments.BalanceOffer", "payments.ReconciliationItem",
            "payments.ReconciliationRun", "payments.SuspenseClearing",
        ),
        "money without a word about health; the order is noted",
    ),
    **dict.fromkeys(
        (
            "appointments.AppointmentStep", "consultations.AssignmentAttempt",
            "consultations.Assignment", "customer_service.SlaTimer", "patients.RealNameCheck",
        ),
        "codes and moments",
    ),
    **dict.fromkeys(
        (
            "doctors.Doctor", "doctors.Credential", "customer_service.Agent",
            "complaints.DoctorQuality", "complaints.Sanction",
        ),
        "about doctors and staff",
    ),
    **dict.fromkeys(
        (
            "privacy.AccountBatch", "privacy.DataExport", "privacy.DeletionRequest",
            "privacy.EmergencyAccess",
        ),
        "about the handling of data, not the data",
    ),
    "accounts.DeviceSession": "devices; the account is noted",
    "accounts.SecondFactor": "about staff; no secret is shown",
    "notifications.Notice": "kinds and moments",
    "reviews.Review": "stands for everybody",
    "customer_service.QualityCheck": "notes the reading of its chat itself",
}  # fmt: skip


def test_a_doctor_s_and_a_staff_member_s_reading_is_shown_to_the_patient(
    lin: Member, ge: Member, shen: DoctorMember, desk: Desk, bao: Member
) -> None:
    case = desk.completed(lin, shen)
    record = get(lin, "records").json()["results"][0]["id"]
    get(lin, f"records/{record}")
    get(shen.member, f"records/{record}")
    get(shen.member, f"consultations/{case}")
    person = person_of(lin)
    browser(bao.user).get(reverse("admin:patients_visitperson_change", args=[person.pk]))

    rows = get(lin, "privacy/reads").json()["results"]
    assert [(row["who"], row["what"], row["why"]) for row in rows[:3]] == [
        ("staff", "visit_person", "duty"),
        ("doctor", "consultation", "care"),
        ("doctor", "record", "care"),
    ]
    assert rows[0]["id"] == str(person.public_id)
    assert "包青" not in str(rows)
    assert str(bao.public_id) not in str(rows)
    assert get(ge, "privacy/reads").json()["count"] == 0


def test_the_log_of_openings_can_be_neither_changed_nor_shortened(
    lin: Member, shen: DoctorMember, signed: Signed
) -> None:
    record = signed(lin, shen)
    get(shen.member, f"records/{record.public_id}")

    for act in ("update", "delete"):
        rows: Any = AuditEntry.objects.filter(verb="record.read")
        with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
            rows.update(patient=None) if act == "update" else rows.delete()


def test_refused_readings_leave_no_row(
    lin: Member, ge: Member, shen: DoctorMember, signed: Signed
) -> None:
    record = signed(lin, shen)
    stranger = make_doctor("吴静").member

    for member in (ge, stranger):
        assert get(member, f"records/{record.public_id}").status_code == 404

    assert not AuditEntry.objects.filter(verb="record.read").exists()


def test_every_door_to_one_thing_is_noted_or_says_why_not() -> None:
    """A new endpoint that shows one thing to doctors or staff fails here until it is judged."""
    missing = sorted(
        f"{one.view.resource}.{one.view.verbs['GET']}"  # type: ignore[attr-defined]
        for one in api_operations()
        if one.method == "GET" and "<uuid" in one.route and _shows_others(one.view)
    )

    assert missing == []


def test_every_screen_of_people_is_noted_or_says_why_not() -> None:
    """A new console screen that points to an account or to what is watched fails until judged."""
    people = watched_models() | {User}
    missing = [
        model._meta.label
        for model in admin.site._registry
        if model not in watched_models()
        and not issubclass(model, pghistory.models.Event)
        and model._meta.label not in NOT_NOTED_SCREENS
        and any(field.related_model in people for field in model._meta.concrete_fields)
    ]

    assert missing == []


def _shows_others(view: Any) -> bool:
    door = (view.resource, view.verbs["GET"])
    allowed = rights(*door)
    others = {role: reach for role, reach in allowed.items() if role != Role.PATIENT}
    return (
        bool(others)
        and Reach.PUBLIC not in allowed.values()
        and door not in watched_doors()
        and view.resource not in NOT_NOTED
        and door not in NOT_NOTED_VERBS
    )
