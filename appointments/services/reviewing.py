"""The patient rates a finished visit."""

from django.db import transaction

from appointments.enums import Act, State
from appointments.errors import VisitNotCompletedError, VisitReviewTooLateError
from appointments.selectors.appointments import SUBJECT_KIND
from appointments.selectors.ratings import rating_of_branch
from appointments.services.state import locked, stay
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import NotFoundError
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import notify
from clinic.reviews.models import Review
from clinic.reviews.services.reviews import post_review
from clinic.settings import rules as numbers
from doctors.services.rating import keep_branch_rating


def review(appointment_id: int, *, actor: Actor, stars: int, tags: list[str], text: str) -> Review:
    """Store the patient's opinion of his completed visit, once, within REVIEW_WITHIN of its end.

    It stands in the operation log, and the doctor is told. Raises NotFoundError,
    VisitNotCompletedError, VisitReviewTooLateError, AlreadyReviewedError. Locks the appointment.
    """
    with transaction.atomic():
        appointment = locked(appointment_id)
        if appointment.patient_id != actor.user_id:
            raise NotFoundError
        doctor, ended_at, now = appointment.doctor, appointment.ended_at, current_moment()
        if appointment.state != State.COMPLETED or doctor is None or ended_at is None:
            raise VisitNotCompletedError
        if now - ended_at > numbers.REVIEW_WITHIN:
            raise VisitReviewTooLateError
        stored = post_review(
            author=actor,
            target_kind=SUBJECT_KIND,
            target_public_id=appointment.public_id,
            about_user_id=doctor.user_id,
            stars=stars,
            tags=tags,
            text=text,
        )
        stay(appointment, actor=actor, act=Act.RATED, now=now, note={"stars": stars})
        notify(
            user_id=doctor.user_id,
            kind=NoticeKind.REVIEW_RECEIVED,
            params={"stars": stars},
            subject_kind=SUBJECT_KIND,
            subject_public_id=appointment.public_id,
        )
    return stored


def count_for_branch(branch_id: int) -> None:
    """Bring the rating of a branch up to the visible reviews of its visits. Repeatable."""
    keep_branch_rating(branch_id, rating_of_branch)
