"""What doctors do when something happens elsewhere."""

from clinic.accounts.events import AccountAnonymised
from clinic.core.actor import system_actor
from clinic.core.events import handles
from clinic.reviews.events import ReviewChanged, ReviewPosted
from doctors.services.leaving import leave
from doctors.services.rating import refresh_rating


@handles(ReviewPosted)
def count_new_review(fact: ReviewPosted) -> None:
    """Bring the rating up to date."""
    refresh_rating(fact.about_user_id)


@handles(ReviewChanged)
def count_changed_review(fact: ReviewChanged) -> None:
    """Bring the rating up to date."""
    refresh_rating(fact.about_user_id)


@handles(AccountAnonymised)
def let_doctor_leave(fact: AccountAnonymised) -> None:
    """Take the doctor out of service and forget the person."""
    leave(user_id=fact.user_id, by=system_actor("account deletion"))
