"""Bills against books, both ways."""

import io
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from clinic.adapters.errors import NotExistError, TransientError
from clinic.core.clock import clinic_day, now
from clinic.core.errors import ClinicError
from clinic.core.roles import Role
from clinic.embedded.simulator import orders as gateway_orders
from clinic.embedded.simulator.state import FaultKind
from payments.enums import AccountKind, BillKind, MovementKind, RefundReason
from payments.gateways.types import BillLine, Movement
from payments.gateways.wechat_v3 import WeChatGateway
from payments.models import (
    BillRow,
    MerchantConfig,
    PaymentAttempt,
    PaymentOrder,
    ReconciliationItem,
    ReconciliationRun,
    Refund,
)
from payments.selectors.bills import day_bounds
from payments.selectors.ledger import total_of
from payments.services import refund_steps
from payments.services.movements import confirm_booking, propose_booking
from payments.services.reconciliation import (
    reconcile,
    reconcile_due,
    resolve_item,
    sign_off,
)
from payments.services.refunds import request_refund
from payments.services.settlements import record_settlement
from tests.cast import Member, make_member
from tests.payments.conftest import Till, make_order
from tests.payments.test_providers import begin, settle, use

Breaches = Callable[[], list[str]]


class Bills:
    """Bills of the provider by day; days without one are not ready."""

    def __init__(self) -> None:
        self.lines: dict[date, list[BillLine]] = {}
        self.moves: list[Movement] = []

    def bill(self, _merchant: Any, day: date) -> Iterator[BillLine]:
        if day not in self.lines:
            raise NotExistError("no bill")
        return iter(self.lines[day])

    def movements(self, _merchant: Any, _day: date) -> Iterator[Movement]:
        if not self.moves:
            raise NotExistError("no bill")
        return iter(self.moves)

    def moved(self, kind: MovementKind, amount_fen: int) -> None:
        """Put a movement of the account on its bill."""
        number = f"F{len(self.moves)}"
        self.moves.append(
            Movement(
                kind=kind, word=kind, number=number, gateway_number="G1", amount_fen=amount_fen
            )
        )

    def pays(self, attempt: PaymentAttempt, *, day: date | None = None, **changes: Any) -> BillLine:
        """Put a payment on the bill."""
        line = BillLine(
            kind=BillKind.PAYMENT,
            number=attempt.out_trade_no,
            trade_number=attempt.out_trade_no,
            gateway_number=attempt.gateway_transaction_id,
            amount_fen=attempt.amount_fen,
            fee_fen=6,
        )
        return self.add(replace(line, **changes), day)

    def returns(self, attempt: PaymentAttempt, number: str, amount_fen: int) -> BillLine:
        """Put a refund on the bill."""
        line = BillLine(
            kind=BillKind.REFUND,
            number=number,
            trade_number=attempt.out_trade_no,
            gateway_number=f"G{number}",
            amount_fen=amount_fen,
        )
        return self.add(line, None)

    def add(self, line: BillLine, day: date | None) -> BillLine:
        self.lines.setdefault(day or today(), []).append(line)
        return line


def today() -> date:
    return clinic_day(now())


@pytest.fixture
def bills(till: Till, monkeypatch: pytest.MonkeyPatch) -> Bills:
    """The bills of this test instead of the provider's."""
    made = Bills()
    MerchantConfig.objects.filter(provider="alipay").update(is_active=False)
    monkeypatch.setattr(WeChatGateway, "bill", made.bill)
    monkeypatch.setattr(WeChatGateway, "movements", made.movements)
    return made


@pytest.fixture
def fang(db: None) -> Member:
    """Finance."""
    return make_member("方财", Role.FINANCE, is_staff=True)


def compared(till: Till, day: date | None = None) -> ReconciliationRun:
    return reconcile(till.merchant, day or today())


