"""Money: callbacks, new orders, bookings, and the memory that a long bill takes."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Sum

from bench import bills, machine, seed, till
from bench.forked import timed
from bench.raw import RawResult, pgbench
from bench.report import Report, Row
from bench.stack import Stack, run_tool
from clinic.core.clock import now
from clinic.core.ids import uuid7
from clinic.core.roles import Role
from payments.enums import AccountKind, EventOutcome, OrderStatus, TransactionKind
from payments.models import LedgerPosting, MerchantConfig, PaymentOrder
from payments.selectors.prices import Price
from payments.services.callbacks import take_callback
from payments.services.ledger import Leg, account, book
from payments.services.merchants import ensure_embedded_merchant
from payments.services.orders import create_order

SECTION = "Money, 8 writers"
WRITERS = 8
WARM_UP = 50  # requests that http_load does not count


class Payments:
    """The rows of this section. The web must run."""

    def __init__(self, stack: Stack, report: Report, *, seconds: int) -> None:
        self.stack, self.report, self.seconds = stack, report, seconds
        self.payer = seed.people(1, Role.PATIENT)[0]
        self.merchant = ensure_embedded_merchant()
        self.funds = account(AccountKind.GATEWAY, self.merchant.public_id)
        self.held = account(AccountKind.HELD, till.SUBJECT)

    def measure(self, *, writes: int) -> None:
        """Add all rows."""
        raw = self._raw_callback(writes)
        self._service(writes, raw)
        self._http(writes, raw)
        self._new_orders(writes)
        self._bookings(writes)
        self._bill()

    def _raw_callback(self, count: int) -> RawResult:
        paid = till.attempts(till.orders(self.payer.user_id, count))
        keys = [attempt.pk for attempt in paid]
        script = CALLBACK.format(
            low=min(keys),
            high=max(keys),
            merchant=self.merchant.pk,
            legs=self._legs(),
            sealed="x" * 1200,
        )
        return self._pgbench(script)

    def _service(self, count: int, raw: RawResult) -> None:
        found = till.orders(self.payer.user_id, count)
        news = till.messages(till.attempts(found))
        timing = timed(self.stack, partial(_take, self.merchant), news, workers=WRITERS)
        what = "callback: verify, keep, apply, commit"
        self.report.add(SECTION, timing.row(what, raw.per_second, _paid(found)))

    def _http(self, count: int, raw: RawResult) -> None:
        found = till.orders(self.payer.user_id, count)
        news = till.messages(till.attempts(found))
        port = self.stack.options.port
        seen = self._drive([till.request_text(self.merchant, one, port) for one in news])
        self.report.add(
            SECTION,
            Row(
                what=f"callback by HTTP, {WRITERS} connections",
                per_second=seen["per_second"],
                to_raw=seen["per_second"] / raw.per_second,
                p50_ms=seen["p50_ms"],
                p99_ms=seen["p99_ms"],
                server_ms=seen["server_ms"],
                database_ms=seen["database_ms"],
                note=f"answers {seen['statuses']}; {_paid(found)}",
            ),
        )

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

    def _new_orders(self, count: int) -> None:
        raw = self._pgbench(ORDER.format(user=self.payer.user_id))
        subjects = [uuid7() for _ in range(count)]
        timing = timed(self.stack, partial(_order, self.payer), subjects, workers=WRITERS)
        made = PaymentOrder.objects.filter(subject_public_id__in=subjects).count()
        row = timing.row("new order", raw.per_second, f"{made} of {count} stored")
        self.report.add(SECTION, row)

    def _bookings(self, count: int) -> None:
        raw = self._pgbench(BOOKING.format(legs=self._legs()))
        keys = [f"bench:{uuid4()}" for _ in range(count)]
        timing = timed(self.stack, partial(_book, self.merchant), keys, workers=WRITERS)
        legs = LedgerPosting.objects.filter(transaction__key__in=keys)
        total = legs.aggregate(total=Sum("amount_fen"))["total"]
        note = f"{timing.per_second * 2:,.0f} postings/s; {legs.count()} stored, sum {total}"
        what = "booking of two postings on one merchant"
        self.report.add(SECTION, timing.row(what, raw.per_second, note))

    def _bill(self) -> None:
        bills.store_paid(self.payer.user_id, self.merchant.pk, bills.LINES)
        for lines in (bills.LINES // 10, bills.LINES):
            given: dict[str, object] = {"lines": lines, "merchant": self.merchant.pk}
            seen = run_tool("bench.bill_memory", given, self.stack, timeout=600)
            self.report.add(SECTION, _bill_row(lines, seen))

    def _legs(self) -> str:
        return LEGS.format(funds=self.funds.pk, held=self.held.pk)

    def _pgbench(self, script: str) -> RawResult:
        return pgbench(self.stack.database_host, script, seconds=self.seconds, clients=WRITERS)


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
    outcome = take_callback(merchant, message.headers, message.body, moment=now())
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


ORDER = """INSERT INTO payments_paymentorder (public_id, created_at, number, payer_id, subject_kind,
  subject_public_id, title, amount_fen, paid_fen, refund_reserved_fen, refunded_fen, status,
  price_snapshot, expires_at)
