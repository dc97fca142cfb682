"""What a chat was about."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinic.core.errors import InvalidInputError
from clinic.customer_service.models import ServiceChat, Tag
from clinic.customer_service.services.state import locked
from clinic.customer_service.services.watching import chats_changed


def set_tags(chat_id: int, tag_ids: Collection[int]) -> list[Tag]:
    """Give the chat exactly these tags. Raises InvalidInputError for an unknown one."""
    with transaction.atomic():
        chat = locked(chat_id)
        tags = _known(tag_ids, chat)
        chat.tags.set(tags)
        chats_changed([chat.pk])
    return tags


def add_tags(chat: ServiceChat, tags: Collection[Tag]) -> None:
    """Add tags to a locked chat."""
    if tags:
        chat.tags.add(*tags)
        chats_changed([chat.pk])


def _known(tag_ids: Collection[int], chat: ServiceChat) -> list[Tag]:
    # A tag that was retired meanwhile may stay where it is.
    held = set(chat.tags.values_list("pk", flat=True))
    tags = list(Tag.objects.filter(pk__in=tag_ids).order_by("id"))
    known = {tag.pk for tag in tags if tag.is_active or tag.pk in held}
    if known != set(tag_ids):
        raise InvalidInputError("tags", _("One of these tags does not exist."), code="unknown")
    return tags
