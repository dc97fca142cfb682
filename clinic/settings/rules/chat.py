"""Numbers of messages and sockets."""

from datetime import timedelta
from typing import Final
from uuid import UUID

MESSAGE_MAX_CHARS: Final = 5000
SEND_RATE: Final = "30/m"  # seed 001, one bucket over REST and socket
SYNC_LIMIT: Final = 200
SYNC_RATE: Final = "60/m"
SOCKET_FRAME_MAX_BYTES: Final = 64 * 1024  # 5,000 emoji fit, even written as \uXXXX
SOCKET_QUEUE_FRAMES: Final = 256
SOCKETS_PER_USER: Final = 10
SOCKET_MAX_AGE: Final = timedelta(hours=12)
POSITIONER_EVERY: Final = timedelta(seconds=5)
SOCKET_QUEUE_BYTES: Final = 1024 * 1024  # a reader slower than this is closed
SOCKETS_PER_PROCESS: Final = 5000  # 45 KB each
SOCKET_FRAMES_PER_SECOND: Final = 20
SOCKET_FRAMES_BURST: Final = 40
SOCKET_BAD_FRAMES: Final = 5  # within SOCKET_BAD_FRAMES_WINDOW the socket is closed
SOCKET_BAD_FRAMES_WINDOW: Final = timedelta(seconds=60)
SOCKET_TICK: Final = timedelta(seconds=1)  # how often silence and expiry are looked at
SOCKET_PING_AFTER: Final = timedelta(seconds=25)  # of silence
SOCKET_SILENCE_MAX: Final = timedelta(seconds=60)  # any frame counts; longer is a dead socket
SOCKET_BEAT_EVERY: Final = timedelta(seconds=20)  # presence: three beats in PRESENCE_HEARTBEAT
SOCKET_SESSION_CHECK_EVERY: Final = timedelta(seconds=30)  # net below the event of a revocation
TYPING_EVERY: Final = timedelta(seconds=2)
EDIT_WITHIN: Final = timedelta(minutes=15)  # by the sender, counted from the sending
RECALL_WITHIN: Final = timedelta(minutes=2)  # by the sender; people know two minutes from WeChat
CHANGE_RATE: Final = "20/m"  # edits and recalls of one account together
RECALL_REASON_MAX_CHARS: Final = 200
SEARCH_MAX_CHARS: Final = 100
SEARCH_RATE: Final = "30/m"
SEARCH_BATCH: Final = 1000  # messages indexed in one transaction
SEARCH_SWEEP_CONVERSATIONS: Final = 2000
ACTIVITY_EVERY: Final = timedelta(seconds=10)  # a member's signs of life are passed on this often
# Whom clients see in place of the agents behind the assistant. They keep it: never change it.
ASSISTANT_PUBLIC_ID: Final = UUID("00000000-0000-7000-8000-0000000a5515")
