"""The statements of the hot path: prepared, and one round trip for what belongs together.

Planning and the way to the server cost more than the work of these statements, and the ORM more
than both.
"""

from functools import cache
from hashlib import blake2s
from typing import Final

from clinic.core.statements import Statement

# Nothing is stored while the subject has a live order.
INSERT_ORDER: Final = Statement(
    "payments_insert_order",
    (
        "uuid", "timestamptz", "text", "bigint", "text", "uuid", "text", "bigint", "jsonb",
        "timestamptz",
    ),
    """
    INSERT INTO payments_paymentorder (public_id, created_at, number, payer_id, subject_kind,
      subject_public_id, title, amount_fen, price_snapshot, expires_at, paid_fen,
      refund_reserved_fen, refunded_fen, status)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, 0, 0, 'pending')
    ON CONFLICT (subject_kind, subject_public_id) WHERE NOT (status IN ('closed', 'refunded'))
    DO NOTHING RETURNING id
    """,
)  # fmt: skip

# A missing account is opened, or taken from the rival who was faster; touching no key of it leaves
# the rival's legs alone. Legs are written in the order of their accounts, so that bookings cannot
# lock each other out.
BOOK: Final = Statement(
    "payments_book",
    ("text", "text", "bigint", "bigint", "timestamptz", "text[]", "text[]", "bigint[]"),
    """
    WITH given AS (
      SELECT %s AS key, %s AS kind, %s AS order_id, %s AS refund_id, %s AS moment,
        %s AS codes, %s AS kinds, %s AS amounts
    ), leg AS (
      SELECT w.code, w.kind, w.amount
      FROM given, unnest(given.codes, given.kinds, given.amounts) AS w(code, kind, amount)
    ), known AS (
      SELECT a.id, leg.amount, leg.code FROM leg JOIN payments_ledgeraccount a ON a.code = leg.code
    ), opened AS (
      INSERT INTO payments_ledgeraccount AS a
        (code, kind, balance_fen, last_sequence, created_at)
      SELECT DISTINCT leg.code, leg.kind, CASE WHEN leg.kind = 'wallet' THEN 0 END, 0, given.moment
      FROM leg, given WHERE NOT EXISTS (SELECT FROM known WHERE known.code = leg.code)
      ORDER BY leg.code
      ON CONFLICT (code) DO UPDATE SET last_sequence = a.last_sequence
      RETURNING a.id, a.code
    ), booking AS (
      INSERT INTO payments_ledgertransaction (key, kind, order_id, refund_id, created_at)
      SELECT key, kind, order_id, refund_id, moment FROM given
      RETURNING id
    )
    INSERT INTO payments_ledgerposting (transaction_id, account_id, amount_fen)
    SELECT booking.id, found.id, found.amount
    FROM booking, (
      SELECT id, amount FROM known
      UNION ALL
      SELECT opened.id, leg.amount FROM opened JOIN leg ON leg.code = opened.code
    ) AS found(id, amount)
    ORDER BY found.id
    RETURNING id
    """,
)

# Plain columns of what a lock reads; documents are read when they are asked for.
ORDER: Final = (
    "id", "public_id", "created_at", "number", "payer_id", "subject_kind", "subject_public_id",
    "title", "amount_fen", "paid_fen", "refund_reserved_fen", "refunded_fen", "status",
    "expires_at", "paid_at", "closed_at",
)  # fmt: skip
ATTEMPT: Final = (
    "id", "public_id", "created_at", "order_id", "provider", "channel", "merchant_id",
    "out_trade_no", "amount_fen", "status", "disposition", "gateway_transaction_id",
    "time_expire", "succeeded_at", "next_poll_at", "poll_count", "failure", "billed_on",
)  # fmt: skip
MERCHANT: Final = (
    "id", "public_id", "created_at", "provider", "name", "merchant_number", "app_id", "mode",
    "secret_reference", "is_active", "active_from", "active_until",
)  # fmt: skip


