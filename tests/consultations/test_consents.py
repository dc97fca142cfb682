"""What an order wants of the person, and what becomes of it when a consent is taken back."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest

from chat.models import Message
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.patients.models import Consent, ConsentText, ConsentUse, VisitPerson
from clinic.patients.services import consents
from consultations.models import ConsultationEvent
from consultations.services.timers import run_timers
from payments.models import PaymentOrder
from tests.cast import Member, make_member
from tests.consultations.conftest import PRICE_FEN, Desk, post, set_price
from tests.doctors.rivals import telling, together, wait_until_blocking
from tests.doctors_cast import DoctorMember, make_doctor
from tests.patients.test_consents import BOTH, MOTHER, give, make_person, new_version

PATIENCE_SECONDS = 20


def _order(member: Member, case: str) -> Any:
    return post(member, f"consultations/{case}/order")


def _revoke(member: Member, kind: str = "service") -> Any:
    consent = Consent.objects.filter(account=member.user, text__kind=kind).latest("pk")
    return post(member, f"consents/{consent.public_id}/revoke")


def _missing(answer: Any) -> list[str]:
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_needed")
    return [one["kind"] for one in answer.json()["missing"]]


@pytest.mark.django_db
def test_an_order_wants_the_real_name_then_exactly_the_missing_consents(
    desk: Desk, lin: Member
) -> None:
    person = make_person(lin)
    case = desk.draft(lin, person_id=str(person.public_id))

    unchecked = _order(lin, case)
    VisitPerson.objects.update(real_name_state="verified", real_name_at=now())
    bare = _order(lin, case)
    give(lin, person, "health_data")
    half = _order(lin, case)
    text = ConsentText.objects.get(kind="service")
    give(lin, person, "service")
    done = _order(lin, case)

    told = unchecked.json()
    assert (unchecked.status_code, told["code"]) == (409, "real_name_needed")
    assert told["real_name_state"] == "none"
    assert told["door"] == f"/api/v1/visit-persons/{person.public_id}/real-name-check"
    assert _missing(bare) == BOTH
    assert _missing(half) == ["service"]
    assert half.json()["missing"][0] == {
        "kind": "service", "text_id": str(text.public_id), "version": 1,
    }  # fmt: skip
    assert half.json()["door"] == "/api/v1/consents"
    assert done.status_code == 200
    assert PaymentOrder.objects.count() == 1
    uses = ConsentUse.objects.filter(consultation_public_id=case)
    assert sorted(uses.values_list("consent__text__kind", flat=True)) == sorted(BOTH)


@pytest.mark.django_db
def test_a_later_order_rests_on_what_stands_until_a_new_version_is_in_force(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    desk.ordered(lin)
    other = desk.draft(lin, kind="text_chosen", doctor_id=str(shen.doctor.public_id))
    assert _order(lin, other).status_code == 200

    new_version("service")
    wu = make_doctor("吴静")
    third = desk.draft(lin, kind="text_chosen", doctor_id=str(wu.doctor.public_id))

    assert _missing(_order(lin, third)) == ["service"]
    assert _order(lin, other).status_code == 200  # ordered already: nothing is asked again
    assert ConsentUse.objects.count() == 4


@pytest.mark.django_db
def test_a_child_is_ordered_for_by_its_guardian(desk: Desk, lin: Member) -> None:
    child = make_person(lin, age=8)
    VisitPerson.objects.update(real_name_state="verified", real_name_at=now())
    case = desk.draft(lin, person_id=str(child.public_id))

    assert _missing(_order(lin, case)) == [*BOTH, "guardian"]
    give(lin, child, *BOTH, "guardian", **MOTHER)
    assert _order(lin, case).status_code == 200


@pytest.mark.django_db
def test_a_revocation_before_acceptance_ends_the_case_and_returns_all_money(
    desk: Desk, lin: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    case = desk.paid(lin)
    assert desk.state(case) == "waiting_accept"
    draft = desk.draft(lin, kind="text_chosen", doctor_id=str(make_doctor("吴").doctor.public_id))

    assert _revoke(lin).status_code == 200
    run_events()

    row = desk.row(case)
    assert row.state == "cancelled"
    assert row.order is not None
    assert row.order.status == "refunded"
    assert row.order.refunds.get().amount_fen == PRICE_FEN  # type: ignore[attr-defined]
    last = ConsultationEvent.objects.filter(consultation=row).latest("pk")
    assert (last.actor, last.reason) == ("system:revoked consent", "patient_cancelled")
    assert desk.state(draft) == "draft"
    assert _missing(_order(lin, draft)) == ["service"]


@pytest.mark.django_db
def test_in_service_the_doctor_sees_the_revocation_and_goes_on(
    desk: Desk, lin: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    case = desk.accepted(lin, shen)

    _revoke(lin, "health_data")
    run_events()

    assert desk.state(case) == "in_progress"
    seen = shen.client.get(f"/api/v1/consultations/{case}").json()
    assert seen["revoked_consents"] == ["health_data"]
    assert "revoked_consents" not in lin.client.get(f"/api/v1/consultations/{case}").json()
    assert Message.objects.filter(code="consent_revoked").count() == 1
    post(shen.member, f"consultations/{case}/return", {"reason": "busy"})
    run_timers()
    assert desk.state(case) == "cancelled"


@pytest.mark.django_db
def test_the_sweep_ends_what_a_lost_event_left(desk: Desk, lin: Member) -> None:
    case = desk.ordered(lin)
    Consent.objects.update(revoked_at=now())

    run_timers()

    assert desk.state(case) == "cancelled"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("is_locked", "end"), [(True, "cancelled"), (False, "pending_payment")])
def test_a_revocation_waits_for_the_order_it_meets_and_ends_it_but_without_the_lock(
    run_events: Callable[[], int], monkeypatch: pytest.MonkeyPatch, *, is_locked: bool, end: str
) -> None:
    set_price()
    desk, member = Desk(run_events), make_member("林小月", Role.PATIENT)
    case = desk.draft(member)
    note_uses, is_midway, is_over = consents._note_uses, Event(), Event()

    def note_late(*told: Any) -> None:
        """Give the rival time between looking and storing."""
        is_midway.set()
        wait_until_blocking(is_over)
        note_uses(*told)

    def revoke() -> None:
        assert is_midway.wait(PATIENCE_SECONDS)
        assert _revoke(member).status_code == 200
        run_events()

    monkeypatch.setattr(consents, "_note_uses", note_late)
    if not is_locked:
        monkeypatch.setattr(consents, "_locked", lambda rows: rows)
    work = [lambda: _order(member, case), telling(is_over, revoke)]

    together(2, lambda number: work[number]())

    assert desk.state(case) == end
