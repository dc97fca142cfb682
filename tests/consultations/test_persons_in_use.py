"""Who a visit person is stays from the order to the end of the case, and of a visit."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection

from appointments.models import Appointment, AppointmentType
from appointments.services import state, waiting
from clinic.core.clock import clinic_day, now
from clinic.core.roles import Role
from clinic.patients.models import VisitPerson
from clinic.patients.services import persons
from consultations.services import ordering
from doctors.models import Branch, WorkRule
from tests.appointments.front_desk import (
    give_hours,
    make_branch,
    make_type,
    row_of,
    wish,
)
from tests.appointments.waiting_room import fill_up, join
from tests.cast import Member, make_member
from tests.consultations.conftest import RECORD, Desk, person_of, post, set_price
from tests.doctors.rivals import telling, together, wait_until_blocking
from tests.doctors_cast import DoctorMember, make_doctor

OTHER = {"name": "王秀英", "id_number": "11010519491231002X"}
PATIENCE_SECONDS = 20
OWN_NUMBER = "110105199005010026"
HARMLESS = {
    "phone": "13900002222",
    "height_cm": "165.0",
    "weight_kg": "50.00",
    "relation": "family",
}


def _change(member: Member, person: VisitPerson, **told: Any) -> Any:
    path = f"/api/v1/visit-persons/{person.public_id}"
    return member.client.patch(path, told, format="json", headers={"Accept-Language": "en"})


def _remove(member: Member, person: VisitPerson) -> Any:
    return member.client.delete(f"/api/v1/visit-persons/{person.public_id}")


def _refused(answer: Any) -> bool:
    return (answer.status_code, answer.json().get("code")) == (409, "visit_person_in_use")


@pytest.mark.django_db
def test_who_is_treated_stays_from_the_order_to_the_signed_record(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    person = person_of(lin)
    desk.draft(lin)
    assert _change(lin, person, birthday="1990-05-02").status_code == 200  # a draft binds nobody
    assert _change(lin, person, birthday="1990-05-01").status_code == 200
    VisitPerson.objects.update(real_name_state="verified")
    case = desk.ordered(lin)

    for told in (
        OTHER | {"birthday": "1949-12-31"}, {"name": OTHER["name"]}, {"birthday": "1990-05-02"},
        {"gender": "male"}, {"id_number": OWN_NUMBER},
    ):  # fmt: skip
        assert _refused(_change(lin, person, **told)), told
    refused = _change(lin, person, name=OTHER["name"])
    assert _refused(refused)
    assert "customer service" in refused.json()["detail"]
    assert _change(lin, person, name=person.name, **HARMLESS).status_code == 200

    desk.paid(lin)
    assert (
        post(shen.member, f"consultations/{case}/accept", {"fits_revisit": True}).status_code == 200
    )
    assert _refused(_change(lin, person, gender="male"))
    assert _refused(_remove(lin, person))
    assert post(shen.member, f"consultations/{case}/complete", RECORD).status_code == 200
    assert _change(lin, person, name=OTHER["name"]).status_code == 200
    person.refresh_from_db()
    assert (person.name, person.real_name_state) == (OTHER["name"], "stale")
    assert _remove(lin, person).status_code == 204


@pytest.mark.django_db
def test_an_order_that_ends_unpaid_lets_the_person_be_corrected(desk: Desk, lin: Member) -> None:
    case, person = desk.ordered(lin), person_of(lin)
    assert _refused(_change(lin, person, name=OTHER["name"]))

    assert post(lin, f"consultations/{case}/cancel").status_code == 200

    assert _change(lin, person, name=OTHER["name"]).status_code == 200


@pytest.mark.django_db
def test_an_open_appointment_holds_what_is_known_and_lets_the_rest_be_told(lin: Member) -> None:
    branch, doctor = make_branch(), make_doctor("沈一鸣")
    give_hours(doctor, branch)
    row = row_of(post(lin, "appointments", wish(lin, make_type(), branch)))
    person = row.person
    VisitPerson.objects.update(birthday=None, gender="unknown")

    assert _refused(_change(lin, person, name="林大月", birthday="1990-05-01", gender="female"))
    assert _change(lin, person, birthday="1990-05-01", gender="female").status_code == 200
    assert _refused(_change(lin, person, birthday="1990-05-02"))
    assert _refused(_remove(lin, person))
    assert post(lin, f"appointments/{row.public_id}/cancel").status_code == 200
    assert _change(lin, person, birthday="1990-05-02").status_code == 200
    assert _remove(lin, person).status_code == 204


@pytest.mark.django_db
def test_a_draft_about_somebody_who_was_removed_is_not_ordered(desk: Desk, lin: Member) -> None:
    case, person = desk.draft(lin), person_of(lin)
    assert _remove(lin, person).status_code == 204

    refused = post(lin, f"consultations/{case}/order")

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["attr"] == "person_id"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
@pytest.mark.parametrize("rival", ["change", "remove"])
def test_who_changes_or_removes_waits_for_the_order_he_meets_but_without_the_lock(
    run_events: Callable[[], int], monkeypatch: pytest.MonkeyPatch, rival: str, *, is_locked: bool
) -> None:
    set_price()
    desk, member = Desk(run_events), make_member("林小月", Role.PATIENT)
    case, person = desk.draft(member), person_of(member)
    use_consents, is_midway, is_over = ordering.use_consents, Event(), Event()

    def use_late(*told: Any, **named: Any) -> None:
        """Give the rival time between the check and the order."""
        is_midway.set()
        wait_until_blocking(is_over)
        use_consents(*told, **named)

    def meet() -> Any:
        assert is_midway.wait(PATIENCE_SECONDS)
        if rival == "remove":
            return _remove(member, person)
        return _change(member, person, name=OTHER["name"])

    monkeypatch.setattr(ordering, "use_consents", use_late)
    if not is_locked:
        monkeypatch.setattr(
            ordering, "locked_person", lambda _account, key: VisitPerson.objects.get(pk=key)
        )
    work = [lambda: post(member, f"consultations/{case}/order"), telling(is_over, meet)]

    ordered, met = together(2, lambda number: work[number]())

    assert ordered.status_code == 200
    assert (met.status_code == 409) is is_locked
    assert is_locked is False or _refused(met)


@pytest.fixture
def waiting_room() -> tuple[Member, Branch, AppointmentType]:
    """A patient and a type that nobody gives before another month: who wants it waits."""
    member, branch, doctor = (
        make_member("林小月", Role.PATIENT),
        make_branch(),
        make_doctor("沈一鸣"),
    )
    kind = make_type(duration_minutes=60, step_minutes=60)
    _fill_up(doctor, kind, branch)
    return member, branch, kind


def _fill_up(doctor: DoctorMember, kind: AppointmentType, branch: Branch) -> None:
    """Leave nothing free before hours that begin later."""
    fill_up(doctor, kind, branch)
    give_hours(doctor, branch)
    WorkRule.objects.update(valid_from=clinic_day(now()) + timedelta(days=30))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
def test_a_removal_waits_for_the_appointment_it_meets_but_without_the_lock(
    waiting_room: tuple[Member, Branch, AppointmentType],
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_locked: bool,
) -> None:
    member, branch, kind = waiting_room
    person, enqueue, own_person = person_of(member), waiting.enqueue, persons._own_person
    is_midway, is_over = Event(), Event()

    def enqueue_slowly(*told: Any, **named: Any) -> bool:
        """Give the rival time between the row and its commit."""
        is_stored = enqueue(*told, **named)
        is_midway.set()
        wait_until_blocking(is_over)
        return is_stored

    def remove() -> Any:
        assert is_midway.wait(PATIENCE_SECONDS)
        return _remove(member, person)

    monkeypatch.setattr(waiting, "enqueue", enqueue_slowly)
    if not is_locked:
        monkeypatch.setattr(
            persons, "_own_person", lambda account, key, **_: own_person(account, key)
        )
    work = [lambda: join(member, kind, branch), telling(is_over, remove)]

    waits, removed = together(2, lambda number: work[number]())

    assert waits.status_code == 201
    assert (removed.status_code == 409) is is_locked


@pytest.fixture
def no_promise() -> Iterator[None]:
    """A database that forgot that a visit person must be there."""
    named = "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_person_is_there%'"
    with connection.cursor() as cursor:
        cursor.execute(named)
        (name,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE appointments_appointment DISABLE TRIGGER {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE appointments_appointment ENABLE TRIGGER {name}")


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Let somebody begin something for a person whom another hand is just changing or removing."""

    def run(change: Callable[[Member, VisitPerson], Any], way: str) -> tuple[Any, Any]:
        member, branch = make_member("林小月", Role.PATIENT), make_branch()
        kind = make_type(duration_minutes=60, step_minutes=60)
        person, doctor = person_of(member), make_doctor("沈一鸣")
        withdraw, is_midway, is_over = persons.withdraw_waiting, Event(), Event()
        chosen = {"doctor_id": str(doctor.doctor.public_id)} if way == "chosen" else {}
        told = wish(member, kind, branch, **chosen)
        if way == "list":
            _fill_up(doctor, kind, branch)
        else:
            give_hours(doctor, branch)

        def withdraw_slowly(*told: Any, **named: Any) -> None:
            is_midway.set()
            wait_until_blocking(is_over)
            withdraw(*told, **named)

        def begin() -> Any:
            assert is_midway.wait(PATIENCE_SECONDS)
            return (
                join(member, kind, branch) if way == "list" else post(member, "appointments", told)
            )

        monkeypatch.setattr(persons, "withdraw_waiting", withdraw_slowly)
        work = [lambda: change(member, person), telling(is_over, begin)]
        changed, begun = together(2, lambda number: work[number]())
        return changed, begun

    return run


