"""Service chats as something that customers complain of."""

from uuid import UUID

from clinic.complaints.enums import Subject
from clinic.complaints.subjects import Concern, Finder, declare_subject
from clinic.customer_service.models import ServiceChat


def service_chat(public_id: UUID, customer_id: int) -> Concern | None:
    """Return the agent and the conversation of the customer's own chat."""
    rows = ServiceChat.objects.select_related("agent", "conversation")
    chat = rows.filter(public_id=public_id, customer_id=customer_id).first()
    if chat is None:
        return None
    return Concern(
        about_user_id=chat.agent.user_id if chat.agent else None, topic=chat.conversation.topic
    )


declare_subject(Finder(Subject.SERVICE_CHAT, service_chat))
