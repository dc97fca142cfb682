"""Amounts as outside services write them: yuan as text with at most two decimals."""

import re

_YUAN = re.compile(r"(-?)([0-9]{1,11})(?:\.([0-9]{1,2}))?")


def fen_of_yuan(text: str) -> int:
    """Return the amount in fen. Raises ValueError on anything but plain decimal yuan."""
    found = _YUAN.fullmatch(text)
    if found is None or not text.isascii():
        raise ValueError("not an amount in yuan")
    sign, whole, cents = found.groups()
    fen = int(whole) * 100 + int((cents or "").ljust(2, "0"))
    return -fen if sign else fen


def yuan_of_fen(fen: int) -> str:
    """Return the amount as yuan with two decimals."""
    sign = "-" if fen < 0 else ""
    whole, cents = divmod(abs(fen), 100)
    return f"{sign}{whole}.{cents:02d}"
