"""Files for spreadsheets: users and readings."""

from collections.abc import Iterator
from datetime import date

from django.http import StreamingHttpResponse

from clinic.core.clock import moment_text
from clinic.core.masking import mask_phone
from clinic.core.roles import Role
from clinic.core.sheets import csv_answer
from clinic.privacy.selectors.reads import COLUMNS, lines, reads_between
from clinic.privacy.selectors.users import Wanted, find_users, state_of

USER_COLUMNS = ("id", "name", "phone", "roles", "state", "language", "created_at")


def user_file(wanted: Wanted) -> StreamingHttpResponse:
    """Return the accounts that fit as a CSV that is written row by row."""
    return csv_answer("users", USER_COLUMNS, _users(wanted))


def reads_file(since: date, until: date) -> StreamingHttpResponse:
    """Return who opened whose data on these clinic days."""
    return csv_answer(f"reads-{since}-{until}", COLUMNS, lines(reads_between(since, until)))


def _users(wanted: Wanted) -> Iterator[tuple[str, ...]]:
    for user in find_users(wanted).iterator(chunk_size=500):
        names = {group.name for group in user.groups.all()}
        yield (
            str(user.public_id),
            user.name,
            mask_phone(user.phone),
            " ".join(role.value for role in Role if role.value in names),
            state_of(user).value,
            user.language,
            moment_text(user.created_at),
        )
