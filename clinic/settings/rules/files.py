"""Numbers of uploads."""

from datetime import timedelta
from typing import Final

FILE_MAX_BYTES: Final = 20 * 1024 * 1024
VOICE_MAX_BYTES: Final = 2 * 1024 * 1024
VOICE_MAX_TIME: Final = timedelta(seconds=60)
IMAGE_MAX_PIXELS: Final = 50_000_000  # all frames together; decoded they take four bytes each
FILE_QUOTA_BYTES: Final = 1024 * 1024 * 1024  # of one account
FILE_RATE: Final = "20/m"
FILE_UNBOUND_LIFE: Final = timedelta(hours=24)  # what nothing took by then is removed
FILE_SWEEP_BATCH: Final = 500
