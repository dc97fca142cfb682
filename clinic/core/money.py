"""Money is an integer number of fen (CNY 0.01); this file only shows it to people."""

from typing import Final

CURRENCY: Final = "CNY"
MAX_AMOUNT_FEN: Final = 100_000_000  # CNY 1,000,000: above any price of a clinic, below int32


def display_fen(amount_fen: int) -> str:
    """Return an amount as people read it, for example ``¥50.00`` for 5000 fen."""
    sign = "-" if amount_fen < 0 else ""
    yuan, fen = divmod(abs(amount_fen), 100)
    return f"{sign}¥{yuan:,}.{fen:02d}"
