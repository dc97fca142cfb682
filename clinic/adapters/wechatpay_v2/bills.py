"""Fetches the daily bills of version 2: the text of the newer version, without a hash."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import IO

from clinic.adapters.bills import BillError, FlowBill, TradeBill
from clinic.adapters.downloads import Sink
from clinic.adapters.errors import NotExistError, TransientError
from clinic.adapters.wechatpay.bill_text import read_flow_bill, read_trade_bill
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
    with _fetched(lambda sink: client.download_bill(day, sink)) as file:
        yield bill_in(file, read_trade_bill)


@contextmanager
def fund_flow_bill(client: WeChatPayV2Client, day: date) -> Iterator[FlowBill]:
    """Give the movements of the merchant's account on a day; otherwise like `trade_bill`."""
    with _fetched(lambda sink: client.download_flow_bill(day, sink)) as file:
        yield bill_in(file, read_flow_bill)


@contextmanager
def _fetched(fetch: Callable[[Sink], None]) -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as file:
        fetch(file.write)
        file.flush()
        _check_no_refusal(file)
        yield file


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
