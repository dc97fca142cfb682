"""Many accounts at once: fixed when ordered, told one by one, resumed after a crash."""

from typing import Any

import pytest
from django.db import DatabaseError

from clinic.accounts.models import User
from clinic.core.models import AuditEntry
from clinic.privacy.models import AccountBatch
from clinic.privacy.services import batches
from clinic.privacy.services.batches import work_batches
from clinic.settings import rules
from tests.cast import Member
from tests.consultations.conftest import Desk, post
from tests.doctors_cast import DoctorMember
from tests.payments.conftest import give_balance
from tests.privacy.conftest import get
from tests.records.conftest import Signed

pytestmark = pytest.mark.django_db


def order(member: Member, act: str, *users: Member, **more: Any) -> Any:
    told = {"act": act, "users": [str(user.public_id) for user in users], **more}
    return post(member, "user-batches", told)


def report(member: Member, batch: str) -> dict[str, dict[str, Any]]:
    rows = get(member, f"user-batches/{batch}/accounts").json()["results"]
    return {row["user_id"]: row for row in rows}


def test_each_account_is_told_with_what_is_open_and_what_is_kept(
    an: Member, lin: Member, ge: Member, shen: DoctorMember, desk: Desk, signed: Signed
) -> None:
    signed(lin, shen)
    desk.paid(ge)

    made = order(an, "anonymise", lin, ge, shen.member, an)
    work_batches()

    assert made.status_code == 201, made.json()
    assert made.json()["counts"] == {"pending": 4, "done": 0, "skipped": 0, "failed": 0}
    shown = get(an, f"user-batches/{made.json()['id']}").json()
    assert (shown["state"], shown["counts"]["done"], shown["counts"]["skipped"]) == ("done", 1, 3)
    rows = report(an, made.json()["id"])
    assert rows[str(lin.public_id)]["kept"]["records"] == 1
    assert {"open_consultation", "balance"} <= set(rows[str(ge.public_id)]["reasons"])
    assert rows[str(shen.member.public_id)]["reasons"] == ["duties"]
    assert rows[str(an.public_id)]["reasons"] == ["own"]
    nameless = User.objects.get(pk=lin.user.pk)
    assert (nameless.name, nameless.phone, nameless.is_active) == ("", None, False)
    assert User.objects.get(pk=ge.user.pk).name == "葛明"


def test_a_second_run_does_nothing_twice(an: Member, lin: Member, ge: Member) -> None:
    made = order(an, "deactivate", lin, ge, reason="abuse").json()["id"]

    work_batches()
    assert work_batches() == 0
    again = order(an, "deactivate", lin, reason="abuse").json()["id"]
    work_batches()

    assert {row["state"] for row in report(an, made).values()} == {"done"}
    assert report(an, again)[str(lin.public_id)]["reasons"] == ["already"]
    assert AuditEntry.objects.filter(verb="suspend").count() == 2


def test_a_batch_goes_on_after_a_crash(
    an: Member, lin: Member, ge: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = order(an, "deactivate", lin, ge, reason="left").json()["id"]
    real = batches._act

    def dies(batch: Any, account: User, *args: Any) -> Any:
        if account.pk == ge.user.pk:
            raise KeyboardInterrupt
        return real(batch, account, *args)

    monkeypatch.setattr(batches, "_act", dies)
    with pytest.raises(KeyboardInterrupt):
        work_batches()
    monkeypatch.setattr(batches, "_act", real)
    half = get(an, f"user-batches/{made}").json()["counts"]
    work_batches()

    assert (half["done"], half["pending"]) == (1, 1)
    assert AccountBatch.objects.get().state == "done"
    assert not User.objects.filter(pk__in=[lin.user.pk, ge.user.pk], is_active=True).exists()


def test_an_account_that_fails_is_told_as_failed_and_no_other(
    an: Member, lin: Member, ge: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = order(an, "deactivate", lin, ge, reason="left").json()["id"]
    real, (first, _second) = batches._act, sorted((lin, ge), key=lambda one: one.user.pk)

    def fails(batch: Any, account: User, *args: Any) -> Any:
        if account.pk == first.user.pk:
            raise DatabaseError
        return real(batch, account, *args)

    monkeypatch.setattr(batches, "_act", fails)
    work_batches()

    states = {user: row["state"] for user, row in report(an, made).items()}
    assert states == {str(one.public_id): "failed" if one is first else "done" for one in (lin, ge)}


def test_bad_batches_change_nothing(
    an: Member, jian: Member, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "ACCOUNT_BATCH_MAX", 1)
    (fault,) = order(an, "deactivate", lin).json()["errors"]
    assert (fault["attr"], fault["code"], bool(fault["detail"])) == ("reason", "required", True)
    assert order(an, "deactivate", lin, an, reason="left").json()["code"] == "too_many_accounts"
    assert order(an, "drop", lin).status_code == 400
    monkeypatch.setattr(rules, "ACCOUNT_BATCH_MAX", 2)
    unknown = "00000000-0000-7000-8000-000000000000"
    told = {"act": "anonymise", "users": [str(lin.public_id), unknown]}
    (fault,) = post(an, "user-batches", told).json()["errors"]
    assert (fault["attr"], unknown in fault["detail"]) == ("users.1", True)
    assert order(jian, "anonymise", lin).status_code == 403
    assert order(lin, "anonymise", lin).status_code == 403
    assert not AccountBatch.objects.exists()


def test_one_account_is_removed_or_says_why_not(an: Member, lin: Member, ge: Member) -> None:
    give_balance(ge, 500)

    refused = an.client.delete(f"/api/v1/users/{ge.public_id}")
    done = an.client.delete(f"/api/v1/users/{lin.public_id}")

    assert (refused.status_code, refused.json()["code"]) == (409, "open_matters")
    assert "balance" in [reason["code"] for reason in refused.json()["reasons"]]
    assert done.status_code == 204
    assert User.objects.get(pk=lin.user.pk).anonymised_at is not None
