"""What appointments add to the socket."""

from appointments.enums import State
from clinic.realtime.fields import MOMENT, Anything, Choice, Id
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
