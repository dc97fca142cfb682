"""Numbers of users, own archives, deletion, emergency reading."""

from datetime import timedelta
from typing import Final

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
