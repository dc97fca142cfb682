"""Reads of conversations."""

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from chat.models import Conversation, Member, Message
from clinic.core.actor import Actor


def conversation_of(topic: str) -> Conversation | None:
    """Return the conversation of a topic."""
    return Conversation.objects.filter(topic=topic).first()


def visible_to(actor: Actor) -> QuerySet[Conversation]:
    """Return the conversations the actor is or was a member of."""
    return Conversation.objects.filter(
        pk__in=Member.objects.filter(user_id=actor.user_id or 0).values("conversation_id")
    )


def listed_for(actor: Actor) -> QuerySet[Conversation]:
    """Return the actor's conversations, latest first.

    With ``visible_seq``, ``visible_rev`` and ``unread``.
    """
    mine = Member.objects.filter(conversation_id=OuterRef("pk"), user_id=actor.user_id or 0)
    unread = (
        Message.objects.filter(
            conversation_id=OuterRef("pk"),
            seq__gt=OuterRef("my_read_seq"),
            seq__lte=OuterRef("visible_seq"),
        )
        .filter(~Q(sender_id=actor.user_id or 0) | Q(sender_id=None))
        .order_by()
        .values("conversation_id")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        visible_to(actor)
        .annotate(
            my_read_seq=Subquery(mine.values("read_seq")[:1]),
            visible_seq=Least(
                F("last_seq"), Coalesce(Subquery(mine.values("left_seq")[:1]), F("last_seq"))
            ),
            visible_rev=Coalesce(Subquery(mine.values("left_rev")[:1]), F("last_rev")),
        )
        .annotate(unread=Coalesce(Subquery(unread, output_field=IntegerField()), 0))
        .order_by(F("last_message_at").desc(nulls_last=True), "-pk")
    )
