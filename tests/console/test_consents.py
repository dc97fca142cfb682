"""Consents and real names in the console: looked at, and texts that only get new versions."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.patients.enums import CheckResult
from clinic.patients.models import Consent, ConsentText, RealNameCheck
from tests.cast import Member, make_member
from tests.console.conftest import browser
from tests.console.test_steps import page_of
from tests.patients.test_consents import MOTHER, give, make_person, new_version

pytestmark = pytest.mark.django_db
ADD = "admin:patients_consenttext_add"


def _form(**told: str) -> dict[str, str]:
    day, time = "2026-01-01", "08:00:00"
    words = {"title_zh": "告知书", "title_en": "Text", "body_zh": "正文", "body_en": "Words"}
    return {
        "kind": "service", "effective_from_0": day, "effective_from_1": time, **words, **told
    }  # fmt: skip


def test_a_text_gets_a_new_version_that_begins_with_the_old_words(desk: Client) -> None:
    old = ConsentText.objects.get(kind="service")

    form = desk.get(reverse(ADD), {"kind": "service"}).content.decode()
    answer = desk.post(reverse(ADD), _form())

    assert old.body_en.splitlines()[0] in form
    assert answer.status_code == 302
    assert list(ConsentText.objects.filter(kind="service").values_list("version", "body_zh")) == [
        (2, "正文"),
        (1, old.body_zh),
    ]
    page = page_of(desk, old).content.decode()
    assert 'name="body_zh"' not in page
    with translation.override("en"):
        shown = desk.get(reverse("admin:patients_consenttext_changelist")).content.decode()
    assert (shown.count("in force<"), shown.count("replaced<")) == (3, 1)


def test_the_list_of_texts_costs_the_same_for_many_versions(desk: Client) -> None:
    costs = []
    for number in (1, 5):
        for _more in range(number):
            new_version("guardian")
        with CaptureQueriesContext(connection) as spent:
            desk.get(reverse("admin:patients_consenttext_changelist"))
        costs.append(len(spent))

    assert costs[0] == costs[1]


def test_only_administrators_publish_and_nobody_changes(lin: Member, an: Member) -> None:
    auditor = browser(make_member("简察", Role.AUDITOR, is_staff=True).user)
    text = ConsentText.objects.get(kind="service")
    change = reverse("admin:patients_consenttext_change", args=[text.pk])

    assert auditor.post(reverse(ADD), _form()).status_code == 403
    assert browser(an.user).post(change, _form()).status_code == 403
    assert ConsentText.objects.count() == 3


def test_names_of_guardians_and_persons_are_masked(desk: Client, lin: Member) -> None:
    child = make_person(lin, age=8, name="林小宝")
    RealNameCheck.objects.create(
        person=child, day=now().date(), try_number=1, result=CheckResult.SAME,
        reference="R-1", finished_at=now(),
    )  # fmt: skip
    give(lin, child, "guardian", **MOTHER | {"guardian_name": "方静怡"})
    consent = Consent.objects.filter(person=child).earliest("pk")

    pages = [
        page_of(desk, consent),
        page_of(desk, child),
        *(
            desk.get(reverse(f"admin:patients_{name}_changelist"))
            for name in ("consent", "realnamecheck", "visitperson")
        ),
    ]

    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert "方静怡" not in text
        assert "林小宝" not in text
    assert "R-1" in pages[1].content.decode()
