"""Tables of customer service."""

from clinic.customer_service.models.agent import Agent, AgentStatusChange
from clinic.customer_service.models.chat import ChatMove, Handling, ServiceChat, Tag
from clinic.customer_service.models.desk import CannedReply, ChatDraft, Macro, Note
from clinic.customer_service.models.left_message import LeftMessage
from clinic.customer_service.models.quality import QualityCheck, SlaTimer
from clinic.customer_service.models.sweep import SweepClock
from clinic.customer_service.models.team import Team, TeamDay, TeamHours

__all__ = [
    "Agent",
    "AgentStatusChange",
    "CannedReply",
    "ChatDraft",
    "ChatMove",
    "Handling",
    "LeftMessage",
    "Macro",
    "Note",
    "QualityCheck",
    "ServiceChat",
    "SlaTimer",
    "SweepClock",
    "Tag",
    "Team",
    "TeamDay",
    "TeamHours",
]
