"""Facts about reviews."""

from clinic.core.events import Event, event


@event
class ReviewPosted(Event):
    """A review was written."""

    review_id: int
    about_user_id: int


@event
class ReviewChanged(Event):
    """Stars, text or visibility of a review changed."""

    review_id: int
    about_user_id: int