VALUES (gen_random_uuid(), now(), left(replace(gen_random_uuid()::text, '-', ''), 24), {user},
  'raw', gen_random_uuid(), 'raw', 2900, 0, 0, 0, 'pending', '{{}}', now() + interval '1 hour');
"""
LEGS = """INSERT INTO payments_ledgerposting (transaction_id, account_id, amount_fen)
VALUES (:booking, {funds}, -2900);
INSERT INTO payments_ledgerposting (transaction_id, account_id, amount_fen)
VALUES (:booking, {held}, 2900);
"""
BOOKING = """BEGIN;
INSERT INTO payments_ledgertransaction (key, kind, created_at)
VALUES ('raw:' || gen_random_uuid(), 'payment', now()) RETURNING id AS booking \\gset
{legs}COMMIT;
"""
# What one callback writes and locks in its two transactions, and one read to know the order.
CALLBACK = """\\set attempt random({low}, {high})
INSERT INTO payments_gatewayevent (merchant_id, kind, dedup_key, gateway_event_id, headers,
  body_sealed, received_at, deliveries, outcome)
VALUES ({merchant}, 'raw', 'raw:' || gen_random_uuid(), 'raw', '{{}}', '{sealed}', now(), 1,
  'received') RETURNING id AS event \\gset
BEGIN;
SELECT order_id AS bill FROM payments_paymentattempt WHERE id = :attempt \\gset
SELECT id FROM payments_paymentorder WHERE id = :bill FOR NO KEY UPDATE;
INSERT INTO payments_paymenthistory
  (order_id, attempt_id, from_status, to_status, actor, reason, created_at)
VALUES (:bill, :attempt, 'submitted', 'succeeded', 'raw', 'applied', now());
UPDATE payments_paymentattempt SET status = 'succeeded', disposition = 'applied',
  gateway_transaction_id = left(replace(gen_random_uuid()::text, '-', ''), 28),
  succeeded_at = now(), next_poll_at = NULL WHERE id = :attempt;
INSERT INTO payments_paymenthistory (order_id, from_status, to_status, actor, reason, created_at)
VALUES (:bill, 'pending', 'paid', 'raw', '', now());
UPDATE payments_paymentorder SET status = 'paid', paid_fen = amount_fen, paid_at = now()
WHERE id = :bill;
INSERT INTO payments_ledgertransaction (key, kind, order_id, created_at)
VALUES ('raw:' || gen_random_uuid(), 'payment', :bill, now()) RETURNING id AS booking \\gset
{legs}INSERT INTO core_outboxevent
  (kind, payload, pending, attempts, created_at, next_at, last_error)
VALUES ('raw', '{{}}', '{{}}', 0, now(), now(), '');
UPDATE payments_gatewayevent SET outcome = 'applied', processed_at = now() WHERE id = :event;
COMMIT;
"""
