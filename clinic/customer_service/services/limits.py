"""How often somebody may ask, end and rate: one bucket each, over REST and socket, both sides."""

from clinic.core import ratelimit
from clinic.core.actor import Actor
from clinic.settings import rules as numbers


def count_asking(actor: Actor) -> None:
    """Count one asking for somebody. Raises RateLimitedError."""
    ratelimit.limit("service.ask", actor.label, numbers.SERVICE_ASSIGN_RATE)


def count_ending(actor: Actor) -> None:
    """Count one end of a chat by a customer or an agent. Raises RateLimitedError."""
    ratelimit.limit("service.end", actor.label, numbers.SERVICE_END_RATE)


def count_rating(actor: Actor) -> None:
    """Count one rating. Raises RateLimitedError."""
    ratelimit.limit("service.rate", actor.label, numbers.SERVICE_RATE_RATE)
