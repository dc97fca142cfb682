"""What the database kept of a row is told in words: what changed, of whom, and by whom."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.accounts.models import User
from clinic.core import audit
from clinic.core.actor import system_actor
from clinic.core.ids import uuid7
from clinic.core.models import AuditEntry
from clinic.patients.models import VisitPerson
from payments.models import PriceHistory, PriceRule
from tests.cast import Member
from tests.console.conftest import browser

PRICES = reverse("admin:payments_pricehistory_changelist")
PERSONS = reverse("admin:patients_visitpersonhistory_changelist")


@pytest.fixture
def rule(db: None) -> PriceRule:
    return PriceRule.objects.create(
        service="text_consultation", scope="global", amount_fen=3900, note="old"
    )


def test_a_change_in_the_console_tells_fields_and_who(
    desk: Client, chief: User, rule: PriceRule
) -> None:
    address = reverse("admin:payments_pricerule_change", args=[rule.pk])
    desk.post(address, {"note": "new", "valid_until_0": "", "valid_until_1": ""})
    rule.refresh_from_db()
    assert (rule.note, rule.is_active) == ("new", False)

    page = desk.get(PRICES).content.decode()

    assert "Note: old → new" in page
    assert "Active: yes → no" in page
    assert "Text consultation / " in page
    assert chief.name in page
    assert "Amount (fen): - → ¥39.00" in page
    assert not re.search(r"\bpgh(?!_id)", page, re.IGNORECASE)
    changed = desk.get(PRICES, {"what": "update"}).content.decode()
    assert "old → new" in changed
    assert "¥39.00" not in changed
    version = PriceHistory.objects.latest("pgh_id")
    one = desk.get(
        reverse("admin:payments_pricehistory_change", args=[version.pk])
    ).content.decode()
    assert "old → new" in one
    assert "The event label" not in one


def test_histories_mask_patients_and_ask_as_often_for_many_rows(desk: Client, lin: Member) -> None:
    person = VisitPerson.objects.create(
        account=lin.user, name="林小月", gender="female", relation="self", birthday="1990-05-06"
    )
    person.weight_kg = 50
    person.save(update_fields=["weight_kg"])
    few = _queries(desk)
    for number in range(5):
        VisitPerson.objects.create(
            account=lin.user, name=f"葛小{number}", gender="male", relation="child"
        )
    person.birthday, person.gender = "1991-05-06", "unknown"
    person.save(update_fields=["birthday", "gender"])

    assert _queries(desk) == few
    page = desk.get(PERSONS).content.decode()
    assert "林*月 (" in page
    assert "林小月" not in page
    assert "Birthday: *** → ***" in page
    assert "1991" not in page
    chief = User.objects.get(is_superuser=True)
    chinese = browser(chief, "zh-hans").get(PERSONS).content.decode()
    assert "出生日期: *** → ***" in chinese


def test_the_audit_log_says_who_did_what_in_words(desk: Client, chief: User, lin: Member) -> None:
    address = reverse("admin:core_auditentry_changelist")
    desk.get(reverse("admin:accounts_user_change", args=[lin.user.pk]))
    audit.record(system_actor("timer"), "refund.approve", "refund", uuid7())
    audit.record(lin.actor, "change", "visit_person", uuid7())
    told = {"en": ("Account: read", "System (timer)", "Refund: approved")}
    told["zh-hans"] = ("账号: 查看", "系统（定时）", "退款: 批准")

    for language, words in told.items():
        page = browser(chief, language).get(address).content.decode()
        assert [one for one in (*words, chief.name) if one not in page] == []
        assert "user:" not in page

    entry = AuditEntry.objects.latest("id")
    one = desk.get(reverse("admin:core_auditentry_change", args=[entry.pk])).content.decode()
    assert entry.subject in one


def _queries(desk: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(PERSONS).status_code == 200
    return len(asked)
