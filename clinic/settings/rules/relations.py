"""Numbers of relations between doctors and patients: groups, invites, broadcasts, phrases."""

from datetime import timedelta
from typing import Final

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
