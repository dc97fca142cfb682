"""Branches that patients can visit."""

from clinic.core.events import publish
from doctors.events import BranchClosed


def announce_closing(branch_id: int) -> None:
    """Tell the rooms above that a branch is switched off, in the transaction that stores it."""
    publish(BranchClosed(branch_id=branch_id))
