"""Fetches the daily bill of version 2: the text of the newer version, without a hash."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import IO

from clinic.adapters.bills import BillError, TradeBill
from clinic.adapters.errors import NotExistError, TransientError
from clinic.adapters.wechatpay.bill_text import read_trade_bill
from clinic.adapters.wechatpay.bills import bill_in
from clinic.adapters.wechatpay_v2.client import WeChatPayV2Client
from clinic.adapters.wechatpay_v2.xml import MAX_BYTES, StrictXmlError, read_flat

_NO_BILL = "No Bill Exist"


@contextmanager
def trade_bill(client: WeChatPayV2Client, day: date) -> Iterator[TradeBill]:
    """Give the payments and refunds of a day of the gateway's zone; the file goes with the block.

    Raises NotExistError when there were none, TransientError when it is not ready. The bill
    checks itself by its summary alone.
    """
    with tempfile.TemporaryFile() as file:
        client.download_bill(day, file.write)
        file.flush()
        _check_no_refusal(file)
        yield bill_in(file, read_trade_bill)


def _check_no_refusal(file: IO[bytes]) -> None:
    file.seek(0)
    start = file.read(MAX_BYTES)
    if not start.startswith(b"<xml>"):
        return
    try:
        reason = read_flat(start).get("return_msg", "")
    except StrictXmlError as error:
        raise BillError("neither bill nor refusal") from error
    if reason == _NO_BILL:
        raise NotExistError("no bill of this day")
    raise TransientError("no bill yet")
