"""A row drafted in one go is the row that the constructor makes."""

from appointments.models import Appointment, AppointmentType
from clinic.accounts.models import User
from clinic.patients.models import VisitPerson

MADE_ANEW = {"public_id", "created_at", "state_since", "_state"}


def test_a_drafted_row_holds_what_the_constructor_gives() -> None:
    person = VisitPerson(pk=5, account=User(pk=7))
    values = {
        "kind": AppointmentType(pk=3), "branch": None, "person": person, "patient": person.account,
        "state": "held", "price_fen": 500,
    }  # fmt: skip

    drafted, made = Appointment.drafted(**values), Appointment(**values)

    assert _columns(drafted) == _columns(made)
    assert (drafted.kind, drafted.branch, drafted.person) == (made.kind, None, person)
    assert drafted.patient is person.account
    assert drafted._state.adding
    assert drafted.public_id != Appointment.drafted().public_id
    assert drafted.state_since <= made.state_since


def _columns(row: Appointment) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name not in MADE_ANEW}
