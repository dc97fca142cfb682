"""What notices add to the socket."""

from clinic.notifications.enums import NoticeKind
from clinic.realtime.fields import MOMENT, Anything, Choice, Id, Text
from clinic.realtime.registry import declare_frame

declare_frame(
    "notice",
    "A new notice, in the socket's language.",
    {
        "notice_id": Id(),
        "kind": Choice(words=tuple(NoticeKind.values)),
        "title": Text(max_chars=200),
        "body": Text(max_chars=500),
        "subject_kind": Text(max_chars=40, min_chars=0, about="What it is about."),
        "subject_id": Anything(like={"type": ["string", "null"], "format": "uuid"}),
        "at": MOMENT,
    },
)
