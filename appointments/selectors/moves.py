"""Whose times moved since an answer was made; one statement, whatever the number of doctors."""

from typing import Final

from appointments.models import CalendarMove
from clinic.core.statements import Read, Statement

EVERYBODY: Final = CalendarMove.EVERYBODY
# A snapshot says which transactions it saw. A move that is seen now and was not seen then is news,
# whenever its transaction began; those from before the snapshot's oldest are not even read.
# The upper bound, which all have, keeps PostgreSQL at the index.
SINCE: Final = Statement(
    "calendar_moves_since",
    ("pg_snapshot",),
    """
WITH known AS MATERIALIZED (SELECT %s::pg_snapshot AS shot)
SELECT pg_current_snapshot()::text, ARRAY(
  SELECT DISTINCT doctor_id FROM appointments_calendarmove
  WHERE made_by >= (SELECT pg_snapshot_xmin(shot) FROM known)
    AND made_by < pg_snapshot_xmax(pg_current_snapshot())
    AND NOT pg_visible_in_snapshot(made_by, (SELECT shot FROM known))
)
""",
)


def moves_since(snapshot: str) -> Read:
    """Return the read of the present snapshot, and of the doctors who moved since an earlier one.

    EVERYBODY stands for hours, special days, types, branches and who may work.
    """
    return Read(SINCE, (snapshot,))
