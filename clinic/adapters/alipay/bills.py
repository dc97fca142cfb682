"""Fetches the daily bills of Alipay: a zip of GBK tables, read from disk as a stream."""

import io
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import IO, TypeVar

from clinic.adapters.alipay.bill_text import read_flow_bill, read_trade_bill
from clinic.adapters.alipay.client import AlipayClient
from clinic.adapters.bills import Bill, BillError, FlowBill, TradeBill
from clinic.adapters.downloads import MAX_FILE_BYTES

LineT = TypeVar("LineT")
TotalsT = TypeVar("TotalsT")
Reader = Callable[[Iterable[str]], Generator[LineT, None, TotalsT]]

_MAX_ENTRIES = 16
_SUMMARY = "汇总"
_ENCODING = "gb18030"  # GBK and what grew out of it
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


@contextmanager
def trade_bill(client: AlipayClient, day: date) -> Iterator[TradeBill]:
    """Give the payments and refunds of a day of the gateway's zone; the file goes with the block.

    Raises NotExistError when there is none (yet), TransientError, or BillError when the file is
    damaged: Alipay announces no hash, the checksum inside the zip stands for it.
    """
    with _fetched(client, day, "trade") as file:
        yield bill_in(file, read_trade_bill)


@contextmanager
def fund_flow_bill(client: AlipayClient, day: date) -> Iterator[FlowBill]:
    """Give the movements of the merchant's account on a day; otherwise like `trade_bill`."""
    with _fetched(client, day, "signcustomer") as file:
        yield bill_in(file, read_flow_bill)


def bill_in(file: IO[bytes], read: "Reader[LineT, TotalsT]") -> Bill[LineT, TotalsT]:
    """Return the bill in a zip on disk; every reading begins at its start."""
    return Bill(lambda: _reading(file, read))


@contextmanager
def _fetched(client: AlipayClient, day: date, bill_type: str) -> Iterator[IO[bytes]]:
    url = client.bill_url(day, bill_type=bill_type)
    with tempfile.TemporaryFile() as file:
        client.download(url, file.write)
        file.flush()
        yield file


def _reading(file: IO[bytes], read: "Reader[LineT, TotalsT]") -> Generator[LineT, None, TotalsT]:
    try:
        with zipfile.ZipFile(file) as archive, archive.open(_details(archive)) as entry:
            text = io.TextIOWrapper(entry, encoding=_ENCODING, newline="")
            return (yield from read(text))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise BillError("the zip is damaged") from error
    except UnicodeDecodeError as error:
        raise BillError("not GBK") from error


def _details(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the one table with lines; the other one only sums up."""
    entries = archive.infolist()
    if len(entries) > _MAX_ENTRIES:
        raise BillError("too many files")
    found = [entry for entry in entries if _is_details(_name(entry))]
    if len(found) != 1:
        raise BillError("not one table of lines")
    if found[0].file_size > MAX_FILE_BYTES or found[0].flag_bits & _ENCRYPTED:
        raise BillError("too large")
    return found[0]


def _is_details(name: str) -> bool:
    return name.endswith(".csv") and _SUMMARY not in name


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name; the zip holds GBK bytes and does not say so."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    return entry.filename.encode("cp437", "replace").decode(_ENCODING, "replace")
