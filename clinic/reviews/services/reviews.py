"""Writing, changing and answering reviews. Whether the care is finished is checked by its room."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.constraints import constraint_of
from clinic.core.events import publish
from clinic.reviews.errors import AlreadyRepliedError, AlreadyReviewedError, ReviewTooOldError
from clinic.reviews.events import ReviewChanged, ReviewPosted
from clinic.reviews.models import Review
from clinic.settings import rules


def post_review(
    *,
    author: Actor,
    target_kind: str,
    target_public_id: UUID,
    about_user_id: int,
    stars: int,
    tags: list[str],
    text: str,
) -> Review:
    """Store the author's only review of this care. Raises AlreadyReviewedError for a second one."""
    review = Review(
        author_id=author.account_id,
        about_user_id=about_user_id,
        target_kind=target_kind,
        target_public_id=target_public_id,
        stars=stars,
        tags=sorted(set(tags)),
        text=text.strip(),
    )
    with transaction.atomic():
        _insert(review)
        publish(ReviewPosted(review_id=review.pk, about_user_id=about_user_id))
    return review


def edit_review(
    review: Review, *, stars: int, tags: list[str], text: str, moment: datetime
) -> Review:
    """Replace what the author said. Raises ReviewTooOldError when the day for it is over."""
    if moment - review.created_at > rules.REVIEW_EDIT_WITHIN:
        raise ReviewTooOldError
    review.stars, review.tags, review.text = stars, sorted(set(tags)), text.strip()
    review.edited_at = moment
    with transaction.atomic():
        review.save(update_fields=["stars", "tags", "text", "edited_at"])
        publish(ReviewChanged(review_id=review.pk, about_user_id=review.about_user_id))
    return review


def reply_to_review(review: Review, *, text: str) -> Review:
    """Store the one answer of the person the review is about. Raises AlreadyRepliedError."""
    moment = now()
    written = Review.objects.filter(pk=review.pk, replied_at=None).update(
        reply=text.strip(), replied_at=moment
    )
    if not written:
        raise AlreadyRepliedError
    review.refresh_from_db(fields=["reply", "replied_at"])
    return review


def _insert(review: Review) -> None:
    try:
        with transaction.atomic():
            review.save(force_insert=True)
    except IntegrityError as error:
        if constraint_of(error) == "one_review_per_author_and_target":
            raise AlreadyReviewedError from None
        raise
