"""What payments write, as scripts of pgbench: row by row, and in the product's own statements.

Both write every row that a promise demands: message, histories, booking, legs, fact. Neither
decides anything.
"""

from dataclasses import dataclass

from clinic.core.events import STORE
from clinic.core.statements import Statement
from clinic.core.waking import CHANNEL
from payments.models import LedgerAccount, MerchantConfig, PaymentAttempt
from payments.selectors.merchants import BY_ADDRESS, CERTIFICATES
from payments.services.statements import (
    BOOK,
    FINISH_EVENT,
    KEEP_EVENT,
    LOCK_ATTEMPT,
    OTHER_ATTEMPT_OF,
    moving,
)

UNIQUE = "'raw:' || gen_random_uuid()"
NUMBER = "left(replace(gen_random_uuid()::text, '-', ''), 28)"
SEALED = "'" + "x" * 1200 + "'"


@dataclass(frozen=True, slots=True)
class Bookings:
    """Scripts that move one amount between two accounts."""

    funds: LedgerAccount
    held: LedgerAccount
    amount_fen: int

    def row_by_row(self) -> str:
        """Booking and legs in a transaction."""
        return f"BEGIN;\n{self.rows('NULL')}COMMIT;\n"

    def own(self) -> str:
        """The statement of ``book``, in the transaction that every caller has."""
        return f"BEGIN;\n{self.statement('NULL')}COMMIT;\n"

    def rows(self, order: str) -> str:
        """Insert the booking and both legs."""
        return f"""INSERT INTO payments_ledgertransaction (key, kind, order_id, created_at)
VALUES ({UNIQUE}, 'payment', {order}, now()) RETURNING id AS booking \\gset
INSERT INTO payments_ledgerposting (transaction_id, account_id, amount_fen)
VALUES (:booking, {self.funds.pk}, -{self.amount_fen}),
  (:booking, {self.held.pk}, {self.amount_fen});
"""  # noqa: S608 values of our own

    def statement(self, order: str) -> str:
        """Do the same in the product's statement."""
        codes = ", ".join(_text(found.code) for found in (self.funds, self.held))
        legs = (
            f"ARRAY[{codes}]",
            "ARRAY['gateway', 'held']",
            f"ARRAY[-{self.amount_fen}, {self.amount_fen}]",
        )
        return _filled(BOOK, UNIQUE, "'payment'", order, "NULL", "now()", *legs)


def callback_row_by_row(attempts: list[PaymentAttempt], bookings: Bookings) -> str:
    """Write and lock what one callback does in its two transactions, one row a statement."""
    return f"""{_chosen(attempts)}INSERT INTO payments_gatewayevent
  (merchant_id, kind, dedup_key, gateway_event_id, headers, body_sealed, received_at, deliveries,
   outcome)
VALUES ({attempts[0].merchant_id}, 'raw', {UNIQUE}, 'raw', '{{}}', {SEALED}, now(), 1, 'received')
RETURNING id AS event \\gset
BEGIN;
SELECT id FROM payments_paymentorder WHERE id = :bill FOR NO KEY UPDATE;
INSERT INTO payments_paymenthistory
  (order_id, attempt_id, from_status, to_status, actor, reason, created_at)
VALUES (:bill, :attempt, 'submitted', 'succeeded', 'raw', 'applied', now());
UPDATE payments_paymentattempt SET status = 'succeeded', disposition = 'applied',
  gateway_transaction_id = {NUMBER}, succeeded_at = now(), next_poll_at = NULL
WHERE id = :attempt;
INSERT INTO payments_paymenthistory (order_id, from_status, to_status, actor, reason, created_at)
VALUES (:bill, 'pending', 'paid', 'raw', '', now());
UPDATE payments_paymentorder SET status = 'paid', paid_fen = amount_fen, paid_at = now()
WHERE id = :bill;
{bookings.rows(":bill")}INSERT INTO core_outboxevent
  (kind, payload, pending, attempts, created_at, next_at, last_error)
VALUES ('raw', '{{}}', '{{}}', 0, now(), now(), '');
UPDATE payments_gatewayevent SET outcome = 'applied', processed_at = now() WHERE id = :event;
COMMIT;
"""  # noqa: S608 values of our own


def callback_own(
    attempts: list[PaymentAttempt], bookings: Bookings, merchant: MerchantConfig
) -> str:
    """Send the statements of one callback, reads and wake-up included."""
    move_attempt = moving(
        "paymentattempt",
        ("status", "disposition", "gateway_transaction_id", "succeeded_at", "next_poll_at"),
    )
    move_order = moving("paymentorder", ("status", "paid_fen", "paid_at"))
    submitted, pending = ("'submitted'", "'succeeded'"), ("'pending'", "'paid'")
    key = str(merchant.pk)
    kept = _filled(KEEP_EVENT, key, UNIQUE, "'raw'", "'raw'", "'{}'", SEALED, "now()", into="kept_")
    return "".join(
        (
            _chosen(attempts),
            _filled(BY_ADDRESS, f"'{merchant.provider}'", f"'{merchant.public_id}'"),
            _filled(CERTIFICATES, key),
            kept,
            "BEGIN;\n",
            _filled(LOCK_ATTEMPT, ":attempt"),
            _filled(OTHER_ATTEMPT_OF, key, "'nobody'", ":attempt"),
            _filled(
                move_attempt,
                *("'succeeded'", "'applied'", NUMBER, "now()", "NULL", ":attempt"),
                *(":bill", ":attempt", "NULL", *submitted, "'raw'", "'applied'", "now()"),
            ),
            _filled(
                move_order,
                *("'paid'", str(bookings.amount_fen), "now()", ":bill"),
                *(":bill", "NULL", "NULL", *pending, "'raw'", "''", "now()"),
            ),
            bookings.statement(":bill"),
            _filled(STORE, "'raw'", "'{}'", "'{}'", "now()", "now()"),
            _filled(FINISH_EVENT, "'applied'", "now()", ":kept_id"),
            f"COMMIT;\nNOTIFY {CHANNEL};\n",
        )
    )


def new_order(payer_id: int) -> str:
    """Insert an order."""
    return f"""INSERT INTO payments_paymentorder (public_id, created_at, number, payer_id,
  subject_kind, subject_public_id, title, amount_fen, paid_fen, refund_reserved_fen, refunded_fen,
  status, price_snapshot, expires_at)
VALUES (gen_random_uuid(), now(), left(replace(gen_random_uuid()::text, '-', ''), 24), {payer_id},
  'raw', gen_random_uuid(), 'raw', 2900, 0, 0, 0, 'pending', '{{}}', now() + interval '1 hour');
"""  # noqa: S608 values of our own


def _chosen(attempts: list[PaymentAttempt]) -> str:
    """Choose an attempt and its order, which were stored in the same sequence."""
    keys = [attempt.pk for attempt in attempts]
    [distance] = {attempt.order_id - attempt.pk for attempt in attempts}
    return f"\\set attempt random({min(keys)}, {max(keys)})\n\\set bill :attempt + ({distance})\n"


def _filled(statement: Statement, *values: str, into: str = "") -> str:
    """Return a statement of the product with an expression for each value."""
    casts = (f"CAST({v} AS {t})" for v, t in zip(values, statement.types, strict=True))
    pieces = statement.sql.strip().split("%s")
    text = pieces[0] + "".join(f"{next(casts)}{piece}" for piece in pieces[1:])
    return f"{text} \\gset {into}\n" if into else f"{text};\n"


def _text(value: str) -> str:
    """Quote a text; pgbench would read a colon as the head of a variable."""
    return "'" + value.replace(":", "' || chr(58) || '") + "'"
