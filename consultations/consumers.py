"""What consultations add to the socket."""

from clinic.realtime.fields import MOMENT, Anything, Choice, Flag, Id, Number
from clinic.realtime.registry import declare_frame
from consultations.enums import State

WITHDRAWN = "withdrawn"  # for a doctor whose case went to somebody else
MOMENT_OR_NULL = Anything(like={"type": ["string", "null"], "format": "date-time"})
ID_OR_NULL = Anything(like={"type": ["string", "null"], "format": "uuid"})

declare_frame(
    "consultation",
    "A consultation moved; load it for the rest.",
    {
        "id": Id(about="The consultation."),
        "state": Choice(words=(*State.values, WITHDRAWN)),
        "status": Number(about="Seed 004: 0 new, 1 in consultation, 2 closed."),
        "isInvalid": Flag(about="Ended without service."),
        "since": MOMENT,
        "pay_by": MOMENT_OR_NULL,
        "accept_by": MOMENT_OR_NULL,
        "service_until": MOMENT_OR_NULL,
        "held_until": MOMENT_OR_NULL,
        "doctor_id": ID_OR_NULL,
    },
)
declare_frame(
    "assigned",
    "A consultation has got its doctor.",
    {
        "id": Id(about="The consultation."),
        "doctor_id": Id(),
        "accept_by": MOMENT,
        "conversation_id": Id(about="Where the two talk."),
    },
)
