"""Hiding a review from others and showing it again; only staff does."""

from django.db import transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.events import publish
from clinic.reviews.enums import Visibility
from clinic.reviews.events import ReviewChanged
from clinic.reviews.models import Review


def hide_review(*, review_id: int, reason: str, by: Actor) -> None:
    """Take a review out of sight and out of the average; harmless when hidden already."""
    _move(review_id, Visibility.HIDDEN, "hide", by, reason=reason)


def show_review(*, review_id: int, by: Actor) -> None:
    """Let others see a review again; harmless when visible already."""
    _move(review_id, Visibility.VISIBLE, "show", by)


def _move(review_id: int, to: Visibility, verb: str, by: Actor, **note: str) -> None:
    with transaction.atomic():
        review = (
            Review.objects.select_for_update(no_key=True)
            .filter(pk=review_id)
            .exclude(visibility=to)
            .first()
        )
        if review is None:
            return
        review.visibility = to
        review.save(update_fields=["visibility"])
        audit.record(by, verb, "review", review.public_id, **note)
        publish(ReviewChanged(review_id=review.pk, about_user_id=review.about_user_id))
