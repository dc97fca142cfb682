"""What a question for free slots is about: codes become a type, a place and perhaps a doctor."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from appointments.enums import Mode
from appointments.rules import DESK_ADVANCE, Terms
from appointments.selectors.calendars import ONLINE_ZONE, Place
from clinic.core.errors import InvalidInputError, NotFoundError
from clinic.core.statements import Row, Statement, rows_of

# Without a code the first type that the branch gives; without a branch the doctor's own, or the
# only one there is. Materialised, or PostgreSQL would plan it anew for the values of each question.
ASK: Final = Statement(
    "slots_asked_for",
    ("text", "text", "uuid"),
    """
WITH asked AS MATERIALIZED (SELECT %s::text AS kind, %s::text AS branch, %s::uuid AS doctor)
SELECT k.id, k.code, k.mode, k.duration_minutes, k.step_minutes, k.buffer_before_minutes,
  k.buffer_after_minutes, k.capacity, floor(extract(epoch FROM k.min_notice))::bigint,
  floor(extract(epoch FROM k.max_advance))::bigint, b.id, b.code, b.time_zone, d.id, k.is_there,
  pg_current_snapshot()::text
FROM asked
LEFT JOIN (
  SELECT d.id, d.public_id, d.branch_id
  FROM doctors_doctor d JOIN accounts_user u ON u.id = d.user_id
  WHERE d.status = 'active' AND d.certification = 'certified' AND u.is_active
) d ON d.public_id = asked.doctor
LEFT JOIN doctors_branch b ON b.is_active
  AND CASE WHEN asked.branch <> '' THEN b.code = asked.branch
      ELSE b.id = coalesce(d.branch_id, (
        SELECT min(id) FROM doctors_branch WHERE is_active HAVING count(*) = 1
      )) END
LEFT JOIN LATERAL (
  SELECT t.*, t.mode <> 'clinic'
    OR NOT EXISTS (SELECT 1 FROM appointments_appointmenttype_branches
                   WHERE appointmenttype_id = t.id)
    OR EXISTS (SELECT 1 FROM appointments_appointmenttype_branches
               WHERE appointmenttype_id = t.id AND branch_id = b.id) AS is_there
  FROM appointments_appointmenttype t
  WHERE t.is_active
    AND CASE WHEN asked.kind = '' THEN t.mode = 'clinic' ELSE t.code = asked.kind END
  ORDER BY is_there DESC, t.position, t.id LIMIT 1
) k ON true
""",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """Whose free slots are wanted, on which terms; PostgreSQL's snapshot in which it was read."""

    kind: str
    branch: str | None
    place: Place
    terms: Terms
    snapshot: str


def question(
    *, kind: str = "", branch: str = "", doctor: UUID | None = None, thing: str
) -> Question:
    """Return what codes ask for. ``thing`` stands in the address: without it nothing is there.

    Raises NotFoundError for it, and InvalidInputError for another name that says nothing.
    """
    row = rows_of(ASK, kind, branch, doctor)[0]
    has_kind, has_branch, has_doctor = (row[index] is not None for index in (0, 10, 13))
    missing = {
        "type": bool(kind) and not has_kind,
        "branch": bool(branch) and not has_branch,
        "doctor": doctor is not None and not has_doctor,
    }
    if missing[thing] or (not has_kind and not kind):
        raise NotFoundError
    for name in (name for name, is_missing in missing.items() if is_missing):
        raise InvalidInputError(name, _NOT_KNOWN[name](), code="not_known")
    return _online(row, branch) if row[2] != Mode.CLINIC else _at_branch(row)


_NOT_KNOWN: Final = {
    "type": lambda: _("Choose an appointment type from the list."),
    "branch": lambda: _("Choose a branch from the list."),
    "doctor": lambda: _("Choose a doctor from the list."),
}


def _online(row: Row, branch: str) -> Question:
    if branch:
        raise InvalidInputError("branch", _("This service is online. Leave the branch out."))
    place = Place(kind_id=row[0], branch_id=0, zone=ONLINE_ZONE, doctor_id=row[13] or 0)
    return Question(kind=row[1], branch=None, place=place, terms=_terms(row), snapshot=row[15])


def _at_branch(row: Row) -> Question:
    if row[10] is None:
        raise InvalidInputError("branch", _("Say at which branch."), code="required")
    if not row[14]:
        raise InvalidInputError("type", _("This branch does not give this service."))
    place = Place(kind_id=row[0], branch_id=row[10], zone=row[12], doctor_id=row[13] or 0)
    return Question(kind=row[1], branch=row[11], place=place, terms=_terms(row), snapshot=row[15])


def _terms(row: Row) -> Terms:
    duration, step, before, after = (minutes * 60 for minutes in row[3:7])
    return Terms(
        kind_id=row[0], duration=duration, step=step, before=before, after=after,
        capacity=row[7], min_notice=row[8], max_advance=min(row[9], DESK_ADVANCE),
    )  # fmt: skip
