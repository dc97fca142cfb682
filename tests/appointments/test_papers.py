"""What a booking wants of its person, and what becomes of it when a consent goes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from appointments.models import Appointment, AppointmentType
from appointments.services.sweeping import sweep
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.patients.models import Consent, ConsentText, VisitPerson
from doctors.models import Branch
from tests.appointments.front_desk import (
    PRICE_FEN,
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    row_of,
    wish,
)
from tests.appointments.test_notices import told
from tests.appointments.waiting_room import fill_up, join
from tests.cast import Member, make_member
from tests.consultations.conftest import person_of
from tests.doctors_cast import DoctorMember, make_doctor
from tests.payments.conftest import give_balance

pytestmark = pytest.mark.django_db
Events = Callable[[], int]


@pytest.fixture
def branch(db: None) -> Branch:
    """The branch."""
    return make_branch()


@pytest.fixture
def doctor(branch: Branch) -> DoctorMember:
    """A doctor at the branch; another one is online."""
    shen = make_doctor("沈一鸣")
    give_hours(shen, branch)
    give_hours(make_doctor("吴静"), None)
    return shen


def _new_person(member: Member, born: date = date(1990, 5, 1)) -> VisitPerson:
    """Return a person of the account who has shown no papers."""
    return VisitPerson.objects.create(
        account=member.user, name="林小月", gender="female", birthday=born, relation="self",
        is_default=True, phone="+8613900001111",
    )  # fmt: skip


def _book(member: Member, kind: AppointmentType, branch: Branch | None, **fields: Any) -> Any:
    return post(member, "appointments", wish(member, kind, branch, **fields))


def _agree(member: Member, person: VisitPerson, missing: list[dict[str, Any]], **by: str) -> None:
    texts = [one["text_id"] for one in missing]
    body = {"person_id": str(person.public_id), "texts": texts} | by
    assert member.client.post("/api/v1/consents", body, format="json").status_code == 201


@pytest.mark.parametrize(
    ("mode", "born", "wanted"),
    [
        ("clinic", date(1990, 5, 1), ["health_data"]),
        ("clinic", date(2020, 5, 1), ["health_data", "guardian"]),
        ("video", date(1990, 5, 1), ["service", "health_data"]),
    ],
)
def test_a_booking_wants_consents_and_goes_on_with_them(
    lin: Member,
    branch: Branch,
    doctor: DoctorMember,
    mode: str,
    born: date,
    wanted: list[str],
) -> None:
    person, kind = _new_person(lin, born), make_type(mode=mode)
    VisitPerson.objects.update(real_name_state="verified", real_name_at=now())
    place = branch if mode == "clinic" else None

    refused = _book(lin, kind, place)

    assert refused.status_code == 409
    told = refused.json()
    assert (told["code"], told["door"]) == ("consent_needed", "/api/v1/consents")
    assert [one["kind"] for one in told["missing"]] == wanted
    waits = join(lin, kind, place)
    assert waits.json()["code"] == "consent_needed"
    assert not Appointment.objects.exists()

    by = {"guardian_name": "林大山", "guardian_relation": "father"} if len(wanted) > 1 else {}
    _agree(lin, person, told["missing"], **(by if "guardian" in wanted else {}))
    assert _book(lin, kind, place).status_code == 201


def test_an_online_visit_wants_a_verified_name_and_a_visit_at_a_branch_none(
    lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    person = person_of(lin)
    VisitPerson.objects.update(real_name_state="none", real_name_at=None)

    refused = _book(lin, make_type(mode="phone"), None)

    assert refused.status_code == 409
    assert refused.json()["code"] == "real_name_needed"
    assert refused.json()["door"] == f"/api/v1/visit-persons/{person.public_id}/real-name-check"
    assert _book(lin, make_type(), branch).status_code == 201


def test_a_newer_text_is_read_first(lin: Member, branch: Branch, doctor: DoctorMember) -> None:
    person_of(lin)
    words = {"title_zh": "新", "title_en": "New", "body_zh": "新", "body_en": "New"}
    newest = ConsentText.objects.create(kind="health_data", version=9, **words)

    missing = _book(lin, make_type(), branch).json()["missing"]

    assert missing == [{"kind": "health_data", "text_id": str(newest.public_id), "version": 9}]


def test_the_branch_looks_at_the_papers_of_whom_its_desk_books(
    lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    bao, person = make_member("包小兰", Role.CUSTOMER_SERVICE), _new_person(lin)
    body = {
        "person_id": str(person.public_id), "type": make_type().code, "branch": branch.code,
    }  # fmt: skip
    online = body | {"type": make_type(mode="video").code, "branch": ""}

    assert post(bao, "front-desk/appointments", online).json()["code"] == "real_name_needed"
    assert post(bao, "front-desk/appointments", body).status_code == 201


def test_who_is_known_by_name_and_phone_alone_is_seen_at_the_branch(
    lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    make_type()
    body = {
        "store_id": branch.code, "customer_name": "张三", "customer_phone": "13800138000",
        "appointment_date": f"{in_hours():%Y-%m-%d}", "start_time": "10:00",
    }  # fmt: skip

    assert post(lin, "appointment/appointments", body).status_code == 201
    person = VisitPerson.objects.get(account=lin.user, name="张三")
    told = _book(lin, make_type(), branch, person_id=str(person.public_id)).json()
    assert [one["attr"] for one in told["errors"]] == ["person_id"]


def test_taking_a_consent_back_ends_what_nobody_accepted(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    confirmed = row_of(_book(lin, make_type(), branch, starts_at=in_hours(40).isoformat()))
    asked = make_type(price_fen=PRICE_FEN, needs_acceptance=True)
    pending = row_of(_book(lin, asked, branch, starts_at=in_hours(30).isoformat()))
    give_balance(lin, PRICE_FEN)
    assert pending.order is not None
    post(lin, f"orders/{pending.order.public_id}/pay", {"method": "balance"})
    run_events()
    long = make_type(duration_minutes=60, step_minutes=60)
    fill_up(doctor, long, branch, hours=1)
    assert join(lin, long, branch, hours=1).status_code == 201
    consent = Consent.objects.get(text__kind="health_data", account=lin.user)

    lin.client.post(f"/api/v1/consents/{consent.public_id}/revoke")
    news = told(lin, run_events)

    states = dict(Appointment.objects.filter(patient=lin.user).values_list("pk", "state"))
    assert states.pop(confirmed.pk) == "confirmed"
    assert set(states.values()) == {"cancelled"}
    assert len(states) == 2
    assert news.count("appointment_without_consent") == 2
    assert not {"appointment_called_off", "wait_called_off"} & set(news)
    pending.order.refresh_from_db()
    assert pending.order.refund_reserved_fen == PRICE_FEN
    assert sweep() == 0
    for language, words in (("en", "Your payment goes back"), ("zh-hans", "同意")):
        shown = lin.client.get("/api/v1/notices", headers={"accept-language": language}).json()
        bodies = [one["body"] for one in shown["results"]]
        assert any(pending.code in body and words in body for body in bodies)


def test_the_sweep_ends_what_was_booked_while_the_consent_went(
    lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    row = row_of(_book(lin, make_type(needs_acceptance=True), branch))
    Consent.objects.filter(account=lin.user).update(revoked_at=row.created_at)

    sweep()

    row.refresh_from_db()
    assert (row.state, row.cancelled_by) == ("cancelled", "patient")


def test_who_waits_is_told_when_the_desk_takes_him_off_the_list(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    bao, kind = make_member("包小兰", Role.CUSTOMER_SERVICE), make_type(duration_minutes=60)
    fill_up(doctor, kind, branch)
    waiting = join(lin, kind, branch).json()["id"]

    answer = post(bao, f"front-desk/appointments/{waiting}/cancel", {"reason": "closed"})

    assert answer.status_code == 200, answer.json()
    assert told(lin, run_events) == ["wait_called_off"]
