"""A worker that dies between payment and place, and a clock that stood still for hours."""

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import pytest

from appointments.models import Appointment, AppointmentStep
from appointments.services import holding
from appointments.services.sweeping import sweep
from clinic.core.clock import now
from clinic.core.invariants import all_invariants
from clinic.core.models import OutboxEvent
from doctors.models import Branch
from payments.models import Refund
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
from tests.cast import Member
from tests.doctors_cast import make_doctor
from tests.payments.conftest import give_balance

pytestmark = pytest.mark.django_db
Events = Callable[[], int]


@pytest.fixture
def branch(db: None) -> Branch:
    """A branch with one doctor."""
    found = make_branch()
    give_hours(make_doctor("沈一鸣"), found)
    return found


def _book(member: Member, branch: Branch, hours: int, **fields: object) -> Appointment:
    body = wish(member, make_type(**fields), branch, starts_at=in_hours(hours).isoformat())
    return row_of(post(member, "appointments", body))


def _pay(member: Member, row: Appointment) -> None:
    give_balance(member, PRICE_FEN)
    assert row.order is not None
    path = f"orders/{row.order.public_id}/pay"
    assert post(member, path, {"method": "balance"}).status_code == 200


def _acts(row: Appointment) -> list[str]:
    rows = AppointmentStep.objects.filter(appointment=row).order_by("id")
    return list(rows.values_list("act", flat=True))


def _state(row: Appointment) -> str:
    row.refresh_from_db()
    return row.state


def _breaches() -> list[str]:
    return [line for promise in all_invariants() for line in promise.breaches()]


def test_a_worker_that_dies_between_payment_and_place_forgets_nobody(
    lin: Member, branch: Branch, run_events: Events, run_failing_events: Events
) -> None:
    row = _book(lin, branch, 24, price_fen=PRICE_FEN)
    _pay(lin, row)

    with patch.object(holding, "advance", side_effect=RuntimeError("killed")):
        run_failing_events()
    assert (_state(row), _acts(row)) == ("held", ["held"])
    OutboxEvent.objects.update(attempts=0)
    run_events()
    assert (_state(row), _acts(row)) == ("confirmed", ["held", "paid"])
    sweep()
    run_events()

    assert _acts(row) == ["held", "paid"]
    assert _breaches() == []


def test_after_hours_without_a_clock_one_sweep_puts_everything_right(
    lin: Member, ge: Member, branch: Branch, run_events: Events
) -> None:
    unpaid = _book(lin, branch, 24, price_fen=PRICE_FEN)
    paid = _book(lin, branch, 26, price_fen=PRICE_FEN)
    unanswered = _book(lin, branch, 28, needs_acceptance=True)
    missed = _book(lin, branch, 30)
    _pay(lin, paid)
    OutboxEvent.objects.update(pending=[])  # what was said is lost as well
    over = now() - timedelta(hours=3)
    Appointment.objects.exclude(pk=missed.pk).update(expires_at=over)
    times = {"starts_at": over, "busy_from": over}
    ends = {"ends_at": over + timedelta(minutes=30), "busy_until": over + timedelta(minutes=30)}
    Appointment.objects.filter(pk=missed.pk).update(**times, **ends)
    again = _book(ge, branch, 24)  # nobody waits for the sweep

    sweep()
    run_events()

    found = [_state(row) for row in (unpaid, paid, unanswered, missed, again)]
    assert found == ["expired", "confirmed", "expired", "no_show", "confirmed"]
    assert Refund.objects.count() == 0
    assert _breaches() == []
