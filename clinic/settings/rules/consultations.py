"""Numbers of consultations (DESIGN section 3)."""

from datetime import timedelta
from decimal import Decimal
from typing import Final

UNPAID_ORDER_EXPIRES: Final = timedelta(minutes=30)
ASSIGNMENT_SWEEP_EVERY: Final = timedelta(minutes=5)  # seed 000
ASSIGNMENT_SWEEP_BATCH: Final = 20  # seed 000
ESCALATE_WAITING_AFTER: Final = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
)
NUDGE_AFTER: Final = timedelta(minutes=5)  # of waiting, doctors who are away are asked to come
NUDGE_EVERY: Final = timedelta(minutes=10)  # again; and no doctor more often
NUDGE_ROUNDS: Final = 6  # an hour; then staff is told once more
NUDGE_DOCTORS: Final = 10  # asked in one round
DOCTOR_NEAR_LIMIT_PERCENT: Final = 80  # the board warns from this load on
REFUND_WHEN_UNASSIGNED_AFTER: Final = timedelta(hours=24)
REFUND_INSTANT_WHEN_UNASSIGNED_AFTER: Final = timedelta(minutes=10)
ACCEPT_WITHIN: Final = timedelta(minutes=10)
ACCEPT_CHOSEN_DOCTOR_WITHIN: Final = timedelta(hours=24)
MAX_HOPS: Final = 3
SERVICE_TIME: Final = timedelta(hours=48)
NO_REPLY_REVIEW_AFTER: Final = timedelta(hours=24)
NO_REPLY_REFUND_AFTER: Final = timedelta(hours=48)
FOLLOW_UP_MESSAGES: Final = 2
FOLLOW_UP_WITHIN: Final = timedelta(days=7)
FOLLOW_UPS_MAX: Final = 6  # dates of one case's plan, whatever became of them
FOLLOW_UP_FURTHEST: Final = timedelta(days=183)  # ahead of now
FOLLOW_UP_TEXT_MAX_CHARS: Final = 500
FOLLOW_UP_ANSWER_WITHIN: Final = timedelta(days=7)  # of the reminder
FOLLOW_UP_TALK_MESSAGES: Final = 5  # of the patient, his answer among them
FOLLOW_UP_TALK_WITHIN: Final = timedelta(days=3)  # of his answer
FOLLOW_UP_SWEEP_EVERY: Final = timedelta(minutes=5)
PUSH_SWEEP_EVERY: Final = timedelta(minutes=1)  # doctors whose hours have opened
CALL_WINDOW: Final = timedelta(minutes=30)  # both reach each other from the appointed moment
CALL_SHORTEST: Final = timedelta(seconds=60)  # all legs together; less is no consultation
CALL_TRIES_MAX: Final = 3  # of one doctor
CALL_RETRY_AFTER: Final = timedelta(minutes=10)
CALL_BIND_WITHIN: Final = timedelta(minutes=10)  # while the provider is away it is asked again
CALL_REPORT_GRACE: Final = timedelta(minutes=2)  # reports of the last seconds
CALL_SWEEP_EVERY: Final = timedelta(seconds=15)
TRANSFER_ACCEPT_WITHIN: Final = timedelta(minutes=15)  # else the case stays where it is
TRANSFERS_MAX: Final = 10  # offers of one case, whatever became of them
ASSIGN_REASON_MAX_CHARS: Final = 120  # why staff gives a case to this doctor
TRANSFER_NOTE_MAX_CHARS: Final = 500
HOLDS_MAX: Final = 3  # of one case, by both sides together
HOLD_LONGEST: Final = timedelta(hours=24)
HOLDS_TOTAL: Final = timedelta(hours=48)  # of one case
SAME_DOCTOR_WITHIN: Final = timedelta(days=30)
COMPLAINT_MAX_CHARS: Final = 2000
RECORD_MAX_CHARS: Final = 5000  # each of diagnosis and advice
ASSIGNMENT_STRATEGY: Final = "standard"  # seed 000: pluggable; names in consultations strategies
REFUND_CLAIM_WITHIN: Final = timedelta(days=7)  # after the end; staff decide, later never
DOCTOR_SHARE: Final = Decimal("0.70")  # of what a completed consultation earned
CHILD_UNDER_YEARS: Final = 6  # guardian and a fitting doctor, 互联网诊疗管理办法 2018 art. 19
INTAKE_FILES_MOST: Final = 9  # photos and earlier papers together
INTAKE_TEXT_MAX_CHARS: Final = 1000  # each of allergies, drugs, earlier diagnosis
ANSWER_MAX_CHARS: Final = 200  # free words to one of the ten questions
DURATION_MOST: Final = 999  # of any unit
RED_FLAG_WORD_CHARS: Final = (2, 60)  # one sign would be found everywhere
TIMERS_BATCH: Final = 200  # due deadlines handled by one sweep per timer
