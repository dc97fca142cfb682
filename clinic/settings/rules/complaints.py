"""Numbers of complaints and quality (contract: answer within a day, decide within seven)."""

from datetime import timedelta
from typing import Final

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
