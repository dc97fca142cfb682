"""The review of identity documents in a real browser: at a desk in Chinese, on a phone in English.

With CONSOLE_PICTURES=1 pictures go to test-output/console/.
"""

import pytest
from playwright.sync_api import expect

from clinic.accounts.models import User
from clinic.patients.models import IdentityDocument
from tests.browsing import PHONE, judge, needs_browser, open_console
from tests.cast import Member
from tests.patients.test_documents import _row, person
from tests.windows import Windows
from tests.world import unlimited

__all__ = ["person", "unlimited"]
pytestmark = [*needs_browser, pytest.mark.timeout(300)]
LIST = "/admin/patients/identitydocument/"


@pytest.mark.parametrize(
    ("locale", "width", "step", "ended"),
    [("zh-CN", 1440, "驳回", "未通过"), ("en-US", PHONE, "Reject", "Refused")],
)
def test_a_document_is_reviewed_beside_its_picture(
    chromium: Windows,
    address: str,
    chief: User,
    lin: Member,
    person: str,
    unlimited: None,
    locale: str,
    width: int,
    step: str,
    ended: str,
) -> None:
    document = _row(lin, person)
    page, faults = open_console(chromium, address, chief, locale, width=width)

    page.goto(LIST)
    judge(page, f"documents-{locale[:2]}")
    assert "Smith" not in page.locator("main").inner_text()
    page.goto(f"{LIST}{document.pk}/change/")
    shown = page.locator(".console-pictures img")
    expect(shown).to_have_count(1)
    assert shown.evaluate("image => image.naturalWidth") > 0
    judge(page, f"document-{locale[:2]}")
    page.locator("summary", has_text=step).click()
    judge(page, f"document-reject-{locale[:2]}")
    page.locator("details[open] button[type=submit]").click()

    expect(page.locator(".console-pill", has_text=ended)).to_be_visible()
    assert IdentityDocument.objects.get().state == "rejected"
    assert faults == []
