"""What staff do with money: proofs, two people, the balance, the settlement sheet, the books."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from clinic.core.clock import clinic_day, now
from clinic.core.errors import ClinicError
from clinic.core.ids import uuid7
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.core.sheets import safe_cell
from clinic.embedded.simulator.state import FaultKind
from clinic.settings import rules
from payments.enums import AccountKind, ProofKind, RefundReason, RefundSource
from payments.models import OfflineClaim, OfflineProof, PaymentOrder, Refund
from payments.selectors.ledger import balance_of, total_of
from payments.selectors.settlement import settlement_sheet
from payments.services import refund_steps
from payments.services.balance_offers import approve_balance, propose_balance
from payments.services.income import recognise
from payments.services.offline import take_offline_payment
from payments.services.offline_claims import confirm_claim
from payments.services.refunds import request_refund
from tests.cast import Member, make_member
from tests.payments.conftest import CLERK, WHOLE, Till, get, give_balance, make_order, post

Breaches = Callable[[], list[str]]


@pytest.fixture
def fang(db: None) -> Member:
    """Finance."""
    return make_member("方财", Role.FINANCE, is_staff=True)


@pytest.fixture
def geng(db: None) -> Member:
    """The second person of finance."""
    return make_member("耿财", Role.FINANCE, is_staff=True)


def browser(member: Member) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(member.user)
    return client


def step(member: Member, row: Any, name: str, **fields: str) -> Any:
    address = reverse(f"admin:payments_{row._meta.model_name}_step", args=[row.pk, name])
    return browser(member).post(address, fields, follow=True)


def stuck_refund(till: Till, lin: Member, amount_fen: int = 3900) -> Refund:
    order = till.paid(lin, amount_fen)
    till.sim.state.inject(FaultKind.REFUND_ABNORMAL, times=1)
    refund = request_refund(
        order_id=order.pk,
        amount_fen=None,
        reason=RefundReason.NOBODY_FOUND,
        source="system",
        actor=lin.actor,
    )
    refund_steps.step_refund(refund.pk)
    till.deliver(till.sim.shop.next())
    refund.refresh_from_db()
    return refund


def test_money_at_the_desk_pays_an_order_once_per_receipt(
    db: None, lin: Member, fang: Member, breaches: Breaches
) -> None:
    first, second = make_order(lin), make_order(lin)

    step(fang, first, "offline", reason="R-1", kind="cash")
    again = step(fang, second, "offline", reason="R-1", kind="cash")

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("paid", "pending")
    assert "receipt number has been used" in again.content.decode()
    assert OfflineProof.objects.get().confirmed_by == fang.user
    assert total_of(AccountKind.BANK, "clinic") == -3900
    assert breaches() == []


def test_a_large_payment_at_the_desk_needs_two_people(
    db: None, lin: Member, fang: Member, geng: Member, breaches: Breaches
) -> None:
    order = make_order(lin, 50_001)

    step(fang, order, "offline", reason="T-1", kind="transfer")
    claim = OfflineClaim.objects.get()
    own = step(fang, claim, "confirm")
    order.refresh_from_db()
    before = order.status
    step(geng, claim, "confirm")

    order.refresh_from_db()
    proof = OfflineProof.objects.get()
    assert (before, order.status) == ("pending", "paid")
    assert "Another member of staff" in own.content.decode()
    assert (proof.confirmed_by, proof.approved_by) == (fang.user, geng.user)
    with pytest.raises(ClinicError, match="claim_decided"):
        confirm_claim(claim.pk, actor=geng.actor)
    assert breaches() == []


def test_a_refused_payment_at_the_desk_frees_its_receipt(
    db: None, lin: Member, fang: Member, geng: Member
) -> None:
    order = make_order(lin, 50_001)
    step(fang, order, "offline", reason="T-1", kind="transfer")

    twice = step(geng, order, "offline", reason="T-2", kind="transfer")
    step(geng, OfflineClaim.objects.get(), "reject", reason="wrong sum")
    step(geng, order, "offline", reason="T-1", kind="transfer")

    order.refresh_from_db()
    assert order.status == "pending"
    assert "Written down" not in twice.content.decode()
    states = OfflineClaim.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["rejected", "waiting"]


def test_the_service_itself_refuses_one_person_alone(db: None, lin: Member, fang: Member) -> None:
    order = make_order(lin, 50_001)

    with pytest.raises(ClinicError, match="payment_needs_second_person"):
        take_offline_payment(
            order.pk, kind=ProofKind.CASH, reference="R", received_at=now(), actor=fang.actor
        )


def test_money_at_the_desk_first_ends_the_try_at_the_gateway(
    till: Till, lin: Member, fang: Member
) -> None:
    order = make_order(lin)
    till.start(lin, order)
    till.pay_at_gateway(order)  # the notification is lost

    with pytest.raises(ClinicError, match="order_already_paid"):
        take_offline_payment(
            order.pk, kind=ProofKind.CASH, reference="R", received_at=now(), actor=fang.actor
        )


def test_a_refund_of_money_at_the_desk_waits_for_a_person(
    db: None, lin: Member, fang: Member, breaches: Breaches
) -> None:
    order = make_order(lin)
    step(fang, order, "offline", reason="R-1", kind="transfer")
    made = post(fang, f"orders/{order.public_id}/refunds", WHOLE).json()
    refund = Refund.objects.get(public_id=made["id"])

    refund_steps.step_refund(refund.pk)
    page = browser(fang).get(reverse("admin:payments_refund_changelist"), {"waits": "staff"})
    step(fang, refund, "settle", reason="CASH-OUT-1")

    assert refund.out_refund_no in page.content.decode()
    order.refresh_from_db()
    assert order.status == "refunded"
    assert total_of(AccountKind.BANK, "clinic") == 0
    assert breaches() == []


def test_the_console_refunds_all_only_when_told_so_and_why(
    till: Till, lin: Member, fang: Member
) -> None:
    order = till.paid(lin, 3900)
    for unclear in ({"reason": "R"}, {"amount": "1", "is_all": "on", "reason": "R"}):
        page = step(fang, order, "refund", **unclear).content.decode()
        assert "one of them" in page, unclear
    for silent in ({"is_all": "on"}, {"amount": "1", "reason": "  "}):
        step(fang, order, "refund", **silent)
    assert not order.refunds.exists()

    step(fang, order, "refund", amount="9.00", reason="half a visit")
    step(fang, order, "refund", is_all="on", reason="no visit")

    assert list(order.refunds.order_by("id").values_list("amount_fen", flat=True)) == [900, 3000]
    told = AuditEntry.objects.filter(verb="refund.request").order_by("id")
    assert [row.note["why"] for row in told] == ["half a visit", "no visit"]


def test_a_large_refund_in_the_console_needs_two_people(
    till: Till, lin: Member, fang: Member, geng: Member
) -> None:
    order = till.paid(lin, 60_000)
    step(fang, order, "refund", amount="500.01", reason="R")
    refund = order.refunds.get()

    own = step(fang, refund, "approve")
    refund.refresh_from_db()
    before = refund.status
    step(geng, refund, "approve")

    refund.refresh_from_db()
    assert (before, refund.status) == ("requested", "approved")
    assert "Another member of staff" in own.content.decode()
    assert refund.approved_by == geng.user


def test_a_stuck_refund_reaches_the_balance_by_three_people(
    till: Till, lin: Member, ge: Member, fang: Member, geng: Member, breaches: Breaches
) -> None:
    refund = stuck_refund(till, lin)
    path = f"orders/{refund.order.public_id}/refunds/accept-balance"
    assert post(lin, path).json()["code"] == "refund_not_stuck"  # nothing is offered yet

    propose_balance(refund.pk, actor=fang.actor)
    with pytest.raises(ClinicError, match="consent_missing"):
        approve_balance(refund.pk, actor=geng.actor)
    assert post(ge, path).status_code == 404
    assert post(lin, path).status_code == 200
    with pytest.raises(ClinicError, match="second_person_required"):
        approve_balance(refund.pk, actor=fang.actor)
    step(geng, refund, "approve_balance")

    shown = get(lin, f"orders/{refund.order.public_id}/refunds").json()["results"][0]
    assert (shown["status"], shown["destination"]) == ("succeeded", "balance")
    assert balance_of(lin.public_id) == 3900
    kinds = [row["kind"] for row in get(lin, "notices").json()["results"]]
    assert kinds == ["refund_to_balance", "consent_wanted"]
    assert breaches() == []


def test_the_payer_is_asked_once_whether_the_balance_will_do(
    till: Till, lin: Member, fang: Member
) -> None:
    refund = stuck_refund(till, lin)

    propose_balance(refund.pk, actor=fang.actor)
    propose_balance(refund.pk, actor=fang.actor)

    (notice,) = get(lin, "notices").json()["results"]
    assert notice["kind"] == "consent_wanted"
    assert "39.00" in notice["body"]
    assert (notice["subject_kind"], notice["subject_id"]) == (
        "order",
        str(refund.order.public_id),
    )


CARD = {"bank": "ICBC_DEBIT", "account": "6222000000000000", "holder": "林小月"}


def test_a_stuck_refund_goes_to_the_payers_card(
    till: Till, lin: Member, fang: Member, breaches: Breaches
) -> None:
    refund = stuck_refund(till, lin)
    assert refund.status == "needs_staff"

    step(fang, refund, "to_card", **CARD)
    refund.refresh_from_db()
    asked = refund.status
    refund_steps.step_refund(refund.pk)

    refund.refresh_from_db()
    assert (asked, refund.status) == ("processing", "succeeded")
    entry = AuditEntry.objects.get(verb="refund.to_card")
    assert CARD["account"] not in str(vars(entry))
    assert breaches() == []


def test_who_granted_a_large_request_does_not_choose_the_card(
    till: Till, lin: Member, fang: Member, geng: Member
) -> None:
    refund = stuck_refund(till, lin, rules.STAFF_REFUND_LIMIT_FEN + 1)
    Refund.objects.filter(pk=refund.pk).update(
        source=RefundSource.PATIENT, requested_by=fang.user, approved_by=geng.user
    )

    own = step(fang, refund, "to_card", **CARD)
    step(geng, refund, "to_card", **CARD)

    assert "Another member of staff" in own.content.decode()
    refund.refresh_from_db()
    assert refund.status == "processing"


def test_a_lost_answer_about_a_card_is_found_by_asking(
    till: Till, lin: Member, fang: Member, breaches: Breaches
) -> None:
    refund = stuck_refund(till, lin)
    till.sim.state.inject(FaultKind.ERROR_AFTER_COMMIT, times=1)

    step(fang, refund, "to_card", **CARD)
    refund_steps.step_refund(refund.pk)

    refund.refresh_from_db()
    assert refund.status == "needs_staff"  # nothing was sent, so the card is asked for again
    assert breaches() == []


def test_only_a_stuck_refund_goes_to_a_card(db: None, lin: Member, fang: Member) -> None:
    give_balance(lin, 1000)
    order = make_order(lin, 1000)
    post(lin, f"orders/{order.public_id}/pay", {"method": "balance"})
    made = post(fang, f"orders/{order.public_id}/refunds", WHOLE).json()
    refund = Refund.objects.get(public_id=made["id"])

    told = step(fang, refund, "to_card", **CARD)

    assert "does not wait for a decision" in told.content.decode()


def earned(lin: Member, doctor: Any, amount_fen: int = 1000) -> PaymentOrder:
    give_balance(lin, amount_fen)
    order = make_order(lin, amount_fen)
    post(lin, f"orders/{order.public_id}/pay", {"method": "balance"})
    recognise(order_id=order.pk, doctor_user_public_id=doctor, share=Decimal("0.7"))
    return order


def test_the_settlement_sheet_nets_refunds_by_doctor_and_month(
    db: None, lin: Member, ge: Member
) -> None:
    doctor, other = ge.public_id, uuid7()
    earned(lin, doctor)
    order = earned(lin, doctor)
    earned(lin, other, 500)
    request_refund(
        order_id=order.pk,
        amount_fen=500,
        reason=RefundReason.STAFF,
        why="a part",
        source="staff",
        actor=CLERK,
    )

    month = clinic_day(now()).replace(day=1)
    lines = list(settlement_sheet(months_from=month, months_until=month + timedelta(days=40)))

    found = {(x.doctor_user_public_id, x.services, x.doctor_fen, x.clinic_fen) for x in lines}
    assert found == {(doctor, 2, 1050, 450), (other, 1, 350, 150)}
    assert {x.doctor_name for x in lines} == {"葛明", ""}
    assert list(settlement_sheet(months_from=date(2020, 1, 1), months_until=month)) == []


def test_a_doctor_never_earns_from_drugs(db: None, lin: Member) -> None:
    give_balance(lin, 1000)
    order = make_order(lin, 1000, subject_kind="prescription")
    post(lin, f"orders/{order.public_id}/pay", {"method": "balance"})

    with pytest.raises(ValueError, match="drugs"):
        recognise(order_id=order.pk, doctor_user_public_id=uuid7(), share=Decimal("0.1"))
    assert recognise(order_id=order.pk, doctor_user_public_id=uuid7(), share=Decimal(0))


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        (" =x", "' =x"),
        ("＝x", "'＝x"),
        (-2, -2),
        ("林", "林"),
    ],
)
def test_no_cell_of_a_sheet_is_a_formula(cell: str | int, written: str | int) -> None:
    assert safe_cell(cell) == written


@pytest.mark.parametrize("name", ["settlement-sheet", "payment-statistics"])
def test_books_are_shown_and_given_as_a_file_to_finance_alone(
    db: None, lin: Member, bao: Member, fang: Member, name: str
) -> None:
    doctor = make_member('=HYPERLINK("x")', Role.DOCTOR)
    earned(lin, doctor.public_id)
    address = reverse(name)

    page = browser(fang).get(address)
    file = browser(fang).get(address, {"format": "csv", "since": "x"})
    text = b"".join(file.streaming_content).decode()

    assert page.status_code == 200
    assert file["Content-Type"].startswith("text/csv")
    assert text.startswith("\ufeff")
    if name == "settlement-sheet":
        assert '"\'=HYPERLINK(""x"")",1,700,300' in text
    else:
        assert "channel,balance / internal,1,1,100.0,1000,0,0.0" in text
    for query in ({}, {"format": "csv"}):
        assert browser(bao).get(address, query).status_code == 403


@pytest.mark.parametrize(
    "span",
    [
        {"until": "0001-01-01"},
        {"since": "9999-12-31", "until": "9999-12-31"},
        {"since": "2026-11-02", "until": "2026-11-01"},
    ],
)
def test_days_beyond_the_calendar_show_the_last_month(
    db: None, fang: Member, span: dict[str, str]
) -> None:
    answer = browser(fang).get(reverse("payment-statistics"), span)

    assert answer.status_code == 200


def test_the_check_of_the_ledger_fails_loudly(db: None, lin: Member) -> None:
    give_balance(lin, 1000)
    told = io.StringIO()
    with translation.override("en"):
        call_command("ledger_check", stdout=told)
    assert "Every promise of the ledger holds." in told.getvalue()

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_ledgeraccount DISABLE TRIGGER USER")
        cursor.execute("UPDATE payments_ledgeraccount SET balance_fen = 1 WHERE kind = 'wallet'")
    with translation.override("en"), pytest.raises(CommandError, match="broken"):
        call_command("ledger_check", stdout=io.StringIO(), stderr=io.StringIO())
