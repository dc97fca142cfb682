"""The patient is there: by himself at the poster, by his code or his pass at the desk."""

from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from appointments.enums import Act, Mode, State
from appointments.errors import CheckInNotOpenError, NotPaidYetError, TooEarlyError
from appointments.models import Appointment
from appointments.rules import minutes_late
from appointments.selectors.appointments import at_the_desk
from appointments.selectors.walls import on_the_clock
from appointments.services.passes import is_poster_of, visit_of
from appointments.services.state import locked, stay
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import InvalidInputError, NotFoundError
from clinic.core.transitions import check_move
from clinic.settings import rules as numbers

ARRIVED: Final = (State.CONFIRMED, State.IN_PROGRESS)  # with a moment of check-in: said before
OWN, DESK_CODE, DESK_PASS, DESK = "own", "code", "pass", "desk"  # how it was said, in the log


def check_in(appointment_id: int, *, actor: Actor, poster: str = "") -> Appointment:
    """Say that the patient of an own appointment is there; at a branch its poster proves it.

    From an hour before the start until the visit counts as missed. Repeatable. Raises
    NotFoundError, TooEarlyError, NotPaidYetError, IllegalTransitionError, InvalidInputError for a
    wrong poster.
    """
    with transaction.atomic():
        appointment = locked(appointment_id)
        if appointment.patient_id != actor.account_id:
            raise NotFoundError
        branch = appointment.branch
        is_visit = appointment.kind.mode == Mode.CLINIC and branch is not None
        if is_visit and branch is not None and not is_poster_of(branch, poster):
            raise InvalidInputError("poster", _("Scan the code at the entrance of your branch."))
        _arrive(appointment, actor, OWN)
    return appointment


def check_in_at_desk(appointment_id: int, *, actor: Actor, way: str = DESK) -> Appointment:
    """Say for a patient that he is there: staff for everybody, a doctor for his own patients.

    Repeatable. Raises NotFoundError, TooEarlyError, NotPaidYetError, IllegalTransitionError.
    """
    with transaction.atomic():
        appointment = locked(appointment_id)
        if not at_the_desk(actor).filter(pk=appointment_id).exists():
            raise NotFoundError
        _arrive(appointment, actor, way)
    return appointment


def check_in_by_code(code: str, *, actor: Actor) -> Appointment:
    """Check in who tells his six digits. Raises NotFoundError and as ``check_in_at_desk``."""
    rows = at_the_desk(actor).filter(code=code, is_code_taken=True)
    return check_in_at_desk(_only(rows), actor=actor, way=DESK_CODE)


def check_in_by_pass(visit_pass: str, *, actor: Actor) -> Appointment:
    """Check in who shows his QR code. Raises NotFoundError and as ``check_in_at_desk``."""
    public_id = visit_of(visit_pass)
    if public_id is None:
        raise InvalidInputError(
            "visit_pass", _("This is no code of an appointment. Scan it again.")
        )
    rows = at_the_desk(actor).filter(public_id=public_id)
    return check_in_at_desk(_only(rows), actor=actor, way=DESK_PASS)


def _only(rows: QuerySet[Appointment]) -> int:
    pk = rows.values_list("pk", flat=True).first()
    if pk is None:
        raise NotFoundError
    return int(pk)


def _arrive(appointment: Appointment, actor: Actor, way: str) -> None:
    if appointment.checked_in_at is not None and appointment.state in ARRIVED:
        return
    starts_at, moment = appointment.starts_at, current_moment()
    if appointment.state == State.HELD:
        raise NotPaidYetError
    if appointment.state != State.CONFIRMED:
        check_move({}, appointment.state, State.CONFIRMED)
    if starts_at is None:
        raise TooEarlyError
    opens_at = starts_at - numbers.APPOINTMENT_CHECK_IN_FROM
    if moment < opens_at:
        raise CheckInNotOpenError(on_the_clock(appointment, opens_at))
    appointment.checked_in_at = moment
    note = {"way": way, "minutes_late": minutes_late(starts_at, moment)}
    stay(appointment, actor=actor, act=Act.CHECKED_IN, now=moment, note=note)
