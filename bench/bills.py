"""A long bill: the payments it speaks of, and its text as the gateway words it."""

from datetime import date, datetime, time
from typing import IO

from django.db import connection, transaction

from clinic.adapters.money import yuan_of_fen
from clinic.embedded.simulator.wechat_bills import TRADE_HEAD, TRADE_SUMMARY

LINES = 200_000
AMOUNT_FEN = 2900
FEE_FEN = 17

# One statement each: they are only there to be compared, so they have no bookings.
ORDERS = """
INSERT INTO payments_paymentorder (public_id, created_at, number, payer_id, subject_kind,
  subject_public_id, title, amount_fen, paid_fen, refund_reserved_fen, refunded_fen, status,
  price_snapshot, expires_at, closed_at)
SELECT gen_random_uuid(), now(), 'L' || lpad(n::text, 10, '0'), %s, 'bill', gen_random_uuid(),
  'bill', %s, 0, 0, 0, 'closed', '{}', now(), now() FROM generate_series(1, %s) n
"""
ATTEMPTS = """
INSERT INTO payments_paymentattempt (public_id, created_at, order_id, provider, channel,
  merchant_id, out_trade_no, amount_fen, status, disposition, gateway_transaction_id, prepay,
  time_expire, poll_count, failure)
SELECT gen_random_uuid(), now(), o.id, 'wechat_v3', 'native', %s, 'XC' || o.number, o.amount_fen,
  'succeeded', 'late', '42' || o.number, '{}', now(), 0, ''
  FROM payments_paymentorder o WHERE o.subject_kind = 'bill'
"""


def store_paid(payer_id: int, merchant_id: int, count: int) -> None:
    """Store attempts that agree with the lines of a bill."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")  # long on a busy machine
        cursor.execute(ORDERS, [payer_id, AMOUNT_FEN, count])
        cursor.execute(ATTEMPTS, [merchant_id])
        cursor.execute("ANALYZE payments_paymentorder, payments_paymentattempt")


def write(file: IO[bytes], lines: int, day: date) -> None:
    """Write a bill of that many payments, line by line."""
    names, moment = TRADE_HEAD.split(","), datetime.combine(day, time(12))
    known = {
        "交易时间": f"{moment:%Y-%m-%d %H:%M:%S}",
        "交易状态": "SUCCESS",
        "手续费": yuan_of_fen(FEE_FEN),
        "订单金额": yuan_of_fen(AMOUNT_FEN),
    }
    file.write(f"\ufeff{TRADE_HEAD}\r\n".encode())
    for number in range(1, lines + 1):
        known |= {"微信订单号": f"42L{number:010d}", "商户订单号": f"XCL{number:010d}"}
        file.write(_row([known.get(name, "0") for name in names]))
    paid, fees = yuan_of_fen(lines * AMOUNT_FEN), yuan_of_fen(lines * FEE_FEN)
    file.write(f"{TRADE_SUMMARY}\r\n".encode())
    file.write(_row([str(lines), paid, "0.00", "0.00", fees, paid, "0.00"]))
    file.flush()


def _row(cells: list[str]) -> bytes:
    return (",".join(f"`{cell}" for cell in cells) + "\r\n").encode()
