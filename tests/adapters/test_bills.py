"""Daily bills of the gateways: fetched, checked, read as typed lines with flat memory."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta, timezone
from typing import IO, Any

import pytest

from clinic.adapters.alipay import bills as alipay_bills
from clinic.adapters.alipay.bill_text import read_flow_bill as read_alipay_flow
from clinic.adapters.alipay.client import AlipayClient
from clinic.adapters.bills import BillError, BillLine, BillTotals, FlowKind, FlowTotals, LineKind
from clinic.adapters.errors import NotExistError, TransientError
from clinic.adapters.wechatpay import bills as wechat_bills
from clinic.adapters.wechatpay.bill_text import read_flow_bill as read_wechat_flow
from clinic.adapters.wechatpay.bill_text import read_trade_bill
from clinic.adapters.wechatpay_v2 import bills as v2_bills
from clinic.embedded.simulator import accounts, orders, refunds
from clinic.embedded.simulator import bills as made_bills
from clinic.embedded.simulator.model import GatewayRefusal
from clinic.embedded.simulator.state import FaultKind
from clinic.embedded.simulator.wechat_bills import TRADE_HEAD, TRADE_SUMMARY
from tests.simulator.support import Sim

ZONE = timezone(timedelta(hours=8))


def _noon(sim: Sim) -> date:
    """Turn the clock to a noon of the gateway's zone; return its day."""
    local = sim.clock().astimezone(ZONE)
    sim.advance(seconds=(local.replace(hour=12, minute=0, second=0) - local).total_seconds())
    return local.date()


def _wechat_day(sim: Sim) -> date:
    """Two payments, one through each version, and a refund; then the next noon."""
    day = _noon(sim)
    first, second = sim.order(description="问诊,`复诊"), sim.v2_order(amount_fen=10_000)
    sim.client().create_native(first)
    sim.v2().create_native(second)
    orders.pay(sim.state, first.out_trade_no)
    orders.pay(sim.state, second.out_trade_no)
    sim.client().refund(sim.refund_of(first))
    sim.advance(seconds=3)
    refunds.settle_due(sim.state)
    sim.advance(days=1)
    return day


def _alipay_day(sim: Sim) -> date:
    day = _noon(sim)
    for subject in ('问诊,"复诊"', "图文"):
        trade = sim.trade(subject=subject)
        sim.alipay().precreate(trade)
        orders.pay(sim.state, trade.out_trade_no)
    refunds.refund_outside(sim.state, trade.out_trade_no, 1000)
    sim.advance(days=1)
    return day


@pytest.mark.parametrize("is_zipped", [True, False])
def test_the_trade_bill_of_wechat(sim: Sim, is_zipped: bool) -> None:
    day = _wechat_day(sim)

    with wechat_bills.trade_bill(sim.client(), day, is_zipped=is_zipped) as bill:
        lines = list(bill.lines())
        again = list(bill.lines())

    assert lines == again
    assert [line.kind for line in lines] == [LineKind.PAYMENT, LineKind.PAYMENT, LineKind.REFUND]
    assert sorted(line.amount_fen for line in lines) == [1000, 3900, 10_000]
    assert bill.totals == BillTotals(lines=3, paid_fen=13_900, refunded_fen=1000, fee_fen=77)
    found = sim.client().query_by_out_trade_no(lines[0].out_trade_no)
    assert lines[0].transaction_id == found.transaction_id
    assert lines[0].at == found.success_at
    assert lines[2].out_refund_no.startswith("R")
    assert lines[2].refund_id


def test_the_fund_flow_bill_of_wechat(sim: Sim) -> None:
    day = _wechat_day(sim)

    with wechat_bills.fund_flow_bill(sim.client(), day) as bill:
        lines = list(bill.lines())

    assert sum(line.amount_fen for line in lines) == 13_900 - 1000 - 77 == lines[-1].balance_fen
    assert bill.totals == FlowTotals(lines=6, income_fen=13_906, expense_fen=1083)


def test_the_fund_flow_bill_of_version_two_wants_the_certificate(sim: Sim) -> None:
    day = _wechat_day(sim)
    without = {"client_certificate_path": "", "client_key_path": ""}

    with v2_bills.fund_flow_bill(sim.v2(), day) as bill:
        assert len(list(bill.lines())) == 6
    for address in (sim.base_url, sim.secure_base_url):
        client = sim.v2(**without, secure_base_url=address)
        with pytest.raises(TransientError), v2_bills.fund_flow_bill(client, day):
            pass


def test_a_payout_stands_on_the_bill_and_lowers_the_account(sim: Sim) -> None:
    day = _noon(sim)
    order = sim.order()
    sim.client().create_native(order)
    orders.pay(sim.state, order.out_trade_no)
    accounts.pay_out(sim.state, "wechat", 3000)
    sim.advance(days=1)

    with wechat_bills.fund_flow_bill(sim.client(), day) as bill:
        lines = list(bill.lines())

    assert (lines[-1].kind, lines[-1].amount_fen) == (FlowKind.PAYOUT, -3000)
    assert lines[-1].balance_fen == 3900 - 23 - 3000 == accounts.balance(sim.state, "wechat")
    with pytest.raises(GatewayRefusal):
        accounts.pay_out(sim.state, "wechat", 878)