def differences() -> list[tuple[str, str, str]]:
    rows = ReconciliationItem.objects.order_by("pk")
    return [(row.kind, row.verdict, row.state) for row in rows]


def test_a_day_that_agrees_is_clean_and_can_be_signed_off(
    till: Till, lin: Member, fang: Member, bills: Bills
) -> None:
    for _ in range(2):
        bills.pays(till.attempt(till.paid(lin)))

    run = compared(till)
    sign_off(run.pk, actor=fang.actor)

    assert (run.status, run.line_count, run.matched_count) == ("clean", 2, 2)
    assert (run.gateway_paid_fen, run.our_paid_fen, run.gateway_fee_fen) == (7800, 7800, 12)
    assert not BillRow.objects.exists()
    assert compared(till).status == "signed_off"


def test_a_lost_callback_heals(till: Till, lin: Member, bills: Bills, breaches: Breaches) -> None:
    order = make_order(lin)
    till.start(lin, order)
    till.pay_at_gateway(order)  # the notification is lost
    number = till.sim.control("GET", f"orders/{till.attempt(order).out_trade_no}").json()
    bills.pays(till.attempt(order), gateway_number=number["transaction_id"])

    run = compared(till)

    order.refresh_from_db()
    assert order.status == "paid"
    assert run.status == "clean"
    assert differences() == [("payment", "only_gateway", "healed")]
    assert breaches() == []


def test_each_difference_is_listed_and_blocks_the_sign_off(
    till: Till, lin: Member, fang: Member, bills: Bills
) -> None:
    wrong, missing, renamed = (till.attempt(till.paid(lin)) for _ in range(3))
    bills.pays(wrong, amount_fen=3901)
    bills.pays(renamed, gateway_number="4200000000000000000000000777")
    bills.pays(missing, number="XCUNKNOWN")
    noon = day_bounds(today())[0] + timedelta(hours=12)
    PaymentAttempt.objects.update(succeeded_at=noon)

    run = compared(till)

    assert sorted((kind, verdict) for kind, verdict, _state in differences()) == [
        ("payment", "amount"),
        ("payment", "only_gateway"),
        ("payment", "only_local"),
        ("payment", "only_local"),
        ("payment", "only_local"),
        ("payment", "status"),
    ]
    with pytest.raises(ClinicError, match="day_has_differences"):
        sign_off(run.pk, actor=fang.actor)
    for item in ReconciliationItem.objects.all():
        resolve_item(item.pk, actor=fang.actor, resolution="looked at with the provider")
    assert compared(till).status == "clean"  # resolved stays resolved
    assert sign_off(run.pk, actor=fang.actor).signed_off_by_id == fang.user.pk


def test_running_again_changes_nothing_and_forgets_what_went_away(
    till: Till, lin: Member, bills: Bills
) -> None:
    attempt = till.attempt(till.paid(lin))
    PaymentAttempt.objects.update(succeeded_at=day_bounds(today())[0] + timedelta(hours=12))
    bills.lines[today()] = []

    states = [compared(till).status for _ in range(2)]
    assert (states, differences()) == (["different"] * 2, [("payment", "only_local", "open")])
    bills.pays(attempt)

    assert compared(till).status == "clean"
    assert differences() == [("payment", "only_local", "healed")]


def test_midnight_is_settled_by_the_next_days_bill(till: Till, lin: Member, bills: Bills) -> None:
    attempt = till.attempt(till.paid(lin))
    yesterday = today() - timedelta(days=1)
    near: datetime = day_bounds(today())[0] - timedelta(minutes=2)
    PaymentAttempt.objects.update(succeeded_at=near)
    bills.lines[yesterday] = []
    bills.pays(attempt)

    first = compared(till, yesterday)
    second = compared(till)

    first_now = ReconciliationRun.objects.get(pk=first.pk)
    assert (first.status, first_now.status, second.status) == ("different", "clean", "clean")
    assert differences() == [("payment", "cutover", "healed")]


