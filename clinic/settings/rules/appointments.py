"""Numbers of appointments (seed 002)."""

from datetime import timedelta
from typing import Final

# What a booking asks of the person. Visits by video and phone are internet diagnosis: it wants real
# names and an informed consent (Detailed Rules for its Supervision, 2022). At a branch the card is
# looked at; health data want a consent of their own everywhere (PIPL art. 29), a child's a
# guardian's (art. 31).
APPOINTMENT_REAL_NAME_IN: Final = frozenset({"video", "phone"})
APPOINTMENT_SERVICE_CONSENT_IN: Final = frozenset({"video", "phone"})
APPOINTMENT_MINUTES: Final = 60
APPOINTMENT_MAX_ADVANCE: Final = timedelta(days=7)
APPOINTMENT_MIN_NOTICE: Final = timedelta(minutes=30)
APPOINTMENT_HOLD: Final = timedelta(minutes=10)  # while it is being paid
APPOINTMENT_DESK_HOLD: Final = timedelta(hours=2)  # of what the desk booked, while it is paid
APPOINTMENT_QUEUE_TIMEOUT: Final = timedelta(minutes=120)
APPOINTMENT_OFFER: Final = timedelta(minutes=15)  # how long a freed place is kept for the head
APPOINTMENT_OFFER_AT_LEAST: Final = timedelta(minutes=2)  # nobody answers in less
APPOINTMENT_OFFERS_UNANSWERED: Final = 2  # then the waiting ends
APPOINTMENT_WAIT_STEP_MINUTES: Final = 5  # likely waits are told in such steps
APPOINTMENT_VISITS_MEASURED: Final = 50  # the last of a type say how long one takes
APPOINTMENT_WAITING_TOLD_EVERY: Final = timedelta(seconds=1)  # places of one list, at most
APPOINTMENT_MAX_LOAD: Final = 3  # per doctor, for smart allocation; per-person override
APPOINTMENT_ACCEPT_WITHIN: Final = timedelta(hours=2)  # and never later than the notice of the type
APPOINTMENT_REMINDERS: Final = (1440, 60)  # minutes ahead of the start; per-type override
APPOINTMENT_REMINDERS_MOST: Final = 5  # of one type
APPOINTMENT_REMIND_EVERY: Final = timedelta(seconds=30)
APPOINTMENT_REMIND_BATCH: Final = 100  # reminders claimed at once
APPOINTMENT_NO_SHOW_AFTER: Final = timedelta(minutes=15)  # of the start, not checked in
APPOINTMENT_CHECK_IN_FROM: Final = timedelta(hours=1)  # ahead of the start
APPOINTMENT_FORGIVE_EVERY: Final = timedelta(days=365)  # a patient's first no-show costs nothing
APPOINTMENT_PUT_RIGHT_WITHIN: Final = timedelta(hours=24)  # of its end; then the sweep ends a visit
APPOINTMENT_LATE_CANCEL_PERCENT: Final = 50  # goes back of a cancellation after the free time
APPOINTMENT_SWEEP_EVERY: Final = timedelta(seconds=30)
APPOINTMENT_CODE_DRAWS: Final = 10  # tries to find a code that nobody uses
APPOINTMENT_NEAREST: Final = 6  # free slots named beside a refusal
APPOINTMENT_NEAREST_TOLD: Final = 3  # free times in the notice of one that was called off
APPOINTMENT_CODE_REUSE_AFTER: Final = timedelta(days=90)
APPOINTMENT_CODE_TRIES: Final = 5  # a minute, per address and per code
DESK_WAITING: Final = 100  # people of a waiting list that the front desk is shown
DESK_FREE_TIMES: Final = 12  # free times that the front desk is offered at once
APPOINTMENT_SLOT_DAYS: Final = 31  # of one question
# Answers about free times that a web process keeps: so long, so much. Moves outlive them by far.
APPOINTMENT_ANSWERS_FOR: Final = timedelta(minutes=1)
APPOINTMENT_ANSWERS_BYTES: Final = 8 * 1024 * 1024
APPOINTMENT_MOVES_FOR: Final = timedelta(hours=1)
# What bookings are judged by that is the same for everybody, kept by a web process: so many types
# of doctors at branches, each for so long.
APPOINTMENT_PRACTICES_KEPT: Final = 500
APPOINTMENT_PRACTICE_FOR: Final = timedelta(minutes=30)
APPOINTMENT_MAX_HOPS: Final = 3  # doctors asked for one booking before its money goes back
APPOINTMENT_ASKED_AT_ONCE: Final = 5  # free doctors tried for one booking that lost its own
APPOINTMENT_MAX_MOVES: Final = 3  # by the patient himself
