"""Tables of the chat."""

from chat.models.conversation import Conversation, Member
from chat.models.message import Message, MessageRevision, Pace

__all__ = ["Conversation", "Member", "Message", "MessageRevision", "Pace"]
