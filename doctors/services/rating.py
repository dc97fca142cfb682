"""The average of a doctor's reviews, kept on his row for lists."""

from clinic.reviews.selectors import statistics_about
from doctors.models import Doctor


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
