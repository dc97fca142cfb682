"""Numbers of customer service (seed 001)."""

from datetime import timedelta
from decimal import Decimal
from typing import Final

AGENT_MAX_CHATS: Final = 5
AGENT_HEARTBEAT: Final = timedelta(seconds=60)  # silent longer = gets no new chat
AGENT_SILENCE: Final = timedelta(seconds=120)  # silent longer = offline, his chats go on elsewhere
SERVICE_DISPATCH_BATCH: Final = 10
SERVICE_SWEEP_EVERY: Final = timedelta(seconds=15)
SERVICE_FULL_PASS_EVERY: Final = timedelta(minutes=5)
SERVICE_IDLE_WARN: Final = timedelta(minutes=1)
SERVICE_IDLE_END: Final = timedelta(minutes=2)
# The customer's silence ends a chat; True lets an agent's silence end it as well (seed 001 to the
# letter), False reminds the agent and gives the chat back to the queue.
SERVICE_AGENT_SILENCE_ENDS: Final = False
SERVICE_HOLD_MAX: Final = timedelta(minutes=30)
SERVICE_SAME_AGENT_WITHIN: Final = timedelta(hours=24)
SERVICE_POSITIONS_EXACT: Final = 50  # places behind are told in tens
SERVICE_THROUGHPUT_WINDOW: Final = timedelta(minutes=30)  # the estimate looks back this far
SERVICE_NOTICE_AFTER: Final = timedelta(seconds=20)  # who waited longer may be elsewhere: a notice
SERVICE_LEFT_ANSWER_REST: Final = timedelta(minutes=10)  # till the customer has seen the answer
SERVICE_WAITING_ALARM: Final = timedelta(minutes=5)  # longer in the queue alarms the desk, once
SERVICE_END_RATE: Final = "10/m"
SERVICE_RATE_RATE: Final = "5/m"
SERVICE_ASSIGN_RATE: Final = "20/m"
SERVICE_FIRST_REPLY_TARGET: Final = timedelta(minutes=1)
SERVICE_RESOLUTION_TARGET: Final = timedelta(minutes=30)
SERVICE_QUALITY_SHARE: Final = Decimal("0.05")  # of each agent's ended chats, at least one a day
SERVICE_QUALITY_DAYS_BACK: Final = 3  # a night that was missed is caught up
SERVICE_DUE_SOON: Final = timedelta(minutes=2)  # promises that break within count as due
SERVICE_VIEWING_TTL: Final = timedelta(seconds=30)  # a colleague's page says again that it looks
SERVICE_READING_NOTED_EVERY: Final = timedelta(
    minutes=10
)  # reading another's chat, in the audit log
SERVICE_DRAFT_KEPT: Final = timedelta(days=7)  # an unsent text that nobody touches is forgotten
SERVICE_SEARCH_CHATS: Final = 5000  # words are looked for in the newest ones
SERVICE_CANNED_SHOWN: Final = 20
SERVICE_CANNED_OWN_MAX: Final = 200
LEFT_MESSAGE_MAX_CHARS: Final = 1000
LEFT_MESSAGES_A_DAY: Final = 5
