"""What patients thought of their visits."""

from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Avg, Count

from appointments.models import Appointment
from appointments.selectors.appointments import SUBJECT_KIND
from clinic.reviews.enums import Visibility
from clinic.reviews.models import Review


def branch_of_review(review_id: int) -> int | None:
    """Return the branch of the visit a review is about; None for other reviews and online."""
    target = Review.objects.filter(pk=review_id, target_kind=SUBJECT_KIND)
    rows = Appointment.objects.filter(public_id__in=target.values("target_public_id"))
    return rows.values_list("branch_id", flat=True).first()


def rating_of_branch(branch_id: int) -> tuple[Decimal, int]:
    """Return average (two decimals, 0 without reviews) and count of the visible reviews."""
    visits = Appointment.objects.filter(branch_id=branch_id).values("public_id")
    found = Review.objects.filter(
        target_kind=SUBJECT_KIND, visibility=Visibility.VISIBLE, target_public_id__in=visits
    ).aggregate(average=Avg("stars"), count=Count("pk"))
    average = Decimal(found["average"] or 0)
    return average.quantize(Decimal("0.01"), ROUND_HALF_UP), found["count"]
