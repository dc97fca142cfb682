"""Tables of the chat."""

from chat.models.conversation import Conversation, Member, WatermarkMove
from chat.models.message import Message, MessageRevision, Pace
from chat.models.search import MessageWords, WordsMark

__all__ = [
    "Conversation",
    "Member",
    "Message",
    "MessageRevision",
    "MessageWords",
    "Pace",
    "WatermarkMove",
    "WordsMark",
]
