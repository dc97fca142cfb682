"""A small clinic for console tests: a queue, doctors, an order, a conversation, a review."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from chat.enums import ConversationKind, MemberRole
from chat.models import Conversation
from chat.services.conversations import MemberSpec, open_conversation
from clinic.accounts.models import User
from clinic.core.actor import system_actor
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.patients.models import VisitPerson
from clinic.reviews.models import Review
from clinic.settings import rules
from consultations.enums import Kind, Reason, State
from consultations.models import Consultation
from consultations.services.state import advance
from doctors.models import Doctor
from payments.models import PaymentOrder
from payments.selectors.prices import Price
from payments.services.attempts import settle_free_order
from payments.services.orders import create_order
from tests.cast import Member, make_member
from tests.doctors_cast import make_doctor
from tests.files.conftest import unlimited  # noqa: F401 a fixture

ACTOR = system_actor("test")


@dataclass(frozen=True)
class SmallClinic:
    """What the console shows in these tests."""

    patient: Member
    person: VisitPerson
    doctor: Doctor
    full_doctor: Doctor
    waiting: Consultation
    order: PaymentOrder
    conversation: Conversation
    review: Review


@pytest.fixture
def chief(db: None) -> User:
    """The superuser."""
    return User.objects.create_superuser("+8613900000001", "Console-2026", name="总管")


@pytest.fixture
def desk(chief: User) -> Client:
    """A browser of the superuser, in English."""
    return browser(chief)


def browser(user: User, language: str = "en") -> Client:
    """Return a browser logged in to the console."""
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


@pytest.fixture
def small_clinic(db: None) -> SmallClinic:
    """A patient who waits for six minutes, a free doctor, a full one."""
    patient = make_member("林小月", Role.PATIENT)
    person = VisitPerson.objects.create(
        account=patient.user,
        name="林小月",
        gender="female",
        birthday=date(1990, 5, 1),
        relation="self",
        is_default=True,
        phone="+8613812345678",
    )
    doctor = make_doctor("沈一鸣").doctor
    full = make_doctor("吴静", max_consultations=1, current_consultation_count=1).doctor
    waiting = make_waiting(patient, person, minutes=6)
    conversation = open_conversation(
        kind=ConversationKind.SERVICE,
        topic=f"test:{patient.public_id}",
        members=[MemberSpec(patient.user.pk, MemberRole.PATIENT)],
    )
    review = Review.objects.create(
        author=patient.user,
        about_user=doctor.user,
        target_kind="consultation",
        target_public_id=waiting.public_id,
        stars=4,
        text="医生很耐心",
    )
    order = waiting.order
    assert order is not None
    return SmallClinic(patient, person, doctor, full, waiting, order, conversation, review)


def make_waiting(
    patient: Member, person: VisitPerson, *, minutes: int, **fields: Any
) -> Consultation:
    """Store a paid case that waits for a doctor since some minutes."""
    moment = now()
    case = Consultation(
        patient=patient.user,
        person=person,
        kind=Kind.TEXT_FAST,
        complaint="咳嗽三天，夜里加重",
        **fields,
    )
    case.save(force_insert=True)
    advance(case, State.DRAFT, actor=ACTOR, reason=Reason.INITIATED, now=moment)
    case.order = create_order(
        payer_id=patient.user.pk,
        subject_kind="consultation",
        subject_public_id=case.public_id,
        price=Price(amount_fen=0, source="free", rule_id=None),
        title="图文问诊",
        expires_at=moment + rules.UNPAID_ORDER_EXPIRES,
        actor=ACTOR,
    )
    case.pay_by = moment + rules.UNPAID_ORDER_EXPIRES
    advance(case, State.PENDING_PAYMENT, actor=ACTOR, reason=Reason.ORDERED, now=moment)
    if case.order.status == "pending":
        settle_free_order(case.order.pk, actor=ACTOR)
    case.paid_at = moment - timedelta(minutes=minutes)
    case.assign_by = moment + rules.REFUND_WHEN_UNASSIGNED_AFTER
    advance(case, State.WAITING_ASSIGNMENT, actor=ACTOR, reason=Reason.PAID, now=moment)
    case.refresh_from_db()
    return case
