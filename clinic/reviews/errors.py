"""What can be wrong with a review."""

from django.utils.translation import gettext_lazy as _

from clinic.core.constraints import explain
from clinic.core.errors import ConflictError


class AlreadyReviewedError(ConflictError):
    """The author rated this before."""

    code = "already_reviewed"
    message = _("You have rated this already. You can edit your review for a day.")


class ReviewTooOldError(ConflictError):
    """The time for editing is over."""

    code = "review_too_old"
    message = _("A review can be edited for 24 hours after it was written.")


class AlreadyRepliedError(ConflictError):
    """The review has its one reply."""

    code = "already_replied"
    message = _("This review has a reply already.")


explain("one_review_per_author_and_target", AlreadyReviewedError)
