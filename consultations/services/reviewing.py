"""The patient rates a finished case."""

from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import NotFoundError
from clinic.reviews.models import Review
from clinic.reviews.services.reviews import post_review
from clinic.settings import rules as numbers
from consultations.enums import State
from consultations.errors import NotCompletedError, ReviewTooLateError
from consultations.models import Consultation
from consultations.selectors.consultations import SUBJECT_KIND


def review(
    consultation: Consultation, *, actor: Actor, stars: int, tags: list[str], text: str
) -> Review:
    """Store the patient's opinion of his completed case, once, within REVIEW_WITHIN of its end."""
    if consultation.patient_id != actor.user_id:
        raise NotFoundError
    doctor, ended_at = consultation.doctor, consultation.ended_at
    if consultation.state != State.COMPLETED or doctor is None or ended_at is None:
        raise NotCompletedError
    if current_moment() - ended_at > numbers.REVIEW_WITHIN:
        raise ReviewTooLateError
    return post_review(
        author=actor,
        target_kind=SUBJECT_KIND,
        target_public_id=consultation.public_id,
        about_user_id=doctor.user_id,
        stars=stars,
        tags=tags,
        text=text,
    )
