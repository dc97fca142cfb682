"""The customer says how he was served."""

from clinic.core.actor import Actor
from clinic.core.errors import NotFoundError
from clinic.customer_service.enums import ChatState
from clinic.customer_service.errors import ChatNotEndedError, ChatNotRateableError
from clinic.customer_service.models import ServiceChat
from clinic.customer_service.selectors.chats import SUBJECT_KIND, last_to_answer
from clinic.customer_service.services.limits import count_rating
from clinic.reviews.models import Review
from clinic.reviews.services.reviews import post_review


def rate(chat: ServiceChat, *, actor: Actor, stars: int, tags: list[str], text: str) -> Review:
    """Store the customer's opinion of his ended chat, once, about the last agent who wrote in it.

    Raises NotFoundError, ChatNotEndedError, ChatNotRateableError, AlreadyReviewedError,
    RateLimitedError.
    """
    count_rating(actor)
    if chat.customer_id != actor.user_id:
        raise NotFoundError
    if chat.state != ChatState.ENDED:
        raise ChatNotEndedError
    agent = last_to_answer(chat)
    if agent is None:
        raise ChatNotRateableError
    return post_review(
        author=actor,
        target_kind=SUBJECT_KIND,
        target_public_id=chat.public_id,
        about_user_id=agent.user_id,
        stars=stars,
        tags=tags,
        text=text,
    )
