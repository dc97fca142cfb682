"""Staff says which doctor of a case a complaint concerns."""

from datetime import datetime

from django.db import transaction

from clinic.complaints.enums import Act, State
from clinic.complaints.errors import OwnCaseError, TakenByColleagueError
from clinic.complaints.models import Complaint
from clinic.complaints.selectors.served import served_by
from clinic.complaints.services import telling
from clinic.complaints.services.quality import revoke_points
from clinic.complaints.services.state import locked, note_step
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.errors import InvalidInputError


def choose_doctor(
    complaint_id: int, *, assignment_id: int, actor: Actor, now: datetime
) -> Complaint:
    """Let a complaint that the actor has concern the doctor of one of the case's assignments.

    Both doctors hear of it; points of an earlier round, which were the other's, count no longer.
    Choosing the same again changes nothing. Raises TakenByColleagueError, InvalidInputError,
    OwnCaseError when the actor is that doctor.
    """
    with transaction.atomic():
        complaint = locked(complaint_id)
        if complaint.state != State.IN_REVIEW or complaint.handler_id != actor.user_id:
            raise TakenByColleagueError
        doctor = next((row.doctor for row in served_by(complaint) if row.pk == assignment_id), None)
        if doctor is None:
            raise InvalidInputError("assignment", code="not_found")
        if doctor.pk == complaint.doctor_id:
            return complaint
        if doctor.user_id == actor.user_id:
            raise OwnCaseError
        telling.concerns_another(complaint)
        revoke_points(complaint, now=now)
        complaint.doctor, complaint.about_user = doctor, doctor.user
        complaint.save(update_fields=["doctor", "about_user"])
        note_step(
            complaint, act=Act.DIRECTED, before=complaint.state, actor=actor, now=now,
            doctor_id=doctor.pk,
        )  # fmt: skip
        telling.concerns(complaint)
        audit.record(
            actor, "complaint.direct", "complaint", complaint.public_id,
            doctor=str(doctor.public_id),
        )  # fmt: skip
    return complaint
