"""A doctor's time away: entered, cancelled. The rooms above find others for what it hits."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.constraints import translate
from clinic.core.errors import InvalidInputError, NotFoundError
from clinic.core.events import publish
from clinic.settings import rules as numbers
from doctors.errors import LeaveOverError
from doctors.events import LeaveCancelled, LeaveEntered
from doctors.models import Leave
from doctors.services.duty import lock_out_bookings


def enter_leave(
    *, doctor_id: int, starts_at: datetime, ends_at: datetime, remark: str = "", by: Actor
) -> Leave:
    """Return the new leave. From now on nobody is booked into it; LeaveEntered tells the rest.

    Bookings under way either stand before the leave does, and are found, or are refused. Raises
    InvalidInputError for a time that is over, empty or too long, LeaveOverlapError.
    """
    check_leave(starts_at, ends_at, now=current_moment())
    try:
        with transaction.atomic():
            doctor = lock_out_bookings(doctor_id)
            leave = Leave.objects.create(
                doctor=doctor,
                starts_at=starts_at,
                ends_at=ends_at,
                remark=remark,
                entered_by=by.label[:80],
            )
            audit.record(by, "leave.enter", "leave", leave.public_id)
            publish(LeaveEntered(leave_id=leave.pk))
    except IntegrityError as error:
        raise translate(error) from error
    return leave


def check_leave(starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """Refuse a leave that makes no sense. Raises InvalidInputError."""
    if ends_at <= starts_at:
        raise InvalidInputError("ends_at", _("The end must be after the start."), code="order")
    if ends_at <= now:
        raise InvalidInputError("ends_at", _("This time is over."), code="over")
    if ends_at - starts_at > numbers.LEAVE_LONGEST:
        raise InvalidInputError("ends_at", _("A leave lasts a year at most."), code="too_long")
    if starts_at > now + numbers.LEAVE_FURTHEST:
        raise InvalidInputError("starts_at", _("Leave is entered two years ahead."), code="too_far")


def cancel_leave(leave_id: int, *, doctor_id: int | None = None, by: Actor) -> Leave:
    """Let the doctor see people again from now on; what moved to others stays with them.

    ``doctor_id`` limits it to leaves of one doctor. Raises NotFoundError, LeaveOverError.
    """
    now = current_moment()
    with transaction.atomic():
        rows = Leave.objects.select_for_update(of=("self",), no_key=True).filter(pk=leave_id)
        leave = (rows.filter(doctor_id=doctor_id) if doctor_id else rows).first()
        if leave is None:
            raise NotFoundError
        if leave.cancelled_at is not None or leave.ends_at <= now:
            raise LeaveOverError
        leave.cancelled_at = now
        leave.save(update_fields=["cancelled_at"])
        audit.record(by, "leave.cancel", "leave", leave.public_id)
        publish(LeaveCancelled(leave_id=leave.pk, doctor_id=leave.doctor_id))
    return leave
