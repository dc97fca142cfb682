"""A patient wishes to be forgotten: he can take it back, and what is open comes first."""

from datetime import datetime, timedelta

import pytest

from clinic.accounts.models import User
from clinic.core.clock import now
from clinic.notifications.models import Notice
from clinic.privacy.models import DeletionRequest
from clinic.privacy.services.deletion import work_due_deletions
from tests.cast import Member
from tests.consultations.conftest import Desk, post
from tests.doctors_cast import DoctorMember
from tests.privacy.conftest import COOLING, get
from tests.records.conftest import Signed

pytestmark = pytest.mark.django_db
YES = {"understood": True}


def test_what_stays_is_told_before_and_the_wish_is_done_after_its_time(
    lin: Member, shen: DoctorMember, signed: Signed
) -> None:
    signed(lin, shen)
    before = get(lin, "privacy/deletion").json()
    asked = post(lin, "privacy/deletion", YES)

    assert (before["state"], before["cooling_days"], before["open"]) == (None, 14, [])
    stays = {row["code"]: row["count"] for row in before["stays"]}
    assert stays["records"] == 1
    assert set(stays) == {"records", "dialogues", "payments", "audit"}
    assert (asked.status_code, asked.json()["state"]) == (201, "cooling")
    wish = DeletionRequest.objects.get()
    assert wish.due_at - wish.created_at == timedelta(days=14)
    assert work_due_deletions(now() + COOLING - timedelta(seconds=5)) == 0
    due = now() + COOLING + timedelta(seconds=5)
    assert work_due_deletions(due) == 1
    assert work_due_deletions(due) == 0, "a sweep may run twice"
    assert User.objects.get(pk=lin.user.pk).name == ""
    assert DeletionRequest.objects.get().state == "done"


def test_it_can_be_taken_back_and_asked_again(lin: Member) -> None:
    post(lin, "privacy/deletion", YES)
    twice = post(lin, "privacy/deletion", YES)

    assert twice.json()["code"] == "deletion_asked"
    assert lin.client.delete("/api/v1/privacy/deletion").status_code == 204
    assert lin.client.delete("/api/v1/privacy/deletion").json()["code"] == "deletion_not_asked"
    assert work_due_deletions(now() + COOLING + timedelta(days=1)) == 0
    assert post(lin, "privacy/deletion", YES).status_code == 201


def test_deleting_the_account_is_the_same_wish(lin: Member, desk: Desk) -> None:
    desk.paid(lin)
    first = lin.client.delete("/api/v1/me")
    again = lin.client.delete("/api/v1/me")

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json() == get(lin, "privacy/deletion").json()
    wish = DeletionRequest.objects.get()
    assert datetime.fromisoformat(first.json()["due_at"]) == wish.due_at
    assert "open_consultation" in [row["code"] for row in first.json()["open"]]
    assert "open_consultation" in wish.blocked_by
    assert Notice.objects.filter(user=lin.user, kind="deletion_asked").count() == 1
    assert get(lin, "me").json()["name"] == "林小月"
    assert lin.client.delete("/api/v1/privacy/deletion").status_code == 204


def test_what_is_open_holds_it_up_with_its_reasons(lin: Member, desk: Desk) -> None:
    case = desk.paid(lin)
    post(lin, "privacy/deletion", YES)
    due = now() + COOLING + timedelta(seconds=5)

    assert [work_due_deletions(due), work_due_deletions(due)] == [0, 0]
    told = get(lin, "privacy/deletion").json()
    open_ = [row["code"] for row in told["open"]]
    assert {"open_consultation", "balance"} <= set(open_)
    assert DeletionRequest.objects.get().blocked_by == open_
    assert Notice.objects.filter(user=lin.user, kind="deletion_blocked").count() == 1
    post(lin, f"consultations/{case}/cancel")
    desk.run_events()
    work_due_deletions(due)
    assert "open_consultation" not in DeletionRequest.objects.get().blocked_by
    assert User.objects.get(pk=lin.user.pk).name == "林小月"


def test_it_needs_a_clear_yes_and_a_patient(
    lin: Member, ge: Member, shen: DoctorMember, an: Member
) -> None:
    (fault,) = post(lin, "privacy/deletion", {"understood": False}).json()["errors"]
    assert "true" in fault["detail"]
    assert post(lin, "privacy/deletion").status_code == 400
    for member in (shen.member, an):
        assert get(member, "privacy/deletion").status_code == 403
        assert post(member, "privacy/deletion", YES).status_code == 403
    post(lin, "privacy/deletion", YES)
    assert get(ge, "privacy/deletion").json()["state"] is None
    assert ge.client.delete("/api/v1/privacy/deletion").status_code == 409
