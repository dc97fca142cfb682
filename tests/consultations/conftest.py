"""A clinic with a price, a patient with a visit person and money, and doctors at work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.test import Client

from clinic.core.clock import now
from clinic.core.ids import uuid7
from clinic.core.invariants import all_invariants
from clinic.patients.models import VisitPerson
from consultations.models import Consultation
from consultations.services.initiation import Intake, initiate
from consultations.services.ordering import create_order_for, open_paid
from payments.models import PriceRule
from tests.cast import Member
from tests.consultations.fakes import FakeCallGateway, Provider
from tests.doctors_cast import DoctorMember
from tests.patients.people import ready
from tests.payments.conftest import give_balance

COMPLAINT = "反复胃痛三个月，饭后加重，夜里反酸，服药后稍好。"
RECORD = {"diagnosis": "胃脘痛（肝胃不和）", "advice": "疏肝和胃，忌辛辣，两周后复诊。"}
PRICE_FEN = 3900


def person_of(member: Member, **fields: Any) -> VisitPerson:
    """Return a visit person of the account for whom everything can be ordered."""
    values = {
        "account": member.user,
        "name": member.user.name,
        "gender": "female",
        "birthday": date(1990, 5, 1),
        "relation": "self",
        "is_default": True,
        "phone": "+8613900001111",
    }
    found = VisitPerson.objects.filter(account=member.user).first()
    return found or ready(VisitPerson.objects.create(**(values | fields)))


def set_price(amount_fen: int = PRICE_FEN) -> None:
    """Give text consultations a price for everybody."""
    PriceRule.objects.update_or_create(
        service="text_consultation",
        scope="global",
        defaults={"amount_fen": amount_fen, "is_active": True, "valid_from": now()},
    )


def post(member: Member, path: str, body: Any = None) -> Any:
    """Send a POST with an Idempotency-Key."""
    headers = {"Idempotency-Key": str(uuid7())}
    return member.client.post(f"/api/v1/{path}", body or {}, format="json", headers=headers)


@dataclass
class Desk:
    """Walks a case through the API as its people would."""

    run_events: Callable[[], int]
    paid_once: set[int] = field(default_factory=set)

    def initiate(self, patient: Member, **told: Any) -> Any:
        body = {"person_id": str(person_of(patient).public_id), "complaint": COMPLAINT} | told
        return post(patient, "consultations", body)

    def draft(self, patient: Member, **told: Any) -> str:
        answer = self.initiate(patient, **told)
        assert answer.status_code in {200, 201}, answer.json()
        return str(answer.json()["consultation"]["id"])

    def ordered(self, patient: Member, **told: Any) -> str:
        public_id = self.draft(patient, **told)
        answer = post(patient, f"consultations/{public_id}/order")
        assert answer.status_code == 200, answer.json()
        return public_id

    def paid(self, patient: Member, *, run: bool = True, **told: Any) -> str:
        public_id = self.ordered(patient, **told)
        if patient.user.pk not in self.paid_once:
            give_balance(patient, 1_000_000)
            self.paid_once.add(patient.user.pk)
        order = self.row(public_id).order
        assert order is not None
        answer = post(patient, f"orders/{order.public_id}/pay", {"method": "balance"})
        assert answer.status_code == 200, answer.json()
        if run:
            self.run_events()
        return public_id

    def accepted(self, patient: Member, doctor: DoctorMember, **told: Any) -> str:
        public_id = self.paid(patient, **told)
        answer = post(doctor.member, f"consultations/{public_id}/accept", {"fits_revisit": True})
        assert answer.status_code == 200, answer.json()
        return public_id

    def completed(self, patient: Member, doctor: DoctorMember, **told: Any) -> str:
        public_id = self.accepted(patient, doctor, **told)
        answer = post(doctor.member, f"consultations/{public_id}/complete", RECORD)
        assert answer.status_code == 200, answer.json()
        self.run_events()
        return public_id

    def row(self, public_id: str) -> Consultation:
        return Consultation.objects.get(public_id=public_id)

    def state(self, public_id: str) -> str:
        return self.row(public_id).state


@pytest.fixture
def desk(db: None, run_events: Callable[[], int]) -> Desk:
    """A desk in a clinic that has a price."""
    set_price()
    return Desk(run_events)


@pytest.fixture
def breaches() -> Callable[[], list[str]]:
    """Return a function that proves every promise of the house."""

    def check() -> list[str]:
        return [line for promise in all_invariants() for line in promise.breaches()]

    return check


def waiting_case(patient: Member, amount_fen: int = 0, **told: Any) -> Consultation:
    """Return a paid case in the queue that nobody has tried to assign yet."""
    set_price(amount_fen)
    intake = Intake(
        **({"person_id": person_of(patient).public_id, "kind": "text_fast"} | told),
        complaint=COMPLAINT,
    )
    case, _created = initiate(actor=patient.actor, intake=intake)
    order = create_order_for(case.pk, actor=patient.actor).order
    if amount_fen and order:
        give_balance(patient, amount_fen)
        paid = post(patient, f"orders/{order.public_id}/pay", {"method": "balance"})
        assert paid.status_code == 200, paid.json()
    assert open_paid(case.pk)
    case.refresh_from_db()
    return case


@pytest.fixture
def browser() -> Client:
    """A client that sends raw requests."""
    return Client()


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The provider of relay numbers, fresh."""
    fresh = Provider()
    monkeypatch.setattr(FakeCallGateway, "provider", fresh)
    return fresh