# Lines as the gateways are known to print them.
WECHAT_FLOW = (
    (
        "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,"
        "账户结余（元）,资金变更提交申请人,备注,业务凭证号"
    ),
    "`2018-02-01 04:21:23,`5000030,`1900009,`退款,`退款,`支出,`0.02,`0.17,`system,`缺货,`REF42",
    "`2018-02-01 05:00:00,`5000031,`1900010,`赔付,`赔付,`支出,`0.01,`0.16,`system,`,`X",
    "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额",
    "`2.0,`0.0,`0.00,`2.0,`0.03",
)
ALIPAY_FLOW = (
    "#支付宝账务明细查询",
    (
        "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,"
        "支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注"
    ),
    "546\t,2012\t,32265\t,机票\t,2012-12-29 21:02:06,x,2274.00,0.00,14533.03,支付宝,在线支付,",
    "547\t,2012\t,32265\t,机票\t,2012-12-29 21:03:06,x,0.00,-13.64,14519.39,支付宝,收费,",
    "548\t,2013\t,\t,\t,2012-12-29 22:03:06,x,0.00,-100.00,14419.39,支付宝,提现,",
    "#支出合计：2笔，共-113.64元",
    "#收入合计：1笔，共2274.00元",
)


def test_movements_are_read_as_the_gateways_print_them() -> None:
    wechat = list(read_wechat_flow(WECHAT_FLOW))
    alipay = list(read_alipay_flow(ALIPAY_FLOW))

    assert [(line.kind, line.amount_fen) for line in wechat] == [
        (FlowKind.REFUND, -2),
        (FlowKind.OTHER, -1),
    ]
    assert [(line.kind, line.amount_fen) for line in alipay] == [
        (FlowKind.PAYMENT, 227_400),
        (FlowKind.FEE, -1364),
        (FlowKind.PAYOUT, -10_000),
    ]


def test_the_bill_of_version_two(sim: Sim) -> None:
    day = _wechat_day(sim)

    with v2_bills.trade_bill(sim.v2(), day) as bill:
        assert len(list(bill.lines())) == 3
    with pytest.raises(NotExistError), v2_bills.trade_bill(sim.v2(), day - timedelta(days=1)):
        pass
    with pytest.raises(TransientError), v2_bills.trade_bill(sim.v2(), day + timedelta(days=1)):
        pass


def test_the_bills_of_alipay(sim: Sim) -> None:
    day = _alipay_day(sim)

    with alipay_bills.trade_bill(sim.alipay(), day) as bill:
        lines = list(bill.lines())
    with alipay_bills.fund_flow_bill(sim.alipay(), day) as flow:
        movements = list(flow.lines())

    assert [line.kind for line in lines] == [LineKind.PAYMENT, LineKind.PAYMENT, LineKind.REFUND]
    assert bill.totals == BillTotals(lines=3, paid_fen=7800, refunded_fen=1000, fee_fen=40)
    assert lines[2].out_refund_no.startswith("EXT")
    assert flow.totals == FlowTotals(lines=6, income_fen=7806, expense_fen=1046)
    assert {line.kind for line in movements} == {FlowKind.PAYMENT, FlowKind.REFUND, FlowKind.FEE}
    assert movements[-1].balance_fen == 7800 - 1000 - 40


Open = Callable[[Sim, date], AbstractContextManager[Any]]
BOTH = pytest.mark.parametrize(
    "open_bill",
    [
        lambda sim, day: wechat_bills.trade_bill(sim.client(), day),
        lambda sim, day: alipay_bills.trade_bill(sim.alipay(), day),
    ],
    ids=["wechat", "alipay"],
)


@BOTH
def test_a_day_without_business_has_no_bill(sim: Sim, open_bill: Open) -> None:
    day = _noon(sim) - timedelta(days=2)

    with pytest.raises(NotExistError), open_bill(sim, day):
        pass


def test_a_bill_is_ready_at_ten_of_the_next_day(sim: Sim) -> None:
    day = _wechat_day(sim)
    sim.advance(hours=-3)  # nine o'clock

    with pytest.raises(TransientError), wechat_bills.trade_bill(sim.client(), day):
        pass

    sim.advance(hours=2)
    with wechat_bills.trade_bill(sim.client(), day) as bill:
        assert len(list(bill.lines())) == 3


def test_another_hash_is_refused(sim: Sim) -> None:
    day = _wechat_day(sim)
    sim.state.inject(FaultKind.BILL_WRONG_HASH, times=1)

    with pytest.raises(BillError, match="hash"), wechat_bills.trade_bill(sim.client(), day):
        pass


