"""Every screen of the console in a real browser, Chinese and English.

With CONSOLE_PICTURES=1 pictures of every page go to test-output/console/.
"""

import pytest
from playwright.sync_api import Page, expect

from clinic.accounts.models import User
from clinic.customer_service.models import QualityCheck
from payments.models import LedgerTransaction
from tests.browsing import (
    Walk,
    needs_browser,
    open_console,
    open_page,
    picture,
    walked_in,
)
from tests.console.conftest import SmallClinic
from tests.customer_service.past import make_agent, make_team, two_weeks
from tests.payments.desk import make_desk
from tests.windows import Windows

WORDS = {
    "zh-CN": {
        "today": "今日",
        "login": "登录",
        "offline": "线下已付",
        "hours": "工作时间",
        "add_hours": "添加另一个",
        "grade": "评分",
        "confirm": "确认",
    },
    "en-US": {
        "today": "Today",
        "login": "Log in",
        "offline": "Paid outside",
        "hours": "Opening hours",
        "add_hours": "Add another",
        "grade": "Grade",
        "confirm": "Confirm",
    },
}

pytestmark = needs_browser


def _log_in(page: Page, locale: str) -> None:
    page.goto("/admin/")
    page.fill("input[name=username]", "139 0000 0001")
    page.fill("input[name=password]", "Console-2026")
    page.get_by_role("button", name=WORDS[locale]["login"]).click()
    expect(page).to_have_url(f"{page.url.split('/admin/')[0]}/admin/")


@pytest.mark.timeout(300)
@walked_in("zh-CN")
def test_staff_logs_in_and_opens_every_screen_without_a_fault(
    chromium: Windows,
    address: str,
    chief: User,
    small_clinic: SmallClinic,
    walk: Walk,
    locale: str,
) -> None:
    page, faults = open_page(chromium, address, locale)
    short = locale[:2]
    page.goto("/admin/")
    picture(page, f"login-{short}")
    _log_in(page, locale)
    expect(page.get_by_text(WORDS[locale]["today"]).first).to_be_visible()
    picture(page, f"dashboard-{short}")

    shown = {
        "consultations": "/admin/consultations/consultation/",
        "doctor": f"/admin/doctors/doctor/{small_clinic.doctor.pk}/change/",
        "consent-text-form": "/admin/patients/consenttext/add/?kind=service",
        "conversation": f"/admin/chat/conversation/{small_clinic.conversation.pk}/change/",
        "jobs": "/admin/django_celery_beat/periodictask/",
        "front": "/",
        "errors": "/api/docs/errors/",
        "swagger": "/api/docs/",
        "redoc": "/api/redoc/",
        "socket": "/ws/docs/",
    }
    like_them = {
        "consultation": f"/admin/consultations/consultation/{small_clinic.waiting.pk}/change/",
        "doctors": "/admin/doctors/doctor/",
        "orders": "/admin/payments/paymentorder/",
        "order": f"/admin/payments/paymentorder/{small_clinic.order.pk}/change/",
        "accounts": "/admin/accounts/user/",
        "account": f"/admin/accounts/user/{small_clinic.patient.user.pk}/change/",
        "persons": "/admin/patients/visitperson/",
        "person": f"/admin/patients/visitperson/{small_clinic.person.pk}/change/",
        "checks-of-names": "/admin/patients/realnamecheck/",
        "consent-texts": "/admin/patients/consenttext/",
        "consents": "/admin/patients/consent/",
        "reviews": "/admin/reviews/review/",
        "audit": "/admin/core/auditentry/",
    }
    for name, path in like_them.items():
        walk.reads(page, path, f"{name}-{short}")
    for name, path in shown.items():
        walk.shows(page, path, f"{name}-{short}")

    assert faults == []


