"""The embedded profile, with an empty view beside the clinic's and paces that nobody reaches.

Limits are counted as always; accounts are many, so that ordinary limits of HTTP can stay.
"""

from clinic.settings import rules

# One socket of a closed loop sends more than a person: these are read when a socket opens.
rules.SOCKET_FRAMES_PER_SECOND = 1_000_000  # type: ignore[misc]
rules.SOCKET_FRAMES_BURST = 1_000_000  # type: ignore[misc]

# One address asks for all codes here; parties with a login are not counted by code anyway.
rules.APPOINTMENT_CODE_TRIES = 1_000_000  # type: ignore[misc]

from clinic.settings.embedded import *  # noqa: E402, F403 settings build on settings

ROOT_URLCONF = "bench.urls"
CHAT_SEND_RATE = "1000000/m"
# A line for each assignment would go to the terminal of the run.
LOGGING["loggers"]["consultations"]["level"] = "WARNING"  # noqa: F405
