"""Filling one's own balance."""

from django.utils.translation import gettext as _

from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.ids import uuid7
from clinic.settings import rules
from payments.enums import TOP_UP
from payments.models import PaymentOrder
from payments.selectors.prices import Price
from payments.services.orders import create_order


def create_top_up(*, actor: Actor, amount_fen: int) -> PaymentOrder:
    """Return a new order that, once paid, adds its amount to the actor's balance."""
    return create_order(
        payer_id=actor.user_id or 0,
        subject_kind=TOP_UP,
        subject_public_id=uuid7(),
        price=Price(amount_fen=amount_fen, source="chosen"),
        title=_("Balance top-up"),
        expires_at=now() + rules.TOP_UP_EXPIRES,
        actor=actor,
    )