@pytest.mark.timeout(300)
@walked_in("en-US")
def test_finance_opens_every_page_of_money_without_a_fault(
    chromium: Windows, address: str, chief: User, walk: Walk, locale: str
) -> None:
    desk = make_desk()
    booking = LedgerTransaction.objects.filter(order=desk.order).latest("pk")
    page, faults = open_console(chromium, address, chief, locale)
    money, short = "/admin/payments", locale[:2]
    shown = {
        "statistics": "/admin/money/statistics/",
        "settlement": "/admin/money/settlement/",
        "attempts": f"{money}/paymentattempt/?odd=yes",
        "price-form": f"{money}/pricerule/add/",
        "refund-waits": f"{money}/refund/{desk.waiting_refund.pk}/change/",
        "claim": f"{money}/offlineclaim/{desk.claim.pk}/change/",
        "day": f"{money}/reconciliationrun/{desk.run.pk}/change/",
    }
    like_them = {
        "orders": f"{money}/paymentorder/",
        "attempt": f"{money}/paymentattempt/{desk.attempt.pk}/change/",
        "messages": f"{money}/gatewayevent/",
        "message": f"{money}/gatewayevent/{desk.message.pk}/change/",
        "bookings": f"{money}/ledgertransaction/",
        "booking": f"{money}/ledgertransaction/{booking.pk}/change/",
        "books": f"{money}/ledgeraccount/",
        "book": f"{money}/ledgeraccount/{booking.postings.all()[0].account_id}/change/",
        "incomes": f"{money}/recognisedincome/",
        "prices": f"{money}/pricerule/",
        "merchants": f"{money}/merchantconfig/",
        "merchant": f"{money}/merchantconfig/{desk.run.merchant_id}/change/",
        "certificates": f"{money}/platformcertificate/",
        "refunds": f"{money}/refund/?waits=staff",
        "refund-stuck": f"{money}/refund/{desk.stuck_refund.pk}/change/",
        "requests": f"{money}/refundrequest/",
        "request": f"{money}/refundrequest/{desk.request.pk}/change/",
        "offer": f"{money}/balanceoffer/",
        "claims": f"{money}/offlineclaim/",
        "proofs": f"{money}/offlineproof/",
        "days": f"{money}/reconciliationrun/",
        "differences": f"{money}/reconciliationitem/",
        "difference": f"{money}/reconciliationitem/{desk.item.pk}/change/",
        "explained": f"{money}/suspenseclearing/",
    }
    for name, path in like_them.items():
        walk.reads(page, path, f"money-{name}-{short}")
    for name, path in shown.items():
        walk.shows(page, path, f"money-{name}-{short}")

    walk.shows(page, f"{money}/paymentorder/{desk.order.pk}/change/", f"money-order-paid-{short}")
    for number, tab in enumerate(page.locator("a[href^='#']").all()[1:4]):
        tab.click()
        picture(page, f"money-order-tab{number}-{short}")
    walk.shows(
        page, f"{money}/paymentorder/{desk.unpaid.pk}/change/", f"money-order-unpaid-{short}"
    )
    page.get_by_text(WORDS[locale]["offline"]).first.click()
    expect(page.locator("select[name=kind]").first).to_be_visible()
    picture(page, f"money-offline-form-{short}")
    assert faults == []


@pytest.mark.timeout(300)
@walked_in("zh-CN")
def test_who_leads_the_desk_opens_every_page_of_it_without_a_fault(
    chromium: Windows, address: str, chief: User, walk: Walk, locale: str
) -> None:
    team = make_team()
    billing = make_team("billing", name_zh="账单与退款", name_en="Billing")
    agents = [make_agent(name, team, billing) for name in ("小青", "小蓝", "小满")]
    chat = two_weeks(team, billing, agents)
    check = QualityCheck.objects.create(chat=chat, picked_by="system:quality sampling")
    page, faults = open_console(chromium, address, chief, locale)
    room, short = "/admin/customer_service", locale[:2]
    shown = {
        "reports": "/admin/chat/reports/",
        "holidays": "/admin/chat/holidays/",
        "agent": f"{room}/agent/{agents[0].pk}/change/",
        "chat": f"{room}/servicechat/{chat.pk}/change/",
        "macro": f"{room}/macro/add/",
        "checks": f"{room}/qualitycheck/",
    }
    like_them = {
        "teams": f"{room}/team/",
        "days": f"{room}/teamday/",
        "agents": f"{room}/agent/",
        "agent-add": f"{room}/agent/add/",
        "chats": f"{room}/servicechat/",
        "left": f"{room}/leftmessage/",
        "canned": f"{room}/cannedreply/add/",
        "tags": f"{room}/tag/",
        "log": f"{room}/agentstatuschange/",
        "promises": f"{room}/slatimer/",
    }
    for name, path in like_them.items():
        walk.reads(page, path, f"desk-{name}-{short}")
    for name, path in shown.items():
        walk.shows(page, path, f"desk-{name}-{short}")

    walk.shows(page, f"{room}/team/{team.pk}/change/", f"desk-team-{short}")
    page.get_by_text(WORDS[locale]["hours"]).first.click()
    page.get_by_role("link", name=WORDS[locale]["add_hours"]).click()
    expect(page.locator("#id_hours-0-opens")).to_be_visible()
    picture(page, f"desk-team-hours-{short}")

    walk.shows(page, f"{room}/qualitycheck/{check.pk}/change/", f"desk-check-{short}")
    page.get_by_text(WORDS[locale]["grade"]).first.click()
    page.locator("input[name=remark]").fill("态度好")
    picture(page, f"desk-check-form-{short}")
    page.get_by_role("button", name=WORDS[locale]["confirm"]).click()
    expect(page.get_by_text("态度好").first).to_be_visible()
    check.refresh_from_db()
    assert (check.attitude, check.remark) == (5, "态度好")
    assert faults == []


def test_the_language_is_switched_in_the_menu_and_stays(
    chromium: Windows, address: str, chief: User
) -> None:
    page, _faults = open_console(chromium, address, chief, "zh-CN")
    page.goto("/admin/")
    page.locator("#nav-sidebar-inner div[role=button]").last.press("Enter")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("Today").first).to_be_visible()

    page.goto("/admin/doctors/doctor/")

    expect(page.get_by_text("Departments").first).to_be_visible()
