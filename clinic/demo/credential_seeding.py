"""Papers of the demo doctors: drawn here, handed in and approved by the real services.

One doctor's licence ends soon, and one certificate waits for a review.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from clinic.core.actor import Actor
from clinic.core.clock import clinic_day
from clinic.core.roles import Role
from clinic.demo.actors import actor_of
from clinic.demo.drawing import draw_card
from clinic.files.services.storing import store_file
from clinic.patients.rules import check_digit
from doctors.enums import CredentialKind
from doctors.models import Credential, Doctor
from doctors.rules.credentials import Paper
from doctors.selectors.credentials import PURPOSE
from doctors.services.credentials import approve, submit

LICENCE_YEARS = 3
ENDS_SOON, SOON = 2, timedelta(days=50)  # the doctor whose licence ends soon, and when
IN_REVIEW = 1  # the doctor whose certificate of the title waits for a review
PRACTISING_SINCE = date(2012, 7, 1)
COLOURS = {
    CredentialKind.QUALIFICATION: "#c9dccb",
    CredentialKind.PRACTICE_LICENCE: "#d5dfee",
    CredentialKind.ID_CARD: "#e9dfc8",
    CredentialKind.PORTRAIT: "#e3d3dc",
    CredentialKind.TITLE: "#dcd6ea",
}


def seed_credentials(doctor: Doctor, number: int, *, by: Actor, now: datetime) -> None:
    """Give a demo doctor every required paper, approved; ``number`` tells doctors apart."""
    actor = actor_of(doctor.user, Role.DOCTOR)
    papers = _papers(number, clinic_day(now))
    if number == IN_REVIEW:
        papers[CredentialKind.TITLE] = {"number": f"DEMO-T-{number:04d}"}
    for kind, told in papers.items():
        if Credential.objects.filter(doctor=doctor, kind=kind).exists():
            continue
        sides = ("front", "back") if kind == CredentialKind.ID_CARD else ("front",)
        pictures = {side: _upload(actor, kind, f"{number} {side}") for side in sides}
        paper = Paper(kind=kind, front=pictures["front"], back=pictures.get("back"), **told)
        credential = submit(doctor_id=doctor.pk, paper=paper, now=now, by=actor)
        if kind != CredentialKind.TITLE:
            approve(credential.pk, now=now, by=by)


def _papers(number: int, today: date) -> dict[CredentialKind, dict[str, Any]]:
    head = f"11010119800101{number:03d}"
    valid = SOON if number == ENDS_SOON else timedelta(days=LICENCE_YEARS * 365)
    return {
        CredentialKind.QUALIFICATION: {"number": f"DEMO-Q-{number:04d}"},
        CredentialKind.PRACTICE_LICENCE: {
            "number": f"DEMO-P-{number:04d}",
            "scope": "中医专业",
            "practising_since": PRACTISING_SINCE,
            "valid_until": today + valid,
        },
        CredentialKind.ID_CARD: {"number": head + check_digit(head)},
        CredentialKind.PORTRAIT: {},
    }


def _upload(actor: Actor, kind: CredentialKind, words: str) -> UUID:
    data = draw_card(COLOURS[kind], f"DEMO {kind.value} {words}")
    return store_file(actor=actor, purpose=PURPOSE, name=f"{kind.value}.png", data=data).public_id
