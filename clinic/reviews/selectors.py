"""Reads of reviews."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from clinic.core.actor import Actor
from clinic.core.roles import Role
from clinic.core.statements import Statement, rows_of
from clinic.reviews.enums import Visibility
from clinic.reviews.models import Review

BY_STAR: Final = Statement(
    "reviews_by_star",
    ("bigint", "text"),
    "SELECT stars, count(*) FROM reviews_review WHERE about_user_id = %s AND visibility = %s"
    " GROUP BY stars",
)
SEES_HIDDEN = frozenset({Role.ADMIN, Role.AUDITOR, Role.CUSTOMER_SERVICE, Role.CONTENT_OPERATOR})


@dataclass(frozen=True, slots=True)
class Statistics:
    """Visible reviews about one person. ``by_star`` maps 1 to 5 to how many."""

    average: Decimal
    count: int
    by_star: dict[int, int]


def reviews_about(user_id: int) -> QuerySet[Review]:
    """Return the visible reviews about a person with their authors, newest first."""
    return (
        Review.objects.filter(about_user_id=user_id, visibility=Visibility.VISIBLE)
        .select_related("author")
        .order_by("-id")
    )


def statistics_about(user_id: int) -> Statistics:
    """Return average (two decimals, 0 without reviews), count and count by star, in one query."""
    found: dict[int, int] = dict(rows_of(BY_STAR, user_id, Visibility.VISIBLE.value))
    by_star = {star: found.get(star, 0) for star in range(1, 6)}
    count = sum(by_star.values())
    total = sum(star * times for star, times in by_star.items())
    average = Decimal(total) / count if count else Decimal(0)
    return Statistics(average.quantize(Decimal("0.01"), ROUND_HALF_UP), count, by_star)


def visible_to(actor: Actor) -> QuerySet[Review]:
    """Return reviews the actor may read: visible ones, his own, those about him; staff all."""
    rows = Review.objects.select_related("author")
    if actor.roles & SEES_HIDDEN:
        return rows
    mine = Q(author_id=actor.user_id) | Q(about_user_id=actor.user_id)
    return rows.filter(Q(visibility=Visibility.VISIBLE) | (mine if actor.user_id else Q()))


def written_by(actor: Actor) -> QuerySet[Review]:
    """Return the actor's own reviews."""
    return Review.objects.filter(author_id=actor.user_id).select_related("author")


def reviews_of(author_id: int) -> QuerySet[Review]:
    """Return what an account has reviewed, newest first, for rooms above."""
    return Review.objects.filter(author_id=author_id).order_by("-id")


def review_of_target(target_kind: str, target_public_id: UUID) -> Review | None:
    """Return the review of one piece of care, if its author wrote one."""
    rows = Review.objects.filter(target_kind=target_kind, target_public_id=target_public_id)
    return rows.first()


def received_by(actor: Actor) -> QuerySet[Review]:
    """Return the reviews about the actor that others see."""
    return reviews_about(actor.user_id) if actor.user_id else Review.objects.none()
