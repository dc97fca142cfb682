"""Papers of doctors in the console: seen with their pictures, decided once, by few."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.core.clock import clinic_day, now
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from doctors.enums import CredentialKind, CredentialState
from doctors.models import Credential
from tests.cast import Member, make_member
from tests.console.conftest import browser
from tests.console.test_steps import page_of, take
from tests.doctors.papers import ID_NUMBER, submitted
from tests.doctors_cast import DoctorMember

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


@pytest.fixture
def card(shen: DoctorMember) -> Credential:
    """An ID card that waits for its review."""
    return submitted(shen, CredentialKind.ID_CARD)


def picture_of(client: Client, card: Credential, side: str) -> int:
    """Open a picture; return the status."""
    address = reverse("admin:doctors_credential_picture", args=[card.pk, side])
    return client.get(address).status_code


def test_a_paper_is_read_with_its_pictures_and_the_reading_is_noted(
    desk: Client, card: Credential
) -> None:
    page = page_of(desk, card).content.decode()

    assert ID_NUMBER in page
    assert "/picture/front/" in page
    assert [picture_of(desk, card, side) for side in ("front", "back", "no")] == [200, 200, 403]
    assert AuditEntry.objects.filter(
        verb="credential.read", subject=f"credential:{card.public_id}"
    ).exists()


def test_of_two_open_reviews_the_second_is_told(desk: Client, an: Member, card: Credential) -> None:
    other = browser(an.user)
    page_of(other, card)

    take(desk, card, "approve")
    late = take(other, card, "reject", reason="mismatch")

    card.refresh_from_db()
    assert card.state == CredentialState.APPROVED
    assert "this step is not possible" in late.content.decode()


def test_a_licence_that_ends_earlier_is_approved_as_such_or_not_at_all(
    desk: Client, shen: DoctorMember
) -> None:
    kind, today = CredentialKind.PRACTICE_LICENCE, clinic_day(now())
    long, short = (today + timedelta(days=days) for days in (900, 300))
    old = submitted(shen, kind, valid_until=long.isoformat())
    take(desk, old, "approve")
    new = submitted(shen, kind, valid_until=short.isoformat())

    page = page_of(desk, new).content.decode()
    refused = take(desk, new, "approve").content.decode()

    assert f"valid until {long}" in page
    assert "the new one ends earlier" in page
    assert "ends earlier than the approved one" in refused
    new.refresh_from_db()
    assert new.state == CredentialState.PENDING
    take(desk, new, "approve_shorter")
    for paper in (old, new):
        paper.refresh_from_db()
    assert (old.state, new.state) == (CredentialState.REPLACED, CredentialState.APPROVED)


def test_a_refusal_wants_a_reason_from_the_list(desk: Client, card: Credential) -> None:
    take(desk, card, "reject", reason="whatever")
    card.refresh_from_db()
    assert card.state == CredentialState.PENDING

    take(desk, card, "reject", reason="unreadable")
    card.refresh_from_db()
    assert (card.state, card.reason) == (CredentialState.REJECTED, "unreadable")
    assert "this step is not possible" in take(desk, card, "approve").content.decode()


def test_an_approval_is_revoked_with_a_reason(desk: Client, card: Credential) -> None:
    take(desk, card, "approve")

    take(desk, card, "revoke", reason="not_registered")

    card.refresh_from_db()
    assert (card.state, card.reason) == (CredentialState.REJECTED, "not_registered")


@pytest.mark.parametrize(
    "role",
    [Role.CUSTOMER_SERVICE, Role.PHARMACIST, Role.FINANCE, Role.CONTENT_OPERATOR, Role.AUDITOR],
)
def test_other_staff_decide_nothing_and_only_auditors_look(card: Credential, role: Role) -> None:
    client = browser(make_member("同事", role, is_staff=True).user)
    may_look = role == Role.AUDITOR

    assert page_of(client, card).status_code == (200 if may_look else 403)
    assert picture_of(client, card, "front") == (200 if may_look else 403)
    assert take(client, card, "approve").status_code == 403
    card.refresh_from_db()
    assert card.state == CredentialState.PENDING


def test_the_first_page_counts_what_waits(desk: Client, card: Credential) -> None:
    page = desk.get(reverse("admin:index")).content.decode()

    assert "Credentials to review" in page


def test_the_list_costs_the_same_for_many_papers(desk: Client, shen: DoctorMember) -> None:
    address = reverse("admin:doctors_credential_changelist")
    submitted(shen, CredentialKind.TITLE)
    desk.get(address)
    costs = []
    for kind in (CredentialKind.PORTRAIT, CredentialKind.QUALIFICATION):
        submitted(shen, kind)
        costs.append(_cost(desk, address))

    assert costs[0] == costs[1]


def _cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len(seen)
