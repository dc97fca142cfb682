"""Numbers of accounts: codes, log-ins, second factors."""

from datetime import timedelta
from typing import Final

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
