"""What appointments add to the socket."""

from appointments.enums import State, Unforeseen
from clinic.realtime.fields import MOMENT, Anything, Choice, Id, Number
from clinic.realtime.registry import declare_frame

WITHDRAWN = "withdrawn"  # for a doctor whose appointment went to somebody else
MOMENT_OR_NULL = Anything(like={"type": ["string", "null"], "format": "date-time"})
ID_OR_NULL = Anything(like={"type": ["string", "null"], "format": "uuid"})

declare_frame(
    "appointment",
    "An appointment moved; load it for the rest.",
    {
        "id": Id(about="The appointment."),
        "state": Choice(words=(*State.values, WITHDRAWN)),
        "since": MOMENT,
        "starts_at": MOMENT_OR_NULL,
        "ends_at": MOMENT_OR_NULL,
        "expires_at": MOMENT_OR_NULL,
        "doctor_id": ID_OR_NULL,
    },
)

declare_frame(
    "waiting",
    "Your place on the waiting list or your likely wait changed; once a second at most.",
    {
        "id": Id(about="The appointment that waits."),
        "position": Number(about="Earlier wishes that overlap with yours, and yours.", minimum=1),
        "eta_minutes": Anything(
            like={"type": ["integer", "null"]},
            about="Likely minutes until the visit, in steps of five; null without a promise.",
        ),
        "eta_reason": Choice(words=("", *Unforeseen.values), about="Why there is none."),
    },
)
