"""Money: callbacks, new orders, bookings, and the memory that a long bill takes."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Sum

from bench import bills, machine, seed, till
from bench import money_scripts as scripts
from bench.forked import timed
from bench.raw import pgbench
from bench.report import Report, Row
from bench.stack import Stack, run_tool
from clinic.core.clock import now
from clinic.core.ids import uuid7
from clinic.core.roles import Role
from payments.enums import AccountKind, EventOutcome, OrderStatus, TransactionKind
from payments.models import LedgerPosting, MerchantConfig, PaymentOrder
from payments.selectors.merchants import merchant_of_callback
from payments.selectors.prices import Price
from payments.services.callbacks import take_callback
from payments.services.ledger import Leg, account, book
from payments.services.merchants import ensure_embedded_merchant
from payments.services.orders import create_order

SECTION = "Money, 8 writers"
WRITERS = 8
WARM_UP = 50  # requests that http_load does not count
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Yardstick:
    """How often a second pgbench writes the same rows, and for how much CPU each time."""

    per_second: float
    cpu_ms: float  # of pgbench and PostgreSQL
    note: str

    def beside(self, row: Row) -> Row:
        """Return a row with this yardstick and the ratio of CPU, which other load moves least."""
        share = self.cpu_ms / ((row.server_ms or 0) + (row.database_ms or 0))
        note = f"raw {self.note}; its CPU {share:.2f} of ours; {row.note}"
        return replace(row, to_raw=(row.per_second or 0) / self.per_second, note=note)


class Payments:
    """The rows of this section. The web must run."""

    def __init__(self, stack: Stack, report: Report, *, seconds: int) -> None:
        self.stack, self.report, self.seconds = stack, report, seconds
        self.payer = seed.people(1, Role.PATIENT)[0]
        self.merchant = ensure_embedded_merchant()
        self.bookings = scripts.Bookings(
            account(AccountKind.GATEWAY, self.merchant.public_id),
            account(AccountKind.HELD, till.SUBJECT),
            till.AMOUNT_FEN,
        )

    def measure(self, *, writes: int) -> None:
        """Add all rows. Yardstick and work take turns, so that both meet the same machine."""
        calls = [self._callbacks(writes) for _ in range(ROUNDS)]
        self.report.add(SECTION, _middle([service for service, _http in calls]))
        self.report.add(SECTION, _middle([http for _service, http in calls]))
        self.report.add(SECTION, _middle([self._new_orders(writes) for _ in range(ROUNDS)]))
        self.report.add(SECTION, _middle([self._bookings(writes) for _ in range(ROUNDS)]))
        self._bill()

    def _callbacks(self, count: int) -> tuple[Row, Row]:
        paid = till.attempts(till.orders(self.payer.user_id, count))
        raw = self._faster(
            scripts.callback_row_by_row(paid, self.bookings),
            scripts.callback_own(paid, self.bookings, self.merchant),
        )
        return self._service(count, raw), self._http(count, raw)

    def _service(self, count: int, raw: Yardstick) -> Row:
        found = till.orders(self.payer.user_id, count)
        news = till.messages(till.attempts(found))
        timing = timed(self.stack, partial(_take, self.merchant), news, workers=WRITERS)
        what = "callback: who is called, verify, keep, apply, commit"
        return raw.beside(timing.row(what, _paid(found)))

    def _http(self, count: int, raw: Yardstick) -> Row:
        found = till.orders(self.payer.user_id, count)
        news = till.messages(till.attempts(found))
        port = self.stack.options.port
        seen = self._drive([till.request_text(self.merchant, one, port) for one in news])
        row = Row(
            what=f"callback by HTTP, {WRITERS} connections",
            per_second=seen["per_second"],
            p50_ms=seen["p50_ms"],
            p99_ms=seen["p99_ms"],
            server_ms=seen["server_ms"],
            database_ms=seen["database_ms"],
            note=f"answers {seen['statuses']}; {_paid(found)}",
        )
        return raw.beside(row)

    def _drive(self, requests: list[str]) -> dict[str, Any]:
        web, database = self.stack.pid("web"), self.stack.postgres_pid()
        before = machine.cpu_seconds([web]), machine.cpu_seconds([database])
        given: dict[str, object] = {
            "port": self.stack.options.port,
            "requests": requests,
            "is_endless": False,
            "warm_up": WARM_UP,
            "connections": WRITERS,
            "seconds": self.seconds * 10,
        }
        seen: dict[str, Any] = run_tool("bench.http_load", given, self.stack)
        after = machine.cpu_seconds([web]), machine.cpu_seconds([database])
        count = max(1, seen["count"] + WARM_UP)
        seen["server_ms"] = (after[0] - before[0]) / count * 1000
        seen["database_ms"] = (after[1] - before[1]) / count * 1000
        return seen

    def _new_orders(self, count: int) -> Row:
        raw = self._pgbench(scripts.new_order(self.payer.user_id))
        subjects = [uuid7() for _ in range(count * 2)]
        timing = timed(self.stack, partial(_order, self.payer), subjects, workers=WRITERS)
        made = PaymentOrder.objects.filter(subject_public_id__in=subjects).count()
        return raw.beside(timing.row("new order", f"{made} of {len(subjects)} stored"))

    def _bookings(self, count: int) -> Row:
        raw = self._faster(self.bookings.row_by_row(), self.bookings.own())
        keys = [f"bench:{uuid4()}" for _ in range(count * 2)]
        timing = timed(self.stack, partial(_book, self.merchant), keys, workers=WRITERS)
        legs = LedgerPosting.objects.filter(transaction__key__in=keys)
        total = legs.aggregate(total=Sum("amount_fen"))["total"]
        note = f"{legs.count()} postings stored, sum {total}"
        return raw.beside(timing.row("booking of two postings on one merchant", note))

    def _bill(self) -> None:
        bills.store_paid(self.payer.user_id, self.merchant.pk, bills.LINES)
        for lines in (bills.LINES // 10, bills.LINES):
            given: dict[str, object] = {"lines": lines, "merchant": self.merchant.pk}
            seen = run_tool("bench.bill_memory", given, self.stack, timeout=600)
            self.report.add(SECTION, _bill_row(lines, seen))

    def _faster(self, row_by_row: str, own: str) -> Yardstick:
        """Return the faster of two ways to write the same rows by pgbench."""
        rows, same = self._pgbench(row_by_row), self._pgbench(own)
        note = f"row by row {rows.note}, in the same statements {same.note}"
        return replace(max(rows, same, key=lambda way: way.per_second), note=note)

    def _pgbench(self, script: str) -> Yardstick:
        seconds, database = max(2, self.seconds // ROUNDS), self.stack.postgres_pid()
        before = machine.cpu_seconds([database])
        raw = pgbench(self.stack.database_host, script, seconds=seconds, clients=WRITERS)
        used = (machine.cpu_seconds([database]) - before) / (raw.per_second * seconds)
        note = f"{raw.per_second:,.0f}/s"
        return Yardstick(raw.per_second, used * 1000 + raw.client_ms, note)


def _middle(rounds: list[Row]) -> Row:
    """Return the round whose ratio lies in the middle, and say how far the others were."""
    ordered = sorted(rounds, key=lambda row: row.to_raw or 0)
    ratios = " ".join(f"{row.to_raw:.2f}" for row in ordered)
    middle = ordered[len(ordered) // 2]
    return replace(middle, note=f"{middle.note}; ratios of all rounds {ratios}")


def _bill_row(lines: int, seen: dict[str, Any]) -> Row:
    return Row(
        what=f"reconcile a bill of {lines:,} lines",
        per_second=lines / seen["seconds"],
        server_ms=seen["cpu"] / lines * 1000,
        note=(
            f"memory {seen['before_mb']:.0f} MB before, {seen['peak_mb']:.0f} MB at most; "
            f"{seen['matched']} of {lines} lines agree"
        ),
    )


def _take(merchant: MerchantConfig, message: till.Message) -> None:
    called = merchant_of_callback(merchant.provider, merchant.public_id)
    if called is None:
        raise LookupError(merchant)
    outcome = take_callback(called, message.headers, message.body, moment=now())
    if outcome != EventOutcome.APPLIED:
        raise RuntimeError(outcome)


def _order(payer: seed.Person, subject: UUID) -> None:
    create_order(
        payer_id=payer.user_id,
        subject_kind=till.SUBJECT,
        subject_public_id=subject,
        price=Price(amount_fen=till.AMOUNT_FEN, source="global"),
        title="bench",
        expires_at=now() + timedelta(hours=1),
        actor=payer.actor,
    )


def _book(merchant: MerchantConfig, key: str) -> None:
    legs = [
        Leg(AccountKind.GATEWAY, merchant.public_id, -till.AMOUNT_FEN),
        Leg(AccountKind.HELD, till.SUBJECT, till.AMOUNT_FEN),
    ]
    with transaction.atomic():
        book(key=key, kind=TransactionKind.PAYMENT, order=None, legs=legs)


def _paid(found: list[PaymentOrder]) -> str:
    keys = [order.pk for order in found]
    paid = PaymentOrder.objects.filter(pk__in=keys, status=OrderStatus.PAID)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM payments_ledgertransaction WHERE order_id = ANY(%s)", [keys]
        )
        booked = cursor.fetchone()[0]
    return f"{paid.count()} of {len(keys)} paid, {booked} booked"