def test_refunds_are_compared_and_foreign_ones_taken_over(
    till: Till, lin: Member, bills: Bills, breaches: Breaches
) -> None:
    order = till.paid(lin)
    attempt = till.attempt(order)
    refund = request_refund(
        order_id=order.pk,
        amount_fen=900,
        reason=RefundReason.NOBODY_FOUND,
        source="system",
        actor=lin.actor,
    )
    refund_steps.step_refund(refund.pk)
    till.sim.shop.next()  # lost
    bills.pays(attempt)
    bills.returns(attempt, refund.out_refund_no, 900)
    bills.returns(attempt, "MANUAL-1", 100)
    bills.returns(attempt, "MANUAL-2", 9999)

    run = compared(till)

    order.refresh_from_db()
    assert (order.refunded_fen, run.matched_count, run.status) == (1000, 3, "different")
    assert Refund.objects.get(out_refund_no="MANUAL-1").source == "gateway"
    assert [item.number for item in run.items.filter(state="open")] == ["MANUAL-2"]
    assert breaches() == []


def test_a_bill_that_is_not_ready_is_tried_again(till: Till, lin: Member, bills: Bills) -> None:
    attempt = till.attempt(till.paid(lin))
    tomorrow = now() + timedelta(days=1)

    reconcile_due(moment=tomorrow)
    runs = ReconciliationRun.objects.order_by("-bill_date").values_list("status", flat=True)
    assert list(runs) == ["failed", "clean", "clean"]  # days without money have no bill
    bills.pays(attempt)

    assert [reconcile_due(moment=tomorrow) for _ in range(2)] == [1, 0]
    assert set(runs.all()) == {"clean"}


def test_the_command_tells_and_fails_on_differences(till: Till, lin: Member, bills: Bills) -> None:
    bills.pays(till.attempt(till.paid(lin)), number="XCUNKNOWN")
    told = io.StringIO()

    with translation.override("en"), pytest.raises(CommandError, match="does not agree"):
        call_command("reconcile", "--date", today().isoformat(), stdout=told)

    assert "Has differences, lines: 1, agree: 0, open: 2" in told.getvalue()


