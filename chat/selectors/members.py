"""Who takes part."""

from uuid import UUID

from chat.models import Member


def member_public_ids(conversation_id: int) -> list[UUID]:
    """Return the public ids of the accounts that take part now."""
    rows = Member.objects.filter(conversation_id=conversation_id, left_seq=None)
    return list(rows.values_list("user__public_id", flat=True))