def _of(alias: str, columns: tuple[str, ...]) -> str:
    return ", ".join(f"{alias}.{column}" for column in columns)


# The order is locked first; a row that had to be waited for is read anew.
_LOCK: Final = f"""
SELECT {_of("o", ORDER)}, {_of("a", ATTEMPT)}, {_of("m", MERCHANT)}
FROM payments_paymentattempt a
JOIN payments_paymentorder o ON o.id = a.order_id
LEFT JOIN payments_merchantconfig m ON m.id = a.merchant_id
WHERE {{}}
FOR NO KEY UPDATE OF o, a
"""  # noqa: S608 columns are the names above
LOCK_ATTEMPT: Final = Statement("payments_lock_attempt", ("bigint",), _LOCK.format("a.id = %s"))
LOCK_TRADE: Final = Statement(
    "payments_lock_trade",
    ("bigint", "text"),
    _LOCK.format("a.merchant_id = %s AND a.out_trade_no = %s"),
)

# The index leaves out empty numbers; without saying so a kept plan could not use it.
OTHER_ATTEMPT_OF: Final = Statement(
    "payments_other_attempt_of",
    ("bigint", "text", "bigint"),
    """
    SELECT id FROM payments_paymentattempt
    WHERE merchant_id = %s AND gateway_transaction_id = %s AND gateway_transaction_id <> ''
      AND id <> %s LIMIT 1
    """,
)


# What may change together with a state.
_CHANGES: Final = {
    "status": "text",
    "failure": "text",
    "next_poll_at": "timestamptz",
    "prepay": "jsonb",
    "disposition": "text",
    "gateway_transaction_id": "text",
    "succeeded_at": "timestamptz",
    "paid_fen": "bigint",
    "paid_at": "timestamptz",
    "closed_at": "timestamptz",
    "refunded_fen": "bigint",
    "gateway_refund_id": "text",
    "next_try_at": "timestamptz",
    "tries": "int",
    "submitted_at": "timestamptz",
    "completed_at": "timestamptz",
}
_HISTORY: Final = ("bigint", "bigint", "bigint", "text", "text", "text", "text", "timestamptz")


@cache
def moving(table: str, changed: tuple[str, ...]) -> Statement:
    """Return what changes these columns of a row and writes the history of the move.

    Values: the columns, the key, then order, attempt, refund, from, to, actor, reason and moment.
    """
    changes = ", ".join(f"{column} = %s" for column in changed)
    digest = blake2s(changes.encode(), digest_size=8).hexdigest()  # names end at 63 letters
    return Statement(
        f"{table}_{digest}",
        (*(_CHANGES[column] for column in changed), "bigint", *_HISTORY),
        f"""
        WITH moved AS (
          UPDATE payments_{table} SET {changes} WHERE id = %s
        )
        INSERT INTO payments_paymenthistory
          (order_id, attempt_id, refund_id, from_status, to_status, actor, reason, created_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
        """,  # noqa: S608 columns are the names above
    )


KEEP_EVENT: Final = Statement(
    "payments_keep_event",
    ("bigint", "text", "text", "text", "jsonb", "text", "timestamptz", "timestamptz"),
    """
    INSERT INTO payments_gatewayevent AS e (merchant_id, dedup_key, kind, gateway_event_id,
      headers, body_sealed, received_at, next_try_at, deliveries, outcome)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 1, 'received')
    ON CONFLICT (merchant_id, dedup_key) DO UPDATE SET deliveries = e.deliveries + 1
    RETURNING id, outcome
    """,
)
FINISH_EVENT: Final = Statement(
    "payments_finish_event",
    ("text", "timestamptz", "bigint"),
    """
    UPDATE payments_gatewayevent SET outcome = %s, processed_at = %s
    WHERE id = %s AND outcome = 'received' RETURNING id
    """,
)
