"""The averages of reviews of doctors and branches, kept on their rows for lists."""

from collections.abc import Callable
from decimal import Decimal

from django.db import transaction

from clinic.reviews.selectors import statistics_about
from doctors.models import Branch, Doctor


def refresh_rating(user_id: int) -> None:
    """Bring average and count of the doctor with this account up to his visible reviews.

    Repeatable; nothing when the account is no doctor's. Call it in a transaction: the row is locked
    before counting, so of two calls the later one counts the later truth.
    """
    doctor = Doctor.objects.select_for_update(no_key=True).filter(user_id=user_id).first()
    if doctor is None:
        return
    figures = statistics_about(user_id)
    Doctor.objects.filter(pk=doctor.pk).update(
        rating_average=figures.average, rating_count=figures.count
    )


def keep_branch_rating(branch_id: int, figures_of: Callable[[int], tuple[Decimal, int]]) -> None:
    """Store average and count of a branch's reviews, which a room above knows how to count.

    The row is locked before counting, so of two calls the later one counts the later truth.
    """
    with transaction.atomic():
        if Branch.objects.select_for_update(no_key=True).filter(pk=branch_id).first() is None:
            return
        average, count = figures_of(branch_id)
        Branch.objects.filter(pk=branch_id).update(rating_average=average, review_count=count)