def test_the_command_says_in_words_that_a_bill_is_not_ready(
    till: Till, lin: Member, fang: Member, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    till.paid(lin)
    told = io.StringIO()

    with translation.override("en"), pytest.raises(CommandError, match="no bill for this day yet"):
        call_command("reconcile", "--date", today().isoformat(), stdout=told)

    assert "DefiniteError" not in told.getvalue() + caplog.text
    assert "No bill yet, lines: 0, agree: 0, open: 0\n" in told.getvalue()  # and why is said below
    client.force_login(fang.user)
    client.cookies["django_language"] = "en"
    run = ReconciliationRun.objects.filter(merchant=till.merchant).get()
    page = client.get(reverse("admin:payments_reconciliationrun_change", args=[run.pk]))
    assert "There is no bill for this day yet" in page.content.decode()


@pytest.mark.parametrize(
    ("day", "why"), [("2199-01-01", "has not come yet"), ("tomorrow", "write it like")]
)
def test_the_command_refuses_odd_days_and_leaves_nothing(till: Till, day: str, why: str) -> None:
    with translation.override("en"), pytest.raises(CommandError, match=why):
        call_command("reconcile", "--date", day, stdout=io.StringIO())

    assert not ReconciliationRun.objects.exists()


def test_the_settlement_of_a_day_is_booked_once(
    till: Till, lin: Member, fang: Member, bills: Bills, breaches: Breaches
) -> None:
    bills.pays(till.attempt(till.paid(lin)))
    run = compared(till)

    record_settlement(run.pk, bank_fen=3877, fee_fen=23, actor=fang.actor)
    with pytest.raises(ClinicError, match="ledger_refused"):
        record_settlement(run.pk, bank_fen=3877, fee_fen=23, actor=fang.actor)

    assert total_of(AccountKind.GATEWAY, till.merchant.public_id) == 0
    assert total_of(AccountKind.BANK, "clinic") == -3877
    assert breaches() == []


def test_the_console_compares_resolves_and_signs_off(
    till: Till, lin: Member, fang: Member, bills: Bills, client: Client
) -> None:
    bills.pays(till.attempt(till.paid(lin)), number="XCUNKNOWN")
    PaymentOrder.objects.update(title="x")
    run = compared(till)
    client.force_login(fang.user)

    def step(row: Any, name: str, **fields: str) -> None:
        address = f"admin:payments_{row._meta.model_name}_step"
        assert client.post(reverse(address, args=[row.pk, name]), fields).status_code == 302

    assert client.get(reverse("admin:payments_reconciliationrun_changelist")).status_code == 200
    step(run, "again")
    step(run, "sign_off")
    for item in run.items.all():
        step(item, "resolve", reason="asked the provider")
    step(run, "sign_off")

    run.refresh_from_db()
    assert run.status == "signed_off"


@pytest.mark.parametrize("provider", ["wechat_v3", "wechat_v2", "alipay"])
def test_the_bills_of_each_gateway_are_fetched_and_agree(
    till: Till, lin: Member, provider: str, breaches: Breaches
) -> None:
    merchant = use(provider)
    method = "alipay_qr" if provider == "alipay" else "wechat_native"
    order, _params = begin(till, lin, method)
    settle(till, merchant, order)
    lost, _params = begin(till, lin, method)
    gateway_orders.pay(till.sim.state, till.attempt(lost).out_trade_no)
    till.sim.control(
        "POST", f"orders/{till.attempt(order).out_trade_no}/refund", {"amount_fen": 100}
    )
    till.sim.state.set_setting("bills_of_today", 1)

    run = reconcile(merchant, today())

    lost.refresh_from_db()
    order.refresh_from_db()
    assert (run.status, run.failure) == ("clean", "")
    assert (run.line_count, run.matched_count) == (3, 3)
    assert (lost.status, order.refunded_fen) == ("paid", 100)
    assert (run.gateway_paid_fen, run.our_refunded_fen) == (7800, 100)
    assert breaches() == []


@pytest.mark.parametrize(
    ("provider", "house"),
    [("wechat_v3", "wechat"), ("wechat_v2", "wechat"), ("alipay", "alipay")],
)
def test_fees_and_payouts_are_booked_from_the_bill_once(
    till: Till, lin: Member, provider: str, house: str, breaches: Breaches
) -> None:
    merchant = use(provider)
    order, _params = begin(till, lin, "alipay_qr" if provider == "alipay" else "wechat_native")
    settle(till, merchant, order)
    till.sim.state.set_setting("bills_of_today", 1)
    till.sim.control("POST", f"accounts/{house}/payout", {"amount_fen": 3000})

    runs = [reconcile(merchant, today()) for _ in range(2)]

    assert [run.status for run in runs] == ["clean", "clean"]
    assert (runs[1].gateway_fee_fen, runs[1].gateway_payout_fen) == (23, 3000)
    assert total_of(AccountKind.GATEWAY, merchant.public_id) == -(3900 - 3000 - 23)
    assert total_of(AccountKind.BANK, "clinic") == -3000
    assert total_of(AccountKind.FEE, "clinic") == -23
    assert breaches() == []


def test_fees_that_came_back_are_booked_too(
    till: Till, lin: Member, bills: Bills, breaches: Breaches
) -> None:
    bills.pays(till.attempt(till.paid(lin)))
    bills.moved(MovementKind.TRADE, 3900)
    bills.moved(MovementKind.FEE, -23)
    bills.moved(MovementKind.FEE, 40)

    run = compared(till)

    assert (run.status, run.gateway_fee_fen) == ("clean", -17)
    assert total_of(AccountKind.FEE, "clinic") == 17
    assert breaches() == []


def test_a_movement_that_nobody_explains_waits_for_staff(
    till: Till, lin: Member, fang: Member
) -> None:
    till.paid(lin)
    till.sim.state.set_setting("bills_of_today", 1)
    till.sim.state.inject(FaultKind.BILL_ODD_MOVEMENT)

    run = compared(till)

    assert run.status == "different"
    assert differences() == [("movement", "unexplained", "open")]
    item = ReconciliationItem.objects.get()
    assert item.gateway_fen == -100
    with pytest.raises(ClinicError, match="day_has_differences"):
        sign_off(run.pk, actor=fang.actor)
    resolve_item(item.pk, actor=fang.actor, resolution="a complaint was settled")
    assert sign_off(run.pk, actor=fang.actor).status == "signed_off"


def test_two_people_book_a_movement_that_nobody_can_explain(
    till: Till, lin: Member, fang: Member, an: Member, bills: Bills, breaches: Breaches
) -> None:
    bills.pays(till.attempt(till.paid(lin)))
    bills.moved(MovementKind.OTHER, -100)
    run = compared(till)
    before = total_of(AccountKind.GATEWAY, till.merchant.public_id)
    item = ReconciliationItem.objects.get()

    propose_booking(item.pk, actor=fang.actor)
    with pytest.raises(ClinicError, match="second_person_required"):
        confirm_booking(item.pk, actor=fang.actor)
    assert compared(till).status == "different"  # it waits, and is not booked twice
    with pytest.raises(ClinicError, match="day_has_differences"):
        sign_off(run.pk, actor=fang.actor)
    confirm_booking(item.pk, actor=an.actor)

    item.refresh_from_db()
    assert (item.state, item.proposed_by, item.resolved_by) == ("resolved", fang.user, an.user)
    assert total_of(AccountKind.GATEWAY, till.merchant.public_id) == before + 100
    assert total_of(AccountKind.SUSPENSE, "clinic") == -100
    with pytest.raises(ClinicError, match="difference_not_bookable"):
        confirm_booking(item.pk, actor=an.actor)
    compared(till)
    assert sign_off(run.pk, actor=fang.actor).status == "signed_off"
    assert breaches() == []


def test_a_movement_that_is_not_booked_returns_to_the_work_list(
    till: Till, lin: Member, fang: Member, an: Member, bills: Bills
) -> None:
    bills.pays(till.attempt(till.paid(lin)))
    bills.moved(MovementKind.OTHER, 100)
    compared(till)
    item = ReconciliationItem.objects.get()
    browser = Client()
    browser.force_login(fang.user)

    for name in ("propose", "decline", "confirm"):  # the last is refused
        browser.post(reverse("admin:payments_reconciliationitem_step", args=[item.pk, name]))

    item.refresh_from_db()
    assert (item.state, item.proposed_by) == ("open", None)
    assert total_of(AccountKind.SUSPENSE, "clinic") == 0


def test_only_unexplained_movements_are_booked(
    till: Till, lin: Member, fang: Member, bills: Bills
) -> None:
    bills.pays(till.attempt(till.paid(lin)), amount_fen=1)
    compared(till)

    for item in ReconciliationItem.objects.all():
        with pytest.raises(ClinicError, match="difference_not_bookable"):
            propose_booking(item.pk, actor=fang.actor)
    assert ReconciliationItem.objects.filter(state="open").count() == 2


def test_a_day_settled_by_hand_with_other_sums_is_a_difference(
    till: Till, lin: Member, fang: Member, bills: Bills, breaches: Breaches
) -> None:
    bills.pays(till.attempt(till.paid(lin)))
    record_settlement(compared(till).pk, bank_fen=3877, fee_fen=23, actor=fang.actor)
    bills.moved(MovementKind.FEE, -23)
    bills.moved(MovementKind.BANK, -3800)

    run = compared(till)

    assert run.status == "different"
    item = ReconciliationItem.objects.get()
    assert (item.verdict, item.gateway_fen, item.our_fen) == ("totals", 3823, 3900)
    assert total_of(AccountKind.BANK, "clinic") == -3877  # what is booked stays
    assert breaches() == []


def test_a_day_without_its_bill_of_movements_is_not_done(
    till: Till, lin: Member, bills: Bills, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_ready(*_args: Any) -> Any:
        raise TransientError("not ready")

    bills.pays(till.attempt(till.paid(lin)))
    with monkeypatch.context() as patched:
        patched.setattr(WeChatGateway, "movements", not_ready)
        early = compared(till)
    bills.moved(MovementKind.FEE, -23)

    assert (early.status, early.failure) == ("failed", "movements not fetched")
    assert compared(till).status == "clean"
    assert total_of(AccountKind.FEE, "clinic") == -23


@pytest.mark.parametrize(
    ("fault", "status", "found"),
    [
        (FaultKind.BILL_WRONG_HASH, "failed", set()),
        (FaultKind.BILL_NOT_READY, "failed", set()),
        (FaultKind.BILL_LINE_MISSING, "different", {"only_local"}),
        (FaultKind.BILL_WRONG_AMOUNT, "different", {"amount", "only_local"}),
    ],
)
def test_bad_bills_are_never_believed(
    till: Till, lin: Member, fault: FaultKind, status: str, found: set[str]
) -> None:
    till.paid(lin)
    till.paid(lin)
    PaymentAttempt.objects.update(succeeded_at=day_bounds(today())[0] + timedelta(hours=12))
    till.sim.state.set_setting("bills_of_today", 1)
    till.sim.state.inject(fault, times=1)

    run = reconcile(till.merchant, today())

    assert run.status == status
    assert set(run.items.values_list("verdict", flat=True)) == found


def long_bill(lines: int) -> Iterator[BillLine]:
    return (
        BillLine(
            kind=BillKind.PAYMENT,
            number=f"XC{number:08d}",
            trade_number=f"XC{number:08d}",
            gateway_number=f"42{number:08d}",
            amount_fen=3900,
        )
        for number in range(lines)
    )


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_memory_of_a_long_bill_stays_flat(
    till: Till, lin: Member, bills: Bills, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.paid(lin)
    template = PaymentAttempt.objects.get()
    bulk_attempts(template, 200_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE payments_paymentattempt")

    def peak(lines: int) -> int:
        monkeypatch.setattr(WeChatGateway, "bill", lambda *_args: long_bill(lines))
        tracemalloc.start()
        run = reconcile(till.merchant, today() + timedelta(days=lines))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert run.matched_count == lines
        return used

    small, large = peak(20_000), peak(200_000)
    assert large < 1.5 * small


def bulk_attempts(template: PaymentAttempt, count: int) -> None:
    """Store paid attempts without their bookings, for size alone; no promise is checked."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        _store_attempts(template, count)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _store_attempts(template: PaymentAttempt, count: int) -> None:
    for start in range(0, count, 5000):
        orders = PaymentOrder.objects.bulk_create(
            PaymentOrder(
                number=f"L{number:08d}",
                payer=template.order.payer,
                subject_kind="load",
                subject_public_id=template.order.public_id,
                title="x",
                amount_fen=3900,
                status="closed",
                expires_at=now(),
                closed_at=now(),
            )
            for number in range(start, start + 5000)
        )
        PaymentAttempt.objects.bulk_create(
            PaymentAttempt(
                order=order,
                provider=template.provider,
                channel=template.channel,
                merchant=template.merchant,
                out_trade_no=f"XC{number:08d}",
                amount_fen=3900,
                status="succeeded",
                disposition="late",
                gateway_transaction_id=f"42{number:08d}",
                time_expire=now(),
            )
            for number, order in enumerate(orders, start)
        )
