"""Fetches the daily bills of WeChat Pay, checks their hash, and reads them from disk."""

import hashlib
import hmac
import io
import tempfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import date
from typing import IO, TypeVar

from clinic.adapters.bills import Bill, BillError, FlowBill, TradeBill
from clinic.adapters.downloads import MAX_FILE_BYTES
from clinic.adapters.wechatpay.bill_text import read_flow_bill, read_trade_bill
from clinic.adapters.wechatpay.client import WeChatPayClient

LineT = TypeVar("LineT")
TotalsT = TypeVar("TotalsT")

_GZIP = 31  # zlib's word for a gzip frame
_PIECE = 256 * 1024


@contextmanager
def trade_bill(
    client: WeChatPayClient, day: date, *, is_zipped: bool = True
) -> Iterator[TradeBill]:
    """Give the payments and refunds of a day of the gateway's zone; the file goes with the block.

    Raises NotExistError when there were none, TransientError when it is not ready (10:00 the next
    day), BillError when it is not the file that was announced.
    """
    query = {"bill_date": day.isoformat(), "bill_type": "ALL"}
    with _fetched(client, "/v3/bill/tradebill", query, is_zipped=is_zipped) as file:
        yield bill_in(file, read_trade_bill)


@contextmanager
def fund_flow_bill(
    client: WeChatPayClient, day: date, *, is_zipped: bool = True
) -> Iterator[FlowBill]:
    """Give the movements of the merchant's account on a day; otherwise like `trade_bill`."""
    query = {"bill_date": day.isoformat(), "account_type": "BASIC"}
    with _fetched(client, "/v3/bill/fundflowbill", query, is_zipped=is_zipped) as file:
        yield bill_in(file, read_flow_bill)


def bill_in(
    file: IO[bytes], read: Callable[[Iterator[str]], Generator[LineT, None, TotalsT]]
) -> Bill[LineT, TotalsT]:
    """Return the bill in a file on disk; every reading begins at its start."""
    return Bill(lambda: _reading(file, read))


def _reading(
    file: IO[bytes], read: Callable[[Iterator[str]], Generator[LineT, None, TotalsT]]
) -> Generator[LineT, None, TotalsT]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="\n")
    try:
        return (yield from read(text))
    except UnicodeDecodeError as error:
        raise BillError("not UTF-8") from error
    finally:
        text.detach()


@contextmanager
def _fetched(
    client: WeChatPayClient, path: str, query: dict[str, str], *, is_zipped: bool
) -> Iterator[IO[bytes]]:
    if is_zipped:
        query["tar_type"] = "GZIP"
    announced = client.announced_bill(path, query)
    with tempfile.TemporaryFile() as file:
        sink = _HashedFile(file, is_zipped=is_zipped)
        client.download(announced.url, sink.take)
        if not hmac.compare_digest(sink.finish(), announced.sha1.lower()):
            raise BillError("the hash is not the one that was announced")
        yield file


class _HashedFile:
    """Writes plain text to a file and its SHA-1 along; the hash is over the unzipped text."""

    def __init__(self, file: IO[bytes], *, is_zipped: bool) -> None:
        self._file = file
        self._hash = hashlib.sha1(usedforsecurity=False)  # what the gateway announces
        self._unzip = zlib.decompressobj(_GZIP) if is_zipped else None
        self._size = 0

    def take(self, piece: bytes) -> None:
        """Write one piece as it came."""
        if self._unzip is None:
            return self._write(piece)
        try:
            while piece:  # bounded, so that a small file cannot fill the memory
                self._write(self._unzip.decompress(piece, _PIECE))
                piece = self._unzip.unconsumed_tail
        except zlib.error as error:
            raise BillError("not gzip") from error
        return None

    def finish(self) -> str:
        """Return the hash of the whole text."""
        if self._unzip is not None:
            self._write(self._unzip.flush())
            if not self._unzip.eof:
                raise BillError("the zipped file ends too early")
        self._file.flush()
        return self._hash.hexdigest()

    def _write(self, text: bytes) -> None:
        self._size += len(text)
        if self._size > MAX_FILE_BYTES:
            raise BillError("too large")
        self._hash.update(text)
        self._file.write(text)
