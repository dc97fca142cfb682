"""Numbers of doctors: presence, prices of their own, hours, leave, papers."""

from datetime import timedelta
from typing import Final

PRESENCE_HEARTBEAT: Final = timedelta(seconds=60)  # a socket beats; silent longer = offline
PRESENCE_SILENCE: Final = 2 * PRESENCE_HEARTBEAT  # one lost beat is forgiven
PRESENCE_HARD_TIMEOUT: Final = timedelta(minutes=30)  # seed 002: after it a beat brings nobody back
PRESENCE_SWEEP_EVERY: Final = timedelta(seconds=30)
DOCTOR_MAX_CONSULTATIONS: Final = 5  # DESIGN: consultation 5, per-person override
DOCTOR_PRICE_MIN_FEN: Final = 100  # what a doctor may ask for himself; staff may set any price
DOCTOR_PRICE_MAX_FEN: Final = 200_000
DOCTOR_COUNT_REMEMBERED: Final = timedelta(seconds=30)  # "count" of the doctor list may lag
SERVICE_HOURS_MAX_ROWS: Final = 42  # six stretches a day
LEAVE_LONGEST: Final = timedelta(days=366)  # longer is an end of work: suspend the doctor
LEAVE_FURTHEST: Final = timedelta(days=731)  # ahead of now
SPECIAL_DAYS_MAX_ROWS: Final = 400  # of one doctor from today on
SPECIAL_DAYS_FURTHEST: Final = timedelta(days=731)  # ahead of today
CREDENTIAL_ALERT_DAYS: Final = (60, 30, 7)  # before a paper ends, each told once
PRACTICE_YEARS_MIN: Final = 3  # 互联网诊疗管理办法 article 13
IDENTITY_CHECK_VALID: Final = timedelta(hours=12)  # a shift; asked before accepting
FACE_DIFFERENCE_MAX: Final = 10  # bits of 64 in which two pictures of one face may differ