def _rename(member: Member, person: VisitPerson) -> Any:
    return _change(member, person, name="王五", birthday="2019-01-01")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["chosen", "any", "list"])
def test_nothing_begins_for_somebody_who_is_just_being_removed(
    at_once: Callable[..., Any], way: str
) -> None:
    removed, begun = at_once(_remove, way)

    assert (removed.status_code, begun.status_code) == (204, 400)
    assert begun.json()["errors"][0]["attr"] == "person_id"
    assert not Appointment.objects.filter(person__is_active=False).exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_promise_a_removed_person_waits(
    no_promise: None, at_once: Callable[..., Any]
) -> None:
    removed, begun = at_once(_remove, "list")

    assert (removed.status_code, begun.status_code) == (204, 201)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["chosen", "any"])
def test_nothing_is_booked_for_somebody_who_is_just_becoming_another(
    at_once: Callable[..., Any], way: str
) -> None:
    changed, booked = at_once(_rename, way)

    assert (changed.status_code, booked.status_code) == (200, 409), booked.json()
    # Found to be another by the write, or judged anew as who he is now.
    assert booked.json()["code"] in {"conflict", "consent_needed"}
    assert not Appointment.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_statement_that_does_not_look_again_books_for_the_one_before(
    at_once: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = state.TAKE_AND_KEEP.sql
    asked = sql[sql.index(" AND p.name") : sql.index("CROSS JOIN")]
    blind = replace(state.TAKE_AND_KEEP, name="test_blind", sql=sql.replace(asked, " "))
    monkeypatch.setattr(state, "TAKE_AND_KEEP", blind)

    changed, booked = at_once(_rename, "chosen")

    assert (changed.status_code, booked.status_code) == (200, 201)
    assert booked.json()["person"]["name"] == "林小月"
