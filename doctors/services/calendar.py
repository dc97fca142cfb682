"""A doctor's weekly calendar: when he sees people, at which branch or online."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.constraints import translate
from clinic.core.errors import InvalidInputError
from doctors.models import Branch, WorkRule
from doctors.services.duty import lock_doctor


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkHours:
    """A stretch of a weekday in minutes; ``branch`` is a code, empty means online."""

    branch: str
    weekday: int
    start_minute: int
    end_minute: int
    valid_from: date
    valid_until: date | None = None


def set_work_rules(*, doctor_id: int, hours: Sequence[WorkHours], by: Actor) -> None:
    """Replace a doctor's working hours. Booked appointments stay.

    Raises HoursOverlapError, and InvalidInputError for a branch that is not open.
    """
    codes = {one.branch for one in hours} - {""}
    branches = {row.code: row for row in Branch.objects.filter(code__in=codes, is_active=True)}
    if codes - branches.keys():
        raise InvalidInputError("hours", _("Choose a branch from the list."), code="not_known")
    rows = [
        WorkRule(
            doctor_id=doctor_id, branch=branches.get(one.branch), weekday=one.weekday,
            start_minute=one.start_minute, end_minute=one.end_minute,
            valid_from=one.valid_from, valid_until=one.valid_until,
        )
        for one in hours
    ]  # fmt: skip
    try:
        with transaction.atomic():
            doctor = lock_doctor(doctor_id)
            WorkRule.objects.filter(doctor=doctor).delete()
            WorkRule.objects.bulk_create(rows)
            audit.record(by, "set_work_rules", "doctor", doctor.public_id, count=len(rows))
    except IntegrityError as error:
        raise translate(error) from error