@pytest.mark.parametrize("kind", [FaultKind.BILL_LINE_MISSING, FaultKind.BILL_WRONG_AMOUNT])
def test_a_wrong_bill_of_the_gateway_is_genuine_and_read(sim: Sim, kind: FaultKind) -> None:
    day = _wechat_day(sim)
    sim.state.inject(kind)

    with wechat_bills.trade_bill(sim.client(), day) as bill:
        lines = list(bill.lines())

    assert (len(lines), sum(line.amount_fen for line in lines)) != (3, 14_900)


def test_files_are_fetched_from_the_gateway_alone(sim: Sim) -> None:
    for url in ("http://127.0.0.1:9/x", "https://example.org/x", "http://u@127.0.0.1/", "::", ""):
        with pytest.raises(TransientError):
            sim.client().download(url, bytearray().extend)
        with pytest.raises(TransientError):
            sim.alipay().download(url, bytearray().extend)


def test_an_address_of_a_bill_cannot_be_changed_and_ends(sim: Sim) -> None:
    day = _alipay_day(sim)
    client = sim.alipay()
    url = client.bill_url(day)

    with pytest.raises(TransientError, match="403"):
        client.download(url.replace("kind=trade", "kind=signcustomer"), bytearray().extend)
    client.download(url, bytearray().extend)
    sim.advance(seconds=made_bills.ALIPAY_LINK_SECONDS + 1)
    with pytest.raises(TransientError, match="403"):
        client.download(url, bytearray().extend)


def _cells(number: int, amount: str = "1.00") -> str:
    values = ["2026-11-20 12:00:00", "wx", "19", "0", "", f"4200{number}", f"ORDER{number:07d}"]
    values += ["o", "NATIVE", "SUCCESS", "OTHERS", "CNY", amount, "0.00", "0", "0", "0.00", "0.00"]
    values += ["", "", "问诊", "", "0.01", "0.60%", amount, "0.00", ""]
    return ",".join(f"`{value}" for value in values)


def _long_bill(count: int) -> Iterator[str]:
    yield f"{TRADE_HEAD}\r\n"
    for number in range(count):
        yield f"{_cells(number)}\r\n"
    yield f"{TRADE_SUMMARY}\r\n"
    total = f"{count}.00"
    fees = f"{count / 100:.2f}"
    yield ",".join(f"`{v}" for v in (count, total, "0.00", "0.00", fees, total, "0.00")) + "\r\n"


def _peak_of_reading(file: IO[bytes]) -> int:
    bill = wechat_bills.bill_in(file, read_trade_bill)
    tracemalloc.start()
    count = sum(1 for _ in bill.lines())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert bill.totals is not None
    assert bill.totals.lines == count
    return peak


def test_memory_does_not_grow_with_the_bill() -> None:
    peaks = []
    for count in (1000, 20_000):
        file = io.BytesIO("".join(_long_bill(count)).encode("utf-8-sig"))
        peaks.append(_peak_of_reading(file))

    # Kept lines would be megabytes; the gateway's thread may take some memory meanwhile.
    assert peaks[1] < peaks[0] + 1_000_000


DAMAGES: dict[str, Callable[[list[str]], list[str]]] = {
    "a line less": lambda lines: lines[:1] + lines[2:],
    "a line twice": lambda lines: lines[:2] + lines[1:],
    "another amount": lambda lines: [lines[0], f"{_cells(0, '2.00')}\r\n", *lines[2:]],
    "a cell less": lambda lines: [lines[0], lines[1].rpartition(",")[0], *lines[2:]],
    "no amount": lambda lines: [lines[0], f"{_cells(0, 'x')}\r\n", *lines[2:]],
    "no head": lambda lines: lines[1:],
    "no summary": lambda lines: lines[:-2],
    "half a summary": lambda lines: lines[:-1],
    "something more": lambda lines: [*lines, "`1\r\n"],
    "nothing": lambda _lines: [],
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_bill_is_refused(name: str) -> None:
    with pytest.raises(BillError):
        list(read_trade_bill(DAMAGES[name](list(_long_bill(3)))))


def test_an_undamaged_bill_is_read() -> None:
    lines: list[BillLine] = list(read_trade_bill(_long_bill(3)))

    assert lines[0].at == datetime(2026, 11, 20, 4, tzinfo=UTC)


def _whole_zip(sim: Sim) -> bytes:
    client: AlipayClient = sim.alipay()
    body = bytearray()
    client.download(client.bill_url(_alipay_day(sim)), body.extend)
    return bytes(body)


def _lines_in(body: bytes) -> list[BillLine]:
    bill = alipay_bills.bill_in(io.BytesIO(body), alipay_bills.read_trade_bill)
    return list(bill.lines())


def test_a_damaged_zip_is_refused(sim: Sim) -> None:
    body = _whole_zip(sim)
    assert len(_lines_in(body)) == 3

    middle = body.index(b"PK\x01\x02") // 3
    for damaged in (body[:-30], b"", b"x" * 100, body[:middle] + b"\0\0\0" + body[middle + 3 :]):
        with pytest.raises(BillError):
            _lines_in(damaged)


def test_a_zip_with_another_content_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", "x\r\n1\r\n")
        archive.writestr("b.csv", "x\r\n")

    with pytest.raises(BillError):
        _lines_in(buffer.getvalue())
