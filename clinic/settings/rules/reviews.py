"""Numbers of reviews."""

from datetime import timedelta
from typing import Final

REVIEW_WITHIN: Final = timedelta(days=15)
REVIEW_EDIT_WITHIN: Final = timedelta(hours=24)
REVIEW_MAX_CHARS: Final = 500
REVIEW_MAX_TAGS: Final = 6
