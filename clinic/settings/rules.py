"""Every business number of the house, once, with its unit and where it comes from.

"seed 00x" names the source document; DESIGN names a number chosen when the seeds differ.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

# Accounts
ACCESS_TOKEN_LIFE: Final = timedelta(minutes=15)
REFRESH_TOKEN_LIFE: Final = timedelta(days=30)
ONE_TIME_CODE_LIFE: Final = timedelta(minutes=10)
ONE_TIME_CODE_DIGITS: Final = 6
ONE_TIME_CODE_TRIES: Final = 5
CODES_PER_PHONE: Final = (
    (1, timedelta(minutes=1)),
    (5, timedelta(hours=1)),
    (10, timedelta(days=1)),
)
CODES_PER_ADDRESS_AN_HOUR: Final = 60
LOGIN_TRIES: Final = 5  # per account
LOGIN_LOCKOUT: Final = timedelta(minutes=15)
LOGIN_TRIES_PER_ADDRESS: Final = 300  # a clinic's or a carrier's shared address holds many people
SOCKET_TICKET_LIFE: Final = timedelta(seconds=30)
MAX_DEVICE_SESSIONS: Final = 20
# Phones of these regions can register: each more region costs dear messages to be abused with.
PHONE_REGIONS: Final = frozenset({"CN", "HK", "MO", "TW"})
PASSWORD_MAX_CHARS: Final = 128  # hashing time grows with the length
SECOND_FACTOR_REQUIRED: Final = True  # of staff; the sandbox and the suite switch it off
SECOND_FACTOR_DIGITS: Final = 6  # RFC 6238, what every authenticator app shows
SECOND_FACTOR_STEP: Final = timedelta(seconds=30)
SECOND_FACTOR_DRIFT_STEPS: Final = 1  # steps a phone's clock may be off, either way
SECOND_FACTOR_TRIES: Final = ((5, timedelta(minutes=15)), (20, timedelta(days=1)))
SECOND_STEP_WITHIN: Final = timedelta(minutes=5)  # from the password to the second factor
RECOVERY_CODES: Final = 10
RECOVERY_CODE_CHARS: Final = 10  # base 32: 50 bits

# Patients
MAX_VISIT_PERSONS: Final = 20
REAL_NAME_TRIES_A_DAY: Final = 3  # answers of the register about a person; each one is charged
REAL_NAME_TRIES_OF_ACCOUNT_A_DAY: Final = 10
REAL_NAME_VALID_FOR: Final = timedelta(days=730)  # then a person is checked again
REFUSED_PICTURES_KEPT: Final = timedelta(days=30)  # of identity documents; for questions about it
BIRTH_CERTIFICATE_UNDER_YEARS: Final = 3  # older children have an ID number or another document
REAL_NAME_GIVEN_UP_AFTER: Final = timedelta(seconds=30)  # a question without an answer
GUARDIAN_UNDER_YEARS: Final = 14  # PIPL art. 31: younger ones' data need a guardian's consent

# Doctors
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

# Relations between doctors and patients
PATIENT_GROUPS_MAX: Final = 5  # seed 003: own groups of a doctor
GROUP_MEMBERS_AT_ONCE: Final = 200  # put into a group by one call
RELATION_TAGS_MAX: Final = 20
RELATION_CREDIT_PER_CONSULTATION: Final = 10  # points; seed 004 names no scale
INVITES_MAX: Final = 50  # open ones of a doctor
INVITE_RANDOM_CHARS: Final = 16  # base 62: 95 bits; with "i." far within WeChat's 32
INVITE_RATE: Final = "20/m"
WECHAT_CODE_REST: Final = timedelta(minutes=1)  # after a failure the platform is left alone
WECHAT_TOKEN_SPARE: Final = timedelta(minutes=5)  # a token that ends sooner is fetched anew
BROADCAST_MAX_CHARS: Final = 1000
BROADCASTS_A_DAY: Final = 3  # of one doctor, by the clinic's day
BROADCASTS_TO_PATIENT_A_DAY: Final = 3  # from all doctors together
BROADCAST_BATCH: Final = 50  # patients in one transaction
BROADCAST_MAX_PATIENTS: Final = 5000
BROADCAST_SWEEP_EVERY: Final = timedelta(minutes=1)
RELATION_TALK_LIFE: Final = timedelta(days=365)  # how long a doctor may write after a broadcast
RELATION_TALK_RENEWED: Final = timedelta(days=30)  # before the end
PHRASES_MAX: Final = 200  # of a doctor's own
PHRASE_MAX_CHARS: Final = 1000
CREDENTIAL_ALERT_DAYS: Final = (60, 30, 7)  # before a paper ends, each told once
PRACTICE_YEARS_MIN: Final = 3  # 互联网诊疗管理办法 article 13
IDENTITY_CHECK_VALID: Final = timedelta(hours=12)  # a shift; asked before accepting
FACE_DIFFERENCE_MAX: Final = 10  # bits of 64 in which two pictures of one face may differ

# Consultations (DESIGN section 3)
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

# Complaints and quality (contract: answer within a day, decide within seven)
COMPLAINT_ANSWER_WITHIN: Final = timedelta(days=1)
COMPLAINT_CLOSE_WITHIN: Final = timedelta(days=7)
COMPLAINT_ANSWER_SOON: Final = timedelta(hours=4)  # staff hears so long before
COMPLAINT_CLOSE_SOON: Final = timedelta(days=1)
COMPLAINT_SUPERVISOR_AFTER: Final = timedelta(hours=4)  # of a missed promise nobody mended
COMPLAINT_APPEAL_WITHIN: Final = timedelta(days=7)  # of the decision
COMPLAINT_SWEEP_EVERY: Final = timedelta(minutes=5)
COMPLAINT_TEXT_MAX_CHARS: Final = 2000
COMPLAINT_FILES_MAX: Final = 6  # with one text
COMPLAINT_NOTES_MAX: Final = 50  # of each side
COMPLAINT_RATE: Final = "10/h"
QUALITY_FULL_SCORE: Final = 100
QUALITY_POINTS_MAX: Final = 12  # of one complaint
QUALITY_WINDOW: Final = timedelta(days=365)  # older points count no longer
QUALITY_SCORE_LOW: Final = 88  # below it staff should look at the doctor
QUALITY_REPLY_LATE_AFTER: Final = timedelta(hours=4)  # a patient waited so long for a word
QUALITY_REPLY_SHORT_CHARS: Final = 8  # one reply
QUALITY_REPLIES_MIN_CHARS: Final = 60  # all replies of a consultation together
QUALITY_ON_TOPIC_MIN_PERCENT: Final = 30  # of the replies take up a word of the patient's
SANCTION_LONGEST: Final = timedelta(days=366)
SANCTIONS_SHOWN: Final = 20

# Medical records
RECORD_KEPT_YEARS: Final = 15  # outpatient records, 医疗机构病历管理规定 art. 29
DIALOGUE_KEPT_YEARS: Final = 3  # process data of online care, 互联网诊疗监管细则 2022
RECORD_SIGN_MAX_CHARS: Final = 500  # tongue and pulse, each
RECORD_MAX_DIAGNOSES: Final = 10
RECORD_TOKEN_CHARS: Final = 22  # base 62: 131 bits, nobody guesses a printed copy
RECORD_PRINT_RATE: Final = "20/m"  # a page costs a second of work
RECORD_VERIFY_RATE: Final = "30/m"  # per address
ADDENDUM_MAX_CHARS: Final = 2000
ADDENDUM_REASON_MAX_CHARS: Final = 200
ADDENDA_MAX: Final = 20  # of one record
RETENTION_BATCH: Final = 200  # conversations or records in one transaction

# Appointments (seed 002)
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
APPOINTMENT_MAX_HOPS: Final = 3  # doctors asked for one booking before its money goes back
APPOINTMENT_ASKED_AT_ONCE: Final = 5  # free doctors tried for one booking that lost its own
APPOINTMENT_MAX_MOVES: Final = 3  # by the patient himself

# Chat
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

# Customer service (seed 001)
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

# Files
FILE_MAX_BYTES: Final = 20 * 1024 * 1024
VOICE_MAX_BYTES: Final = 2 * 1024 * 1024
VOICE_MAX_TIME: Final = timedelta(seconds=60)
IMAGE_MAX_PIXELS: Final = 50_000_000  # all frames together; decoded they take four bytes each
FILE_QUOTA_BYTES: Final = 1024 * 1024 * 1024  # of one account
FILE_RATE: Final = "20/m"
FILE_UNBOUND_LIFE: Final = timedelta(hours=24)  # what nothing took by then is removed
FILE_SWEEP_BATCH: Final = 500

# Payments
PREPAY_VALID: Final = timedelta(hours=2)
PREPAY_VALID_H5: Final = timedelta(minutes=5)
POLL_LADDER_SECONDS: Final = (5, 10, 20, 30, 60, 120, 300)
REFUND_MIN_SPACING: Final = timedelta(seconds=60)
MAX_PARTIAL_REFUNDS: Final = 50
LATE_MONEY_WATCH: Final = timedelta(hours=24)  # how long a closed attempt is still asked about
POLL_EVERY_WHEN_CLOSED: Final = timedelta(hours=1)
ATTEMPT_CALL_BUDGET: Final = timedelta(seconds=15)  # longer in "created" = the caller died: query
CLOSED_BY_EXPIRY_AFTER: Final = timedelta(seconds=60)  # gateway clocks differ a little
REFUND_WORDS_MAX_CHARS: Final = 300  # why a payer asks, in his own words
REFUND_ASK_WITHIN: Final = timedelta(days=30)  # after paying; then customer service alone helps
REFUND_HINT_WATCH: Final = timedelta(hours=24)  # then the bill of the day tells
REFUND_RETRY_SECONDS: Final = (5, 15, 60, 300, 900, 3600)
CALLBACK_REPLAY_SECONDS: Final = (60, 60, 60, 300, 900, 3600)  # unfinished messages; decided here
REFUND_POLL_SECONDS: Final = (5, 15, 60, 60, 60, 300)  # each minute, back off after five
STAFF_REFUND_LIMIT_FEN: Final = 50_000  # above CNY 500 a second person approves
TOP_UP_MIN_FEN: Final = 100
TOP_UP_MAX_FEN: Final = 2_000_000
TOP_UP_EXPIRES: Final = timedelta(minutes=30)
BILL_READY_HOUR: Final = 10  # of the next day, as WeChat Pay and Alipay promise
RECONCILE_DAYS_BACK: Final = 3  # a bill that was late or a machine that slept is caught up
RECONCILE_RUN_BUDGET: Final = timedelta(minutes=30)  # longer = the process died: take over
RECONCILE_CUTOVER: Final = timedelta(minutes=5)  # clocks at midnight: look at the next day too
CALLBACK_REFUSALS: Final = "60/m"  # per address; genuine messages are never counted

# Reviews
REVIEW_WITHIN: Final = timedelta(days=15)
REVIEW_EDIT_WITHIN: Final = timedelta(hours=24)
REVIEW_MAX_CHARS: Final = 500
REVIEW_MAX_TAGS: Final = 6

# Users and privacy
EXPORTS_A_DAY: Final = 2  # archives of his own data one patient may ask for, by the clinic's day
EXPORT_FETCH_WITHIN: Final = timedelta(days=7)
EXPORT_KEPT_AFTER_FETCH: Final = timedelta(hours=1)  # a slow download must come to its end
EXPORT_BUILD_BUDGET: Final = timedelta(minutes=15)  # longer = the process died: begin anew
EXPORT_TRIES: Final = 3
EXPORT_SWEEP_EVERY: Final = timedelta(minutes=1)
DELETION_COOLING: Final = timedelta(days=14)  # the wish can be taken back; PIPL art. 47 asks soon
DELETION_BATCH: Final = 50
ACCOUNT_BATCH_MAX: Final = 500  # accounts in one act of staff
ACCOUNT_BATCH_STEP: Final = 20  # accounts in one round of a worker
USER_SEARCH_RATE: Final = "60/m"
USER_FILE_RATE: Final = "10/h"
EMERGENCY_TIME: Final = timedelta(minutes=15)
EMERGENCIES_A_DAY: Final = 5  # of one reader, by the clinic's day
EMERGENCY_MISSES_A_DAY: Final = 5  # look-ups of one reader that find nobody, by the clinic's day
EMERGENCY_TELL_AFTER: Final = timedelta(hours=24)  # then the patient hears of it
EMERGENCY_WORDS_MIN_CHARS: Final = 10
EMERGENCY_WORDS_MAX_CHARS: Final = 300
EMERGENCY_RATE: Final = "20/h"
REGULATOR_MAX_DAYS: Final = 366
READS_SHOWN_DAYS: Final = 365  # how far back a patient sees who opened his data
