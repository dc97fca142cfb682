"""The console's users, batches and emergency reading, by hand."""

from typing import Any

import pytest
from django.urls import reverse

from clinic.accounts.models import User
from clinic.core.models import AuditEntry
from clinic.privacy.models import AccountBatch, EmergencyAccess
from clinic.privacy.services.batches import work_batches
from tests.cast import Member
from tests.console.conftest import browser
from tests.doctors_cast import DoctorMember
from tests.privacy.conftest import get
from tests.records.conftest import Signed

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def test_users_are_found_by_post_and_many_are_switched_off_after_a_question(
    an: Member, lin: Member, ge: Member, shen: DoctorMember
) -> None:
    window = browser(an.user)
    users = reverse("users")

    found = text(window.post(users, {"words": "小月"}))
    every = text(window.get(users))
    odd = text(window.post(users, {"page": "-x", "role": "nobody", "since": "never"}))
    chosen = {"user": [str(lin.public_id), str(ge.public_id)], "act": "deactivate"}
    question = text(window.post(reverse("users-confirm"), chosen))
    nothing = User.objects.filter(is_active=False).exists()
    done = window.post(
        reverse("users-confirm"), chosen | {"confirmed": "1", "reason": "security"}, follow=True
    )
    work_batches()
    report = text(window.get(done.request["PATH_INFO"]))

    assert "林小月" in found
    assert "葛明" not in found
    assert "葛明" in every
    assert str(lin.user.phone)[3:] not in every
    assert "葛明" in odd
    assert "2 accounts are switched off" in question
    assert not nothing
    assert AccountBatch.objects.get().state == "done"
    assert "2 done" in report
    assert not User.objects.filter(pk__in=[lin.user.pk, ge.user.pk], is_active=True).exists()


def test_before_persons_are_removed_the_page_says_who_would_be_left_out(
    an: Member, lin: Member, shen: DoctorMember
) -> None:
    chosen = {"user": [str(lin.public_id), str(shen.member.public_id)], "act": "anonymise"}

    question = text(browser(an.user).post(reverse("users-confirm"), chosen))

    assert "2 accounts lose their persons for ever" in question
    assert "1 of the first 2 will be left out" in question


def test_who_only_looks_cannot_act(jian: Member, bao: Member, lin: Member, ge: Member) -> None:
    told = {"user": [str(lin.public_id)], "act": "anonymise", "confirmed": "1"}

    for member in (jian, bao):
        window = browser(member.user)
        page = text(window.get(reverse("users")))
        assert "Anonymise the chosen" not in page
        assert window.post(reverse("users-confirm"), told).status_code == 403
    assert browser(bao.user).post(reverse("users-file")).status_code == 403
    file = browser(jian.user).post(reverse("users-file"), {"words": "林"})
    assert "林小月" in b"".join(file.streaming_content).decode()
    assert browser(ge.user).get(reverse("users")).status_code == 302
    assert not AccountBatch.objects.exists()
    assert "林" not in str(list(AuditEntry.objects.values_list("note", flat=True)))


def test_an_agent_reads_a_record_in_an_emergency_and_it_is_written_down(
    bao: Member, lin: Member, shen: DoctorMember, signed: Signed, jian: Member
) -> None:
    record = signed(lin, shen)
    window = browser(bao.user)
    form = reverse("emergency")
    told = {"whom": str(lin.user.phone), "reason": "danger", "words": "电话里昏迷，需要过敏史"}

    short = text(window.post(form, told | {"words": "急"}))
    unknown = text(window.post(form, told | {"whom": "林小月"}))
    opened = window.post(form, told, follow=True)
    access = EmergencyAccess.objects.get()
    path = reverse("emergency-record", args=[access.public_id, record.public_id])
    shown = text(window.get(path))

    assert "console-error" in short
    assert "No patient was found" in unknown
    assert "青霉素" in text(opened)
    assert record.diagnosis in shown
    assert browser(jian.user).get(path).status_code == 403, "an auditor looks at the uses"
    uses = text(browser(jian.user).get(
        reverse("admin:privacy_emergencyaccess_change", args=[access.pk])
    ))  # fmt: skip
    assert f"record …{str(record.public_id)[-6:]}" in uses
    EmergencyAccess.objects.all()
    assert {row["why"] for row in get(lin, "privacy/reads").json()["results"]} == {"emergency"}


def test_another_s_access_opens_nothing(
    bao: Member, an: Member, lin: Member, shen: DoctorMember, signed: Signed
) -> None:
    record = signed(lin, shen)
    told = {"whom": str(lin.public_id), "reason": "danger", "words": "电话里昏迷，需要过敏史"}
    browser(bao.user).post(reverse("emergency"), told)
    access = EmergencyAccess.objects.get()

    for name, args in (
        ("emergency-patient", [access.public_id]),
        ("emergency-record", [access.public_id, record.public_id]),
    ):
        assert browser(an.user).get(reverse(name, args=args)).status_code == 404
