"""What a paper must tell, what papers together allow, and when its end is told."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from clinic.settings import rules
from doctors.enums import REQUIRED_CREDENTIALS, Certification, CredentialKind, CredentialState

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    CredentialKind.QUALIFICATION: ("number",),
    CredentialKind.PRACTICE_LICENCE: ("number", "scope", "valid_until", "practising_since"),
    CredentialKind.ID_CARD: ("number", "back"),
    CredentialKind.PORTRAIT: (),
    CredentialKind.TITLE: ("number",),
    CredentialKind.MULTI_SITE: ("number", "institution", "valid_until"),
}
# What only papers of this kind tell.
ONLY_OF: Final = {
    "practising_since": CredentialKind.PRACTICE_LICENCE,
    "institution": CredentialKind.MULTI_SITE,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A paper as it is handed in; ``front`` and ``back`` are public ids of own uploads."""

    kind: str
    front: UUID
    back: UUID | None = None
    number: str = ""
    scope: str = ""
    institution: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    practising_since: date | None = None


def missing_fields(paper: Paper) -> list[str]:
    """Return what a paper of its kind must tell and does not."""
    return [name for name in NEEDED[paper.kind] if not getattr(paper, name)]


def foreign_fields(paper: Paper) -> list[str]:
    """Return what a paper tells that only another kind tells."""
    return [name for name, kind in ONLY_OF.items() if getattr(paper, name) and kind != paper.kind]


def certification_by(papers: Iterable[tuple[str, str]]) -> Certification:
    """Return what the (kind, state) pairs of a doctor, oldest first, come to."""
    approved: set[str] = set()
    last: dict[str, str] = {}
    for kind, state in papers:
        last[kind] = state
        if state == CredentialState.APPROVED:
            approved.add(kind)
    if approved >= REQUIRED_CREDENTIALS:
        return Certification.CERTIFIED
    states = {state for kind, state in last.items() if kind in REQUIRED_CREDENTIALS}
    if CredentialState.PENDING in states:
        return Certification.PENDING
    return Certification.REJECTED if CredentialState.REJECTED in states else Certification.NONE


def ends_earlier(new: date | None, present: date | None) -> bool:
    """Say whether a paper with the last day ``new`` ends before the present one; None: no end."""
    return new is not None and (present is None or new < present)


def alert_due(days_left: int, told: Collection[int]) -> int | None:
    """Return the step of CREDENTIAL_ALERT_DAYS to tell now; None when it was told or is far."""
    reached = [days for days in rules.CREDENTIAL_ALERT_DAYS if days_left <= days]
    nearest = min(reached, default=None)
    return None if nearest in told else nearest


def has_practised_long(since: date, on: date) -> bool:
    """Say whether PRACTICE_YEARS_MIN full years lie between."""
    years = on.year - since.year - ((on.month, on.day) < (since.month, since.day))
    return years >= rules.PRACTICE_YEARS_MIN
