"""The statements of the hot path: prepared, and one round trip for what belongs together.

Planning and the way to the server cost more than the work of these statements, and the ORM more
than both.
"""

from typing import Final

from clinic.core.statements import Statement

# Nothing is booked while an account is missing: the answer is empty then. Legs are written in the
# order of their accounts, so that bookings cannot lock each other out.
BOOK: Final = Statement(
    "payments_book",
    ("text", "text", "bigint", "bigint", "timestamptz", "text[]", "bigint[]"),
    """
    WITH given AS (
      SELECT %s AS key, %s AS kind, %s AS order_id, %s AS refund_id, %s AS moment,
        %s AS codes, %s AS amounts
    ), leg AS (
      SELECT a.id AS account_id, w.amount
      FROM given, unnest(given.codes, given.amounts) AS w(code, amount)
      JOIN payments_ledgeraccount a ON a.code = w.code
    ), booking AS (
      INSERT INTO payments_ledgertransaction (key, kind, order_id, refund_id, created_at)
      SELECT key, kind, order_id, refund_id, moment FROM given
      WHERE (SELECT count(*) FROM leg) = cardinality(codes)
      RETURNING id
    ), posted AS (
      INSERT INTO payments_ledgerposting (transaction_id, account_id, amount_fen)
      SELECT booking.id, leg.account_id, leg.amount FROM booking, leg ORDER BY leg.account_id
    )
    SELECT id FROM booking
    """,
)
