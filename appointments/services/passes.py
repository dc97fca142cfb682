"""Signed words in QR codes: a patient's pass for one visit, a branch's poster at the entrance.

Neither holds a name or a number of a person, and neither opens anything but a check-in in its
time, so both may be printed and last.
"""

from typing import Final
from uuid import UUID

from django.core.signing import BadSignature, Signer

from appointments.models import Appointment
from doctors.models import Branch

VISIT: Final = Signer(salt="appointments.visit", sep=".")
POSTER: Final = Signer(salt="appointments.poster", sep=".")


def pass_of(appointment: Appointment) -> str:
    """Return what the patient's QR code says."""
    return VISIT.sign(appointment.public_id.hex)


def visit_of(visit_pass: str) -> UUID | None:
    """Return whose pass it is; None for one that is not ours."""
    try:
        return UUID(VISIT.unsign(visit_pass))
    except (BadSignature, ValueError):
        return None


def poster_of(branch: Branch) -> str:
    """Return what the QR code at the entrance of a branch says."""
    return POSTER.sign(branch.public_id.hex)


def is_poster_of(branch: Branch, poster: str) -> bool:
    """Say whether somebody scanned the code at the entrance of this branch."""
    try:
        return POSTER.unsign(poster) == branch.public_id.hex
    except BadSignature:
        return False
