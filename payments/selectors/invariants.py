"""Breaches of the promises about money; ids and amounts only, empty when all hold."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from clinic.core.invariants import invariant

_BREACHES = (
    (
        _("ledger does not sum to zero"),
        """
        SELECT sum(amount_fen) FROM payments_ledgerposting HAVING sum(amount_fen) <> 0
        """,
    ),
    (
        _("unbalanced booking"),
        """
        SELECT t.id FROM payments_ledgertransaction t
        LEFT JOIN payments_ledgerposting p ON p.transaction_id = t.id
        GROUP BY t.id HAVING count(p.id) < 2 OR COALESCE(sum(p.amount_fen), 0) <> 0
        """,
    ),
    (
        _("balance differs from its postings"),
        """
        SELECT a.id FROM payments_ledgeraccount a
        LEFT JOIN payments_ledgerposting p ON p.account_id = a.id
        WHERE a.balance_fen IS NOT NULL
        GROUP BY a.id, a.balance_fen, a.last_sequence
        HAVING COALESCE(sum(p.amount_fen), 0) <> a.balance_fen
            OR a.balance_fen < 0 OR count(p.id) <> a.last_sequence
        """,
    ),
    (
        _("refunds of an order differ from its counters"),
        """
        SELECT o.id FROM payments_paymentorder o
        LEFT JOIN payments_refund r ON r.order_id = o.id
            AND r.source NOT IN ('auto_late', 'auto_duplicate')
        GROUP BY o.id
        HAVING o.refund_reserved_fen > o.paid_fen
            OR o.refunded_fen <>
               COALESCE(sum(r.amount_fen) FILTER (WHERE r.status = 'succeeded'), 0)
            OR o.refund_reserved_fen <>
               COALESCE(sum(r.amount_fen) FILTER (WHERE r.status <> 'failed'), 0)
        """,
    ),
    (
        _("order without exactly the attempt that paid it"),
        """
        SELECT o.id FROM payments_paymentorder o
        LEFT JOIN payments_paymentattempt a ON a.order_id = o.id AND a.disposition = 'applied'
        GROUP BY o.id
        HAVING count(a.id) <> CASE
            WHEN o.status IN ('paid', 'partially_refunded', 'refunded') THEN 1 ELSE 0 END
        """,
    ),
    (
        _("arrived money is not booked"),
        """
        SELECT a.id FROM payments_paymentattempt a
        LEFT JOIN payments_ledgertransaction t ON t.key = 'payment:' || a.id
        WHERE a.status = 'succeeded' AND a.amount_fen > 0 AND t.id IS NULL
        """,
    ),
    (
        _("late or duplicate money without a refund"),
        """
        SELECT a.id FROM payments_paymentattempt a
        LEFT JOIN payments_refund r ON r.attempt_id = a.id
            AND r.source IN ('auto_late', 'auto_duplicate')
        WHERE a.disposition IN ('late', 'duplicate') AND r.id IS NULL
        """,
    ),
    (
        _("money of open refunds is not what is reserved"),
        """
        SELECT 1 WHERE
            COALESCE((SELECT sum(p.amount_fen) FROM payments_ledgerposting p
                      JOIN payments_ledgeraccount a ON a.id = p.account_id
                      WHERE a.kind = 'refund_pending'), 0)
            <> COALESCE((SELECT sum(amount_fen) FROM payments_refund
                         WHERE status NOT IN ('succeeded', 'failed')), 0)
        """,
    ),
    (
        _("explained money is not booked"),
        """
        SELECT c.id FROM payments_suspenseclearing c
        LEFT JOIN payments_ledgertransaction t ON t.key = 'clearing:' || c.id
        WHERE (c.state = 'confirmed') <> (t.id IS NOT NULL)
        """,
    ),
)


@invariant(
    "I2", _("The ledger sums to zero, balances equal their postings, refunds stay within paid.")
)
def money_adds_up() -> list[str]:
    """Return one line per breach."""
    found = []
    with connection.cursor() as cursor:
        for sentence, query in _BREACHES:
            cursor.execute(query)
            found += [f"{sentence}: {row[0]}" for row in cursor.fetchmany(20)]
    return found
